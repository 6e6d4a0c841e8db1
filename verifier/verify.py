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
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple

ID = "[a-z2-7]{16}"
LOG = ID + r"\.[1-9][0-9]{0,8}"
SEQ = "(?:0|[1-9][0-9]{0,12})"
HASH = "[0-9a-f]{64}"

IS_ID = re.compile(ID).fullmatch
IS_LOG = re.compile(LOG).fullmatch
IS_HASH = re.compile(HASH).fullmatch
IS_ENTRY = re.compile("(" + LOG + ")/(" + SEQ + ")").fullmatch

SEQ_BITS = 40
LARGEST_NUMBER = 2**53
DEEPEST = 64
LARGEST_HEAD = 1 << 10
LARGEST_BODY = 1 << 24
LARGEST_NOTE = 1 << 16
LARGEST_FILE = 1 << 28
LARGEST_LAYER = 1 << 30
MOST_PROBLEMS = 1000

Progress = Callable[[int, Optional[int], str], None]


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
    if raw.count(b"[") + raw.count(b"{") > DEEPEST or not all(byte < 128 for byte in raw):
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


def members(value: Any, types: Dict[str, type], optional: Iterable[str] = ()) -> Dict[str, Any]:
    """The value, if it is an object with exactly these members of these types. Raises `Broken`."""
    must(type(value) is dict, "is not an object")
    missing = sorted(types.keys() - set(optional) - value.keys())
    must(not missing, f"lacks {', '.join(missing)}")
    unknown = sorted(value.keys() - types.keys())
    must(not unknown, f"has members that do not belong there: {', '.join(unknown)}")
    for name, held in value.items():
        must(type(held) is types[name], f"has the wrong type of value in {name}")
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

Point = Tuple[int, int, int, int]
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


def _point(raw: bytes) -> Optional[Point]:
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


def _multiples(point: Point) -> List[Point]:
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
    from hashlib import sha512

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
        self.peaks: List[bytes] = []

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


def root_of_path(leaf: bytes, index: int, size: int, path: List[bytes]) -> bytes:
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
    return Key(parts[0], origin.group(1), origin.group(2), raw[1:], digest)


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
    must(parts["origin"] == key.origin, f"names the origin {show(parts['origin'])} instead of {key.origin}")
    must(re.fullmatch("[1-9][0-9]{0,12}", parts["size"]) is not None, "does not state a number of entries")
    root = unpack(parts["root"])
    must(len(root) == 32, "does not state a root of 32 bytes")
    signatures = parts["signatures"].splitlines()
    must(lines in (0, len(signatures)), f"has {len(signatures)} signature lines instead of {lines}")
    must(signature_good(key.public, parts["text"].encode("utf-8"), _own(signatures, key)), "has a bad signature")
    return Checkpoint(int(parts["size"]), root)


def _own(lines: List[str], key: Key) -> bytes:
    seen: Dict[Tuple[str, bytes], bytes] = {}
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
    "author": str,
    "clock": int,
    "fields": dict,
    "kind": str,
    "reason": str,
    "slug": str,
    "supersedes": list,
    "thing": str,
}
CONTROL = ("record", "person", "device", "property", "release", "export")


class Head(NamedTuple):
    """One leaf of the tree."""

    sort: str
    commit: str
    log: str
    seq: int
    of: Optional[str]


def read_head(raw: bytes) -> Head:
    """A head is always plain ASCII with fixed members, so that one pattern is its whole grammar."""
    parts = HEAD(raw.decode("ascii", "replace")) if len(raw) <= LARGEST_HEAD else None
    if parts is None:
        raise Broken("has a head that is not canonical or lacks what a head holds")
    return Head(parts["sort"], parts["commit"], parts["log"], int(parts["seq"]), parts["of"])


def commitment(salt: bytes, body: bytes) -> str:
    return sha256(b"onrecord body v1\n" + salt + body).hexdigest()


def read_body(raw: bytes, salt: bytes, head: Head) -> Dict[str, Any]:
    """The body under this head: the one committed to, canonical, and shaped as a body is. Raises `Broken`."""
    must(len(salt) == 32, "has a salt that is not 32 bytes")
    must(commitment(salt, raw) == head.commit, "has a body that does not match the head's commitment")
    try:
        must(len(raw) <= LARGEST_BODY, "is too large")
        body = members(canonical(raw), BODY, ("slug", "supersedes", "reason"))
        _check_body(body, head)
    except Broken as wrong:
        raise Broken(f"has a body that {wrong}") from None
    return body


def _check_body(body: Dict[str, Any], head: Head) -> None:
    must(IS_ID(body["thing"]) is not None, "names its thing by something other than an id")
    released = body["kind"] == "release" and body["author"] == head.log
    must(released or IS_ID(body["author"]) is not None, "names its author by something other than an id")
    must(body["clock"] >= 0, "has a clock before 1970")
    if "supersedes" in body:
        names = body["supersedes"]
        must(bool(names) and all(type(name) is str and IS_ENTRY(name) for name in names), "supersedes no entry")
        must(names == sorted(set(names)), "supersedes entries that are not sorted")
    kind = body["kind"]
    must(bool(kind), "has no kind")
    if kind in ("custody", "terms"):
        must(head.sort == kind, f"is a {kind} under a head of class {head.sort}")
    elif kind in CONTROL:
        must(head.sort == "control", f"is a {kind} under a head of class {head.sort}")
    else:
        must(head.sort in ("content", "control"), f"is a {show(kind)} under a head of class {head.sort}")


# Files


def show(text: str) -> str:
    """Text from a stranger, with everything invisible or able to steer a terminal spelled out."""
    safe = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text[:200])
    return safe + ("…" if len(text) > 200 else "")


def open_plain(path: Path) -> BinaryIO:
    """A regular file, opened for reading and never through a link."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))

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


def hash_of(path: Path) -> Tuple[str, int]:
    """The SHA-256 and the size of a file."""
    digest, size = sha256(), 0
    with open_plain(path) as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def walk(folder: Path, report: Report) -> Iterator[Tuple[str, bool]]:
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

    def __init__(self, kind: str, progress: Optional[Progress] = None) -> None:
        self.kind = kind
        self.record = ""
        self.entries = 0
        self.items = 0
        self.problems: List[Dict[str, str]] = []
        self.unlisted = 0
        self.keys: List[Dict[str, str]] = []
        self.notes: List[str] = []
        self.progress = progress or (lambda done, total, what: None)

    def problem(self, where: str, what: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"what": what, "where": show(where)})
        else:
            self.unlisted += 1

    def key(self, key: Key) -> None:
        self.keys.append({"log": key.log, "fingerprint": fingerprint(key.public)})

    def as_json(self) -> Dict[str, Any]:
        stated: Dict[str, Any] = {"ok": not self.problems, "kind": self.kind, "record": self.record}
        stated.update(entries=self.entries, items=self.items, problems=self.problems, keys=self.keys)
        stated.update(notes=self.notes, unlisted_problems=self.unlisted)
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
CHECKPOINTS = "SELECT entry, size, note, peaks FROM checkpoint NOT INDEXED WHERE entry BETWEEN ? AND ? ORDER BY entry"
STRAY = "SELECT entry FROM {0} NOT INDEXED WHERE (entry >> 40) NOT IN (SELECT number FROM log) LIMIT 100"
HEADLESS = "SELECT entry FROM body NOT INDEXED WHERE entry NOT IN (SELECT entry FROM head) LIMIT 100"


def open_log(database: Path) -> sqlite3.Connection:
    """record.db, so opened that SQLite cannot change it.

    Without a write-ahead log the file is read as immutable: no lock, no file beside it. With one, it has to be
    read too; that is done on a read-only handle, with SQLite's locks and shared memory left out, which would
    be files of their own. The caller checks that nobody wrote meanwhile.
    """
    beside = database.with_name(database.name + "-wal")
    waiting = beside.exists() and beside.stat().st_size > 0
    mode = "mode=ro&vfs=" + ("win32-none" if os.name == "nt" else "unix-none") if waiting else "mode=ro&immutable=1"
    log = sqlite3.connect(database.resolve().as_uri() + "?" + mode, uri=True)
    log.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for setting in ("locking_mode=EXCLUSIVE", "query_only=ON", "trusted_schema=OFF", "temp_store=MEMORY"):
        log.execute("PRAGMA " + setting)
    return log


def moment(database: Path) -> List[Tuple[int, int]]:
    """What changes when somebody writes: the sizes and times of record.db and its write-ahead log."""
    files = [database, database.with_name(database.name + "-wal")]
    return [(file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.exists()]


class Record:
    """One pass over the log, which gathers what the files have to be, and then one over the files."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report = report
        self.keys: Dict[str, Key] = {}
        self.logs: List[str] = []
        self.founded: List[str] = []
        self.devices: List[Tuple[str, str, str]] = []
        self.erased: Dict[str, str] = {}
        self.bodiless: List[str] = []
        self.kept_bodies = 0
        self.items: Dict[str, str] = {}
        self.originals: Dict[str, Tuple[int, str]] = {}
        self.passages: Dict[str, List[Tuple[str, int, int, str]]] = {}
        self.idle_layers = 0

    def verify(self) -> None:
        self.read_keys()
        database = self.folder / "record.db"
        try:
            for name in ("record.db", "record.db-wal"):
                path = self.folder / name
                must(not path.is_symlink(), f"is not read, as {name} is a link")
                must(path.is_file() or name != "record.db", "is missing")
            before = moment(database)
            with closing(open_log(database)) as log:
                self.read_logs(log)
            must(moment(database) == before, "was written to while it was read: check again")
        except Broken as wrong:
            self.report.problem("record.db", str(wrong))
        except (sqlite3.Error, OSError, OverflowError) as wrong:
            self.report.problem("record.db", f"cannot be read: {show(str(wrong))} (SQLite {sqlite3.sqlite_version})")
        self.judge_bodies()
        self.judge_founding()
        self.read_files()
        self.report.items = len(set(self.items.values()))

    # keys

    def read_keys(self) -> None:
        folder = self.folder / "keys"
        if folder.is_symlink() or not folder.is_dir():
            return self.report.problem("keys", "is missing")
        for path in sorted(folder.iterdir()):
            if path.name.endswith(".vkey") and not path.is_symlink():
                self.read_key(path)
        if len({key.record for key in self.keys.values()}) > 1:
            self.report.problem("keys", "the keys name more than one record")
        return None

    def read_key(self, path: Path) -> None:
        where = f"keys/{path.name}"
        try:
            text = read_small(path, 1 << 10).decode("ascii", "replace")
            must(text.endswith("\n"), "does not end with a line feed")
            key = read_key(text[:-1])
            must(path.name == key.log + ".vkey", "is named for another log than its key")
        except Broken as wrong:
            return self.report.problem(where, str(wrong))
        except OSError as wrong:
            return self.report.problem(where, f"cannot be read: {wrong.strerror}")
        self.keys[key.log] = key
        return self.report.key(key)

    # log

    def read_logs(self, log: sqlite3.Connection) -> None:
        for table, columns in TABLES.items():
            made = log.execute("SELECT type, rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            held = {row[1] for row in log.execute(f"PRAGMA table_info({table})")}
            ordinary = made is not None and made[0] == "table" and made[1] and held >= set(columns)
            must(bool(ordinary), f"has no table {table} as the format says")
        for number, name in log.execute("SELECT number, name FROM log NOT INDEXED ORDER BY number").fetchall():
            sound = isinstance(number, int) and 0 <= number < 2**23 and isinstance(name, str) and IS_LOG(name)
            must(bool(sound), f"has a log with the number {show(str(number))} and the name {show(str(name))}")
            must(name not in self.logs, f"has the log {name} twice")
            self.logs.append(name)
            self.read_log(log, number << SEQ_BITS, name)
        for table in ("head", "body", "checkpoint"):
            for (entry,) in log.execute(STRAY.format(table)):
                self.report.problem("record.db", f"has a {table} numbered {show(str(entry))} that is in no log")
        for (entry,) in log.execute(HEADLESS):
            self.report.problem("record.db", f"has a body numbered {show(str(entry))} without a head")

    def read_log(self, log: sqlite3.Connection, first: int, name: str) -> None:
        span = (first, first + (1 << SEQ_BITS) - 1)
        stated = self.read_checkpoints(log, span, name)
        tree, clock, seq = Tree(), 0, -1
        for entry, head, body_of, salt, body in log.execute(ENTRIES, span):
            if entry - first != seq + 1:
                what = "is there twice" if entry - first <= seq else "is missing, or more than one from here on"
                self.report.problem(f"{name}/{seq + 1}", what)
            seq = entry - first
            clock = self.read_entry(name, seq, head, None if body_of is None else (salt, body), clock)
            if seq == tree.size and isinstance(head, bytes):
                tree.add(leaf_hash(head))
                if tree.size in stated:
                    self.compare(name, tree, *stated.pop(tree.size))
            self.report.entries += 1
            if not seq % 1000:
                self.report.progress(self.report.entries, None, "entries")
        self.end_log(name, seq + 1, tree.size, stated)

    def read_checkpoints(
        self, log: sqlite3.Connection, span: Tuple[int, int], name: str
    ) -> Dict[int, Tuple[bytes, bytes]]:
        """The root and the peaks stated for every size of the tree for which there is a good checkpoint."""
        stated: Dict[int, Tuple[bytes, bytes]] = {}
        for entry, size, note, peaks in log.execute(CHECKPOINTS, span):
            where = f"{name} checkpoint {entry - span[0] + 1}"
            try:
                must(name in self.keys, f"cannot be checked, as keys/{name}.vkey is missing or not sound")
                must(isinstance(note, bytes) and isinstance(peaks, bytes), "is not stored as bytes")
                checkpoint = read_checkpoint(note, self.keys[name])
                fits = checkpoint.size == size == entry - span[0] + 1
                must(fits, f"stands for another number of entries than the {checkpoint.size} it states")
                stated[size] = checkpoint.root, peaks
            except Broken as wrong:
                self.report.problem(where, str(wrong))
        return stated

    def compare(self, name: str, tree: Tree, root: bytes, peaks: bytes) -> None:
        where = f"{name} checkpoint {tree.size}"
        if tree.root() != root:
            self.report.problem(where, "has another root than the heads give: a head was altered, or added")
        elif b"".join(tree.peaks) != peaks:
            self.report.problem(where, "has peaks that do not fit the tree, and the log cannot go on from them")

    def end_log(self, name: str, size: int, whole: int, left: Dict[int, Tuple[bytes, bytes]]) -> None:
        last = getattr(self, "_last_checked", None)
        del last
        for stated in left:
            self.report.problem(f"{name} checkpoint {stated}", f"covers {stated} entries, but {whole} are whole")
        if size == 0:
            self.report.problem(name, "has no entries")

    def read_entry(
        self, log: str, seq: int, raw: Any, stored: Optional[Tuple[Any, Any]], clock: int
    ) -> int:
        """Check one entry and take in what its body says of files and keys. The clock the next must not precede."""
        name = f"{log}/{seq}"
        try:
            must(isinstance(raw, bytes), "has a head that is not stored as bytes")
            head = read_head(raw)
            must(head.log == log and head.seq == seq, f"has a head that names {head.log}/{head.seq}")
            if head.of is not None:
                self.erased[head.of] = name
            if stored is None:
                self.bodiless.append(name)
                return clock
            salt, body = stored
            must(isinstance(salt, bytes) and isinstance(body, bytes), "has a body that is not stored as bytes")
            said = read_body(body, salt, head)
            must(said["clock"] >= clock, "has a clock that goes back")
            if head.of is None:
                self.take(name, log, seq, said)
            return int(said["clock"])
        except Broken as wrong:
            self.report.problem(name, str(wrong))
            return clock

    def take(self, name: str, log: str, seq: int, said: Dict[str, Any]) -> None:
        kind, fields = said["kind"], said["fields"]
        if kind == "item":
            self.take_item(name, said["thing"], fields)
        elif kind == "passage":
            self.take_passage(name, fields)
        elif kind == "device":
            about, line = fields.get("log"), fields.get("vkey")
            must(isinstance(about, str) and isinstance(line, str), "is a device without a log and a key")
            self.devices.append((name, about, line))
        elif kind == "record":
            must(fields.get("format") == 1, "is a record of another format than 1")
            must(isinstance(fields.get("record"), str), "is a record without an id")
            must(seq == 0 and not self.founded, "is a record that begins in the middle")
            self.founded = [log, fields["record"]]

    def take_item(self, name: str, thing: str, fields: Dict[str, Any]) -> None:
        digest, size = fields.get("sha256"), fields.get("size")
        sound = isinstance(digest, str) and IS_HASH(digest) and type(size) is int and size >= 0
        must(bool(sound), "is an item without the hash and the size of its original")
        assert isinstance(digest, str) and isinstance(size, int)  # noqa: S101 - for the reader and the type checker
        held = self.originals.setdefault(digest, (size, name))
        must(held[0] == size, f"states another size for its original than {held[1]} does")
        self.items[name] = thing

    def take_passage(self, name: str, fields: Dict[str, Any]) -> None:
        if "layer" not in fields:
            return must(not {"start", "end"} & fields.keys(), "is a passage with offsets in no text layer")
        layer, start, end = fields["layer"], fields.get("start"), fields.get("end")
        quote = fields.get("quote")
        must(isinstance(layer, str) and bool(IS_HASH(layer)), "is a passage without the hash of its layer")
        sound = type(start) is int and type(end) is int and isinstance(quote, str) and 0 <= start <= end
        must(sound, "is a passage without the offsets and the quote that belong to its layer")
        assert isinstance(start, int) and isinstance(end, int) and isinstance(quote, str)  # noqa: S101 - as above
        self.passages.setdefault(layer, []).append((name, start, end, quote))
        return None
