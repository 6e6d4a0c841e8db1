"""`stamp`: one token over the record root from each authority, kept in one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord.record.entries import Draft
from onrecord.record.errors import AuthorityMissing
from onrecord.record.ids import mint, split_entry
from onrecord.record.listing import Listing
from onrecord.stamping.authority import ask_authority, require_client
from onrecord.stamping.calendar import (
    anchors,
    ask_calendar,
    can_ask_calendars,
    is_pending,
    require_opentimestamps,
    upgraded,
)
from onrecord.stamping.covering import Stamp, stamps_of
from onrecord.stamping.histories import listing_of
from onrecord.stamping.wanted import Wanted, keep_wanted, read_wanted
from onrecord.stamping.web import NotAnswered, check_address
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]


@dataclass(slots=True)
class Answers:
    """What came of asking: what is kept, what to tell, and who did not answer and why."""

    tokens: list[dict[str, Any]] = field(default_factory=list)
    calendars: list[dict[str, str]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    def of(self, wanted: Wanted) -> Wanted:
        """Those of `wanted` that did not answer."""
        names = {one["authority"] for one in self.failed}
        return Wanted(
            tuple(one for one in wanted.authorities if one in names),
            tuple(one for one in wanted.calendars if one in names),
        )


def stamp(
    store: RecordStore,
    asked: Wanted,
    usual: Wanted,
    roots: Sequence[bytes] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Ask those named, or else the usual ones and whoever still owes a token:
    `{"stamp", "root", "tokens", "calendars", "upgraded", "failed"}`.

    Who does not answer is remembered, and asked again the next time. Raises `AuthorityMissing`, `FieldInvalid`.
    """
    folder = store.keys.path
    owed = read_wanted(folder)
    wanted = asked or usual | owed
    pending = [] if asked or (usual | owed and not can_ask_calendars()) else list(_pending(store))
    _check(wanted, bool(pending))
    keep_wanted(folder, owed | wanted)
    listing = _held(store) if wanted else None
    answers = _ask(wanted, listing.text.encode("ascii"), roots, progress) if listing else Answers()
    entry = _enter(store, listing, answers) if listing else None
    keep_wanted(folder, (owed | wanted) - (wanted - answers.of(wanted)))
    renewed, late = _upgrade(store, pending)
    return {
        "stamp": entry,
        "root": listing.root if listing else None,
        "tokens": [one for one in answers.told if "time" in one],
        "calendars": [one for one in answers.told if "state" in one],
        "upgraded": renewed,
        "failed": [*answers.failed, *late],
    }


def _check(wanted: Wanted, pending: bool) -> None:
    if not wanted and not pending:
        raise AuthorityMissing(
            "stamp",
            "no time authority is named",
            "Name one with --authority https://…, or set ONRECORD_AUTHORITIES to the addresses of several.",
        )
    for address in (*wanted.authorities, *wanted.calendars):
        check_address(address)
    if wanted.authorities:
        require_client()
    if wanted.calendars or (pending and not wanted):
        require_opentimestamps()


def _held(store: RecordStore) -> Listing:
    """All logs as they stand, once a checkpoint over ours is kept: a token then proves its signature's age too."""
    with store.writing(keep_checkpoint=True) as writer:
        writer.checkpoint(keep=True)
        return listing_of(store.db.connection, store.id)


def _ask(wanted: Wanted, listing: bytes, roots: Sequence[bytes], progress: Progress | None) -> Answers:
    answers, total = Answers(), len(wanted.authorities) + len(wanted.calendars)
    for address in wanted.authorities:
        try:
            kept, found = ask_authority(address, listing, roots)
        except NotAnswered as wrong:
            answers.failed.append({"authority": address, "why": str(wrong)})
        else:
            answers.tokens.append(kept)
            answers.told.append(told_of(address, found))
        _tell(progress, len(answers.told) + len(answers.failed), total)
    for address in wanted.calendars:
        try:
            answers.calendars.append(ask_calendar(address, listing))
            answers.told.append({"calendar": address, "state": "pending"})
        except NotAnswered as wrong:
            answers.failed.append({"authority": address, "why": str(wrong)})
        _tell(progress, len(answers.told) + len(answers.failed), total)
    return answers


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress:
        progress(done, total, "asking for the time")


def told_of(address: str, found: Any) -> dict[str, Any]:
    """What a token was found to show, as the verb tells it. `root` is for a person to compare."""
    return {
        "authority": address,
        "time": found.time,
        "signer": found.authority,
        "root": found.root,
        "root_name": found.root_name,
        "complete": found.complete,
        "notes": found.notes,
    }


def _enter(store: RecordStore, listing: Listing, answers: Answers) -> str | None:
    if not answers.tokens and not answers.calendars:
        return None
    fields = {**_fields(listing), "tokens": answers.tokens}
    if answers.calendars:
        fields["calendars"] = answers.calendars
    with store.writing() as writer:
        return writer.append(Draft("stamp", mint(), fields))


def _pending(store: RecordStore) -> Iterator[Stamp]:
    """Stamps of this laptop that hold a calendar's promise. Those of others are theirs to ask about."""
    here = {name for (name,) in store.db.connection.execute("SELECT name FROM log WHERE here")}
    for stamp in stamps_of(store):
        if split_entry(stamp.entry)[0] in here and any(_waits(stamp, kept) for kept in stamp.calendars):
            yield stamp


def _waits(stamp: Stamp, kept: Mapping[str, str]) -> bool:
    return is_pending(dict(kept), stamp.listing.text.encode("ascii"))


def _upgrade(
    store: RecordStore, pending: Sequence[Stamp]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Ask calendars for the blocks they promised. What they know by now is kept in a further version of the stamp."""
    renewed, failed = [], list[dict[str, str]]()
    for stamp in pending:
        listing, calendars = stamp.listing.text.encode("ascii"), [dict(kept) for kept in stamp.calendars]
        for at, kept in enumerate(calendars):
            try:
                later = upgraded(kept, listing) if is_pending(kept, listing) else None
            except NotAnswered as wrong:
                failed.append({"authority": kept["calendar"], "why": str(wrong)})
                continue
            if later:
                calendars[at] = later
                blocks = [one.height for one in anchors(later, listing) if one.height is not None]
                renewed.append({"calendar": kept["calendar"], "blocks": blocks})
        if calendars != list(stamp.calendars):
            _enter_again(store, stamp, calendars)
    return renewed, failed


def _enter_again(store: RecordStore, stamp: Stamp, calendars: list[dict[str, str]]) -> None:
    fields = {**_fields(stamp.listing), "tokens": list(stamp.tokens), "calendars": calendars}
    why = "the calendar knows its block"
    with store.writing() as writer:
        writer.append(Draft("stamp", stamp.thing, fields, supersedes=(stamp.entry,), reason=why))


def _fields(listing: Listing) -> dict[str, Any]:
    return {"listing": listing.text, "root": listing.root}
