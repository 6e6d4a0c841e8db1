"""The fast way past an entry about which nothing can be wrong. Whatever it does not know goes the slow way."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from .canonical import check_shape
from .canonical import encode as encoded
from .canonical import scan as scanned
from .entries import BODY, CLASS_OF, MAY_LACK
from .grammar import DEEPEST, IS_ID, LARGEST_BODY, Broken
from .rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

SHAPES = {
    tuple(sorted(BODY.keys() - {name for at, name in enumerate(sorted(MAY_LACK)) if chosen >> at & 1}))
    for chosen in range(8)
}
STARTS = {kind: f'{{"class":"{sort}","commit":"'.encode("ascii") for kind, sort in CLASS_OF.items()}
CONTENT = b'{"class":"content","commit":"'
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def tight(text: str, said: dict[str, Any]) -> bool:
    """Whether a body that was read from this text, with its members in order, can only be written in this one way.

    Without white space, escapes and signs there is one way to write each token. What is left are members of the
    fields: their order, and whether one stood twice.
    """
    fields = said["fields"]
    return (
        " " not in text
        and "\\" not in text
        and "-0" not in text
        and text.count("{") == 2
        and text.count('":') == len(said) + len(fields)
        and text.isprintable()
        and [*fields] == sorted(fields)
    )


def plain_reader(row: Row) -> Callable[[Any, Any, Any, int], dict[str, Any] | None]:
    """A function that gives what an entry of this row says, where nothing about it can be wrong; else None.

    The only head that fits the body and its place is written anew and compared whole: all that `read_head` and
    `read_body` find out is found by that, in a third of the time.
    """
    ends = b'","log":"' + row.log.encode("ascii") + b'","seq":'
    authors: set[str] = set()
    scan, encode = scanned, encoded

    def plain(head: Any, salt: Any, body: Any, seq: int) -> dict[str, Any] | None:
        try:
            text: str = body.decode("utf-8")
            said, end = scan(text, 0)
            if end != len(text) or type(salt) is not bytes or len(salt) != 32:
                return None
            if (
                tuple(said) not in SHAPES
                or type(said["clock"]) is not int
                or type(said["fields"]) is not dict
            ):
                return None
            if len(said) > 5 and not ("supersedes" not in said and slugged(said)):
                return None
            if not (tight(text, said) or encode(said) == text):
                return None
            if not text.isascii() or text.count("{") + text.count("[") > DEEPEST:
                check_shape(said)
            kind, thing, author = said["kind"], said["thing"], said["author"]
            if type(kind) is not str or type(thing) is not str or type(author) is not str:
                return None
        except (Broken, ValueError, TypeError, AttributeError, RecursionError, StopIteration):
            return None
        commit = sha256(b"onrecord body v1\n" + salt + body).hexdigest()
        start = STARTS.get(kind, CONTENT)
        if head != b'%b%b%b%d,"v":1}' % (start, commit.encode("ascii"), ends, seq):
            return None
        if author not in authors:
            if not IS_ID(author):
                return None
            authors.add(author)
        if said["clock"] < row.clock or len(thing) != 16 or thing.strip(LETTERS):
            return None
        return None if kind == "release" or not kind or len(body) > LARGEST_BODY else said

    def slugged(said: dict[str, Any]) -> bool:
        return all(type(said.get(name, "")) is str for name in ("slug", "reason"))

    return plain
