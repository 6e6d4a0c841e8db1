"""`prove`: one entry, shown to have existed unaltered by a date, without telling anything else (docs/format/proof.md).

With the body it passes the gate: the thing is asked, and no closed name may stand in what the body says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.publishing.asking import gate_for
from onrecord.publishing.gate import Gate
from onrecord.publishing.refusal import NOBODY_NAMED, Refusal, row_alone, to_do
from onrecord.publishing.whole_original import kept_whole
from onrecord.record.canonical import decode, encode
from onrecord.record.errors import FileRefused, InConflict, OutputExists, OutputNotWritten, ThingUnknown
from onrecord.record.ids import log_of, split_entry
from onrecord.record.remembering import Remembering
from onrecord.record.terms import AUDIENCE_USE
from onrecord.record.things import Thing
from onrecord.stamping.covering import Judged, Stamp, covering, judge, stamps_of
from onrecord.stamping.histories import History, histories_with
from onrecord.store.outside import require_outside
from onrecord.store.part import write_durably
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve

FORMAT = "onrecord proof 1"
WITHOUT_BODY = "prove only that something existed: --without-body."
_OURS = ("author", "clock", "kind", "supersedes", "thing")
_PATHS = ("folder", "member", "name_bytes", "note")
_FREE = ("qualifiers", "recipe")
"""The fields that are maps of whatever names somebody gave."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored. `body` and `salt` are None where it was erased or withheld."""

    name: str
    head: bytes
    salt: bytes | None
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Proven:
    """Where an entry stands in its log's tree, and the stamps over exactly that tree."""

    history: History
    size: int
    stamps: tuple[Judged, ...]


def prove(
    store: RecordStore, name: str, out: Path, audience: str = "court", with_body: bool = True
) -> dict[str, Any]:
    """Write the proof of a thing, or of the entry with this name:
    `{"out", "entry", "body", "times", "blocks", "rests_on", "refused"}`.

    Where terms forbid it nothing is written, and `refused` says thing, term and mend for each. Raises `OutputExists`,
    `InConflict`, `ThingUnknown`.
    """
    _check_out(out)
    require_outside(store, out)
    entry = find_entry(store, name)
    refused = _refused(store, entry, audience) if with_body else ()
    if refused:
        rows = [_with_mend(row_alone(refusal)) for refusal in refused]
        told: dict[str, Any] = {
            "out": None,
            "entry": entry.name,
            "body": True,
            "times": [],
            "blocks": [],
            "rests_on": [],
        }
        return told | {"refused": rows}
    proof, stamp = build(store, entry, with_body)
    _write(out, encode(proof))
    rests_on = list(_rests_on(store, entry)) if with_body else []
    told = {"out": str(out), "entry": entry.name, "body": with_body, **_told(stamp)}
    return told | {"rests_on": rests_on, "refused": []}


def _rests_on(store: RecordStore, entry: Entry) -> Iterator[dict[str, Any]]:
    """The passages whose words an entry is about without holding them: for its keepers, and not for the proof."""
    things = store.db.as_now()
    held = decode(entry.body)["fields"] if entry.body is not None else {}
    statement = things.get(str(held.get("statement")))
    if statement is not None:
        yield _named(statement)
        held = statement.fields
    for id in held.get("passages") or ():
        passage = things.get(str(id))
        if passage is not None and passage.kind == "passage":
            yield _named(passage)


def _named(thing: Thing) -> dict[str, Any]:
    return {"id": thing.id, "slug": thing.slug, "kind": thing.kind}


def _write(out: Path, proof: bytes) -> None:
    try:
        write_durably(out, proof, mode=0o644)
    except (FileRefused, OSError) as wrong:
        why = wrong.reason if isinstance(wrong, FileRefused) else str(wrong.strerror)
        raise OutputNotWritten(str(out), why, "Make room, or choose another place.") from None


def _with_mend(row: dict[str, str]) -> dict[str, str]:
    return {**row, "mend": f"{row['mend']} Or {WITHOUT_BODY}"}


def _check_out(out: Path) -> None:
    if out.is_symlink() or out.exists():
        raise OutputExists(str(out), "something is already there", "Choose a new name.")
    if not out.parent.is_dir():
        raise OutputExists(
            str(out.parent), "there is no such folder", "Make it first, or choose another place."
        )


# ---- which entry ---------------------------------------------------------------------------------------------------


def find_entry(store: RecordStore, name: str) -> Entry:
    """The entry with this name, or the one that states the thing as it stands."""
    try:
        split_entry(name)
    except ValueError:
        name = _standing(store, name)
    query = (
        "SELECT head.bytes, body.salt, body.bytes FROM head LEFT JOIN body ON body.entry = head.entry"
        " WHERE head.entry = ?"
    )
    log, _ = split_entry(name)
    row = None
    if log in store.db.log_numbers():
        row = store.db.connection.execute(query, (store.db.entry_of(name),)).fetchone()
    if row is None:
        raise ThingUnknown(
            repr(name), "no entry has this name", "The names of a thing's entries: onrecord history ID."
        )
    return Entry(name, *row)


def _standing(store: RecordStore, name: str) -> str:
    id, _ = resolve(store, name)
    thing = store.db.as_now().get(id)
    if thing is None:
        raise ThingUnknown(repr(name), "no version of it stands", "See what was there: onrecord history ID.")
    if thing.in_conflict:
        entries = ", ".join(version.name for version in thing.heads)
        raise InConflict(
            name, "it has two versions that nobody has resolved", f"Name one of its entries: {entries}."
        )
    return thing.heads[0].name


# ---- may it go -----------------------------------------------------------------------------------------------------


def _refused(store: RecordStore, entry: Entry, audience: str) -> tuple[Refusal, ...]:
    """Why what the entry says may not go to this audience."""
    things = Remembering(store.db.as_now())
    gate = gate_for(store, things, audience)
    why = _kept_apart(store, entry)
    if why or entry.body is None:
        why = why or "what it says is not here: it was erased, or left out of this copy"
        return (Refusal(NOBODY_NAMED, entry.name, AUDIENCE_USE[audience], why, f"{why}.", why),)
    body = decode(entry.body)
    thing = things.get(body["thing"])
    if thing is None:
        raise ThingUnknown(repr(entry.name), "no version of its thing stands", "See onrecord history.")
    refused = [*gate.ask(thing.id), *_bytes_told(store, gate, things, body), *gate.unsearched()]
    if _holds_sealed(body["fields"]):
        mend = "leave out: an encrypted field may not leave, as somebody can be made to open it."
        refused.append(Refusal(NOBODY_NAMED, thing.id, "name", "sealed", mend, "it holds a sealed field"))
    said = list(_texts({name: value for name, value in body.items() if name not in _OURS}))
    # The names of files and folders are written without regard to case.
    said += [str(body["fields"][name]).lower() for name in _PATHS if body["fields"].get(name)]
    for text in said:
        refused += gate.own_text(text, "what the entry says", (thing.id,), thing.id)
    return to_do(refused)


def _kept_apart(store: RecordStore, entry: Entry) -> str | None:
    """Why an entry is in no view of this record, though its body may be here."""
    number, run = store.db.entry_of(entry.name), store.db.connection.execute
    row = run("SELECT why FROM resting WHERE first <= ? AND beyond > ?", (number, number)).fetchone()
    if row:
        return f"it rests: {row[0]}"
    ordered = run("SELECT 1 FROM ordered WHERE name = ?", (entry.name,)).fetchone()
    return "its erasure is ordered" if ordered else None


def _bytes_told(
    store: RecordStore, gate: Gate, things: Remembering, body: Mapping[str, Any]
) -> Iterator[Refusal]:
    """The hash of an original, or of its text, may go only where the original itself may: it tells one copy from another.

    So does a step of its custody, which says how large it is, and in what it lay under which name.
    """
    fields = body["fields"]
    named = body["thing"] if body["kind"] == "item" else fields.get("item")
    tells = body["kind"] in ("item", "custody") or "layer" in fields
    item = things.get(named) if isinstance(named, str) and tells else None
    if item is None or not isinstance(item.fields.get("sha256"), str):
        return
    yield from kept_whole(store, gate, things, item)


def _holds_sealed(value: Any) -> bool:
    if isinstance(value, Mapping):
        return {"age", "to"} <= value.keys() or any(map(_holds_sealed, value.values()))
    return isinstance(value, list | tuple) and any(map(_holds_sealed, value))


def _texts(value: Any, free: bool = False) -> Iterator[str]:
    """Every text in what an entry says; where people choose the names of parameters, those too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if free:
                yield name
            yield from _texts(inner, free or name in _FREE)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, free)


# ---- the proof -----------------------------------------------------------------------------------------------------


def build(store: RecordStore, entry: Entry, with_body: bool) -> tuple[dict[str, Any], Proven]:
    """The proof as a value, and what it rests on."""
    log, seq = split_entry(entry.name)
    found = _proven(store, entry.name, seq)
    note = found.history.note(found.size)
    key = store.folder.key_file(log_of(log)).read_text(encoding="ascii").rstrip("\n")
    proof: dict[str, Any] = {
        "entry": entry.name,
        "format": FORMAT,
        "head": entry.head.decode("ascii"),
        "path": [step.hex() for step in found.history.path(seq, found.size)],
        "record": store.id,
        "stamps": [_stamp_told(stamp) for stamp in found.stamps],
        "vkey": key,
    }
    if note is not None:
        proof["checkpoint"] = note.decode("utf-8")
    if with_body and entry.body is not None and entry.salt is not None:
        proof |= {"body": entry.body.decode("utf-8"), "salt": entry.salt.hex()}
    return proof, found


def _proven(store: RecordStore, entry: str, seq: int) -> Proven:
    """The tree of the earliest good stamp that covers the entry; else that of the last checkpoint."""
    histories = list(histories_with(store.db.connection, entry))
    stamps = list(stamps_of(store))
    found = [(history, *pair) for history in histories for pair in covering(stamps, history, seq)]
    for history, stamp, held in sorted(
        found, key=lambda one: (not one[1].tokens, one[2].size, one[1].claimed)
    ):
        first = judge(stamp)
        if first.good:
            others = [one for _, one, at in found if at == held and one is not stamp]
            return Proven(history, held.size, (first, *_further(first, others)))
    return Proven(histories[0], histories[0].last_size(), ())


def _further(first: Judged, others: Sequence[Stamp]) -> Iterator[Judged]:
    """Later stamps over the same tree, as far as authorities answered there that had not before."""
    seen = {str(kept["authority"]) for kept, _ in first.tokens}
    for stamp in sorted(others, key=lambda one: one.claimed):
        who = {str(kept.get("authority")) for kept in stamp.tokens}
        if who - seen and (found := judge(stamp)).tokens:
            seen |= who
            yield found


def _stamp_told(judged: Judged) -> dict[str, Any]:
    """A stamp with those of its tokens that are good, and nothing of its entry."""
    names = ("authority", "certificates", "crls", "request", "response", "time")
    tokens = [{name: kept[name] for name in names if name in kept} for kept, _ in judged.tokens]
    told: dict[str, Any] = {"listing": judged.stamp.listing.text, "tokens": tokens}
    calendars = [{name: kept[name] for name in ("calendar", "proof")} for kept, _ in judged.calendars]
    return {**told, "calendars": calendars} if calendars else told


def _told(found: Proven) -> dict[str, Any]:
    times = [
        {"authority": kept["authority"], "time": said.time, "root": said.root, "root_name": said.root_name}
        for one in found.stamps
        for kept, said in one.tokens
    ]
    heights = {where.height for one in found.stamps for _, leads in one.calendars for where in leads}
    return {"times": sorted(times, key=lambda row: str(row["time"])), "blocks": sorted(heights - {None})}
