"""`import`: what a neighbour planned is carried over: originals as `add` keeps them, things all or none.

Whatever a check said, the file is kept. What stands in the record from an earlier import is left as it stands.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.exchange.neighbours.bundle import WHOLE, Progress
from onrecord.exchange.neighbours.placing import place
from onrecord.exchange.neighbours.plan import CARRIED, KEPT, LEFT, WRONG, Plan, Told
from onrecord.exchange.neighbours.registry import neighbour
from onrecord.intake.walking import shown
from onrecord.record.canonical import check
from onrecord.record.errors import FileRefused, LayerMissing, OnrecordError, PutRefused
from onrecord.store.record_store import RecordStore
from onrecord.writing.add import add
from onrecord.writing.anchoring import layer_of
from onrecord.writing.names import resolve_kind
from onrecord.writing.put import put

_SCRATCH = ".onrecord-import-"


@dataclass(slots=True)
class _Carrying:
    """Lines that go in together, and what of the record they name."""

    store: RecordStore
    plan: Plan
    hashes: dict[str, str]
    lines: list[dict[str, Any]] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    """What each slug of this import stands for: itself where it is put now, the id of what stands there already."""

    def item(self, file: str | None) -> str | None:
        return self.store.item_with(self.hashes[file]) if file in self.hashes else None


def bring(
    store: RecordStore,
    path: Path,
    form: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Iterator[dict[str, Any]]:
    """Import a bundle: a line for everything in it, `{"from", "status", "item", "thing", "reason"}`, in its order.

    With `dry_run` nothing is written, and where words stand in an original is not looked up. Raises `FieldInvalid`
    where the form is not known, and `PutRefused` where the things cannot be put: the files are kept then.
    """
    if not path.exists():
        raise FileRefused(shown(path), "it is not there", "Name a folder or a file.")
    taken = neighbour(path, form)
    with _scratch(store) as folder:
        plan = taken.plan(path, Path(folder), progress)
        if dry_run:
            yield from (_row(one) for one in plan.told)
            return
        hashes = {name: plan.bundle.digest(name) for name in plan.bundle.files}
        whole = {WHOLE: plan.bundle.given} if plan.bundle.unpacked else {}
        hashes |= {name: _digest(place) for name, place in (plan.made | whole).items()}
        refused = list(_keep(store, plan, hashes, progress))
        carrying = _Carrying(store, plan, hashes)
        rows = [_carry(carrying, at, one) for at, one in enumerate(plan.told)]
        _put(carrying, rows, progress)
        yield from refused
        yield from (_with_item(carrying, row, one) for row, one in zip(rows, plan.told, strict=True))


def _scratch(store: RecordStore) -> tempfile.TemporaryDirectory[str]:
    """A folder on the record's own disk, which is encrypted where the record is; it may not lie in the record.

    What an import left there that was stopped is removed.
    """
    beside = store.folder.path.resolve().parent
    place = beside if os.access(beside, os.W_OK) else Path(tempfile.gettempdir())
    for left in place.glob(f"{_SCRATCH}*"):
        number = left.name.removeprefix(_SCRATCH).partition("-")[0]
        if number.isdecimal() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", dir=place)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(
    store: RecordStore, plan: Plan, hashes: Mapping[str, str], progress: Progress | None
) -> Iterator[dict[str, Any]]:
    """Take in what was given, and what lay inside it and is not held as it is. What was refused has a line."""
    told = {name for name, _ in plan.bundle.left}
    for paths in ([plan.bundle.given], _inside(plan)):
        for row in add(store, paths, progress):
            name = _name_in_bundle(plan, str(row["path"]))
            if row["status"] == "refused" and name not in told:
                yield _line(name, LEFT, None, None, row["reason"])
        if all(store.item_with(digest) for digest in hashes.values()):
            return


def _name_in_bundle(plan: Plan, path: str) -> str:
    """What a file that was refused is called in what was handed over, which may have been taken apart elsewhere."""
    for top in (plan.bundle.given, *_inside(plan)):
        path = path.removeprefix(f"{top}/")
    return path


def _inside(plan: Plan) -> list[Path]:
    """The folders that hold what was packed in a zip, or in a file of the neighbour's own."""
    unpacked = [plan.bundle.unpacked] if plan.bundle.unpacked else []
    return unpacked + sorted({place.parent for place in plan.made.values()})


def _carry(carrying: _Carrying, at: int, one: Told) -> dict[str, Any]:
    """The line of the report, with what is put for it among the lines to put."""
    row = _row(one)
    item = carrying.item(one.file)
    if one.file is not None and item is None:
        return row | {"status": _worse(one.status), "reason": one.reason or "its file could not be kept"}
    if one.checked and item:
        tool, outcome = one.checked
        fields = {"item": item, "step": "checked", "tool": tool, "outcome": outcome, "note": one.source}
        _line_to_put(carrying, at, {"kind": "custody", **fields})
    elif one.thing is not None:
        return row | _carry_thing(carrying, at, one, item)
    return row


def _carry_thing(carrying: _Carrying, at: int, one: Told, item: str | None) -> dict[str, Any]:
    thing = dict(one.thing or {})
    slug = str(thing["id"])
    if any(name not in carrying.known for name in one.needs):
        return {"status": LEFT, "reason": "what it rests on could not be carried"}
    held = _held(carrying.store, slug)
    if held:
        carrying.known[slug] = held
        return {"thing": held, "reason": "it was carried over before, and is left as it stands"}
    why = _fill(carrying, thing, one, item)
    if why:
        return {"status": LEFT, "reason": why}
    carrying.known[slug] = slug
    _line_to_put(carrying, at, _named(thing, carrying.known) | {"id": slug})
    return {"item": thing.get("item")}


def _held(store: RecordStore, slug: str) -> str | None:
    """What an earlier import made of this; of two laptops that both imported it, always the same one of the two."""
    return min((thing for _, thing in store.db.slugs(slug)), default=None)


def _named(value: Any, known: Mapping[str, str]) -> Any:
    """A thing with the ids of what it names, where that stands in the record already."""
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, list):
        return [_named(one, known) for one in value]
    return {name: _named(one, known) for name, one in value.items()} if isinstance(value, dict) else value


def _fill(carrying: _Carrying, thing: dict[str, Any], one: Told, item: str | None) -> str | None:
    """Fill in items, passages and places; or say why the thing cannot be put."""
    for name, file in one.refers:
        referred = carrying.item(file)
        thing[name] = [*thing.get(name, []), *([referred] if referred else [])]
    if "passages" in thing:
        thing["passages"] = [name for name in thing["passages"] if name in carrying.known]
        if not thing["passages"]:
            return "none of the places it rests on was found"
    if thing.get("kind") == "passage":
        item = _meant(carrying, one) if one.about else item
        if item is None:
            return "the original that it is about is not in the record"
        thing["item"] = item
    try:
        check(thing, "line")
    except OnrecordError as wrong:
        return wrong.reason
    return _place(carrying, thing, one) if thing.get("kind") == "passage" else None


def _meant(carrying: _Carrying, one: Told) -> str | None:
    """The item that one of the names means: a hash, an id, or the name of a file that only one item had."""
    for name in one.about:
        in_bundle = carrying.plan.bundle.find(name)
        held = carrying.item(in_bundle) if in_bundle else carrying.store.item_with(name)
        if held:
            return held
        with suppress(OnrecordError):
            return resolve_kind(carrying.store, name, "item")
    return None


def _place(carrying: _Carrying, thing: dict[str, Any], one: Told) -> str | None:
    """Fill in where a passage's words stand; or say why they cannot be found."""
    if one.words is None:
        return None
    try:
        _, text = layer_of(carrying.store, thing["item"], str(one.file))
    except LayerMissing as wrong:
        return f"its original has no text ({wrong.reason})"
    found = place(one.words, text)
    if isinstance(found, str):
        return found
    thing["start"], thing["end"] = found
    return None


def _line_to_put(carrying: _Carrying, at: int, line: dict[str, Any]) -> None:
    carrying.lines.append(line)
    carrying.owner.append(at)


def _put(carrying: _Carrying, rows: list[dict[str, Any]], progress: Progress | None) -> None:
    try:
        put_lines = put(carrying.store, carrying.lines, progress)
    except PutRefused as refused:
        errors = [{"from": _source(carrying, rows, one), "error": one["error"]} for one in refused.errors]
        raise PutRefused(errors, refused.total) from None
    for told, at in zip(put_lines, carrying.owner, strict=True):
        rows[at]["thing"] = told["id"]


def _source(carrying: _Carrying, rows: list[dict[str, Any]], error: Mapping[str, object]) -> str:
    number = error["line"]
    return str(rows[carrying.owner[number - 1]]["from"]) if isinstance(number, int) else ""


def _worse(status: str) -> str:
    return WRONG if status == WRONG else LEFT


def _row(one: Told) -> dict[str, Any]:
    return _line(one.source, one.status, None, None, one.reason)


def _with_item(carrying: _Carrying, row: dict[str, Any], one: Told) -> dict[str, Any]:
    return row | {"item": row["item"] or carrying.item(one.file)}


def _line(
    source: str, status: str, item: str | None, thing: str | None, reason: str | None
) -> dict[str, Any]:
    return {"from": source, "status": status, "item": item, "thing": thing, "reason": reason}


__all__ = ["CARRIED", "KEPT", "LEFT", "WRONG", "bring"]
