"""W3C Web Annotations (JSON-LD): targets become passages of originals that are held, bodies the note of a passage."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from onrecord.exchange.neighbours.bundle import LARGEST_TEXT, Progress, names_in, open_bundle
from onrecord.exchange.neighbours.plan import CARRIED, LEFT, WRONG, Plan, Told, slug
from onrecord.exchange.neighbours.selectors import place_of

NAME = "annotations"
_MARK = b"http://www.w3.org/ns/anno"
_HEX = re.compile(r"\b[0-9a-f]{64}\b")
_NAMED = re.compile(r"ni:[^;]*sha-256;([A-Za-z0-9_-]{43})")
_LONGEST_NOTE = 10_000


def looks_like(path: Path) -> bool:
    if path.is_dir():
        sides = [path / name for name in names_in(path) if name.lower().endswith((".json", ".jsonld"))][:50]
        return any(_is_marked(side) for side in sides)
    return path.is_file() and _is_marked(path)


def _is_marked(file: Path) -> bool:
    with file.open("rb") as opened:
        return _MARK in opened.read(1 << 20)


def plan(path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
    made = Plan(open_bundle(path, scratch, progress))
    for name, place in list(made.bundle.files.items()):
        if name.lower().endswith((".json", ".jsonld")) or len(made.bundle.files) == 1:
            if place.stat().st_size > LARGEST_TEXT:
                made.say(name, LEFT, "it has more than 64 MB", name)
                continue
            _read(made, name)
    made.keep_files()
    return made


def _read(made: Plan, name: str) -> None:
    try:
        read = json.loads(made.bundle.text(name))
    except (ValueError, RecursionError):
        made.say(name, WRONG, "it is not JSON", name)
        return
    for number, one in enumerate(_annotations(read), 1):
        for told in _told(made, name, number, one):
            made.told.append(told)


def _annotations(read: Any) -> Iterator[dict[str, Any]]:
    """The annotations in a file: one, a list, a page, or a collection whose first page is in it."""
    if isinstance(read, list):
        for one in read:
            yield from _annotations(one)
    elif isinstance(read, dict) and "target" in read:
        yield read
    elif isinstance(read, dict):
        for name in ("first", "items", "@graph"):
            if isinstance(read.get(name), dict | list):
                yield from _annotations(read[name])


def _told(made: Plan, name: str, number: int, one: dict[str, Any]) -> Iterator[Told]:
    targets = one["target"] if isinstance(one["target"], list) else [one["target"]]
    for at, target in enumerate(targets, 1):
        where = f"{name} annotation {number}" + (f" target {at}" if len(targets) > 1 else "")
        yield _passage(made, name, where, one, target)


def _passage(made: Plan, name: str, where: str, one: dict[str, Any], target: Any) -> Told:
    source = (
        target
        if isinstance(target, str)
        else target.get("source", target.get("id"))
        if isinstance(target, dict)
        else None
    )
    source = source.get("id") if isinstance(source, dict) else source
    if not isinstance(source, str) or not source:
        return Told(where, LEFT, "it does not say what it is about", name)
    address, _, fragment = source.partition("#")
    place = place_of(target.get("selector") if isinstance(target, dict) else None, fragment)
    if place.why:
        return Told(where, LEFT, place.why, name)
    made_of = json.dumps([one.get("id"), one.get("body"), target], sort_keys=True)
    thing: dict[str, Any] = {"kind": "passage", "id": slug("annotation", made_of), **dict(place.fields)}
    note = _note(one)
    if note:
        thing["note"] = note
    return Told(where, CARRIED, None, name, thing=thing, words=place.words, about=_names(address))


def _names(address: str) -> tuple[str, ...]:
    """What the source may be called in the record: by its hash, its file name, or as it stands."""
    named = _NAMED.search(address)
    hashes = [base64.urlsafe_b64decode(named[1] + "=").hex()] if named else _HEX.findall(address.lower())
    path = unquote(urlsplit(address).path) if ":" in address else unquote(address)
    last = PurePosixPath(path).name
    return tuple(one for one in (*hashes, path, last) if one)


def _note(one: dict[str, Any]) -> str:
    """What the bodies say, and who wrote it when, as the annotation says."""
    bodies = one.get("body", one.get("bodyValue"))
    told = [_said(body) for body in (bodies if isinstance(bodies, list) else [bodies])]
    creator = one.get("creator")
    creator = creator.get("name", creator.get("id")) if isinstance(creator, dict) else creator
    by = ", ".join(str(part) for part in (creator, one.get("created")) if isinstance(part, str) and part)
    said = "\n".join(part for part in told if part)
    note = f"{said}\n({by})".strip() if by else said
    return note if len(note) <= _LONGEST_NOTE else f"{note[:_LONGEST_NOTE]}…"


def _said(body: Any) -> str:
    if isinstance(body, str):
        return body
    if not isinstance(body, dict):
        return ""
    value = body.get("value", body.get("id"))
    purpose = body.get("purpose")
    return f"{purpose}: {value}" if isinstance(purpose, str) and value else str(value or "")
