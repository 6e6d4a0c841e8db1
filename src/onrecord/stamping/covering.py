"""Which stamps cover an entry: whose listing states its log, as it is held here, beyond the entry's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.record.listing import Listed, Listing, ListingInvalid, parse_listing
from onrecord.record.things import Version
from onrecord.stamping.authority import judged
from onrecord.stamping.calendar import anchors
from onrecord.stamping.histories import History
from onrecord.store.record_store import RecordStore


@dataclass(frozen=True, slots=True)
class Stamp:
    """One stamp as it stands in the record, its tokens not yet judged."""

    thing: str
    entry: str
    listing: Listing
    tokens: Sequence[Mapping[str, Any]]
    calendars: Sequence[Mapping[str, str]]

    @property
    def claimed(self) -> str:
        """The earliest time that its tokens are said to have, before anybody judged them."""
        return min((str(kept.get("time")) for kept in self.tokens), default="")


@dataclass(frozen=True, slots=True)
class Judged:
    """A stamp, and what its tokens and its calendars' proofs were found to show. `bad` says why others show nothing."""

    stamp: Stamp
    tokens: tuple[tuple[Mapping[str, Any], Any], ...]
    calendars: tuple[tuple[Mapping[str, str], list[Any]], ...]
    bad: tuple[tuple[str, str], ...]

    @property
    def good(self) -> bool:
        return bool(self.tokens or self.calendars)


def judge(stamp: Stamp, roots: Sequence[bytes] = ()) -> Judged:
    """What a stamp shows. Each token is judged at its own time."""
    text = stamp.listing.text
    found = [(kept, judged(kept, text, roots)) for kept in stamp.tokens]
    leads = [(kept, anchors(dict(kept), text.encode("ascii"))) for kept in stamp.calendars]
    return Judged(
        stamp,
        tuple((kept, said) for kept, said in found if not isinstance(said, str)),
        tuple((kept, where) for kept, where in leads if where),
        tuple((str(kept.get("authority")), said) for kept, said in found if isinstance(said, str)),
    )


def stamps_of(store: RecordStore) -> Iterator[Stamp]:
    """Every stamp of this record whose listing can be read, in no order."""
    for thing in store.db.as_now().of_kind("stamp"):
        for version in thing.heads:
            if (stamp := _read(version)) and stamp.listing.record == store.id:
                yield stamp


def _read(version: Version) -> Stamp | None:
    fields = version.fields
    try:
        listing = parse_listing(str(fields.get("listing")))
    except ListingInvalid:
        return None
    return Stamp(version.thing, version.name, listing, _rows(fields, "tokens"), _rows(fields, "calendars"))


def _rows(fields: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = fields.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []


def covering(stamps: Sequence[Stamp], history: History, seq: int) -> Iterator[tuple[Stamp, Listed]]:
    """The stamps that cover an entry of a history, those over the fewest entries first: they are the earliest."""
    found = ((stamp, history.held_in(stamp.listing, seq)) for stamp in stamps)
    yield from sorted(((stamp, held) for stamp, held in found if held), key=lambda pair: pair[1].size)
