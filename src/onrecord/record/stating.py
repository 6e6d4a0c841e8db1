"""What entries by which the record itself stands have to state before anybody relies on them (docs/format sections 7 and 8).

A verifier finds fault with an entry that stands and says one of these things wrongly, so none is taken in.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from onrecord.record.ids import LOG, ROW, is_id, split_entry
from onrecord.record.listing import ListingInvalid, parse_listing

Fields = Mapping[str, Any]
_HASH = re.compile("[0-9a-f]{64}")
_WORD = re.compile(r"[!-~]+")
_LARGEST = 2**53
LATEST = 253_402_214_400_000
"""The last day that a calendar here can show, in milliseconds: a clock beyond it is none."""


class Unsound(ValueError):
    """An entry says something wrongly. The message says what."""


def check_stated(kind: str, fields: Fields) -> None:
    """Raises `Unsound` where the views, the files or a verifier could not rely on what an entry of a kind states."""
    check = _CHECKS.get(kind)
    if check:
        check(fields)


def check_stub(stub: Any) -> None:
    """What a merge may say of a body that was left out: which, and if it is known, of what. Raises `Unsound`."""
    _must(
        isinstance(stub, Mapping) and stub.keys() <= _STUB.keys(), "a body left out is not described as one"
    )
    _must(all(_STUB[name](value) for name, value in stub.items()), "a body left out is not described as one")
    _must(len(stub.keys() & _OF_VERSION) in (0, 3), "a body left out is described by half")


def is_superseding(names: Any) -> bool:
    """Whether a value is a list of entry names as a body holds them: sorted, none twice, never empty."""
    return (
        isinstance(names, list) and bool(names) and all(map(_is_entry, names)) and names == sorted(set(names))
    )


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Unsound(otherwise)


def _is_entry(name: Any) -> bool:
    try:
        split_entry(name)
    except (ValueError, AttributeError):
        return False
    return True


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _LARGEST


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_row(value: Any) -> bool:
    return isinstance(value, str) and ROW.fullmatch(value) is not None


def _is_base64(value: Any, size: int) -> bool:
    try:
        raw = base64.b64decode(value, validate=True)
    except (ValueError, TypeError):
        return False
    return len(raw) == size and base64.b64encode(raw).decode() == value


_OF_VERSION = {"thing", "kind", "clock"}
_STUB: Mapping[str, Callable[[Any], bool]] = {
    "entry": _is_entry,
    "thing": lambda value: isinstance(value, str) and is_id(value),
    "kind": lambda value: isinstance(value, str) and bool(value) and value.isprintable(),
    "clock": lambda value: _is_count(value) and value < LATEST,
    "supersedes": lambda value: value == [] or is_superseding(value),
}


def _item(fields: Fields) -> None:
    sound = _is_hash(fields.get("sha256")) and _is_count(fields.get("size"))
    _must(sound, "it is an item without a sound hash and size")


def _passage(fields: Fields) -> None:
    if "layer" not in fields:
        return _must(not {"start", "end"} & fields.keys(), "it is a passage with offsets in no text layer")
    _must(_is_hash(fields["layer"]), "it is a passage whose layer is no hash")
    sound = _is_count(fields.get("start")) and _is_count(fields.get("end"))
    return _must(
        sound and isinstance(fields.get("quote"), str), "it is a passage without a place and a quote"
    )


def _device(fields: Fields) -> None:
    log, line = fields.get("log"), fields.get("vkey")
    sound = isinstance(log, str) and LOG.fullmatch(log) and isinstance(line, str) and line.isascii()
    _must(bool(sound), "it is a device without a log and a key")


def _recovery(fields: Fields) -> None:
    _must(isinstance(fields.get("vkey"), str), "it is a recovery key without a key")


def _revocation(fields: Fields) -> None:
    device, seen = fields.get("device"), fields.get("seen", [])
    _must(isinstance(device, str) and is_id(device) and isinstance(seen, list), "it revokes no device")
    _must(all(map(_is_seen, seen)), "it revokes a device without saying what was seen of it")


def _is_seen(one: Any) -> bool:
    sound = isinstance(one, Mapping) and _is_row(one.get("log")) and _is_count(one.get("size"))
    return sound and isinstance(one.get("root"), str) and _WORD.fullmatch(one["root"]) is not None


def _merge(fields: Fields) -> None:
    heads, stubs = fields.get("heads", []), fields.get("withheld", [])
    _must(
        isinstance(heads, list) and all(map(_is_head, heads)),
        "it is a merge that does not name the heads it saw",
    )
    _must(isinstance(stubs, list), "it is a merge that does not list what was left out")
    for stub in stubs:
        check_stub(stub)
        _must("entry" in stub, "a body left out is not named")


def _is_head(one: Any) -> bool:
    sound = (
        isinstance(one, Mapping)
        and _is_row(one.get("log"))
        and _is_count(one.get("size"))
        and one["size"] > 0
    )
    return sound and _is_base64(one.get("root"), 32) and _is_base64(one.get("cosigned"), 72)


def _fork(fields: Fields) -> None:
    notes = fields.get("notes")
    sound = isinstance(fields.get("log"), str) and _is_count(fields.get("at")) and isinstance(notes, list)
    sound = sound and 1 <= len(notes or ()) <= 2 and all(isinstance(note, str) for note in notes or ())
    _must(sound, "it is a fork without the checkpoints that show it")


def _stamp(fields: Fields) -> None:
    listing = fields.get("listing")
    try:
        parse_listing(str(listing))
        sound = fields.get("root") == sha256(str(listing).encode()).hexdigest()
    except ListingInvalid:
        sound = False
    _must(sound, "it is a stamp whose root is not that of its listing")


def _erasure(fields: Fields) -> None:
    orders = fields.get("orders", [])
    sound = isinstance(orders, list) and all(isinstance(one, str) for one in orders)
    _must("folder" in fields or sound, "it confirms an erasure without naming orders")


_CHECKS: Mapping[str, Callable[[Fields], None]] = {
    **{
        "item": _item,
        "passage": _passage,
        "device": _device,
        "recovery": _recovery,
        "revocation": _revocation,
    },
    **{"merge": _merge, "fork": _fork, "stamp": _stamp, "erasure": _erasure},
}
