"""What an erasure would take, what it touches, and where the words stand all the same: shown before, kept for the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.erasing.closure import Closure
from onrecord.erasing.gathering import gather
from onrecord.erasing.held import Held
from onrecord.erasing.removing import Files, files_of
from onrecord.erasing.wording import found_elsewhere, names_gone, words_of
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore

_SAME_BYTES = "another item has the very same bytes, so the original stays: erase that item too"
_HASHED = (
    "this entry of a merge names the original by its SHA-256: whoever has the file can tell that it was here"
)
_MERGES = (
    "SELECT control.entry FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = 'merge' AND instr(body.bytes, CAST(? AS BLOB))"
)
_QUOTED = (
    "its original, from which this was quoted, still holds the words: erase the item to take them there too"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """An erasure that can be carried out. `remains` says of a thing why the words still stand there; `standing` is what
    is left of the things themselves."""

    closure: Closure
    files: Files
    remains: tuple[dict[str, str], ...]
    items: frozenset[str]
    standing: tuple[Version, ...]

    def gone(self) -> list[dict[str, str]]:
        """Every version and every original that goes."""
        rows = [
            {"thing": one.version.thing, "kind": one.version.kind, "entry": name, "why": one.why}
            for name, one in self.closure.gone.items()
        ]
        originals = [
            {
                "thing": item,
                "kind": "original",
                "original": one.sha256,
                "why": "no item that stays has these bytes",
            }
            for one in self.files.originals
            for item in one.items
        ]
        return rows + originals

    def affected(self) -> list[dict[str, str]]:
        return [
            {"thing": one.thing, "kind": one.kind, "why": one.why} for one in self.closure.affected.values()
        ]

    def told(self) -> dict[str, Any]:
        return {"gone": self.gone(), "affected": self.affected(), "remains": list(self.remains)}


def plan(store: RecordStore, things: Sequence[str], *, whole: bool, older: bool) -> Plan:
    """Raises `KindWrong` for what cannot be erased and `FieldInvalid` where nothing is left to erase."""
    held = Held(store)
    found = gather(held, things, whole=whole, older=older)
    versions = found.versions()
    files = files_of(store, held, versions)
    items = frozenset(id for id in found.wholly_gone(held) if held.kind_of(id) == "item")
    remains = {row["thing"]: row for row in reversed(list(_remains(store, held, found, files)))}
    return Plan(found, files, tuple(reversed(remains.values())), items, tuple(_left(held, found)))


def _remains(store: RecordStore, held: Held, found: Closure, files: Files) -> Iterator[dict[str, str]]:
    """Where the words still stand afterwards, in the order in which they matter."""
    for one in files.shared:
        for item in one.items:
            yield _row(item, "item", _SAME_BYTES)
    for original in files.originals:
        for (entry,) in store.db.connection.execute(_MERGES, (original.sha256,)).fetchall():
            yield _row(store.db.name_of(entry), "merge", _HASHED)
    wholly = found.wholly_gone(held)
    for touched in found.staying.values():
        if touched.thing not in wholly:
            yield _row(touched.thing, touched.kind, touched.why)
    for item in _quoted(found.versions()):
        if item not in wholly:
            yield _row(item, "item", _QUOTED)
    words = [*words_of(found.versions()), *names_gone(found.versions(), _standing(held, found))]
    for thing, why in found_elsewhere(store, words, set(found.gone)).items():
        if thing not in wholly:
            yield _row(thing, held.kind_of(thing), why)
    yield from _given_out(store, found)


def _row(thing: str, kind: str, why: str) -> dict[str, str]:
    return {"thing": thing, "kind": kind, "why": why}


def _quoted(versions: list[Version]) -> Iterator[str]:
    yield from dict.fromkeys(
        str(v.fields["item"]) for v in versions if v.kind == "passage" and v.fields.get("quote")
    )


def _standing(held: Held, found: Closure) -> list[Version]:
    """What still stands of the things themselves afterwards."""
    heads = [version for thing in found.things for version in held.heads(thing)]
    rewritten = {name for draft in found.rewritten for name in draft.supersedes}
    return [version for version in heads if version.name not in found.gone or version.name in rewritten]


def _left(held: Held, found: Closure) -> list[Version]:
    """What stands of the things afterwards, in the words in which it stands then."""
    kept = [
        version for thing in found.things for version in held.heads(thing) if version.name not in found.gone
    ]
    return kept + [Version(draft.thing, draft.kind, "", draft.fields) for draft in found.rewritten]


def _given_out(store: RecordStore, found: Closure) -> Iterator[dict[str, str]]:
    """Publications that showed what goes and of which dossiers were built: nobody can call those back."""
    now = store.db.as_now()
    publications = dict.fromkeys(
        publication.id
        for thing in dict.fromkeys(version.thing for version in found.versions())
        for publication in (*now.pointing_at(thing, "publication"), *_itself(store, thing))
    )
    for publication in publications:
        built = sum(1 for _ in now.pointing_at(publication, "export", "publication"))
        if built:
            times = "once" if built == 1 else f"{built} times"
            why = f"a dossier of it was given out {times}: nobody can call those copies back"
            yield _row(publication, "release", why)


def _itself(store: RecordStore, thing: str) -> Iterator[Any]:
    found = store.db.as_now().get(thing)
    if found and found.kind == "publication":
        yield found
