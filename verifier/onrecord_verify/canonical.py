"""Canonical JSON (format, section 2), and base64 in its one spelling."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from .grammar import DEEPEST, LARGEST_NUMBER, NONE, Broken, must

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _whole_number(digits: str) -> int:
    if len(digits) < 16:
        return int(digits)
    must(len(digits) <= 17 and abs(int(digits)) < LARGEST_NUMBER, "holds a number too large to be exact")
    return int(digits)


def _no_fraction(digits: str) -> Any:
    raise Broken("holds a number that is not whole")


_decoder = json.JSONDecoder(parse_int=_whole_number, parse_float=_no_fraction, parse_constant=_no_fraction)
_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)


def _made_once() -> Callable[[Any], str]:
    """The encoder's inner part, which it would else make anew for every value."""
    try:
        parts: Any = json.encoder
        plain = parts.encode_basestring
        inner = parts.c_make_encoder(None, _encoder.default, plain, None, ":", ",", True, False, False)
        must("".join(inner({"b": [1], "a": "\u05d0"}, 0)) == '{"a":"\u05d0","b":[1]}', "writes otherwise")
    except Exception:  # other Pythons have other insides
        return _encoder.encode
    return lambda value: "".join(inner(value, 0))


encode = _made_once()
scan: Callable[[str, int], tuple[Any, int]] = _decoder.scan_once  # type: ignore[attr-defined]


def canonical(raw: bytes) -> Any:
    """The value these bytes state. Raises `Broken` unless they are the one canonical way to write it.

    Writing the value again and comparing also refuses members named twice: only the last would come back.
    """
    try:
        text = raw.decode("utf-8")
        value, end = scan(text, 0)
        again = encode(value)
    except (ValueError, RecursionError, StopIteration):
        raise Broken("is not JSON in UTF-8") from None
    must(end == len(text) and again == text, "is not canonical JSON")
    if not raw.isascii() or raw.count(b"[") + raw.count(b"{") > DEEPEST:
        check_shape(value)
    return value


def check_shape(value: Any) -> None:
    depth, level = 0, [value]
    while level:
        must(depth < DEEPEST, f"is nested deeper than {DEEPEST} levels")
        inner: list[Any] = []
        for one in level:
            if type(one) is dict:
                must("".join(one).isascii(), "has a member whose name is not ASCII")
                inner += one.values()
            elif type(one) is list:
                inner += one
        level = [one for one in inner if type(one) is dict or type(one) is list]
        depth += 1


def members(value: Any, types: Mapping[str, type], optional: frozenset[str] = NONE) -> dict[str, Any]:
    """The value, if it is an object with exactly these members of these types. Raises `Broken`."""
    must(type(value) is dict, "is not an object")
    if len(value.keys() | optional) != len(types) or not value.keys() <= types.keys():
        unknown, missing = value.keys() - types.keys(), types.keys() - optional - value.keys()
        must(not unknown, f"has members that do not belong there: {', '.join(sorted(unknown))}")
        raise Broken(f"lacks {', '.join(sorted(missing))}")
    for name, held in value.items():
        if type(held) is not types[name]:
            raise Broken(f"has the wrong type of value in {name}")
    return dict(value)


def unpack(text: str) -> bytes:
    """The bytes of standard base64 with its padding, refusing every other spelling of them."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Broken("is not base64") from None
    must(base64.b64encode(raw).decode("ascii") == text, "is not canonical base64")
    return raw
