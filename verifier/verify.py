#!/usr/bin/env python3
"""Checks a record or a dossier made with Onrecord, without Onrecord and without a network.

    python3 verify.py [--json] [FOLDER]
    python3 verify.py [--json] FOLDER --against KEPT [--against KEPT]...
    python3 verify.py [--json] PROOF [--original FILE] [--roots FILE.pem]

FOLDER is the folder of a record or of a dossier; left out, it is the one this file stands in. The exit code is 0
when everything holds, 1 when something does not (each problem says what is wrong and where), and 2 when the
folder is neither. KEPT is what somebody kept of a record elsewhere (see verify_against.py, which has to stand beside
this file). Needs Python 3.8 or later and nothing else. It writes nothing, follows no links, and trusts
nothing it reads. The formats are described in Onrecord's documentation, under "format".
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import os
import re
import sqlite3
import stat
import sys
import unicodedata
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta, timezone
from hashlib import sha256, sha512
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Cuts = dict[str, dict[str, int]]
    Point = tuple[int, int, int, int]
    Progress = Callable[[int, int | None, str], None]

ID = "[a-z2-7]{16}"
LOG = ID + r"\.[1-9][0-9]{0,8}"
ROW = LOG + "(?:~[0-9a-f]{16})?"
SEQ = "(?:0|[1-9][0-9]{0,12})"
HASH = "[0-9a-f]{64}"

IS_ID = re.compile(ID).fullmatch
IS_LOG = re.compile(LOG).fullmatch
IS_ROW = re.compile(ROW).fullmatch
IS_HASH = re.compile(HASH).fullmatch
IS_ENTRY = re.compile("(" + ROW + ")/(" + SEQ + ")").fullmatch

VOUCH = b"onrecord device v1\n"
SEQ_BITS = 40
LARGEST_NUMBER = 2**53
DEEPEST = 64
LARGEST_HEAD = 1 << 10
LARGEST_BODY = 1 << 24
LARGEST_NOTE = 1 << 16
LARGEST_FILE = 1 << 28
LARGEST_LAYER = 1 << 30
MOST_PROBLEMS = 1000
MOST_NAMED = 10
ATTEMPTS = 3
NONE: frozenset[str] = frozenset()


class Broken(Exception):
    """What was read is not as the format says. The message says how."""


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)


# Canonical JSON (format, section 2)


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


_encode = _made_once()
_scan: Callable[[str, int], tuple[Any, int]] = _decoder.scan_once  # type: ignore[attr-defined]


def canonical(raw: bytes) -> Any:
    """The value these bytes state. Raises `Broken` unless they are the one canonical way to write it.

    Writing the value again and comparing also refuses members named twice: only the last would come back.
    """
    try:
        text = raw.decode("utf-8")
        value, end = _scan(text, 0)
        again = _encode(value)
    except (ValueError, RecursionError, StopIteration):
        raise Broken("is not JSON in UTF-8") from None
    must(end == len(text) and again == text, "is not canonical JSON")
    if not raw.isascii() or raw.count(b"[") + raw.count(b"{") > DEEPEST:
        _check_shape(value)
    return value


def _check_shape(value: Any) -> None:
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


# Ed25519 (RFC 8032, section 5.1), points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
ZERO: Point = (0, 1, 1, 0)


def _add(one: Point, two: Point) -> Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = 2 * t1 * t2 * D % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(one: Point) -> Point:
    x, y, z, _ = one
    a, b = x * x % P, y * y % P
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = 2 * z * z + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(raw: bytes) -> Point | None:
    """The point these 32 bytes encode; None unless they are its canonical encoding."""
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT_OF_MINUS_ONE % P
    if v * x * x % P != u or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


def _multiples(point: Point) -> list[Point]:
    rows = [ZERO]
    for _ in range(15):
        rows.append(_add(rows[-1], point))
    return rows


_base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _base is not None  # noqa: S101 - the curve's own base point
BASE_MULTIPLES = _multiples(_base)


def signature_good(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the Ed25519 signature of the message by this key.

    Strict: S below the group's order, the key in its canonical encoding and not of small order, and R compared
    byte by byte with the encoding of [S]B - [k]A, without a cofactor.
    """
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = _point(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER or _double(_double(_double(key)))[0] == 0:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus_key = _multiples((P - key[0], key[1], 1, P - key[3]))
    total = ZERO
    for shift in range(252, -1, -4):
        total = _double(_double(_double(_double(total))))
        total = _add(total, BASE_MULTIPLES[s >> shift & 15])
        total = _add(total, minus_key[k >> shift & 15])
    inverse = pow(total[2], P - 2, P)
    x, y = total[0] * inverse % P, total[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# Tree (RFC 6962, section 2.1)


def leaf_hash(head: bytes) -> bytes:
    return sha256(b"\x00" + head).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A whole tree: its leaves, and above them the roots of all perfect subtrees, level by level, 32 bytes each."""

    def __init__(self, leaves: bytes = b"") -> None:
        self.levels = [leaves]
        while len(leaves) >= 64:
            ends = range(0, len(leaves) - 63, 64)
            leaves = b"".join([sha256(b"\x01" + leaves[at : at + 64]).digest() for at in ends])
            self.levels.append(leaves)
        self.size = len(self.levels[0]) >> 5

    def root(self, size: int | None = None) -> bytes:
        """The root when the tree had this many leaves."""
        return self.subtree(0, self.size if size is None else size)

    def subtree(self, low: int, high: int) -> bytes:
        """MTH of the leaves from `low` up to, but not including, `high`."""
        if high == low:
            return sha256(b"").digest()
        count = high - low
        level = count.bit_length() - 1
        if count == 1 << level and not low & (count - 1):
            at = low >> level << 5
            return self.levels[level][at : at + 32]
        split = low + (1 << (count - 1).bit_length() - 1)
        return node_hash(self.subtree(low, split), self.subtree(split, high))

    def peaks(self, size: int) -> bytes:
        """The roots of the perfect subtrees over the first leaves, the largest first."""
        low, packed = 0, b""
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                packed += self.subtree(low, low + (1 << level))
                low += 1 << level
        return packed

    def leaf(self, seq: int) -> bytes:
        return self.levels[0][32 * seq : 32 * seq + 32]


def root_of_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2). Raises `Broken`."""
    must(0 <= index < size, "names an entry beyond its checkpoint")
    node, last, root = index, size - 1, leaf
    for step in path:
        must(last > 0, "has an inclusion proof that is too long")
        if node & 1 or node == last:
            root = node_hash(step, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, step)
        node, last = node >> 1, last >> 1
    must(last == 0, "has an inclusion proof that is too short")
    return root


# Keys and checkpoints (format, section 6)


class Key(NamedTuple):
    """The public key of one log. `digest` is the four bytes that stand before a signature."""

    line: str
    origin: str
    record: str
    log: str
    public: bytes
    digest: bytes


class Checkpoint(NamedTuple):
    """What a log's key signed: the root of the tree over its first `size` heads."""

    size: int
    root: bytes


ORIGIN = re.compile(f"onrecord/({ID})/({LOG})").fullmatch
RECOVERY_ORIGIN = re.compile(f"onrecord-recovery/({ID})()").fullmatch
NOTE = re.compile(
    "(?P<text>(?P<origin>[^\n]+)\n(?P<size>[^\n]+)\n(?P<root>[^\n]+)\n)"
    "\n(?P<signatures>(?:\u2014 [^\\s+]+ [A-Za-z0-9+/]+={0,2}\n)+)"
).fullmatch


def read_key(line: str, origin_of: Callable[[str], Any] = ORIGIN, record: str = "") -> Key:
    """A verifier key: origin, key hash, and the key after its algorithm byte, joined by +. Raises `Broken`."""
    parts = line.split("+", 2)
    must(len(parts) == 3, "is not a verifier key")
    origin = origin_of(parts[0])
    if origin is None or (record and origin.group(1) != record):
        raise Broken("does not name a record and a log")
    raw = unpack(parts[2])
    must(len(raw) == 33 and raw[:1] == b"\x01", "is not an Ed25519 key")
    point = _point(raw[1:])
    must(point is not None and _double(_double(_double(point)))[0] != 0, "is not a sound Ed25519 key")
    digest = sha256(parts[0].encode("ascii") + b"\n" + raw).digest()[:4]
    must(digest.hex() == parts[1], "has a key hash that does not fit its key")
    return Key(line, parts[0], origin.group(1), origin.group(2), raw[1:], digest)


def fingerprint(public: bytes) -> str:
    """What people compare: the first 32 hex digits of the key's SHA-256, in groups of four."""
    digits = sha256(public).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def read_checkpoint(note: bytes, key: Key, lines: int = 0) -> Checkpoint:
    """What this checkpoint states, once its own log's signature is good. Raises `Broken`.

    `lines` is how many signature lines it has to have; 0 leaves room for cosignatures, which are not checked.
    """
    parts = parts_of(note)
    must(parts["origin"] == key.origin, f"names the origin {parts['origin']} instead of {key.origin}")
    stated = stated_in(note)
    signatures = parts["signatures"].split("\n")[:-1]
    must(lines in (0, len(signatures)), f"has {len(signatures)} signature lines instead of {lines}")
    must(
        signature_good(key.public, parts["text"].encode("utf-8"), _own(signatures, key)),
        "has a bad signature",
    )
    return stated


def parts_of(note: bytes) -> dict[str, str]:
    must(len(note) <= LARGEST_NOTE, "is too large for a checkpoint")
    try:
        parts = NOTE(note.decode("utf-8"))
    except ValueError:
        raise Broken("is not UTF-8") from None
    if parts is None:
        raise Broken("is not a checkpoint")
    return parts.groupdict()


def stated_in(note: bytes) -> Checkpoint:
    """What a checkpoint states, whoever signed it. Raises `Broken`."""
    parts = parts_of(note)
    must(re.fullmatch("[1-9][0-9]{0,12}", parts["size"]) is not None, "does not state a number of entries")
    root = unpack(parts["root"])
    must(len(root) == 32, "does not state a root of 32 bytes")
    return Checkpoint(int(parts["size"]), root)


def _own(lines: list[str], key: Key) -> bytes:
    seen: dict[tuple[str, bytes], bytes] = {}
    for line in lines:
        _, name, text = line.split(" ")
        raw = unpack(text)
        must((name, raw[:4]) not in seen, "is signed twice by one key")
        seen[name, raw[:4]] = raw[4:]
    must((key.origin, key.digest) in seen, "is not signed by its log's key")
    return seen[key.origin, key.digest]


# Heads and bodies (format, section 4)

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


# Files


def show(text: str) -> str:
    """Text from a stranger, with everything invisible or able to steer a terminal spelled out."""
    safe = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text[:300])
    return safe + ("…" if len(text) > 300 else "")


def many(count: int, what: str) -> str:
    """A count with its noun, which is given in the plural."""
    one = what[:-3] + "y" if what.endswith("ies") else what[:-1]
    return f"{count} {one if count == 1 else what}"


def named(paths: list[str]) -> str:
    """The paths, or the first of them and how many more there are."""
    more = len(paths) - MOST_NAMED
    return ", ".join(paths[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def open_plain(path: Path) -> BufferedReader:
    """A regular file, opened for reading and never through a link."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))

    must(not path.is_symlink(), "is a link, and links are not followed")
    file = open(path, "rb", opener=opener)  # noqa: SIM115 - handed to the caller, who closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Broken("is not a plain file")
    return file


def read_small(path: Path, most: int) -> bytes:
    with open_plain(path) as file:
        raw = file.read(most + 1)
    must(len(raw) <= most, "is larger than such a file can be")
    return raw


def hash_of(path: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file."""
    digest, size, block = sha256(), 0, memoryview(bytearray(1 << 18))
    with open_plain(path) as file:
        for count in iter(lambda: file.readinto(block), 0):
            digest.update(block[:count])
            size += count
    return digest.hexdigest(), size


def walk(folder: Path, report: Report) -> Iterator[tuple[str, bool]]:
    """Every path below the folder, written with /, and whether it is a folder. Links and devices are problems."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(folder / inside) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as wrong:
            report.problem(inside or ".", f"cannot be read: {wrong.strerror}")
            continue
        for entry in entries:
            path = inside + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path + "/")
                yield path, True
            elif entry.is_file(follow_symlinks=False):
                yield path, False
            else:
                report.problem(path, "is a link or a device, and neither is read")


def unknown(path: str) -> str:
    """What to say of a file that nothing accounts for."""
    name = path.rpartition("/")[2]
    if name in (".DS_Store", "Thumbs.db", "desktop.ini") or name.startswith("._"):
        return "does not belong here; the computer's file browser makes such files: delete it and check again"
    return "does not belong here"


# What is found


class Report:
    """Everything found: the problems, what was counted, and what a person should read."""

    def __init__(self, kind: str, progress: Progress | None = None) -> None:
        self.kind = kind
        self.record = ""
        self.entries = 0
        self.items = 0
        self.problems: list[dict[str, str]] = []
        self.unlisted = 0
        self.keys: list[dict[str, str]] = []
        self.lines: list[str] = []
        self.notes: list[str] = []
        self.times: list[dict[str, Any]] = []
        self.proven: list[tuple[str, list[str]]] = []
        self.against: list[dict[str, Any]] = []
        self.progress = progress or (lambda done, total, what: None)

    def problem(self, where: str, what: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"what": show(what), "where": show(where)})
        else:
            self.unlisted += 1

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Whatever is found broken inside becomes a problem of this place."""
        try:
            yield
        except Broken as wrong:
            self.problem(where, str(wrong))
        except OSError as wrong:
            self.problem(
                where,
                "is missing" if isinstance(wrong, FileNotFoundError) else f"cannot be read: {wrong.strerror}",
            )

    def key(self, key: Key) -> None:
        self.keys.append({"log": key.log, "fingerprint": fingerprint(key.public)})

    def as_json(self) -> dict[str, Any]:
        stated: dict[str, Any] = {"ok": not self.problems, "entries": self.entries, "items": self.items}
        stated.update(problems=self.problems, unlisted_problems=self.unlisted)
        compare = self.keys if self.kind == "record" else self.keys[:1]
        stated.update(fingerprints=[key["fingerprint"] for key in compare])
        stated.update(kind=self.kind, record=self.record, keys=self.keys, notes=self.notes)
        if self.against:
            stated.update(against=self.against)
        if self.kind == "proof":
            stated.update(times=self.times, lines=self.lines, proven=self.proven)
        return stated


# A record (format, section 9)

TABLES = {
    "log": ("number", "name"),
    "head": ("entry", "bytes"),
    "body": ("entry", "salt", "bytes"),
    "checkpoint": ("entry", "size", "note", "kept", "peaks"),
}
# NOT INDEXED: what an index says is never taken for what the table holds.
ENTRIES = """
SELECT head.entry, head.bytes, body.entry, body.salt, body.bytes
FROM head NOT INDEXED LEFT JOIN body NOT INDEXED ON body.entry = head.entry
WHERE head.entry BETWEEN ? AND ? ORDER BY head.entry
"""
CHECKPOINTS = """
SELECT entry, size, note, peaks FROM checkpoint NOT INDEXED WHERE entry BETWEEN ? AND ? ORDER BY entry
"""
STRAY = "SELECT entry FROM {0} NOT INDEXED WHERE (entry >> 40) NOT IN (SELECT number FROM log) LIMIT 100"
HEADLESS = "SELECT entry FROM body NOT INDEXED WHERE entry NOT IN (SELECT entry FROM head) LIMIT 100"

BESIDE = {"README.txt", *(name + end for name in ("record.db", "desk.db") for end in ("", "-wal", "-shm"))}
ROOM = re.compile("keys|layers|originals(/[0-9a-f]{2})?").fullmatch
ORIGINAL = re.compile(r"originals/([0-9a-f]{2})/(\1[0-9a-f]{62})").fullmatch


# What a stopped write leaves: the name under which it writes before it gives the file its own.
TEMPORARY = re.compile(r"(?:keys|layers|originals)/\.taking-[1-9][0-9]{0,9}-[0-9a-f]{16}").fullmatch


def open_log(database: Path, in_use: bool) -> sqlite3.Connection:
    """record.db at one moment, so opened that SQLite cannot change it, however long somebody else writes.

    Its files are only ever opened through SQLite: a process that closes one of them by itself drops the locks of
    its other connections.
    """
    way = way_to_read(database, in_use)
    log = opened_so(database, way)
    try:
        log.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as wrong:
        log.close()
        if way != SHARED or "locking protocol" not in str(wrong):
            raise
        log = opened_so(database, alone(database))  # stopped before its shared memory knew what was written
    return log


def opened_so(database: Path, way: str) -> sqlite3.Connection:
    log = sqlite3.connect(
        f"{database.resolve().as_uri()}?mode=ro&{way}",
        uri=True,
        isolation_level=None,
    )
    log.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for setting in ("query_only=ON", "trusted_schema=OFF", "temp_store=MEMORY"):
        log.execute("PRAGMA " + setting)
    if way == ALONE:
        log.execute("PRAGMA locking_mode=EXCLUSIVE")
    log.execute("BEGIN")
    return log


SHARED = "readonly_shm=1"
WAL_HEADER = 32
ALONE = "vfs=" + ("win32-none" if os.name == "nt" else "unix-none")


def way_to_read(database: Path, in_use: bool) -> str:
    """How SQLite reads the file without writing to what lies beside it.

    Shared memory beside it is that of a program at work, or of one that was stopped: SQLite tells which, and locks
    with it or reads the write-ahead log alone. Without shared memory nobody is at work, and no lock is needed; nor
    could one be had without making the file. A write-ahead log that is no more than its header is of no use to it.
    """
    waiting, shared = state(database, "-wal"), state(database, "-shm")
    if in_use and os.access(database.parent, os.W_OK):
        return ""
    return SHARED if waiting and shared and waiting[0] != WAL_HEADER else alone(database)


def alone(database: Path) -> str:
    """Without locks, and with the write-ahead log only if it holds something: SQLite would remove one that does not."""
    try:
        with database.with_name(database.name + "-wal").open("rb") as file:
            return ALONE if holds_commit(file) else "immutable=1"
    except FileNotFoundError:
        return "immutable=1"


def holds_commit(wal: BufferedReader) -> bool:
    """Whether a write-ahead log has a frame that ends a transaction (https://sqlite.org/fileformat2.html#walformat).

    SQLite locks this file by no means, so that it may be opened.
    """
    header = wal.read(WAL_HEADER)
    if len(header) < WAL_HEADER:
        return False
    page, salts, at = int.from_bytes(header[8:12], "big"), header[16:24], WAL_HEADER
    while len(frame := wal.read(24)) == 24 and frame[8:16] == salts:
        if any(frame[4:8]):
            return True
        at += 24 + page
        wal.seek(at)
    return False


def state(database: Path, end: str = "") -> tuple[int, int] | None:
    """The size and time of record.db or of a file beside it, which change when somebody writes."""
    try:
        found = database.with_name(database.name + end).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def moment(database: Path) -> list[tuple[int, int] | None]:
    return [state(database), state(database, "-wal")]


def text_in(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    raise Broken(f"has no text in {name}")


def count_in(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    if type(value) is int and value >= 0:
        return value
    raise Broken(f"has no number in {name}")


def list_in(fields: dict[str, Any], name: str, types: Mapping[str, type] | None = None) -> list[Any]:
    """A list that may be absent: of objects with these members, or else of text."""
    value = fields.get(name, [])
    must(type(value) is list, f"has no list in {name}")
    for one in value:
        if types is None:
            must(type(one) is str, f"has something other than text in {name}")
        else:
            fits = type(one) is dict and all(type(one.get(part)) is kind for part, kind in types.items())
            must(fits, f"has something in {name} that is not as described")
    return list(value)


class Quote(NamedTuple):
    """What a passage says stands in its text layer."""

    entry: str
    start: int
    end: int
    words: str


class Place(NamedTuple):
    """Where an entry stands: its row of the table `log`, and its number."""

    row: str
    seq: int

    @property
    def name(self) -> str:
        return f"{self.row}/{self.seq}"

    @property
    def log(self) -> str:
        return log_of(self.row)


DEVICE_SAYS = ("vouched_by", "vouched", "after", "after_leaf", "person")


class Device(NamedTuple):
    """A `device` entry: where it stands, the log and key it is about, and the entry and leaf it went on from."""

    at: Place
    about: str
    line: str
    vouched_by: str
    vouched: str
    after: str = ""
    after_leaf: str = ""
    person: str = ""


class Revocation(NamedTuple):
    """A word that a device no longer writes for the team, and what had been seen of its logs."""

    at: Place
    device: str
    seen: list[tuple[str, int, str]]
    signed: str


class Recovery(NamedTuple):
    """A `recovery` entry: the public half of the key that is kept offline."""

    at: Place
    recipient: str
    line: str


class Witnessed(NamedTuple):
    """A head of another log as a merge saw it, with the cosignature by the log that merged."""

    at: Place
    log: str
    size: int
    root: bytes
    cosigned: bytes


class Fork(NamedTuple):
    """A `fork` entry: two checkpoints of one log that do not extend each other."""

    at: Place
    log: str
    first: int
    notes: list[str]


class Row:
    """One history of a log: the whole log, or where it was signed twice, what one branch holds from there on."""

    def __init__(self, number: int, name: str, here: bool, parent: Row | None) -> None:
        self.number, self.name, self.here, self.parent = number, name, here, parent
        self.log = log_of(name)
        self.tree: Tree = parent.tree if parent else Tree()
        self.first: int = self.tree.size
        self.clock: int = parent.clock if parent else 0
        self.branches: list[Row] = []
        self.good: list[int] = []

    def tips(self) -> list[Row]:
        """The rows in which the histories that begin here end."""
        return [tip for branch in self.branches for tip in branch.tips()] if self.branches else [self]

    def line(self) -> list[Row]:
        """This row and those it goes on from, back to the log's beginning."""
        return [self, *(self.parent.line() if self.parent else ())]


def log_of(row: str) -> str:
    return row.partition("~")[0]


def device_of(log: str) -> str:
    return log.partition(".")[0]


def holds_what_was_seen(tip: Row, one: Witnessed) -> bool:
    return one.size <= tip.tree.size and tip.tree.root(one.size) == one.root


# Where entries differ from what somebody saw


class Fact(NamedTuple):
    """The root of the leaves from `low` to before `high`, or its first bytes, as somebody saw it."""

    low: int
    high: int
    hash: bytes


def first_rewritten(tree: Tree, facts: Iterable[Fact]) -> tuple[int, int] | None:
    """Between which two entries the first lies that is not as it was seen; None if nothing differs.

    What agrees shows that none of its entries was rewritten, and what does not, that one of them was.
    """
    good, first = [], None
    for low, high, seen in facts:
        if tree.subtree(low, high)[: len(seen)] == seen:
            good.append((low, high))
        elif first is None or high - 1 < first:
            first = high - 1
    if first is None:
        return None
    start = 0
    for low, high in sorted(good):
        if low <= start:
            start = max(start, high)
    for low, high in sorted(good, reverse=True):
        if low <= first < high:
            first = low - 1
    return start, max(start, first)


def between(row: str, found: tuple[int, int]) -> str:
    """The first rewritten entry in words, as narrowly as it is known."""
    first, last = found
    if first == last:
        return f"the first rewritten entry is {row}/{first}"
    return f"the first rewritten entry is one of {row}/{first} to {row}/{last}"


# Who may write (format, section 7)


class Membership:
    """Which logs count as a member's, and how many entries of a revoked device's logs stand."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.persons = self.whose()
        self.counting = self.count({})
        self.key = self.recovery_key()
        offline = [one for one in record.revocations if one.signed and self.by_recovery_key(one)]
        self.cuts = cuts_of(offline)
        self.counting = self.count(self.cuts)
        members = self.by_members(self.cuts)
        self.effective = [*offline, *members]
        self.counting = self.count({**cuts_of(members), **cuts_of(offline)})

    def cut(self, log: str) -> int | None:
        """How many entries of this log stand, if its device was revoked."""
        seen = self.cuts.get(device_of(log))
        return None if seen is None else seen.get(log, 0)

    def stands(self, at: Place) -> bool:
        cut = self.cut(at.log)
        return at.log in self.counting and (cut is None or at.seq < cut)

    def count(self, cuts: Cuts, without: str = "") -> set[str]:
        """The first log, and every log that one of these lets in, by an entry that stands or as its own device's.

        A device may be left aside, with whom only it let in."""
        self.cuts = cuts
        keys = self.record.keys
        lets_in: dict[str, set[str]] = {}
        for device in self.record.devices:
            if device.about not in keys or keys[device.about].line != device.line:
                continue
            cut = self.cut(device.at.log)
            if cut is None or device.at.seq < cut:
                lets_in.setdefault(device.at.log, set()).add(device.about)
            if self.cut(device.about) != 0 and self.record.vouched(device):
                lets_in.setdefault(device.vouched_by, set()).add(device.about)
        counting: set[str] = set()
        aside = {"", *(log for log in keys if device_of(log) == without)}
        reached = {self.record.first} - aside
        while reached:
            counting |= reached
            reached = {log for by in reached for log in lets_in.get(by, ())} - counting - aside
        return counting

    def by_members(self, cuts: Cuts) -> list[Revocation]:
        """Of devices that two members revoked, or the one log that let them in."""
        others = [one for one in self.record.revocations if device_of(one.at.log) != one.device]
        others = [one for one in others if self.stands(one.at)]
        revokers: dict[str, set[str]] = {}
        for one in others:
            revokers.setdefault(one.device, set()).add(one.at.log)
        alone = {device: self.let_in_by(device, cuts) for device in revokers}
        return [
            one
            for one in others
            if alone[one.device] == {one.at.log} or self.seconded(one.at.log, revokers[one.device])
        ]

    def let_in_by(self, device: str, cuts: Cuts) -> set[str]:
        """The logs that let a device in and that count without it."""
        counting, keys = self.count(cuts, device), self.record.keys
        about = [one for one in self.record.devices if device_of(one.about) == device and one.about in keys]
        sound = [one for one in about if keys[one.about].line == one.line and one.at.log in counting]
        cut_at = [(one.at, self.cut(one.at.log)) for one in sound]
        return {at.log for at, cut in cut_at if cut is None or at.seq < cut}

    def seconded(self, log: str, logs: Iterable[str]) -> bool:
        """Whether one of these logs is of another device than this one, and of another person."""
        persons = self.persons
        if log not in persons:
            return False
        others = (one for one in logs if one in persons and device_of(one) != device_of(log))
        return any(persons[one] != persons[log] for one in others)

    def whose(self) -> dict[str, str]:
        """The person of each log, as its own first `device` entry says."""
        first: dict[str, tuple[int, str, str]] = {}
        for one in self.record.devices:
            key = self.record.keys.get(one.about)
            if one.at.log == one.about and key is not None and key.line == one.line:
                said = one.at.seq, one.at.row, one.person
                first[one.about] = min(said, first.get(one.about, said))
        return {log: person for log, (_, _, person) in first.items()}

    def recovery_key(self) -> Key | None:
        """The first recovery key in the first log; where none is there, one that two members named."""
        named = [one for one in self.record.recoveries if one.at.log in self.counting]
        founding = [one for one in named if one.at.log == self.record.first]
        lines = [one.line for one in sorted(founding, key=lambda one: (one.at.seq, one.at.row))]
        if not lines:
            by: dict[tuple[str, str], set[str]] = {}
            for one in named:
                by.setdefault((one.line, one.recipient), set()).add(one.at.log)
            lines = [
                line
                for (line, _), logs in sorted(by.items())
                if any(self.seconded(log, logs) for log in logs)
            ]
        try:
            return read_key(lines[0], RECOVERY_ORIGIN, self.record.report.record) if lines else None
        except Broken:
            return None

    def by_recovery_key(self, one: Revocation) -> bool:
        if self.key is None:
            return False
        lines = [f"{log} {size} {root}" for log, size, root in sorted(one.seen)]
        text = "\n".join(["onrecord revocation v1", self.record.report.record, one.device, *lines]) + "\n"
        try:
            return signature_good(self.key.public, text.encode("utf-8"), unpack(one.signed))
        except Broken:
            return False


def cuts_of(revocations: Iterable[Revocation]) -> Cuts:
    """By device and log, the largest size that one of its revocations states."""
    cuts: Cuts = {}
    for one in revocations:
        sizes = cuts.setdefault(one.device, {})
        for row, size, _ in one.seen:
            log = log_of(row)
            if device_of(log) == one.device:
                sizes[log] = max(size, sizes.get(log, 0))
    return cuts


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
    scan, encode = _scan, _encode

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
                _check_shape(said)
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


class Record:
    """One pass over the log, which gathers what the files have to be; then one over the files."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report, self.problem, self.at = report, report.problem, report.at
        self.keys: dict[str, Key] = {}
        self.rows: dict[str, Row] = {}
        self.whole = False
        self.first = ""
        self.title = ""
        self.devices: list[Device] = []
        self.revocations: list[Revocation] = []
        self.recoveries: list[Recovery] = []
        self.witnessed: list[Witnessed] = []
        self.forks: list[Fork] = []
        self.faults: list[tuple[Place, str]] = []
        self.arrivals: list[tuple[int, Place, str, bool]] = []
        self.withheld: list[tuple[str, Place]] = []
        self.confirmed: list[tuple[str, Place]] = []
        self.orders: dict[str, list[Place]] = {}
        self.bodiless: set[str] = set()
        self.items: set[str] = set()
        self.originals: dict[str, tuple[int, str]] = {}
        self.quotes: dict[str, list[Quote]] = {}
        self.idle_layers = 0
        self.unnamed: list[str] = []
        self.awaited: list[str] = []
        self.temporary: list[str] = []
        self.unused_keys: list[str] = []
        self.takes = {
            **{"item": self.take_item, "passage": self.take_passage, "device": self.take_device},
            **{"record": self.take_record, "revocation": self.take_revocation, "merge": self.take_merge},
            **{"recovery": self.take_recovery, "fork": self.take_fork, "erasure": self.take_erasure},
            "stamp": self.take_stamp,
        }

    def read(self, in_use: bool) -> None:
        """The log and its keys. A key is on the disk before its log begins, so they are read after the log's names."""
        with self.at("record.db"):
            self.read_database(self.folder / "record.db", in_use)
        if self.whole:
            self.judge_founding()
            self.members = Membership(self)
            self.judge_bodies()
            self.judge_witnesses()
            self.judge_forks()
            self.describe_members()
        self.judge_faults()

    def finish(self) -> None:
        """The files. Those of every entry were on the disk before it."""
        self.read_files()
        self.report.items = len(self.items)
        self.describe()

    def read_database(self, database: Path, in_use: bool) -> None:
        for path in (database, database.with_name("record.db-wal")):
            must(not path.is_symlink(), f"is not read: {path.name} is a link")
        must(database.is_file(), "is missing")
        try:
            with closing(open_log(database, in_use)) as log:
                self.read_logs(log)
        except (sqlite3.Error, OverflowError, UnicodeError) as wrong:
            raise Broken(f"cannot be read: SQLite {sqlite3.sqlite_version} says {wrong}") from None
        self.whole = True

    def key_of(self, log: str) -> Key:
        """The key in the file of this log. Raises `Broken` or `OSError`."""
        path = self.folder / "keys" / f"{log}.vkey"
        must(not path.parent.is_symlink(), "is in a folder that is a link, and links are not followed")
        text = read_small(path, LARGEST_HEAD).decode("ascii", "replace")
        must(text.endswith("\n"), "does not end with a line feed")
        key = read_key(text[:-1])
        must(key.log == log, "is named for another log than its key")
        return key

    def read_logs(self, log: sqlite3.Connection) -> None:
        for table, wanted in TABLES.items():
            made = log.execute("SELECT type, rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            held = {row[1] for row in log.execute(f"PRAGMA table_info({table})")}
            plain = made is not None and made[0] == "table" and bool(made[1])
            must(plain and held >= set(wanted), f"has no table {table} such as the format describes")
        self.read_rows(log)
        for table in ("head", "body", "checkpoint"):
            for (entry,) in log.execute(STRAY.format(table)):
                self.problem("record.db", f"has a {table} numbered {entry}, which is in no log")
        for (entry,) in log.execute(HEADLESS):
            self.problem("record.db", f"has a body numbered {entry} without a head")

    def read_rows(self, log: sqlite3.Connection) -> None:
        """All logs, each before its branches."""
        waiting: dict[int, tuple[str, Any, Any]] = {}
        numbers: dict[str, int] = {}
        found = log.execute("SELECT * FROM log NOT INDEXED ORDER BY number")
        columns = [column[0] for column in found.description]
        for values in found.fetchall():
            stated = dict(zip(columns, values))  # noqa: B905 - Python 3.8 has no strict
            number, name = stated["number"], stated["name"]
            sound = isinstance(number, int) and 0 <= number < 2**23 and isinstance(name, str) and IS_ROW(name)
            must(bool(sound), f"has a log with the number {number} and the name {name}")
            must(name not in numbers, f"has the log {name} twice")
            waiting[number], numbers[name] = (name, stated.get("here"), stated.get("parent")), number
        read: dict[int, Row] = {}
        while waiting:
            ready = [
                number
                for number, (name, _, parent) in waiting.items()
                if "~" not in name or (numbers.get(log_of(name)) if parent is None else parent) in read
            ]
            if not ready:
                raise Broken(f"has a branch of no log: {named(sorted(one[0] for one in waiting.values()))}")
            for number in ready:
                name, is_here, parent = waiting.pop(number)
                above = None
                if "~" in name:
                    above = read[numbers[log_of(name)] if parent is None else parent]
                    must(above.log == log_of(name), f"has a branch {name} of another log, {above.name}")
                    must(len(above.line()) < DEEPEST, f"has a branch {name} of too many others")
                else:
                    must(parent is None, f"has a log {name} that goes on from another")
                read[number] = Row(number, name, is_here == 1, above)
                self.begin_row(log, read[number])
        self.judge_coverage()

    def begin_row(self, log: sqlite3.Connection, row: Row) -> None:
        self.rows[row.name] = row
        if row.parent:
            row.parent.branches.append(row)
        elif row.log not in self.keys:
            with self.at(f"keys/{row.log}.vkey"):
                self.keys[row.log] = self.key_of(row.log)
                self.report.key(self.keys[row.log])
        self.read_row(log, row)

    def read_row(self, log: sqlite3.Connection, row: Row) -> None:
        first = row.number << SEQ_BITS
        span = (first, first + (1 << SEQ_BITS) - 1)
        stated = self.read_checkpoints(log, span, row)
        row.good = sorted(stated)
        leaves = bytearray(row.parent.tree.levels[0] if row.parent else b"")
        size = awaited = row.first
        plain, takes = plain_reader(row), self.takes
        for entry, head, body_of, salt, body in log.execute(ENTRIES, span):
            seq = entry - first
            if seq != awaited:
                what = "is there twice" if seq < awaited else f"is missing, and all up to {row.name}/{seq}"
                self.problem(f"{row.name}/{min(seq, awaited)}", what)
            awaited = seq + 1
            said = None if body_of is None else plain(head, salt, body, seq)
            if said is None:
                self.read_entry(row, seq, head, None if body_of is None else (salt, body))
            else:
                row.clock = said["clock"]
                if said["kind"] in takes:
                    self.take(Place(row.name, seq), said)
            if seq == size and isinstance(head, bytes):
                leaves += sha256(b"\x00" + head).digest()
                size += 1
            self.report.entries += 1
            if not seq % 1000:
                self.report.progress(self.report.entries, None, "entries")
        row.tree = Tree(bytes(leaves))
        for stated_size, (root, peaks) in stated.items():
            self.compare(row, stated_size, root, peaks)
        if row.parent and row.name != f"{row.log}~{row.tree.leaf(row.first).hex()[:16]}":
            self.problem(row.name, "is not named for its first entry, as a branch is")
        if awaited != size:
            row.good = []

    def judge_coverage(self) -> None:
        """The last checkpoint of every history covers all of it; that of a log goes on in its branches."""
        for row in self.rows.values():
            covered = max((size for size in row.good if size <= row.tree.size), default=0)
            if len(row.branches) == 1:
                self.problem(row.name, f"parts into branches, and only {row.branches[0].name} is here")
            elif row.log in self.keys and not row.branches and covered != row.tree.size:
                many_ = f"has {row.tree.size} entries, and its last good checkpoint covers {covered}"
                self.problem(row.name, many_)
            if row.tree.size == row.first and not row.branches:
                self.problem(row.name, "has no entries")

    def read_checkpoints(
        self, log: sqlite3.Connection, span: tuple[int, int], row: Row
    ) -> dict[int, tuple[bytes, bytes]]:
        """The root and the peaks stated for each size for which there is a good checkpoint."""
        stated: dict[int, tuple[bytes, bytes]] = {}
        if row.log not in self.keys:
            self.problem(row.name, "has no sound key, so nothing in it is proven")
            return stated
        for entry, size, note, peaks in log.execute(CHECKPOINTS, span):
            with self.at(f"{row.name} checkpoint {entry - span[0] + 1}"):
                must(isinstance(note, bytes) and isinstance(peaks, bytes), "is not stored as bytes")
                checkpoint = read_checkpoint(note, self.keys[row.log])
                fits = checkpoint.size == size == entry - span[0] + 1
                must(fits, f"stands for another number of entries than the {checkpoint.size} it states")
                stated[checkpoint.size] = checkpoint.root, peaks
        return stated

    def compare(self, row: Row, size: int, root: bytes, peaks: bytes) -> None:
        where = f"{row.name} checkpoint {size}"
        if size > row.tree.size:
            self.problem(where, f"covers more than the {row.tree.size} entries there are")
        elif size <= row.first:
            self.problem(where, f"stands in a branch that begins after it, at {row.first}")
        elif row.tree.root(size) != root:
            self.problem(where, "has another root than the heads give: a head up to here was altered")
        elif row.tree.peaks(size) != peaks:
            self.problem(where, "has peaks that do not fit the tree, so the log cannot go on from them")

    def read_entry(self, row: Row, seq: int, raw: Any, stored: tuple[Any, Any] | None) -> None:
        """Check one entry step by step, and take in what it says of files and keys."""
        at = Place(row.name, seq)
        with self.at(at.name):
            must(isinstance(raw, bytes), "has a head that is not stored as bytes")
            head = read_head(raw)
            must(head.log == row.log and head.seq == seq, "has a head that names another entry")
            if head.of is not None:
                self.orders.setdefault(head.of, []).append(at)
            if stored is None:
                self.bodiless.add(at.name)
                return
            salt, body = stored
            must(
                isinstance(salt, bytes) and isinstance(body, bytes), "has a body that is not stored as bytes"
            )
            said = read_body(body, salt, head)
            must(said["clock"] >= row.clock, "has a clock that goes back")
            row.clock = said["clock"]
            if head.of is None and said["kind"] in self.takes:
                self.take(at, said)

    def take(self, at: Place, said: dict[str, Any]) -> None:
        """What an entry says of files, keys and other logs. That there is one beginning is for every log to keep to."""
        with self.at(at.name) if said["kind"] == "record" else self.saying(at):
            self.takes[said["kind"]](at, said, said["fields"])

    @contextmanager
    def saying(self, at: Place) -> Iterator[None]:
        """What an entry says is a problem only if it stands: else whoever was let in nowhere could make some."""
        try:
            yield
        except Broken as wrong:
            self.faults.append((at, str(wrong)))

    def judge_faults(self) -> None:
        for at, what in self.faults:
            if not self.whole or not self.first or self.rows[at.row].here or self.members.stands(at):
                self.problem(at.name, what)
            else:
                self.report.notes.append(f"{at.name} rests, and {show(what)}.")

    # What entries say of files, keys and other logs

    def take_item(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        digest, size = text_in(fields, "sha256"), count_in(fields, "size")
        must(IS_HASH(digest) is not None, "is an item whose sha256 is none")
        held = self.originals.setdefault(digest, (size, at.name))
        must(held[0] == size, f"states another size for its original than {held[1]}")
        self.items.add(said["thing"])

    def take_passage(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        if "layer" not in fields:
            return must(not {"start", "end"} & fields.keys(), "is a passage with offsets in no text layer")
        layer = text_in(fields, "layer")
        must(IS_HASH(layer) is not None, "is a passage whose layer is no hash")
        quote = Quote(at.name, count_in(fields, "start"), count_in(fields, "end"), text_in(fields, "quote"))
        self.quotes.setdefault(layer, []).append(quote)
        return None

    def take_device(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        more = (str(fields.get(name, "")) for name in DEVICE_SAYS)
        self.devices.append(Device(at, text_in(fields, "log"), text_in(fields, "vkey"), *more))

    def take_record(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        must(at.seq == 0 and not self.first, "is a second beginning of the record")
        must(fields.get("format") == 1, "is a record of another format than 1")
        self.first, self.report.record = at.log, text_in(fields, "record")
        must(IS_ID(self.report.record) is not None, "is a record whose name is no id")
        self.title = str(fields.get("title", ""))

    def take_revocation(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        device = text_in(fields, "device")
        seen = list_in(fields, "seen", {"log": str, "size": int, "root": str})
        must(IS_ID(device) is not None and all(one["size"] >= 0 for one in seen), "revokes no device")
        sizes = [(one["log"], one["size"], one["root"]) for one in seen]
        self.revocations.append(Revocation(at, device, sizes, str(fields.get("signed", ""))))

    def take_recovery(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        self.recoveries.append(Recovery(at, str(fields.get("recipient", "")), text_in(fields, "vkey")))

    def take_merge(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        for head in list_in(fields, "heads", {"log": str, "size": int, "root": str, "cosigned": str}):
            must(IS_ROW(head["log"]) is not None and head["size"] > 0, "saw no head of a log")
            root, cosigned = unpack(head["root"]), unpack(head["cosigned"])
            must(len(root) == 32 and len(cosigned) == 72, "has no root of 32 bytes, or no cosignature")
            self.witnessed.append(Witnessed(at, head["log"], head["size"], root, cosigned))
        if self.rows[at.row].here:
            clock = said["clock"]
            for one in list_in(fields, "awaited", {"sha256": str, "size": int}):
                self.arrivals.append((clock, at, one["sha256"], False))
            self.arrivals += [(clock, at, digest, True) for digest in list_in(fields, "arrived")]
            self.withheld += [(one["entry"], at) for one in list_in(fields, "withheld", {"entry": str})]

    def take_stamp(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        """What a stamp lists was held by whoever asked for it: it is a witness too, and its time is in a token."""
        listing = text_in(fields, "listing")
        must(
            sha256(utf8(listing)).hexdigest() == fields.get("root"), "has another root than its listing gives"
        )
        key = self.keys.get(at.log)
        for log, stated in read_listing(listing, key.record if key else self.report.record):
            self.witnessed.append(Witnessed(at, log, stated.size, stated.root, b""))

    def take_fork(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        notes = list_in(fields, "notes")
        must(1 <= len(notes) <= 2, "is a fork without the checkpoints that show it")
        self.forks.append(Fork(at, text_in(fields, "log"), count_in(fields, "at"), notes))

    def take_erasure(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        if "folder" not in fields:
            self.confirmed += [(order, at) for order in list_in(fields, "orders")]

    # What follows from all entries together

    def judge_founding(self) -> None:
        """The record's name and every log's own key as the first entries state them."""
        if not self.first:
            if not self.waits():
                return self.problem("record.db", "has no entry that says which record this is")
            self.report.notes.append(
                "This copy waits for its first merge: nothing here says yet how the record began."
            )
        stated = {device.at.name: (device.about, device.line) for device in self.devices}
        for log, key in self.keys.items():
            self.report.record = self.report.record or key.record
            if key.record != self.report.record:
                self.problem(f"keys/{log}.vkey", f"belongs to another record than {self.report.record}")
            place = 2 if log == self.first else 0
            for tip in self.rows[log].tips():
                row = next(row for row in tip.line() if row.first <= place)
                if stated.get(f"{row.name}/{place}") != (log, key.line):
                    what = f"is not the device entry with the key in keys/{log}.vkey"
                    self.problem(f"{row.name}/{place}", what)
        return None

    def waits(self) -> bool:
        """Whether this is a copy that was joined without a code: it holds only what its own device wrote."""
        devices = {device_of(row.log) for row in self.rows.values()}
        return len(devices) == 1 and all(row.here for row in self.rows.values()) and not self.witnessed

    def vouched(self, device: Device) -> bool:
        """Whether an earlier log of the same device signed for this key."""
        by = self.keys.get(device.vouched_by)
        if by is None or device_of(by.log) != device_of(device.about):
            return False
        message = VOUCH + device.line.encode("ascii") + b"\n"
        try:
            return signature_good(by.public, message, unpack(device.vouched))
        except Broken:
            return False

    def resolve(self, name: str, by: Place) -> list[str]:
        """The entry that `by` names, or where its log was signed twice, all that it can have meant.

        Whoever wrote on one of the branches, had merged one of them, or went on from one meant that one.
        """
        found = IS_ENTRY(name)
        row = self.rows.get(found.group(1)) if found else None
        if found is None or row is None or not row.branches or int(found.group(2)) < row.tree.size:
            return [name]
        seq = int(found.group(2))
        tips = [tip for tip in row.tips() if seq < tip.tree.size]
        own = {one.name for one in self.rows[by.row].line()}
        for meant in (
            [tip for tip in tips if tip.name in own],
            [tip for tip in tips if self.had_seen(tip, seq, by)],
            [tip for tip in tips if self.went_on_from(tip, by)],
            tips,
        ):
            if meant:
                held = {next(one.name for one in tip.line() if one.first <= seq) for tip in meant}
                return [f"{one}/{seq}" for one in sorted(held)]
        return [name]

    def went_on_from(self, tip: Row, by: Place) -> bool:
        """Whether the log of `by` is a later one of the same device, which left off in this history."""
        for device in self.devices:
            after = IS_ENTRY(device.after) if device.at == (by.log, 0) else None
            if after and log_of(after.group(1)) == tip.log and int(after.group(2)) < tip.tree.size:
                return tip.tree.leaf(int(after.group(2))).hex() == device.after_leaf
        return False

    def had_seen(self, tip: Row, seq: int, by: Place) -> bool:
        """Whether a merge in the log of `by`, before it, saw this history beyond this entry."""
        own = {one.name for one in self.rows[by.row].line()}
        return any(
            one.at.row in own
            and one.at.seq < by.seq
            and log_of(one.log) == tip.log
            and seq < one.size <= tip.tree.size
            and tip.tree.root(one.size) == one.root
            for one in self.witnessed
        )

    def judge_bodies(self) -> None:
        """A missing body is explained by an order of a member, by a member's word that it obeyed one, or by a merge."""
        obeyed = {
            name
            for order, at in self.confirmed
            if self.members.stands(at) or self.rows[at.row].here
            for name in self.resolve(order, at)
        }
        ordered: dict[str, bool] = {}
        by: dict[str, str] = {}
        for name, orders in self.orders.items():
            for order in orders:
                holds = self.members.stands(order) or order.name in obeyed
                for meant in self.resolve(name, order):
                    ordered[meant] = ordered.get(meant, False) or holds
                    by[meant] = order.name
        withheld = {name for entry, at in self.withheld for name in self.resolve(entry, at)}
        for name in sorted(self.bodiless - withheld):
            if name not in ordered:
                self.problem(name, "has no body, and no erasure names it")
            elif not ordered[name]:
                self.problem(
                    name, f"has no body, and its erasure {by[name]} is in a log that does not count there"
                )
        standing = {name for name, holds in ordered.items() if holds}
        counts = [
            ("Entries whose bodies were erased by order", self.bodiless & standing),
            ("Entries whose bodies were withheld from this copy", self.bodiless & withheld - standing),
            (
                "Entries whose erasure is ordered and not yet done here",
                {name for name in standing - self.bodiless if name.partition("/")[0] in self.rows},
            ),
        ]
        self.report.notes += [f"{what}: {len(names)}." for what, names in counts if names]

    def judge_witnesses(self) -> None:
        """What other laptops saw of each log when they merged it, against what is here."""
        by_log: dict[str, list[Witnessed]] = {}
        for one in self.witnessed:
            self.check_cosignature(one)
            by_log.setdefault(one.log, []).append(one)
        for log, seen in sorted(by_log.items()):
            if log in self.rows:
                self.judge_seen(self.rows[log], seen)
                continue
            whole = self.rows.get(log_of(log))
            absent = [
                one
                for one in seen
                if whole is None or not any(holds_what_was_seen(tip, one) for tip in whole.tips())
            ]
            if absent:
                self.judge_absent(log, absent)

    def check_cosignature(self, one: Witnessed) -> None:
        key = self.keys.get(one.at.log)
        if key is not None and one.cosigned:
            origin = f"onrecord/{key.record}/{log_of(one.log)}"
            text = f"{origin}\n{one.size}\n{base64.b64encode(one.root).decode()}\n"
            seconds = int.from_bytes(one.cosigned[:8], "big")
            message = f"cosignature/v1\ntime {seconds}\n{text}".encode("ascii")
            with self.saying(one.at):
                good = signature_good(key.public, message, one.cosigned[8:])
                must(good, f"has a bad cosignature over {one.log} at {one.size} entries")

    def judge_absent(self, log: str, seen: list[Witnessed]) -> None:
        one = max(seen, key=lambda one: self.rows[one.at.row].here)
        if self.rows[one.at.row].here:
            self.problem(log, f"is missing: {one.at.name} says that it was held here")
        else:
            self.report.notes.append(f"The log {log}, which {one.at.name} saw, has not arrived here yet.")

    def judge_seen(self, row: Row, seen: list[Witnessed]) -> None:
        """One problem for what differs, by the witness that saw least of it, and one for what is missing."""
        tips = row.tips()
        longest = max(tip.tree.size for tip in tips)
        short = [one for one in seen if one.size > longest]
        held = [one for one in seen if one.size <= longest]
        if short:
            self.tell_short(row, longest, short)
        differs = [one for one in held if not any(holds_what_was_seen(tip, one) for tip in tips)]
        for one in [one for one in differs if self.knew_of_fork(one)]:
            differs.remove(one)
            self.report.notes.append(
                f"The log {row.name} is not what {one.at.name} saw at {one.size} entries: "
                "that is of another branch, which is not here."
            )
        if differs:
            self.tell_rewritten(row, tips, held, differs)

    def knew_of_fork(self, one: Witnessed) -> bool:
        """Whether the witness itself says that this log was signed twice, before what it saw."""
        return any(
            fork.at.log == one.at.log and fork.log == log_of(one.log) and fork.first < one.size
            for fork in self.forks
        )

    def tell_short(self, row: Row, longest: int, short: list[Witnessed]) -> None:
        """Entries that were received here, or written here, cannot be on their way."""
        one = max(short, key=lambda one: (self.rows[one.at.row].here, one.size))
        if self.rows[one.at.row].here or any(tip.here for tip in row.tips()):
            what = f"has {longest} entries, and {one.at.name} saw {one.size}: its end was cut off"
            self.problem(row.name, what)
        else:
            self.report.notes.append(
                f"The log {row.name} goes on to {one.size} entries, as {one.at.name} saw; "
                "they have not arrived here yet."
            )

    def tell_rewritten(
        self, row: Row, tips: list[Row], held: list[Witnessed], differs: list[Witnessed]
    ) -> None:
        facts = [Fact(0, one.size, one.root) for one in held]
        tip = max(tips, key=lambda tip: sum(holds_what_was_seen(tip, one) for one in held))
        found = first_rewritten(tip.tree, [fact for fact in facts if fact.high <= tip.tree.size])
        first = min(differs, key=lambda one: one.size)
        what = f"is not what {first.at.name} saw at {first.size} entries"
        if not any(self.members.stands(one.at) or self.rows[one.at.row].here for one in differs):
            self.report.notes.append(f"The log {row.name} {what}, but that log does not count.")
            return
        where = f"{row.name}/{found[0]}" if found and found[0] == found[1] else row.name
        self.problem(where, f"{what}: {between(row.name, found)}" if found else what)

    def judge_forks(self) -> None:
        """Logs that were signed twice. Both histories are kept, and it is no damage here."""
        for fork in self.forks:
            with self.saying(fork.at):
                self.check_fork(fork)
        told = {fork.log: fork for fork in self.forks}
        for row in sorted(self.rows.values(), key=lambda row: row.name):
            if len(row.branches) > 1:
                names = " and ".join(sorted(branch.name for branch in row.branches))
                self.report.notes.append(
                    f"The log {row.log} was signed twice from {row.log}/{row.tree.size} on: {names} are both kept."
                )
                told.pop(row.log, None)
        for log, fork in sorted(told.items()):
            self.report.notes.append(
                f"The log {log} was signed twice from {log}/{fork.first} on, as {fork.at.name} shows."
            )

    def check_fork(self, fork: Fork) -> None:
        key = self.keys.get(fork.log)
        if key is None:
            return
        one, *rest = sorted(read_checkpoint(utf8(note), key) for note in fork.notes)
        two = rest[0] if rest else None
        must(one.size > fork.first, "names a fork after one of its checkpoints")
        if two is None:
            return
        must(one.size != two.size or one.root != two.root, "holds one checkpoint twice, and no fork")
        for tip in self.rows[fork.log].tips() if fork.log in self.rows else ():
            if two.size <= tip.tree.size and tip.tree.root(two.size) == two.root:
                must(tip.tree.root(one.size) != one.root, "holds two checkpoints that extend each other")

    def describe_members(self) -> None:
        """Which logs and entries rest, and why."""
        if not self.first:
            return
        by: dict[str, list[str]] = {}
        for one in self.members.effective:
            by.setdefault(one.device, []).append(one.at.name)
        for log in sorted({row.log for row in self.rows.values()}):
            cut, longest = (
                self.members.cut(log),
                max(tip.tree.size for tip in self.rows[log].tips()) if log in self.rows else 0,
            )
            if log not in self.members.counting and cut is None:
                self.report.notes.append(f"The log {log} is by a device that no member has let in.")
            elif cut is not None:
                rest = (
                    f"its {longest} entries stand"
                    if cut >= longest
                    else f"the entries from {log}/{cut} on rest"
                )
                said = named(sorted(set(by[device_of(log)])))
                self.report.notes.append(f"The log {log} is by a device that was revoked ({said}): {rest}.")

    # Files

    def read_files(self) -> None:
        if not (self.folder / "README.txt").exists():
            self.problem("README.txt", "is missing")
        for done, (path, is_folder) in enumerate(walk(self.folder, self.report)):
            self.report.progress(done, None, "files")
            if not (ROOM(path) if is_folder else self.accounted(path)):
                self.problem(path, unknown(path))
        awaited = self.still_awaited()
        for digest, (_, entry) in sorted(self.originals.items()):
            path = f"originals/{digest[:2]}/{digest}"
            if digest in awaited:
                self.awaited.append(path)
            else:
                self.problem(path, f"is missing, and {entry} is about it")
        for layer, quotes in sorted(self.quotes.items()):
            if layer in awaited:
                self.awaited.append(f"layers/{layer}")
            else:
                self.problem(f"layers/{layer}", f"is missing, and {quotes[0].entry} rests on it")

    def still_awaited(self) -> set[str]:
        """Originals that a merge into this folder said had not come with their entries, and none since."""
        last = {digest: arrived for _, _, digest, arrived in sorted(self.arrivals)}
        return {digest for digest, arrived in last.items() if not arrived}

    def accounted(self, path: str) -> bool:
        """Whether this file belongs where it is. What it has to hold is checked."""
        room, _, name = path.partition("/")
        if ORIGINAL(path):
            self.read_original(path, name[3:])
        elif room == "layers" and IS_HASH(name):
            self.read_layer(path, name)
        elif room == "keys" and name[-5:] == ".vkey" and IS_LOG(name[:-5]):
            self.read_unused_key(path, name[:-5])
        elif TEMPORARY(path):
            self.temporary.append(path)
        else:
            return path in BESIDE
        return True

    def read_original(self, path: str, name: str) -> None:
        stated = self.originals.pop(name, None)
        with self.at(path):
            digest, size = hash_of(self.folder / path)
            must(digest == name, f"is altered: the SHA-256 of its bytes is {digest}")
            if stated is None:
                self.unnamed.append(path)
            else:
                must(stated[0] == size, f"has {size} bytes, and {stated[1]} says {stated[0]}")

    def read_unused_key(self, path: str, log: str) -> None:
        """The key of a log that had not begun when the log's names were read. It may be gone again by now."""
        if log in self.keys or log in self.rows:
            return
        with self.at(path), suppress(FileNotFoundError):
            key = self.key_of(log)
            known = self.report.record or key.record
            must(key.record == known, f"belongs to another record than {known}")
            self.unused_keys.append(path)

    def read_layer(self, path: str, name: str) -> None:
        quotes = self.quotes.pop(name, [])
        self.idle_layers += not quotes
        with self.at(path):
            raw = read_small(self.folder / path, LARGEST_LAYER)
            must(sha256(raw).hexdigest() == name, "is altered: its name is not the SHA-256 of its bytes")
            try:
                text = raw.decode("utf-8")
            except ValueError:
                raise Broken("is not UTF-8") from None
            for quote in quotes:
                if quote.end > len(text) or text[quote.start : quote.end] != quote.words:
                    self.problem(quote.entry, f"does not quote what stands at its place in {path}")

    def describe(self) -> None:
        self.report.lines += [
            f"Record {show(self.report.record)} {show(self.title)}".rstrip(),
            f"{many(self.report.entries, 'entries')} in {many(len({row.log for row in self.rows.values()}), 'logs')}, {many(self.report.items, 'items')}.",
        ]
        if self.awaited:
            count = many(len(self.awaited), "originals")
            self.report.notes.append(f"{count} not here yet, as a merge here said: {named(self.awaited)}.")
        if self.idle_layers:
            self.report.notes.append(
                f"Text layers on which no passage rests, and which nothing attests: {self.idle_layers}."
            )
        if self.whole:
            self.report.notes += self.left_over()

    def left_over(self) -> Iterator[str]:
        """What a write that was stopped leaves, and what is no damage."""
        if self.unnamed:
            count, they = len(self.unnamed), "it" if len(self.unnamed) == 1 else "them"
            why = f"an add was stopped before it entered {they}; add {they} again"
            if self.bodiless:
                why += f", unless an erasure was to remove {they}"
            yield f"{many(count, 'originals')} that no entry names: {why}. {named(sorted(self.unnamed))}"
        if self.temporary:
            files = many(len(self.temporary), "temporary files")
            yield f"{files} left by a write that was stopped, or that still goes on. {named(sorted(self.temporary))}"
        for path in sorted(self.unused_keys):
            yield f"{path} is a key of a log in which nothing is written yet."


# A dossier

MANIFEST = {
    **dict.fromkeys(("audience", "format", "language", "title"), str),
    **{"built": int, "citations": list, "files": list, "version": int},
}
PROOFS = {"format": str, "leaves": list, "logs": list, "release": dict}
AUDIENCES = ("team", "partner", "court", "un", "public")
JSON_FILES = ("manifest.json", "proofs.json")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - Python 3.8 has no datetime.UTC


# Controls, marks of direction, line and paragraph separators, the byte order mark, and what file systems reserve.
UNFIT = re.compile('[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff<>:"|?*\\\\]|[ .]$')


def check_path(path: str) -> None:
    """A path that means the same file on every computer, inside the folder. Raises `Broken`."""
    for part in path.split("/"):
        must(part not in ("", ".", ".."), "has a path that leaves its folder")
        long = len(part.encode("utf-8")) > 255
        must(not (UNFIT.search(part) or long), "has a path that not every computer can hold")
    must(unicodedata.normalize("NFC", path) == path, "has a path that is not in Unicode's form NFC")
    must(path not in JSON_FILES, "lists a file that cannot hold its own hash")


class Dossier:
    """The files against the manifest, the manifest against the release, the release against the log."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report, self.problem, self.at = report, report.problem, report.at
        self.manifest_hash = ""
        self.keys: dict[str, Key] = {}
        self.checkpoints: dict[str, Checkpoint] = {}
        self.heads: dict[str, Head] = {}
        self.leaves: dict[str, str] = {}
        self.cited: set[str] = set()

    def verify(self) -> None:
        manifest = self.load("manifest.json", MANIFEST, "onrecord dossier 1")
        proofs = self.load("proofs.json", PROOFS, "onrecord proofs 1")
        if manifest:
            self.read_files(self.read_listed(manifest["files"]))
        if proofs:
            self.read_logs(proofs["logs"])
            self.read_leaves(proofs["leaves"])
            with self.at("proofs.json release"):
                self.read_release(proofs["release"], manifest)
        if manifest and proofs:
            with self.at("manifest.json"):
                must(manifest["audience"] in AUDIENCES, "names no audience")
                must(manifest["built"] >= 0 and manifest["version"] >= 1, "has no sound date or version")
            self.read_citations(manifest["citations"])
            self.judge_leaves()
            self.describe(manifest)
        self.report.entries = len(self.leaves)

    def load(self, name: str, types: Mapping[str, type], form: str) -> dict[str, Any]:
        with self.at(name):
            raw = read_small(self.folder / name, LARGEST_FILE)
            if name == "manifest.json":
                self.manifest_hash = sha256(raw).hexdigest()
            value = members(canonical(raw), types)
            must(value["format"] == form, f"is of another format than {form}")
            return value
        return {}

    def read_listed(self, files: list[Any]) -> dict[str, tuple[str, int]]:
        listed: dict[str, tuple[str, int]] = {}
        folded: set[str] = set()
        before = ""
        for place, file in enumerate(files, 1):
            with self.at(f"manifest.json file {place}"):
                file = members(file, {"path": str, "sha256": str, "size": int})
                check_path(file["path"])
                must(file["path"] > before, "is not in its place: files are sorted by path")
                must(
                    file["path"].casefold() not in folded, "has a path that differs from another only in case"
                )
                must(bool(IS_HASH(file["sha256"])) and file["size"] >= 0, "has no sound hash or size")
                before = file["path"]
                folded.add(before.casefold())
                listed[before] = file["sha256"], file["size"]
        return listed

    def read_files(self, listed: dict[str, tuple[str, int]]) -> None:
        self.report.items = sum(path.startswith("originals/") for path in listed)
        total = len(listed)
        rooms = {path[:at] for path in listed for at, letter in enumerate(path) if letter == "/"}
        for done, (stored, is_folder) in enumerate(walk(self.folder, self.report)):
            self.report.progress(done, total, "files")
            path = unicodedata.normalize("NFC", stored)  # some file systems store names in form NFD
            if (is_folder and path in rooms) or stored in JSON_FILES:
                continue
            if is_folder or path not in listed:
                self.problem(stored, unknown(stored))
                continue
            with self.at(path):
                stated, found = listed.pop(path), hash_of(self.folder / stored)
                must(found[1] == stated[1], f"has {found[1]} bytes instead of {stated[1]}")
                must(found[0] == stated[0], f"is altered: the SHA-256 of its bytes is {found[0]}")
        for path in sorted(listed):
            self.problem(path, "is missing")

    def read_logs(self, logs: list[Any]) -> None:
        before = ""
        for place, one in enumerate(logs, 1):
            with self.at(f"proofs.json log {place}"):
                one = members(one, {"checkpoint": str, "log": str, "vkey": str})
                must(one["log"] > before, "is not in its place: logs are sorted by name")
                before = one["log"]
                key = read_key(one["vkey"])
                must(key.log == before, f"has the key of the log {key.log}")
                self.report.record = self.report.record or key.record
                must(key.record == self.report.record, "is of another record than the logs before it")
                self.keys[before] = key
                self.checkpoints[before] = read_checkpoint(utf8(one["checkpoint"]), key, 1)

    def read_leaves(self, leaves: list[Any]) -> None:
        before = ("", 0)
        for place, leaf in enumerate(leaves, 1):
            with self.at(f"proofs.json leaf {place}"):
                leaf = members(leaf, {"entry": str, "head": str, "path": list})
                raw = utf8(leaf["head"])
                head = read_head(raw)
                must(leaf["entry"] == f"{head.log}/{head.seq}", "has a head that names another entry")
                must(
                    (head.log, head.seq) > before, "is not in its place: leaves are sorted by log and number"
                )
                before = head.log, head.seq
                self.heads[leaf["entry"]] = head
                self.leaves[leaf["entry"]] = leaf_hash(raw).hex()
                must(head.log in self.checkpoints, "is of a log without a sound checkpoint")
                self.check_inclusion(head, leaf_hash(raw), leaf["path"])

    def check_inclusion(self, head: Head, leaf: bytes, path: list[Any]) -> None:
        must(
            all(type(step) is str and IS_HASH(step) for step in path),
            "has an inclusion proof that is not hashes",
        )
        checkpoint = self.checkpoints[head.log]
        root = root_of_path(leaf, head.seq, checkpoint.size, [bytes.fromhex(step) for step in path])
        must(root == checkpoint.root, "is not in its log as the checkpoint states it")

    def read_release(self, release: dict[str, Any], manifest: dict[str, Any]) -> None:
        release = members(release, {"body": str, "entry": str, "salt": str})
        self.cited.add(release["entry"])
        head = self.heads.get(release["entry"])
        if head is None:
            raise Broken("is not among the leaves")
        must(IS_HASH(release["salt"]) is not None, "has a salt that is not 32 bytes")
        said = read_body(utf8(release["body"]), bytes.fromhex(release["salt"]), head)
        must(said["kind"] == "release", "is not a release")
        if self.manifest_hash and said["fields"].get("manifest") != self.manifest_hash:
            self.problem("manifest.json", "is altered: the release names another hash")
        for name in ("audience", "title", "version"):
            fits = not manifest or said["fields"].get(name, manifest[name]) == manifest[name]
            must(fits, f"states another {name} than the manifest")
        if head.log in self.keys:
            self.report.key(self.keys[head.log])
        for log, key in self.keys.items():
            if log != head.log:
                self.report.key(key)

    def read_citations(self, citations: list[Any]) -> None:
        for n, citation in enumerate(citations, 1):
            with self.at(f"manifest.json citation {n}"):
                citation = members(citation, {"entries": list, "n": int, "who": str, "words": str})
                must(citation["n"] == n, f"has the number {citation['n']}")
                must(bool(citation["entries"]), "rests on no entry")
                for entry in citation["entries"]:
                    entry = members(entry, {"entry": str, "leaf": str})
                    self.cited.add(entry["entry"])
                    fits = self.leaves.get(entry["entry"]) == entry["leaf"]
                    must(fits, f"names an entry whose leaf is not in proofs.json: {entry['entry']}")

    def judge_leaves(self) -> None:
        for name in sorted(self.leaves.keys() - self.cited):
            self.problem(f"proofs.json leaf {name}", "is neither the release nor named by a citation")
        for log in sorted(self.keys.keys() - {head.log for head in self.heads.values()}):
            self.problem(f"proofs.json log {log}", "has no leaf")

    def describe(self, manifest: dict[str, Any]) -> None:
        built = EPOCH + timedelta(milliseconds=min(manifest["built"], 2**47))
        self.report.lines += [
            f"Dossier: {show(manifest['title'])}, version {manifest['version']}, for the audience "
            f"{show(manifest['audience'])}, built {built:%Y-%m-%d %H:%M} UTC",
            f"{many(len(manifest['files']), 'files')}, {many(len(manifest['citations']), 'citations')}, "
            f"{many(len(self.leaves), 'entries')} in {many(len(self.keys), 'logs')} "
            f"of the record {show(self.report.record)}.",
        ]


def utf8(text: str) -> bytes:
    return text.encode("utf-8")


# A proof of one entry (format, proof.md)

LARGEST_PROOF = 48 << 20
MOST_STAMPS = 64
PROOF: dict[str, type] = {
    **dict.fromkeys(("body", "checkpoint", "entry", "format", "head", "record", "salt", "vkey"), str),
    **{"path": list, "stamps": list},
}
STAMP = {"calendars": list, "listing": str, "tokens": list}
TOKEN = {
    **dict.fromkeys(("authority", "request", "response", "time"), str),
    **{"certificates": list, "crls": list},
}
CALENDAR = {"calendar": str, "proof": str}
LISTING = re.compile(
    f"onrecord record root v1\n({ID})\n((?:{ROW} [1-9][0-9]{{0,12}} [A-Za-z0-9+/]{{43}}=\n)+)"
).fullmatch
FINGERPRINT = re.compile("[0-9a-f]{4}").findall
HOW_TO_CHECK_TIMES = (
    "put verify_time.py, which comes from where this program comes from, beside it; or write the listing and the\n"
    "    response to files and run: openssl ts -verify -data LISTING -in RESPONSE -CAfile ROOTS.pem"
)


def time_checks() -> Any:
    """The program beside this one that reads what time authorities signed, or None where there is none."""
    beside = Path(__file__).resolve().with_name("verify_time.py")
    if "verify_time" not in sys.modules and beside.is_file():
        spec = importlib.util.spec_from_file_location("verify_time", beside)
        if spec and spec.loader:
            sys.modules["verify_time"] = module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
    return sys.modules.get("verify_time")


def read_listing(text: str, record: str) -> list[tuple[str, Checkpoint]]:
    """The logs that a listing names, each with the size and root that it states. Raises `Broken`."""
    parts = LISTING(text)
    if parts is None:
        raise Broken("has no listing as the format describes it")
    must(parts.group(1) == record, "has a listing of another record")
    rows = [line.split(" ") for line in parts.group(2).splitlines()]
    names = [row[0] for row in rows]
    must(names == sorted(set(names)), "has a listing that is not sorted")
    return [(name, Checkpoint(int(size), unpack(root))) for name, size, root in rows]


def check_token(kept: dict[str, Any], listing: str, roots: Iterable[bytes] = ()) -> Any:
    """What a token shows about its listing, or None where no program is here that reads it. Raises `Broken`."""
    checks = time_checks()
    try:
        return checks and checks.check_kept(kept, utf8(listing), roots)
    except checks.Untrue as wrong:
        raise Broken(str(wrong)) from None


class Proof:
    """One entry, proven from its head up to what a log's key and time authorities signed."""

    def __init__(self, file: Path, report: Report, original: Path | None, roots: Iterable[bytes]) -> None:
        self.file, self.report, self.original = file, report, original
        self.roots = list(roots)
        self.body: dict[str, Any] | None = None
        self.signed = False

    def verify(self) -> None:
        report = self.report
        with report.at("the proof"):
            held = self.read()
            log, seq = held["entry"].split("/")
            head = read_head(utf8(held["head"]))
            must((head.log, head.seq) == (log_of(log), int(seq)), "has a head that names another entry")
            self.read_body(held, head)
            key = read_key(held["vkey"])
            must((key.record, key.log) == (held["record"], head.log), "has the key of another record or log")
            trees = self.trees(held, key, head)
            self.follow(held, head, trees)
            report.entries = 1
            self.compare_original()
            for n, stamp in enumerate(held["stamps"], 1):
                self.read_stamp(stamp, f"stamp {n}", head, trees[0][1])
            self.describe(held, key)

    def read(self) -> dict[str, Any]:
        must(self.file.stat().st_size <= LARGEST_PROOF, "is too large")
        optional = frozenset(("body", "checkpoint", "salt"))
        held = members(canonical(read_small(self.file, LARGEST_PROOF)), PROOF, optional)
        must(held["format"] == "onrecord proof 1", "is of another format than onrecord proof 1")
        must(
            IS_ID(held["record"]) is not None and IS_ENTRY(held["entry"]) is not None,
            "names no record or no entry",
        )
        must(("body" in held) == ("salt" in held), "has a body without its salt, or a salt without its body")
        must("checkpoint" in held or bool(held["stamps"]), "has neither a checkpoint nor a stamp")
        must(len(held["stamps"]) <= MOST_STAMPS, "has too many stamps")
        self.report.record = str(held["record"])
        return held

    def read_body(self, held: dict[str, Any], head: Head) -> None:
        if "body" in held:
            must(IS_HASH(held["salt"]) is not None, "has a salt that is not 32 bytes")
            self.body = read_body(utf8(held["body"]), bytes.fromhex(held["salt"]), head)

    def trees(self, held: dict[str, Any], key: Key, head: Head) -> list[tuple[str, Checkpoint]]:
        """The tree the path has to lead into: the one signed, or those that the first listing states for the log."""
        if "checkpoint" in held:
            self.signed = True
            return [(head.log, read_checkpoint(utf8(held["checkpoint"]), key))]
        first = members(held["stamps"][0], STAMP, frozenset(("calendars",)))
        found = [row for row in read_listing(first["listing"], held["record"]) if log_of(row[0]) == head.log]
        must(bool(found), "has a listing that does not name the entry's log")
        return found

    def follow(self, held: dict[str, Any], head: Head, trees: list[tuple[str, Checkpoint]]) -> None:
        """Leaves in `trees` the one that the path leads to."""
        steps = held["path"]
        fits = len(steps) <= 64 and all(type(step) is str and IS_HASH(step) for step in steps)
        must(fits, "has an inclusion proof that is not hashes")
        path, leaf = [bytes.fromhex(step) for step in steps], leaf_hash(utf8(held["head"]))
        wrong = "is not in its log as the checkpoint or the listing states it"
        for tree in list(trees):
            try:
                found = root_of_path(leaf, head.seq, tree[1].size, path) == tree[1].root
            except Broken as said:
                found, wrong = False, str(said)
            if not found:
                trees.remove(tree)
        must(bool(trees), wrong)

    def compare_original(self) -> None:
        if self.original is None:
            return
        with self.report.at(str(self.original)):
            fields = self.body["fields"] if self.body else {}
            must(self.body is not None, "cannot be compared: the proof leaves out what the entry says")
            must(type(fields.get("sha256")) is str, "cannot be compared: the entry is about no file")
            digest, size = hash_of(self.original)
            fits = (digest, size) == (fields["sha256"], fields.get("size", size))
            must(fits, "is not the original that the entry is about, or was altered")
            self.report.items = 1

    def read_stamp(self, stamp: Any, where: str, head: Head, tree: Checkpoint) -> None:
        with self.report.at(where):
            stamp = members(stamp, STAMP, frozenset(("calendars",)))
            rows = read_listing(stamp["listing"], self.report.record)
            stated = [held for log, held in rows if log_of(log) == head.log]
            must(
                tree in stated,
                "has a listing that states another size or root of the log than the path leads to",
            )
            tokens, calendars = stamp["tokens"], stamp.get("calendars", [])
            must(len(tokens) + len(calendars) <= MOST_STAMPS, "has too many tokens")
            for n, token in enumerate(tokens, 1):
                with self.report.at(f"{where} token {n}"):
                    self.read_token(members(token, TOKEN, frozenset(("crls",))), stamp["listing"])
            for n, calendar in enumerate(calendars, 1):
                with self.report.at(f"{where} calendar {n}"):
                    self.read_calendar(members(calendar, CALENDAR), stamp["listing"])

    def read_token(self, kept: dict[str, Any], listing: str) -> None:
        token = check_token(kept, listing, self.roots)
        if token is None:
            self.report.notes.append(
                f"The token of {show(kept['authority'])}, which would show {show(kept['time'])}, was not checked: "
                + HOW_TO_CHECK_TIMES
            )
            return
        self.report.notes += [show(note) for note in token.notes]
        stated = {"authority": token.authority, "root": token.root, "root_name": token.root_name}
        self.report.times.append(
            {"time": token.time, "url": kept["authority"], "complete": token.complete, **stated}
        )

    def read_calendar(self, kept: dict[str, Any], listing: str) -> None:
        checks = time_checks()
        if checks is None:
            self.report.notes.append(f"What the calendar {show(kept['calendar'])} gave was not checked.")
            return
        try:
            anchors = checks.check_calendar(checks.unpack(kept["proof"]), utf8(listing))
        except checks.Untrue as wrong:
            raise Broken(str(wrong)) from None
        self.report.notes += [f"OpenTimestamps, {checks.told_of(anchor)}" for anchor in anchors]

    def describe(self, held: dict[str, Any], key: Key) -> None:
        report, body = self.report, self.body
        report.key(key)
        report.lines.append(f"Proof of the entry {held['entry']} of the record {held['record']}.")
        if body:
            report.lines += [
                f"It is of the kind {show(body['kind'])}, and says:",
                f"    {show(held['body'])}",
            ]
        for stated in report.times:
            report.lines += ["", f"It existed by {stated['time']}, says {show(stated['authority'])}."]
            what = "" if stated["complete"] else " (its own issuer is not here)"
            report.lines.append(
                f"The SHA-256 of the certificate {show(stated['root_name'])}{what}; compare it with what the authority publishes:"
            )
            report.lines.append("    " + " ".join(FINGERPRINT(stated["root"])))
        report.proven = [
            ("Proven, if the fingerprints are the right ones:", self.proven()),
            ("What this does not show:", self.not_shown()),
        ]

    def proven(self) -> list[str]:
        times, points = [stated["time"] for stated in self.report.times], []
        if self.signed:
            points.append("The entry stands in this log, as the log's key signed it.")
        if times:
            points.append(f"It existed by {min(times)}.")
        if self.body:
            points.append("The entry says exactly what is shown above, its salt and its number included.")
        if self.report.items:
            points.append("The file is the one that the entry is about, byte for byte.")
        return points

    def not_shown(self) -> list[str]:
        points = ["That what was said is true."]
        if not self.body:
            points.insert(
                0, "What the entry says: that was left out. The proof shows only that something existed."
            )
        if not self.report.times:
            points.append("When it was written: no time authority's word was checked.")
        if not self.signed:
            points.append("Who wrote it: no signature of the log stands in this proof.")
        return [*points, "That it was not superseded or withdrawn since."]


# The program

PROVEN: dict[str, list[tuple[str, list[str]]]] = {
    "record": [
        (
            "Proven, if the fingerprints are the right ones:",
            [
                "The entries are those that these keys signed, in this order; none was altered, added or taken out.",
                "The originals are the files that the entries are about.",
                "Every quotation stands where its entry says.",
            ],
        ),
        (
            "What this does not show:",
            [
                "That what was said is true.",
                "When anything was written: the clocks are the writers' own.",
                "That nobody with the keys rewrote it or cut it off: compare with checkpoints kept elsewhere.",
            ],
        ),
    ],
    "dossier": [
        (
            "Proven, if the fingerprints are the right ones:",
            [
                "The release is unaltered: every file here is as the publisher's key signed it.",
                "The entries beneath the citations existed, under seal, when their logs were signed.",
            ],
        ),
        (
            "Attested by the publisher:",
            [
                "The words, who spoke them, and what the entries say.",
                "Every date.",
            ],
        ),
        (
            "What this does not show:",
            [
                "That what was said is true.",
                "That there is no later version of this.",
            ],
        ),
    ],
}
COMPARE = {
    "record": "The fingerprints of its keys. Compare them with what you were given another way, such as by telephone:",
    "proof": "The fingerprint of the log's key. Compare it with what its keepers gave you another way:",
    "dossier": "The fingerprint of the publisher's key. Compare it with what the publisher gave you another way, such\n"
    "as by telephone or on a printed card:",
}


class Neither(Exception):
    """What was named is neither a record nor a dossier nor a proof."""


def verify(
    folder: str | os.PathLike[str],
    progress: Progress | None = None,
    in_use: bool = False,
    original: Path | None = None,
    roots: Iterable[bytes] = (),
    against: Iterable[Path] = (),
) -> Report:
    """Check a record, a dossier or a proof. Raises `Neither`. `progress` hears (done, total or None, of what).

    `in_use` says that this same process may open the record meanwhile. Then its shared memory is used as its
    writers use it, and may be written to; else nothing is. A record is compared with what was kept `against` it.
    """
    path = Path(folder)
    against = list(against)
    if against and not (path / "record.db").exists():
        raise Neither(f"{show(str(path))} is not the folder of a record: only that can be compared")
    if path.is_file():
        return verify_proof(path, progress, original, roots)
    if (path / "record.db").exists() or (path / "keys").is_dir():
        return verify_record(path, progress, in_use, against)
    if not any((path / name).exists() for name in JSON_FILES):
        raise Neither(f"{show(str(path))} is neither a record nor a dossier")
    report = Report("dossier", progress)
    Dossier(path, report).verify()
    return report


def verify_proof(
    file: Path, progress: Progress | None, original: Path | None, roots: Iterable[bytes]
) -> Report:
    """`original` is compared with what the entry states; `roots` are certificates (DER) that tokens have to lead to."""
    with file.open("rb") as opened:
        if b'"format":"onrecord proof ' not in opened.read(LARGEST_PROOF):
            raise Neither(f"{show(str(file))} is not a proof, and not the folder of a record or a dossier")
    report = Report("proof", progress)
    Proof(file.resolve(), report, original, roots).verify()
    return report


def verify_record(folder: Path, progress: Progress | None, in_use: bool, against: list[Path]) -> Report:
    """A problem that is found while somebody writes may be of the reading, which holds no lock if nobody wrote when
    it began: then it is read again. A log in which no problem is found is sound, however it was read."""
    for attempt in range(ATTEMPTS):
        report = Report("record", progress)
        record = Record(folder, report)
        before = moment(folder / "record.db")
        record.read(in_use)
        written = moment(folder / "record.db") != before
        if not (written and report.problems) or attempt == ATTEMPTS - 1:
            break
    if written and report.problems:
        report.notes.append(
            "Another program wrote to this record while it was read: check again when it is done."
        )
    record.finish()
    if against and record.whole:
        checks = beside("verify_against")
        if checks is None:
            raise Neither("Records can only be compared where verify_against.py stands beside this program")
        checks.Comparison(sys.modules[__name__], record).compare(against)
    return report


def beside(name: str) -> Any:
    """The program of this name that stands beside this one, or None where there is none."""
    file = Path(__file__).resolve().with_name(f"{name}.py")
    if name not in sys.modules and file.is_file():
        spec = importlib.util.spec_from_file_location(name, file)
        if spec and spec.loader:
            sys.modules[name] = module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
    return sys.modules.get(name)


def read_roots(place: Path | None) -> list[bytes]:
    """The certificates in a PEM file or a folder of them. Raises `Neither`."""
    checks = time_checks()
    if place is None:
        return []
    if checks is None:
        raise Neither("Roots can only be asked for where verify_time.py stands beside this program")
    try:
        return list(checks.read_roots(place))
    except checks.Untrue as wrong:
        raise Neither(f"{show(str(place))} {wrong}") from None


def print_report(report: Report) -> None:
    for line in report.lines:
        print(line)
    if report.keys:
        print(f"\n{COMPARE[report.kind]}")
    for at, key in enumerate(report.keys):
        if at == 1 and report.kind == "dossier":
            print("The keys of the other logs beneath it:")
        print(f"    {key['fingerprint']}    {key['log']}")
    if report.notes:
        print("\nNotes:")
    for note in report.notes:
        print(f"  - {note}")
    print()
    if report.problems:
        for problem in report.problems:
            print(f"{problem['where']}: {problem['what']}")
        count = len(report.problems) + report.unlisted
        print(
            f"\nNOT verified: {count} problem{'s' * (count > 1)}"
            + (", not all listed" * bool(report.unlisted))
        )
    else:
        for heading, points in report.proven or PROVEN[report.kind]:
            print(heading)
            for point in points:
                print(f"  - {point}")
        print("\nverified")


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a record, a dossier or a proof made with Onrecord.")
    parser.add_argument(
        "folder", nargs="?", default=Path(__file__).resolve().parent, help="its folder, or the proof"
    )
    parser.add_argument("--original", type=Path, help="for a proof: the file that it is about")
    parser.add_argument(
        "--roots", type=Path, help="for a proof: PEM certificates that its tokens have to lead to"
    )
    parser.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="KEPT",
        help="for a record: a checkpoint, root file, proof, dossier or other copy that was kept elsewhere",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        roots = read_roots(wanted.roots)
        report = verify(wanted.folder, original=wanted.original, roots=roots, against=wanted.against)
    except (Neither, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    if wanted.json:
        print(json.dumps(report.as_json()))
    else:
        print_report(report)
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
