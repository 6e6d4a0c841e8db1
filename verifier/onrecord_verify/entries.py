"""Heads and bodies (format, section 4)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, NamedTuple

from .canonical import canonical, members
from .grammar import HASH, IS_ENTRY, IS_ID, LARGEST_BODY, LARGEST_HEAD, LOG, ROW, SEQ, Broken, must

HEAD = re.compile(
    f'{{"class":"(?P<sort>content|custody|terms|control)","commit":"(?P<commit>{HASH})","log":"(?P<log>{LOG})"'
    f'(?:,"of":"(?P<of>{ROW}/{SEQ})")?,"seq":(?P<seq>{SEQ}),"v":1}}'
).fullmatch
BODY = {
    **dict.fromkeys(("author", "kind", "reason", "slug", "thing"), str),
    **{"clock": int, "fields": dict, "supersedes": list},
}
MAY_LACK = frozenset(("slug", "supersedes", "reason"))
CONTROL = (
    *("record", "person", "device", "property", "release", "export"),
    *("merge", "fork", "revocation", "recovery", "stamp", "erasure", "sent"),
)
CLASS_OF = {
    **dict.fromkeys(CONTROL, "control"),
    **{"custody": "custody", "terms": "terms"},
}


class Head(NamedTuple):
    """One leaf of the tree."""

    sort: str
    commit: str
    log: str
    seq: int
    of: str | None


def read_head(raw: bytes) -> Head:
    """A head is always plain ASCII with fixed members, so that one pattern is its whole grammar."""
    parts = HEAD(raw.decode("ascii", "replace")) if len(raw) <= LARGEST_HEAD else None
    if parts is None:
        raise Broken("has a head that is not canonical or lacks what a head holds")
    return Head(parts["sort"], parts["commit"], parts["log"], int(parts["seq"]), parts["of"])


def commitment(salt: bytes, body: bytes) -> str:
    return sha256(b"onrecord body v1\n" + salt + body).hexdigest()


def read_body(raw: bytes, salt: bytes, head: Head) -> dict[str, Any]:
    """The body under this head: the one committed to, canonical, and shaped as a body is. Raises `Broken`."""
    must(len(salt) == 32, "has a salt that is not 32 bytes")
    must(commitment(salt, raw) == head.commit, "has a body that does not match the head's commitment")
    try:
        must(len(raw) <= LARGEST_BODY, "is too large")
        body = members(canonical(raw), BODY, MAY_LACK)
        _check_body(body, head)
    except Broken as wrong:
        raise Broken(f"has a body that {wrong}") from None
    return body


def _check_body(body: dict[str, Any], head: Head) -> None:
    must(IS_ID(body["thing"]) is not None, "names its thing by something other than an id")
    named = body["author"] == head.log if body["kind"] == "release" else IS_ID(body["author"]) is not None
    must(named, "does not name its author as such a body does")
    must(body["clock"] >= 0, "has a clock before 1970")
    if "supersedes" in body:
        names = body["supersedes"]
        must(
            bool(names) and all(type(name) is str and IS_ENTRY(name) for name in names), "supersedes no entry"
        )
        must(names == sorted(set(names)), "supersedes entries that are not sorted")
    kind = body["kind"]
    must(bool(kind), "has no kind")
    wanted = "control" if head.of else CLASS_OF.get(kind, "content")
    if head.sort != wanted:
        raise Broken(f"is {'an order' if head.of else 'a ' + kind} under a head of class {head.sort}")
