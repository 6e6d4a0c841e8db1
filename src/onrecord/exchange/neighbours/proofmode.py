"""ProofMode and Tella bundles: hashes and signatures are checked, and what the phone said of itself is kept as it said it.

ProofMode calls its files by the SHA-256 of the picture: `<hash>.proof.csv`, `.proof.json`, each signed in an `.asc`
beside it; `<hash>.asc` signs the picture itself, `.ots` and `.gst` are notes of others. Tella states a file's hash in a
CSV or JSON beside it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from onrecord.exchange.neighbours.bundle import Bundle, Progress, names_in, open_bundle
from onrecord.exchange.neighbours.openpgp import TOOL, check_signature, is_key, is_signature
from onrecord.exchange.neighbours.plan import KEPT, WRONG, Plan

NAME = "proofmode"
_TOOL = "onrecord import (proofmode)"
_HEX = re.compile(r"[0-9a-f]{64}")
_HASH_NAMES = ("filehashsha256", "filehash", "hashsha256", "sha256", "sha256hash")
_PATH_NAMES = ("filepath", "filename", "file", "name")
_OTS = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
_LARGEST_SIDE = 4 * 1024**2


def looks_like(path: Path) -> bool:
    names = [name.lower() for name in names_in(path)]
    return any(name.endswith((".proof.csv", ".proof.json")) for name in names) or _like_tella(path, names)


def _like_tella(path: Path, names: list[str]) -> bool:
    """A table that states file hashes, beside other files. What lies in a zip is told by its name alone."""
    if not path.is_dir():
        return any("tella" in PurePosixPath(name).name and name.endswith((".csv", ".json")) for name in names)
    sides = [name for name in names_in(path) if name.lower().endswith((".csv", ".json"))][:20]
    return len(names) > len(sides) and any(
        "filehash" in _plain((path / name).read_bytes()[:4096].decode("utf-8", "replace")) for name in sides
    )


def plan(path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
    made = Plan(open_bundle(path, scratch, progress))
    for name in list(made.bundle.named(".csv", ".json")):
        _check_stated(made, name)
    for name in list(made.bundle.named(".proof.csv", ".proof.json", ".gst", ".ots")):
        _check_named(made, name)
    _check_signatures(made, scratch)
    _say_notes_of_others(made)
    made.keep_files()
    return made


def _check_stated(made: Plan, name: str) -> None:
    """Check every hash that a table beside the pictures states."""
    for where, row in _rows(made.bundle, name):
        stated = _field(row, _HASH_NAMES)
        if stated and _HEX.fullmatch(stated.strip().lower()):
            _check_hash(made, f"{name} {where}", name, stated.strip().lower(), _field(row, _PATH_NAMES))


def _check_hash(made: Plan, source: str, side: str, stated: str, path: str | None) -> None:
    file = made.bundle.with_hash(stated)
    if file:
        made.check(
            source, file, _TOOL, True, f"its bytes have the SHA-256 that {PurePosixPath(side).name} states"
        )
        return
    meant = made.bundle.find(path) if path else None
    if meant:
        why = f"its SHA-256 is not what {PurePosixPath(side).name} states ({stated})"
        made.check(source, meant, _TOOL, False, why)
    else:
        made.check(source, side, _TOOL, False, f"no file here has the SHA-256 {stated} that it states")


def _check_named(made: Plan, name: str) -> None:
    """ProofMode's own files are called by the hash of the picture that they are about."""
    stated = PurePosixPath(name).name.partition(".")[0].lower()
    if _HEX.fullmatch(stated) and made.bundle.with_hash(stated) is None:
        made.check(
            f"{name} its name", name, _TOOL, False, "it is called by the hash of a file that is not here"
        )


def _check_signatures(made: Plan, scratch: Path) -> None:
    contents = {name: _small(made.bundle, name) for name in made.bundle.named(".asc", ".sig", ".gpg")}
    keys = [content for content in contents.values() if is_key(content)]
    for name, content in contents.items():
        if is_key(content):
            made.say(name, KEPT, "a key of the bundle: ask its owner for the fingerprint", name)
        elif is_signature(content):
            _check_signature(made, name, keys, scratch)


def _check_signature(made: Plan, name: str, keys: list[bytes], scratch: Path) -> None:
    signed = _signed_by(made.bundle, name)
    if signed is None:
        made.say(name, WRONG, "the file that it signs is not here", name)
        return
    found = check_signature(keys, made.bundle.files[name], made.bundle.files[signed], scratch)
    if found.good is None:
        made.not_checked(name, signed, f"the signature {PurePosixPath(name).name}: {found.said}")
    else:
        made.check(name, signed, TOOL, found.good, f"the signature {PurePosixPath(name).name}: {found.said}")


def _signed_by(bundle: Bundle, name: str) -> str | None:
    """The file beside it without the ending; or, where it is called by a hash, the file with that hash."""
    beside = name.rpartition(".")[0]
    if beside in bundle.files:
        return beside
    stated = PurePosixPath(beside).name.lower()
    return bundle.with_hash(stated) if _HEX.fullmatch(stated) else None


def _say_notes_of_others(made: Plan) -> None:
    for name in made.bundle.named(".ots"):
        content = _small(made.bundle, name)
        about = (
            made.bundle.with_hash(content[len(_OTS) : len(_OTS) + 32].hex())
            if content.startswith(_OTS)
            else None
        )
        if about is None:
            made.check(name, name, _TOOL, False, "it is no time stamp of a file that is here")
        else:
            made.not_checked(
                name, about, "a time stamp of OpenTimestamps: what it says needs the Bitcoin chain"
            )
    for name in made.bundle.named(".gst"):
        made.not_checked(name, name, "what the phone's maker says of it needs that maker's certificates")


def _rows(bundle: Bundle, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if bundle.files[name].stat().st_size > _LARGEST_SIDE:
        return
    text = bundle.text(name)
    if name.lower().endswith(".json"):
        yield from _objects(text)
        return
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
            yield f"line {number}", {str(key): value for key, value in row.items()}
    except csv.Error:
        return


def _objects(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return
    listed = read if isinstance(read, list) else [read]
    for number, one in enumerate(listed, 1):
        if isinstance(one, dict):
            yield f"object {number}", one


def _field(row: dict[str, Any], names: tuple[str, ...]) -> str | None:
    plain = {_plain(key): value for key, value in row.items() if isinstance(value, str)}
    return next((plain[name] for name in names if plain.get(name)), None)


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _small(bundle: Bundle, name: str) -> bytes:
    with bundle.files[name].open("rb") as file:
        return file.read(_LARGEST_SIDE)
