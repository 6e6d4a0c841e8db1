"""Segments: a run of one log's entries as an age file of compressed lines, readable as far as it was copied."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.exchange.place import Source
from onrecord.record.canonical import encode
from onrecord.record.ids import log_of

FORMAT = "onrecord segment 1"
CUT_BYTES = 8 << 20
LARGEST = 80 << 20
"""More than this a segment never holds: one entry of the largest size, with all its quotes escaped."""
_LEVEL = 4
_NAME = re.compile(r"(?:others/([^/]+)/)?([0-9]+)-([0-9]+)\.seg")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a segment carries it. `withheld` says in a travel copy what the body left out belongs to."""

    head: str
    body: str | None = None
    salt: str | None = None
    withheld: Mapping[str, Any] | None = None

    def to_bytes(self) -> bytes:
        told: dict[str, Any] = {"head": self.head}
        if self.body is not None:
            told |= {"body": self.body, "salt": self.salt}
        elif self.withheld is not None:
            told["withheld"] = self.withheld
        return encode(told)


@dataclass(frozen=True, slots=True)
class SegmentName:
    """What a segment's name says: of which log or branch, and from which entry to which."""

    row: str
    first: int
    last: int

    @property
    def log(self) -> str:
        return log_of(self.row)

    def within(self, prefix: str) -> str:
        """The file's name in a prefix."""
        folder = "" if self.row == prefix else f"others/{self.row}/"
        return f"{folder}{self.first}-{self.last}.seg"

    @classmethod
    def read(cls, prefix: str, name: str) -> SegmentName | None:
        found = _NAME.fullmatch(name)
        if found is None or int(found[3]) < int(found[2]):
            return None
        return cls(found[1] or prefix, int(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line of a segment says: of which record and log it is, and where it begins."""

    record: str
    log: str
    vkey: str
    first: int

    def to_bytes(self) -> bytes:
        told = {"from": self.first, "log": self.log, "record": self.record, "vkey": self.vkey}
        return encode({"format": FORMAT, **told})


@dataclass(slots=True)
class Segment:
    """What could be read of a segment. `broken` says why the rest could not; `notes` are checkpoints of its log."""

    vkey: str
    first: int
    lines: list[Line]
    notes: list[bytes]
    broken: str | None = None


class _TooLarge(Exception):
    pass


class _Inflating:
    """Takes decrypted bytes and inflates them, up to a limit."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj()
        self.text = bytearray()

    def write(self, data: bytes) -> int:
        self.text += self._inflate.decompress(data, LARGEST + 1 - len(self.text))
        if len(self.text) > LARGEST:
            raise _TooLarge
        return len(data)

    def flush(self) -> None:
        pass

    @property
    def whole(self) -> bool:
        return self._inflate.eof


def segment_bytes(about: Header, lines: Iterable[bytes], recipient: str) -> bytes:
    """A segment's file: `lines` are entries and, between them, checkpoints (`note_line`)."""
    import pyrage

    squeeze = zlib.compressobj(_LEVEL)
    parts = [squeeze.compress(about.to_bytes() + b"\n"), *(squeeze.compress(line + b"\n") for line in lines)]
    parts.append(squeeze.flush())
    return bytes(pyrage.encrypt(b"".join(parts), [pyrage.x25519.Recipient.from_str(recipient)]))


def note_line(note: bytes) -> bytes:
    return encode({"note": note.decode("utf-8")})


def read_segment(source: Source, identities: Sequence[Any], record: str, name: SegmentName) -> Segment:
    """All of a segment, or as much of its beginning as is there and authentic.

    Raises `ValueError` where nothing of it can be used: it says why.
    """
    text, broken = _opened(source, identities)
    lines = text.split(b"\n")
    if lines.pop() and broken is None:
        broken = "its last line has no end"
    if not lines:
        raise ValueError(broken or "it is empty")
    vkey = _header(lines[0], record, name)
    return _sorted_out(iter(lines[1:]), Segment(vkey, name.first, [], [], broken), name)


def _opened(source: Source, identities: Sequence[Any]) -> tuple[bytes, str | None]:
    """What decrypts and inflates, and what is wrong with the rest."""
    import pyrage

    sink, broken = _Inflating(), None
    try:
        pyrage.decrypt_io(source, sink, identities)
        if not sink.whole:
            broken = "it is not copied whole"
    except pyrage.DecryptError as wrong:
        broken = (
            "it is not encrypted to the keys of its ring"
            if "matching" in str(wrong)
            else "it is not copied whole"
        )
    except _TooLarge:
        raise ValueError(f"it would take more than {LARGEST >> 20} MB of memory") from None
    except zlib.error:
        broken = "what it holds is not compressed as it should be"
    except OSError:
        broken = "it is not copied whole, or was altered"
    return bytes(sink.text), broken


def _header(line: bytes, record: str, name: SegmentName) -> str:
    held = _parsed(line)
    told = held and (held.get("format"), held.get("record"), held.get("log"), held.get("from"))
    if (
        held is None
        or told != (FORMAT, record, name.log, name.first)
        or not isinstance(held.get("vkey"), str)
    ):
        raise ValueError("its first line is not that of this record, log and place")
    return str(held["vkey"])


def _sorted_out(lines: Iterator[bytes], into: Segment, name: SegmentName) -> Segment:
    """Entries and checkpoints, up to the first line that is neither."""
    for line in lines:
        held = _parsed(line)
        note, head = (held.get("note"), held.get("head")) if held else (None, None)
        if isinstance(note, str):
            into.notes.append(note.encode("utf-8", "surrogatepass"))
        elif held and isinstance(head, str) and (entry := _entry(held, head)):
            into.lines.append(entry)
        else:
            into.broken = "a line in it is neither an entry nor a checkpoint"
            break
    if len(into.lines) > name.last + 1 - name.first:
        into.broken = "it holds more entries than its name says"
        del into.lines[name.last + 1 - name.first :]
    elif into.broken is None and len(into.lines) < name.last + 1 - name.first:
        into.broken = "it holds fewer entries than its name says"
    return into


def _entry(held: Mapping[str, Any], head: str) -> Line | None:
    body, salt, withheld = held.get("body"), held.get("salt"), held.get("withheld")
    if (body is None) != (salt is None) or not isinstance(withheld, dict | None):
        return None
    if not isinstance(body, str | None) or not isinstance(salt, str | None):
        return None
    return Line(head, body, salt, withheld)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def cut(rows: Iterable[tuple[int, bytes]], most: int = CUT_BYTES) -> Iterator[list[tuple[int, bytes]]]:
    """Runs of (seq, line) that are about this long, each at least one line."""
    run: list[tuple[int, bytes]] = []
    size = 0
    for row in rows:
        if run and size + len(row[1]) > most:
            yield run
            run, size = [], 0
        run.append(row)
        size += len(row[1])
    if run:
        yield run
