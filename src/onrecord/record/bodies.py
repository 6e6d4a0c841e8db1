"""Bodies from elsewhere: what a stored body has to be before anything is made of it (docs/format section 4)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from onrecord.record.canonical import check, encode
from onrecord.record.entries import LARGEST_BODY, SALT_BYTES, class_of, commitment
from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import is_id, split_entry
from onrecord.record.stating import LATEST, Unsound, check_stated, is_superseding

_HEAD = re.compile(
    rb'\{"class":"(content|custody|terms|control)","commit":"([0-9a-f]{64})","log":"([a-z2-7]{16}\.[1-9][0-9]{0,8})"'
    rb'(?:,"of":"([a-z2-7]{16}\.[1-9][0-9]{0,8}(?:~[0-9a-f]{16})?/(?:0|[1-9][0-9]{0,12}))")?,"seq":(0|[1-9][0-9]{0,12}),"v":1\}'
)
_NEEDED: Mapping[str, type] = {"author": str, "clock": int, "fields": dict, "kind": str, "thing": str}
_ALLOWED: Mapping[str, type] = {**_NEEDED, "reason": str, "slug": str, "supersedes": list}
_DEEPEST = 64
_MOST = 2**53


class EntryInvalid(ValueError):
    """An entry from elsewhere is not one, or not what its head commits to. The message says how."""


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) >= _MOST:
        raise ValueError("a number too large to be exact")
    return int(digits)


def _no_fraction(digits: str) -> Any:
    raise ValueError("a number that is not whole")


_decode = json.JSONDecoder(parse_int=_whole, parse_float=_no_fraction, parse_constant=_no_fraction).decode


class Head(NamedTuple):
    """What a head states besides its place."""

    sort: str
    commit: str
    log: str
    of: str | None


def read_head(head: bytes, log: str, seq: int) -> Head:
    """What a head states, if it is that of this place. Raises `EntryInvalid`."""
    parts = _HEAD.fullmatch(head)
    if parts is None:
        raise EntryInvalid("its head is not one")
    sort, commit, names, of, at = parts.groups()
    if names.decode() != log or int(at) != seq:
        raise EntryInvalid("its head names another entry")
    if of is not None and sort != b"control":
        raise EntryInvalid("it orders an erasure under another class than control")
    return Head(sort.decode(), commit.decode(), log, _entry(of.decode()) if of else None)


def _entry(name: str) -> str:
    try:
        split_entry(name)
    except ValueError:
        raise EntryInvalid("it orders the erasure of something that is no entry") from None
    return name


def read_body(body: bytes, salt: bytes, head: Head, clock: int) -> dict[str, Any]:
    """What a body states, if it is the one its head commits to, and later than `clock`. Raises `EntryInvalid`."""
    sort, commit, log, of = head
    if len(salt) != SALT_BYTES or len(body) > LARGEST_BODY or commitment(salt, body) != commit:
        raise EntryInvalid("its body is not the one that its head commits to")
    try:
        stated = _decode(body.decode("utf-8"))
        canonical = encode(stated) == body
        if not body.isascii() or body.count(b"{") + body.count(b"[") > _DEEPEST:
            check(stated, "body", _DEEPEST)
    except (ValueError, RecursionError, FieldInvalid):
        raise EntryInvalid("its body is not canonical JSON") from None
    if not canonical or not isinstance(stated, dict):
        raise EntryInvalid("its body is not canonical JSON")
    _check_shape(stated, log)
    if of is None and class_of(stated["kind"]) != sort:
        raise EntryInvalid(f"it is a {stated['kind']} under a head of class {sort}")
    if stated["clock"] < clock:
        raise EntryInvalid("its clock goes back")
    if of is None:
        _check_stated(stated)
    return stated


def _check_shape(stated: Mapping[str, Any], log: str) -> None:
    if not (_NEEDED.keys() <= stated.keys() <= _ALLOWED.keys()):
        raise EntryInvalid("its body lacks something or has something that does not belong there")
    for name, value in stated.items():
        if type(value) is not _ALLOWED[name]:
            raise EntryInvalid(f"its body has the wrong type of value in {name}")
    if not is_id(stated["thing"]) or not stated["kind"] or not 0 <= stated["clock"] < LATEST:
        raise EntryInvalid("its body does not name a thing, a kind and a time")
    author = stated["author"]
    if author != log if stated["kind"] == "release" else not is_id(author):
        raise EntryInvalid("its body does not name its author")
    if "supersedes" in stated and not is_superseding(stated["supersedes"]):
        raise EntryInvalid("it supersedes something that is no entry, or entries that are not sorted")


def _check_stated(stated: Mapping[str, Any]) -> None:
    try:
        check_stated(stated["kind"], stated["fields"])
    except Unsound as wrong:
        raise EntryInvalid(str(wrong)) from None
