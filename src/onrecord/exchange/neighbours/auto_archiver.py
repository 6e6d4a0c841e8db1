"""Folders that the auto-archiver wrote: media, with hashes stated in JSON, HTML or CSV, and time tokens over those hashes.

A token is over `hashes.txt`, which joins the media's hashes by line ends. Files may have been renamed on their way to a
store, so tokens and lists of hashes are known by what is in them, not by what they are called.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from onrecord.exchange.neighbours.bundle import Bundle, Progress, names_in, open_bundle
from onrecord.exchange.neighbours.plan import LEFT, WRONG, Plan
from onrecord.exchange.neighbours.tokens import LARGEST, TOOL, is_certificate, is_token, judge

NAME = "auto-archiver"
_TOOL = "onrecord import (auto-archiver)"
_STATED = re.compile(r"(SHA-256|SHA3-512):([0-9a-fA-F]{64,128})")
_LIST = re.compile(r"([0-9a-f]{64}|[0-9a-f]{128})")
_LENGTHS = {"SHA-256": 64, "SHA3-512": 128}
_PLACES = ("_key", "key", "filename")
_LARGEST_SIDE = 32 * 1024**2
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class _Stated:
    """A hash that a file states, with the names of the file that it is said to be of; none where it says none."""

    source: str
    side: str
    algorithm: str
    digest: str
    names: tuple[str, ...] = ()


def looks_like(path: Path) -> bool:
    if not path.is_dir():
        return False
    names = names_in(path)
    plain = [PurePosixPath(name).name.lower() for name in names]
    if "hashes.txt" in plain or any(name.startswith("timestamp_token") for name in plain):
        return True
    sides = [name for name in names if name.lower().endswith((".json", ".html", ".csv"))][:50]
    return any(_mentions(path / name) for name in sides)


def _mentions(file: Path) -> bool:
    with file.open("rb") as opened:
        text = opened.read(1 << 20)
    return b"bellingcat/auto-archiver" in text or bool(re.search(rb"SHA(-256|3-512):[0-9a-f]{64}", text))


def plan(path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
    made = Plan(open_bundle(path, scratch, progress))
    for stated in _all_stated(made.bundle):
        _check(made, stated)
    lists = [name for name in made.bundle.files if _is_list(made.bundle, name)]
    for name in lists:
        _check_list(made, name)
    _check_tokens(made, lists)
    made.keep_files()
    return made


def _all_stated(bundle: Bundle) -> Iterator[_Stated]:
    for name in bundle.named(".json", ".csv", ".html", ".htm"):
        if bundle.files[name].stat().st_size > _LARGEST_SIDE:
            continue
        text = bundle.text(name)
        if not _STATED.search(text):
            continue
        if name.lower().endswith(".json"):
            yield from _in_json(name, text)
        elif name.lower().endswith(".csv"):
            yield from _in_table(name, text)
        else:
            yield from (_Stated(f"{name} {one[0]}", name, one[1], one[2]) for one in _STATED.finditer(text))


def _in_json(name: str, text: str) -> Iterator[_Stated]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        yield from (_Stated(f"{name} {one[0]}", name, one[1], one[2]) for one in _STATED.finditer(text))
        return
    yield from _in_value(name, read, "", 0)


def _in_value(name: str, value: Any, where: str, depth: int) -> Iterator[_Stated]:
    """A medium is an object with `properties.hash`; media may lie inside each other."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _in_value(name, one, f"{where}[{number}]", depth + 1)
    if not isinstance(value, dict):
        return
    held = value.get("properties")
    stated = held.get("hash") if isinstance(held, dict) else value.get("hash")
    found = _STATED.fullmatch(stated) if isinstance(stated, str) else None
    if found:
        yield _Stated(f"{name} {where.lstrip('.')}", name, found[1], found[2], _names_of(value))
    # The properties of a medium are not a medium of their own.
    further = {key: one for key, one in value.items() if one is not held}
    for key, one in (further | (held if isinstance(held, dict) else {})).items():
        yield from _in_value(name, one, f"{where}.{key}", depth + 1)


def _names_of(medium: dict[str, Any]) -> tuple[str, ...]:
    urls = medium.get("urls")
    given = [medium.get(name) for name in _PLACES] + (urls if isinstance(urls, list) else [])
    return tuple(_path_of(one) for one in given if isinstance(one, str) and one)


def _path_of(place: str) -> str:
    return unquote(urlsplit(place).path) if "://" in place else place


def _in_table(name: str, text: str) -> Iterator[_Stated]:
    """A row for each page that was archived: its hash stands in a cell, where its file went in another."""
    csv.field_size_limit(_LARGEST_SIDE)
    rows = csv.reader(io.StringIO(text))
    try:
        for number, row in enumerate(rows, 1):
            found = [match for cell in row for match in _STATED.finditer(cell)]
            names = tuple(
                _path_of(cell) for cell in row if 0 < len(cell) < 2_000 and not _STATED.search(cell)
            )
            known = tuple(one for one in names if "." in PurePosixPath(one).name)
            only = known if len(found) == 1 else ()
            yield from (_Stated(f"{name} row {number}", name, one[1], one[2], only) for one in found)
    except csv.Error:
        return


def _check(made: Plan, stated: _Stated) -> None:
    """A stated hash against the file that it is said to be of, or else against every file."""
    if len(stated.digest) != _LENGTHS[stated.algorithm]:
        made.say(stated.source, WRONG, f"it states no whole {stated.algorithm}", stated.side)
        return
    file = made.bundle.with_hash(stated.digest, stated.algorithm)
    meant = None if file else next((one for name in stated.names if (one := made.bundle.find(name))), None)
    side = PurePosixPath(stated.side).name
    if file:
        made.check(
            stated.source, file, _TOOL, True, f"its bytes have the {stated.algorithm} that {side} states"
        )
    elif meant:
        made.check(stated.source, meant, _TOOL, False, f"its {stated.algorithm} is not what {side} states")
    elif stated.names:
        made.say(stated.source, LEFT, "the file that it is about is not here", stated.side)
    else:
        why = f"no file here has the {stated.algorithm} {stated.digest} that it states"
        made.check(stated.source, stated.side, _TOOL, False, why)


def _is_list(bundle: Bundle, name: str) -> bool:
    """Whether a file is nothing but hashes, one a line."""
    if bundle.files[name].stat().st_size > LARGEST:
        return False
    with bundle.files[name].open("rb") as file:
        lines = file.read(LARGEST).decode("utf-8", "replace").split()
    return bool(lines) and all(_LIST.fullmatch(line.lower()) for line in lines)


def _check_list(made: Plan, name: str) -> None:
    side = PurePosixPath(name).name
    for number, line in enumerate(made.bundle.text(name).split(), 1):
        algorithm = "SHA-256" if len(line) == 64 else "SHA3-512"
        file = made.bundle.with_hash(line, algorithm)
        if file:
            said = f"its bytes have the {algorithm} that {side} lists"
            made.check(f"{name} line {number}", file, _TOOL, True, said)
        else:
            why = f"no file here has the {algorithm} {line} that it lists"
            made.check(f"{name} line {number}", name, _TOOL, False, why)


def _check_tokens(made: Plan, lists: list[str]) -> None:
    small = {name: place for name, place in made.bundle.files.items() if place.stat().st_size <= LARGEST}
    contents = {name: place.read_bytes() for name, place in small.items()}
    certificates = [content for content in contents.values() if is_certificate(content)]
    for name, content in contents.items():
        if is_token(content):
            _check_token(made, name, content, lists, certificates)


def _check_token(made: Plan, name: str, token: bytes, lists: list[str], certificates: list[bytes]) -> None:
    """A token is over the list of hashes in its own folder, else any list; or over the file beside it."""
    folder = PurePosixPath(name).parent
    near = sorted(lists, key=lambda one: PurePosixPath(one).parent != folder)
    beside = name.rpartition(".")[0]
    about = [*([beside] if beside in made.bundle.files else []), *near]
    if not about:
        made.check(name, name, TOOL, False, "the text that the token is of is not here")
        return
    judged = [(file, judge(token, made.bundle.files[file].read_bytes(), certificates)) for file in about]
    file, found = next(((file, one) for file, one in judged if one.good), judged[0])
    made.check(name, file, TOOL, found.good, f"{PurePosixPath(name).name}: {found.said}")
