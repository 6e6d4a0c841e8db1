#!/usr/bin/env python3
"""Checks a record or a dossier made with Onrecord, without Onrecord and without a network.

    python3 verify.py [--json] [FOLDER]

FOLDER is the folder of a record or of a dossier; left out, it is the one this file stands in. The exit code is 0
when everything holds, 1 when something does not (each problem says what is wrong and where), and 2 when the
folder is neither. Needs Python 3.8 or later and nothing else. It writes nothing, follows no links, and trusts
nothing it reads. The formats are described in Onrecord's documentation, under "format".
"""

from __future__ import annotations

import argparse
import base64
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
    from collections.abc import Callable, Iterator, Mapping

    Point = tuple[int, int, int, int]
    Progress = Callable[[int, int | None, str], None]

ID = "[a-z2-7]{16}"
LOG = ID + r"\.[1-9][0-9]{0,8}"
SEQ = "(?:0|[1-9][0-9]{0,12})"
HASH = "[0-9a-f]{64}"

IS_ID = re.compile(ID).fullmatch
IS_LOG = re.compile(LOG).fullmatch
IS_HASH = re.compile(HASH).fullmatch
IS_ENTRY = re.compile("(" + LOG + ")/(" + SEQ + ")").fullmatch

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
    must(len(digits) <= 17 and abs(int(digits)) < LARGEST_NUMBER, "holds a number too large to be exact")
    return int(digits)


def _no_fraction(digits: str) -> Any:
    raise Broken("holds a number that is not whole")


_decoder = json.JSONDecoder(parse_int=_whole_number, parse_float=_no_fraction, parse_constant=_no_fraction)
_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)


def canonical(raw: bytes) -> Any:
    """The value these bytes state. Raises `Broken` unless they are the one canonical way to write it.

    Writing the value again and comparing also refuses members named twice: only the last would come back.
    """
    try:
        value = _decoder.decode(raw.decode("utf-8"))
        again = _encoder.encode(value).encode("utf-8")
    except (ValueError, RecursionError):
        raise Broken("is not JSON in UTF-8") from None
    must(again == raw, "is not canonical JSON")
    if raw.count(b"[") + raw.count(b"{") > DEEPEST or not raw.isascii():
        _check_shape(value)
    return value


def _check_shape(value: Any) -> None:
    depth, level = 0, [value]
    while level:
        level = [one for one in level if isinstance(one, (dict, list))]
        must(not level or depth < DEEPEST, f"is nested deeper than {DEEPEST} levels")
        named = (key for one in level if isinstance(one, dict) for key in one)
        must(all(key.isascii() for key in named), "has a member whose name is not ASCII")
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
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
    """A tree that grows leaf by leaf and keeps only the roots of its perfect subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        rest = self.size
        while rest & 1:
            leaf = sha256(b"\x01" + self.peaks.pop() + leaf).digest()
            rest >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


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
NOTE = re.compile(
    "(?P<text>(?P<origin>[^\n]+)\n(?P<size>[^\n]+)\n(?P<root>[^\n]+)\n)"
    "\n(?P<signatures>(?:\u2014 [^\\s+]+ [A-Za-z0-9+/]+={0,2}\n)+)"
).fullmatch


def read_key(line: str) -> Key:
    """A verifier key: origin, key hash, and the key after its algorithm byte, joined by +. Raises `Broken`."""
    parts = line.split("+", 2)
    must(len(parts) == 3, "is not a verifier key")
    origin = ORIGIN(parts[0])
    if origin is None:
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
    must(len(note) <= LARGEST_NOTE, "is too large for a checkpoint")
    try:
        parts = NOTE(note.decode("utf-8"))
    except ValueError:
        raise Broken("is not UTF-8") from None
    if parts is None:
        raise Broken("is not a checkpoint")
    must(parts["origin"] == key.origin, f"names the origin {parts['origin']} instead of {key.origin}")
    must(re.fullmatch("[1-9][0-9]{0,12}", parts["size"]) is not None, "does not state a number of entries")
    root = unpack(parts["root"])
    must(len(root) == 32, "does not state a root of 32 bytes")
    signatures = parts["signatures"].split("\n")[:-1]
    must(lines in (0, len(signatures)), f"has {len(signatures)} signature lines instead of {lines}")
    must(
        signature_good(key.public, parts["text"].encode("utf-8"), _own(signatures, key)),
        "has a bad signature",
    )
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
    f'(?:,"of":"(?P<of>{LOG}/{SEQ})")?,"seq":(?P<seq>{SEQ}),"v":1}}'
).fullmatch

BODY = {
    **dict.fromkeys(("author", "kind", "reason", "slug", "thing"), str),
    **{"clock": int, "fields": dict, "supersedes": list},
}
MAY_LACK = frozenset(("slug", "supersedes", "reason"))
CLASS_OF = {
    **dict.fromkeys(("record", "person", "device", "property", "release", "export"), "control"),
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
    wanted = CLASS_OF.get(kind, "content")
    if head.sort != wanted and head.of is None:
        raise Broken(f"is a {kind} under a head of class {head.sort}")


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
    log = sqlite3.connect(
        f"{database.resolve().as_uri()}?mode=ro&{way}",
        uri=True,
        isolation_level=None,
    )
    log.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for setting in ("query_only=ON", "trusted_schema=OFF", "temp_store=MEMORY"):
        log.execute("PRAGMA " + setting)
    if way.startswith("vfs="):
        log.execute("PRAGMA locking_mode=EXCLUSIVE")
    log.execute("BEGIN")
    return log


def way_to_read(database: Path, in_use: bool) -> str:
    """How SQLite reads the file without writing to what lies beside it.

    Shared memory beside it is that of a program at work, or of one that was stopped: SQLite tells which, and locks
    with it or reads the write-ahead log alone. Without shared memory nobody is at work, and no lock is needed; nor
    could one be had without making the file.
    """
    waiting, shared = state(database, "-wal"), state(database, "-shm")
    if in_use and os.access(database.parent, os.W_OK):
        return ""
    if waiting and shared:
        return "readonly_shm=1"
    if waiting and waiting[0]:
        return "vfs=" + ("win32-none" if os.name == "nt" else "unix-none")
    return "immutable=1"


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


class Quote(NamedTuple):
    """What a passage says stands in its text layer."""

    entry: str
    start: int
    end: int
    words: str


class Device(NamedTuple):
    """A `device` entry: the log it stands in, and the log and key it is about."""

    entry: str
    about: str
    line: str
    vouched_by: str
    vouched: str

    @property
    def log(self) -> str:
        return self.entry.partition("/")[0]


class Record:
    """One pass over the log, which gathers what the files have to be; then one over the files."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report, self.problem, self.at = report, report.problem, report.at
        self.keys: dict[str, Key] = {}
        self.logs: dict[str, int] = {}
        self.whole = False
        self.first = ""
        self.title = ""
        self.devices: list[Device] = []
        self.orders: set[str] = set()
        self.bodiless: set[str] = set()
        self.items: set[str] = set()
        self.originals: dict[str, tuple[int, str]] = {}
        self.quotes: dict[str, list[Quote]] = {}
        self.idle_layers = 0
        self.unnamed: list[str] = []
        self.temporary: list[str] = []
        self.unused_keys: list[str] = []

    def read(self, in_use: bool) -> None:
        """The log and its keys. A key is on the disk before its log begins, so they are read after the log's names."""
        with self.at("record.db"):
            self.read_database(self.folder / "record.db", in_use)
        self.judge_bodies()
        if self.whole:
            self.judge_founding()

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
        for table, columns in TABLES.items():
            made = log.execute("SELECT type, rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            held = {row[1] for row in log.execute(f"PRAGMA table_info({table})")}
            plain = made is not None and made[0] == "table" and bool(made[1])
            must(plain and held >= set(columns), f"has no table {table} such as the format describes")
        for number, name in log.execute(
            "SELECT number, name FROM log NOT INDEXED ORDER BY number"
        ).fetchall():
            sound = isinstance(number, int) and 0 <= number < 2**23 and isinstance(name, str) and IS_LOG(name)
            must(bool(sound), f"has a log with the number {number} and the name {name}")
            must(name not in self.logs, f"has the log {name} twice")
            self.logs[name] = number
            with self.at(f"keys/{name}.vkey"):
                self.keys[name] = self.key_of(name)
                self.report.key(self.keys[name])
            self.read_log(log, number << SEQ_BITS, name)
        for table in ("head", "body", "checkpoint"):
            for (entry,) in log.execute(STRAY.format(table)):
                self.problem("record.db", f"has a {table} numbered {entry}, which is in no log")
        for (entry,) in log.execute(HEADLESS):
            self.problem("record.db", f"has a body numbered {entry} without a head")

    def read_log(self, log: sqlite3.Connection, first: int, name: str) -> None:
        span = (first, first + (1 << SEQ_BITS) - 1)
        stated = self.read_checkpoints(log, span, name)
        covered = max(stated, default=0)
        tree, clock, awaited = Tree(), 0, 0
        for entry, head, body_of, salt, body in log.execute(ENTRIES, span):
            seq = entry - first
            if seq != awaited:
                what = "is there twice" if seq < awaited else f"is missing, and all up to {name}/{seq}"
                self.problem(f"{name}/{min(seq, awaited)}", what)
            awaited = seq + 1
            clock = self.read_entry(name, seq, head, None if body_of is None else (salt, body), clock)
            if seq == tree.size and isinstance(head, bytes):
                tree.add(leaf_hash(head))
                if tree.size in stated:
                    self.compare(name, tree, *stated.pop(tree.size))
            self.report.entries += 1
            if not self.report.entries % 1000:
                self.report.progress(self.report.entries, None, "entries")
        for size in stated:
            self.problem(f"{name} checkpoint {size}", f"covers more than the {tree.size} entries there are")
        if name in self.keys and not covered == awaited == tree.size:
            self.problem(name, f"has {awaited} entries, and its last good checkpoint covers {covered}")
        elif not awaited:
            self.problem(name, "has no entries")

    def read_checkpoints(
        self, log: sqlite3.Connection, span: tuple[int, int], name: str
    ) -> dict[int, tuple[bytes, bytes]]:
        """The root and the peaks stated for each size for which there is a good checkpoint."""
        stated: dict[int, tuple[bytes, bytes]] = {}
        if name not in self.keys:
            self.problem(name, "has no sound key, so nothing in it is proven")
            return stated
        for entry, size, note, peaks in log.execute(CHECKPOINTS, span):
            with self.at(f"{name} checkpoint {entry - span[0] + 1}"):
                must(isinstance(note, bytes) and isinstance(peaks, bytes), "is not stored as bytes")
                checkpoint = read_checkpoint(note, self.keys[name])
                fits = checkpoint.size == size == entry - span[0] + 1
                must(fits, f"stands for another number of entries than the {checkpoint.size} it states")
                stated[checkpoint.size] = checkpoint.root, peaks
        return stated

    def compare(self, name: str, tree: Tree, root: bytes, peaks: bytes) -> None:
        where = f"{name} checkpoint {tree.size}"
        if tree.root() != root:
            self.problem(where, "has another root than the heads give: a head up to here was altered")
        elif b"".join(tree.peaks) != peaks:
            self.problem(where, "has peaks that do not fit the tree, so the log cannot go on from them")

    def read_entry(self, log: str, seq: int, raw: Any, stored: tuple[Any, Any] | None, clock: int) -> int:
        """Check one entry and take in what it says of files and keys. Gives the clock the next may not precede."""
        name = f"{log}/{seq}"
        try:
            must(isinstance(raw, bytes), "has a head that is not stored as bytes")
            head = read_head(raw)
            must(head.log == log and head.seq == seq, "has a head that names another entry")
            if head.of is not None:
                self.orders.add(head.of)
            if stored is None:
                self.bodiless.add(name)
                return clock
            salt, body = stored
            must(
                isinstance(salt, bytes) and isinstance(body, bytes), "has a body that is not stored as bytes"
            )
            said = read_body(body, salt, head)
            must(said["clock"] >= clock, "has a clock that goes back")
            clock = said["clock"]
            if head.of is None:
                self.take(name, log, seq, said)
        except Broken as wrong:
            self.problem(name, str(wrong))
        return clock

    def take(self, name: str, log: str, seq: int, said: dict[str, Any]) -> None:
        kind, fields = said["kind"], said["fields"]
        if kind == "item":
            digest, size = text_in(fields, "sha256"), count_in(fields, "size")
            must(IS_HASH(digest) is not None, "is an item whose sha256 is none")
            held = self.originals.setdefault(digest, (size, name))
            must(held[0] == size, f"states another size for its original than {held[1]}")
            self.items.add(said["thing"])
        elif kind == "passage" and "layer" in fields:
            layer = text_in(fields, "layer")
            must(IS_HASH(layer) is not None, "is a passage whose layer is no hash")
            quote = Quote(name, count_in(fields, "start"), count_in(fields, "end"), text_in(fields, "quote"))
            self.quotes.setdefault(layer, []).append(quote)
        elif kind == "passage":
            must(not {"start", "end"} & fields.keys(), "is a passage with offsets in no text layer")
        elif kind == "device":
            vouched = (str(fields.get("vouched_by", "")), str(fields.get("vouched", "")))
            self.devices.append(Device(name, text_in(fields, "log"), text_in(fields, "vkey"), *vouched))
        elif kind == "record":
            must(seq == 0 and not self.first, "is a second beginning of the record")
            must(fields.get("format") == 1, "is a record of another format than 1")
            self.first, self.report.record = log, text_in(fields, "record")
            must(IS_ID(self.report.record) is not None, "is a record whose name is no id")
            self.title = str(fields.get("title", ""))

    def judge_bodies(self) -> None:
        for name in sorted(self.bodiless - self.orders):
            self.problem(name, "has no body, and no erasure names it")
        waiting = [name for name in self.orders - self.bodiless if name.partition("/")[0] in self.logs]
        if self.bodiless & self.orders:
            self.report.notes.append(
                f"Entries whose bodies were erased by order: {len(self.bodiless & self.orders)}."
            )
        if waiting:
            self.report.notes.append(
                f"Entries whose erasure is ordered and not yet done here: {len(waiting)}."
            )

    def judge_founding(self) -> None:
        """The record's name and every log's own key as the first entries state them, and who was let in."""
        if not self.first:
            return self.problem("record.db", "has no entry that says which record this is")
        stated = {device.entry: (device.about, device.line) for device in self.devices}
        for log, key in self.keys.items():
            if key.record != self.report.record:
                self.problem(f"keys/{log}.vkey", f"belongs to another record than {self.report.record}")
            own = f"{log}/2" if log == self.first else f"{log}/0"
            if stated.get(own) != (log, key.line):
                self.problem(own, f"is not the device entry with the key in keys/{log}.vkey")
        for log in sorted(self.logs.keys() - self.counting()):
            self.report.notes.append(f"The log {log} is by a device that no member has let in.")
        return None

    def counting(self) -> set[str]:
        """The first log, and every log that one of these lets in, by an entry or by its signature."""
        lets_in: dict[str, set[str]] = {}
        for device in self.devices:
            if device.about in self.keys and self.keys[device.about].line == device.line:
                lets_in.setdefault(device.log, set()).add(device.about)
                if self.vouched(device):
                    lets_in.setdefault(device.vouched_by, set()).add(device.about)
        counting: set[str] = set()
        reached = {self.first}
        while reached:
            counting |= reached
            reached = {log for by in reached for log in lets_in.get(by, ())} - counting
        return counting

    def vouched(self, device: Device) -> bool:
        """Whether the log that is named there signed for this key."""
        if device.vouched_by not in self.keys:
            return False
        message = VOUCH + device.line.encode("ascii") + b"\n"
        try:
            return signature_good(self.keys[device.vouched_by].public, message, unpack(device.vouched))
        except Broken:
            return False

    def read_files(self) -> None:
        if not (self.folder / "README.txt").exists():
            self.problem("README.txt", "is missing")
        for done, (path, is_folder) in enumerate(walk(self.folder, self.report)):
            self.report.progress(done, None, "files")
            if not (ROOM(path) if is_folder else self.accounted(path)):
                self.problem(path, unknown(path))
        for digest, (_, entry) in sorted(self.originals.items()):
            self.problem(f"originals/{digest[:2]}/{digest}", f"is missing, and {entry} is about it")
        for layer, quotes in sorted(self.quotes.items()):
            self.problem(f"layers/{layer}", f"is missing, and {quotes[0].entry} rests on it")

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
        if log in self.logs:
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
            f"{many(self.report.entries, 'entries')} in {many(len(self.logs), 'logs')}, {many(self.report.items, 'items')}.",
        ]
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
                "That no entries at the end and no whole log were cut off: compare with checkpoints kept elsewhere.",
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
    "dossier": "The fingerprint of the publisher's key. Compare it with what the publisher gave you another way, such\n"
    "as by telephone or on a printed card:",
}


class Neither(Exception):
    """The folder is neither a record nor a dossier."""


def verify(folder: str | os.PathLike[str], progress: Progress | None = None, in_use: bool = False) -> Report:
    """Check a record or a dossier. Raises `Neither`. `progress` hears (done, total or None, of what).

    `in_use` says that this same process may open the record meanwhile. Then its shared memory is used as its
    writers use it, and may be written to; else nothing is.
    """
    path = Path(folder)
    if (path / "record.db").exists() or (path / "keys").is_dir():
        return verify_record(path, progress, in_use)
    if not any((path / name).exists() for name in JSON_FILES):
        raise Neither(f"{show(str(path))} is neither a record nor a dossier")
    report = Report("dossier", progress)
    Dossier(path, report).verify()
    return report


def verify_record(folder: Path, progress: Progress | None, in_use: bool) -> Report:
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
    return report


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
        for heading, points in PROVEN[report.kind]:
            print(heading)
            for point in points:
                print(f"  - {point}")
        print("\nverified")


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a record or a dossier made with Onrecord.")
    parser.add_argument("folder", nargs="?", default=Path(__file__).resolve().parent, help="its folder")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        report = verify(wanted.folder)
    except Neither as wrong:
        print(wrong, file=sys.stderr)
        return 2
    if wanted.json:
        print(json.dumps(report.as_json()))
    else:
        print_report(report)
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
