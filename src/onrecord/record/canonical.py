"""Canonical JSON, as docs/format section 2 defines it: the one encoding of everything that is hashed."""

from __future__ import annotations

import json
from typing import Any

from onrecord.record.errors import FieldInvalid

_LIMIT = 2**53
DEEPEST = 48  # a verifier reads 64 levels; a body puts its own around what a writer gave
_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def encode(value: Any) -> bytes:
    """The canonical bytes of a value already known to hold only what canonical JSON can.

    Raises `UnicodeEncodeError` on a lone surrogate.
    """
    return _encoder.encode(value).encode("utf-8")


def decode(data: bytes) -> Any:
    """The value of stored canonical bytes."""
    return json.loads(data)


def is_canonical(data: bytes) -> bool:
    """Whether these bytes are exactly what `encode` writes for the value they hold."""
    try:
        value = json.loads(data)
        check(value, "value", 64)
        return encode(value) == data
    except (ValueError, FieldInvalid, RecursionError):
        return False


def check(value: Any, where: str, depth: int = DEEPEST) -> None:
    """Raise `FieldInvalid` naming the place, unless canonical JSON can hold the value."""
    if depth == 0:
        raise FieldInvalid(where, f"it is nested more than {DEEPEST} levels deep", "Make it flatter.")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, int):
        if abs(value) >= _LIMIT:
            raise FieldInvalid(where, "it is too large for a whole number here", "Write it as text.")
    elif isinstance(value, float):
        raise FieldInvalid(
            where, f"{value} is a fraction written as a number", f'Write it as text: "{value}".'
        )
    elif isinstance(value, dict):
        _check_members(value, where, depth)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            check(inner, f"{where}[{place}]", depth - 1)
    else:
        raise FieldInvalid(
            where, f"{type(value).__name__} cannot be kept", "Write text, numbers, lists or objects."
        )


def _check_text(value: str, where: str) -> None:
    if value.isascii():
        return
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise FieldInvalid(
            where,
            "the text holds half of a character (a lone surrogate)",
            "Copy the text again from its source.",
        ) from None


def _check_members(value: dict[Any, Any], where: str, depth: int) -> None:
    for name, inner in value.items():
        if not isinstance(name, str) or not name.isascii():
            raise FieldInvalid(
                where, f"the name {name!r} is not plain ASCII", "Names as keys become lists: [{name, …}]."
            )
        check(inner, f"{where}.{name}", depth - 1)
