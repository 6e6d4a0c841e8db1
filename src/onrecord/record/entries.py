"""Entries of the log: a head kept for ever, a body that an erasure may remove, a salted commitment between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from onrecord.record.canonical import decode, encode
from onrecord.record.errors import FieldInvalid
from onrecord.record.things import Version

TAG = b"onrecord body v1\n"
SALT_BYTES = 32
LARGEST_BODY = 1 << 24
CONTROL_KINDS = (
    *("record", "person", "device", "property", "release", "export"),
    *("merge", "fork", "revocation", "recovery", "stamp", "erasure", "sent"),
)
# Entries that say who may write, who wrote what, and who saw it.
GOVERNING_KINDS = frozenset(("device", "revocation", "recovery", "merge", "fork"))

_CLASS_OF_KIND = {"custody": "custody", "terms": "terms", **dict.fromkeys(CONTROL_KINDS, "control")}


@dataclass(frozen=True, slots=True)
class Draft:
    """A version to be written: what a body will say, before the log gives it a place and a time."""

    kind: str
    thing: str
    fields: Mapping[str, Any]
    slug: str | None = None
    supersedes: tuple[str, ...] = ()
    reason: str | None = None
    author: str | None = None
    of: str | None = None
    """On an order of erasure, the entry whose body goes. Kind, thing and `supersedes` then repeat those of it."""


def class_of(kind: str) -> str:
    """The coarse class a head shows for a kind."""
    return _CLASS_OF_KIND.get(kind, "content")


def commitment(salt: bytes, body: bytes) -> str:
    return sha256(TAG + salt + body).hexdigest()


def head_bytes(log: str, seq: int, kind: str, commit: str, of: str | None = None) -> bytes:
    """The canonical head. Its members are fixed and plain ASCII, so it is written out directly."""
    sort, erased = ("control", f',"of":"{of}"') if of else (class_of(kind), "")
    return f'{{"class":"{sort}","commit":"{commit}","log":"{log}"{erased},"seq":{seq},"v":1}}'.encode()


def body_bytes(draft: Draft, author: str, clock: int) -> bytes:
    body: dict[str, Any] = {
        "author": draft.author or author,
        "clock": clock,
        "fields": draft.fields,
        "kind": draft.kind,
        "thing": draft.thing,
    }
    if draft.slug is not None:
        body["slug"] = draft.slug
    if draft.supersedes:
        body["supersedes"] = sorted(draft.supersedes)
    if draft.reason is not None:
        body["reason"] = draft.reason
    data = encode(body)
    if len(data) > LARGEST_BODY:
        raise FieldInvalid(
            draft.slug or draft.kind,
            "it is larger than 16 MB",
            "Take long material in as an original instead.",
        )
    return data


def version_of(name: str, body: bytes, received: int) -> Version:
    """The version that a stored body states. `name` is the entry's, `received` when this device got it."""
    stated = decode(body)
    return Version(
        thing=stated["thing"],
        kind=stated["kind"],
        name=name,
        fields=stated["fields"],
        slug=stated.get("slug"),
        author=stated["author"],
        clock=stated["clock"],
        received=received,
        supersedes=tuple(stated.get("supersedes", ())),
        reason=stated.get("reason"),
    )
