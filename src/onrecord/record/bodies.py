"""Bodies from elsewhere: what a stored body has to be before anything is made of it (docs/format section 4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from onrecord.record.canonical import check, decode, encode
from onrecord.record.entries import LARGEST_BODY, SALT_BYTES, class_of, commitment
from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import is_id, split_entry

_HEAD = re.compile(
    rb'\{"class":"(content|custody|terms|control)","commit":"([0-9a-f]{64})","log":"([a-z2-7]{16}\.[1-9][0-9]{0,8})"'
    rb'(?:,"of":"([a-z2-7]{16}\.[1-9][0-9]{0,8}(?:~[0-9a-f]{16})?/(?:0|[1-9][0-9]{0,12}))")?,"seq":(0|[1-9][0-9]{0,12}),"v":1\}'
)
_SHA256 = re.compile("[0-9a-f]{64}")
_NEEDED: Mapping[str, type] = {"author": str, "clock": int, "fields": dict, "kind": str, "thing": str}
_ALLOWED: Mapping[str, type] = {**_NEEDED, "reason": str, "slug": str, "supersedes": list}
_DEEPEST = 64


class EntryInvalid(ValueError):
    """An entry from elsewhere is not one, or not what its head commits to. The message says how."""


def read_head(head: bytes, log: str, seq: int) -> tuple[str, str, str | None]:
    """The class, the commitment and the `of` of a head, if it is that of this place. Raises `EntryInvalid`."""
    parts = _HEAD.fullmatch(head)
    if parts is None:
        raise EntryInvalid("its head is not one")
    sort, commit, names, of, at = parts.groups()
    if names.decode() != log or int(at) != seq:
        raise EntryInvalid("its head names another entry")
    if of is not None and sort != b"control":
        raise EntryInvalid("it orders an erasure under another class than control")
    return sort.decode(), commit.decode(), of.decode() if of else None


def read_body(body: bytes, salt: bytes, head: tuple[str, str, str | None], clock: int) -> dict[str, Any]:
    """What a body states, if it is the one its head commits to, and later than `clock`. Raises `EntryInvalid`."""
    sort, commit, of = head
    if len(salt) != SALT_BYTES or len(body) > LARGEST_BODY or commitment(salt, body) != commit:
        raise EntryInvalid("its body is not the one that its head commits to")
    try:
        stated = decode(body)
        canonical = encode(stated) == body
        if not body.isascii() or body.count(b"{") + body.count(b"[") > _DEEPEST:
            check(stated, "body", _DEEPEST)
    except (ValueError, RecursionError, FieldInvalid):
        raise EntryInvalid("its body is not canonical JSON") from None
    if not canonical or not isinstance(stated, dict):
        raise EntryInvalid("its body is not canonical JSON")
    _check_shape(stated)
    if of is None and class_of(stated["kind"]) != sort:
        raise EntryInvalid(f"it is a {stated['kind']} under a head of class {sort}")
    if stated["clock"] < clock:
        raise EntryInvalid("its clock goes back")
    if of is None:
        _check_kind(stated["kind"], stated["fields"])
    return stated


def _check_shape(stated: Mapping[str, Any]) -> None:
    if not (_NEEDED.keys() <= stated.keys() <= _ALLOWED.keys()):
        raise EntryInvalid("its body lacks something or has something that does not belong there")
    for name, value in stated.items():
        if type(value) is not _ALLOWED[name]:
            raise EntryInvalid(f"its body has the wrong type of value in {name}")
    if not is_id(stated["thing"]) or not stated["kind"] or stated["clock"] < 0:
        raise EntryInvalid("its body does not name a thing, a kind and a time")
    _check_supersedes(stated.get("supersedes"))


def _check_supersedes(names: list[Any] | None) -> None:
    if names is None:
        return
    try:
        for name in names:
            split_entry(name)
    except (ValueError, AttributeError):
        raise EntryInvalid("it supersedes something that is no entry") from None
    if not names or names != sorted(set(names)):
        raise EntryInvalid("it supersedes entries that are not sorted")


def _check_kind(kind: str, fields: Mapping[str, Any]) -> None:
    """What the views and the files rely on."""
    if kind == "item":
        digest, size = fields.get("sha256"), fields.get("size")
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest) or type(size) is not int or size < 0:
            raise EntryInvalid("it is an item without a sound hash and size")
    elif kind == "passage" and "layer" in fields:
        layer = fields["layer"]
        if not isinstance(layer, str) or not _SHA256.fullmatch(layer):
            raise EntryInvalid("it is a passage whose layer is no hash")
    elif kind == "merge":
        _check_merge(fields)


def _check_merge(fields: Mapping[str, Any]) -> None:
    heads, stubs = fields.get("heads"), fields.get("withheld", [])
    sound = isinstance(heads, list) and isinstance(stubs, list)
    sound = sound and all(
        isinstance(one, dict)
        and isinstance(one.get("log"), str)
        and type(one.get("size")) is int
        and isinstance(one.get("root"), str)
        for one in heads or ()
    )
    sound = sound and all(
        isinstance(one, dict)
        and isinstance(one.get("entry"), str)
        and isinstance(one.get("thing"), str)
        and isinstance(one.get("kind"), str)
        and type(one.get("clock")) is int
        for one in stubs
    )
    if not sound:
        raise EntryInvalid("it is a merge that does not name the heads it saw")
