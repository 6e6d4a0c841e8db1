"""The records of a web archive (WARC 1.0 and 1.1, ISO 28500), one after the other, each with its block as it comes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from onrecord.intake.archives.broken import BadMember
from onrecord.intake.messages.headers import unfolded
from onrecord.intake.pages.digests import DOES_NOT_HOLD, HOLDS, Digest
from onrecord.intake.pages.flow import PIECE_BYTES, Flow, ungzipped

LONGEST_LINE = 1 << 16
MOST_LINES = 1_000
_VERSION = re.compile(rb"WARC/[01]\.[0-9]{1,2}\s*")
_STATUS = re.compile(rb"HTTP/[0-9.]{1,4}[ \t]+([0-9]{3})")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?\n", re.DOTALL)
_BROKEN_OFF = "it breaks off before its end"


class NoRecord(Exception):
    """What stands where a record should begin is none."""


class Block:
    """The bytes of a record, taken once. `whole` is False where the file ended before the stated length."""

    def __init__(self, flow: Flow, length: int, digest: Digest | None) -> None:
        self._flow, self._digest = flow, digest
        self.left = length
        self.whole = True

    def line(self) -> bytes:
        return self._taken(self._flow.line(min(LONGEST_LINE, self.left))) if self.left else b""

    def pieces(self) -> Iterator[bytes]:
        while self.left:
            piece = self._taken(self._flow.some(min(PIECE_BYTES, self.left)))
            if not piece:
                return
            yield piece

    def _taken(self, piece: bytes) -> bytes:
        if not piece:
            self.left, self.whole = 0, False
        self.left -= len(piece)
        if self._digest:
            self._digest.update(piece)
        return piece


@dataclass(slots=True)
class Record:
    """A record's own headers (names in lower case; of a repeated one the first), and its block."""

    headers: dict[str, str]
    block: Block
    length: int
    block_digest: Digest | None

    @property
    def type(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        return self.headers.get("warc-target-uri", "").strip("<>")[:4_000]


def records(flow: Flow) -> Iterator[Record]:
    """Each record; the rest of its block is passed over when the next is asked for. Raises `NoRecord` and `BadMember`."""
    while True:
        line = flow.line(LONGEST_LINE)
        while line and not line.strip():
            line = flow.line(LONGEST_LINE)
        if not line:
            return
        if not _VERSION.fullmatch(line):
            raise NoRecord
        headers = read_lines(flow)
        stated = headers.get("content-length", "")
        if not (stated.isascii() and stated.isdigit() and len(stated) < 16):
            raise NoRecord
        written = headers.get("warc-block-digest")
        digest = Digest(written) if written else None
        block = Block(flow, int(stated), digest)
        yield Record(headers, block, int(stated), digest)
        for _ in block.pieces():
            pass
        if not block.whole:
            raise BadMember(_BROKEN_OFF)


def read_lines(lines: Flow | Block) -> dict[str, str]:
    """Headers up to an empty line."""
    found: dict[str, str] = {}
    name = ""
    for _ in range(MOST_LINES):
        line = lines.line(LONGEST_LINE) if isinstance(lines, Flow) else lines.line()
        text = line.decode("utf-8", "replace")
        if not text.strip():
            return found
        if text[:1] in " \t" and name:
            found[name] += " " + text.strip()
        elif ":" in text:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            found.setdefault(name, unfolded(value))
    raise NoRecord


@dataclass(slots=True)
class Payload:
    """What a record carries: a web server's answer without its headers, or the whole block.

    `chunks` undoes how it was sent. After `finish`, `outcome` says whether the digests that were written down hold.
    """

    record: Record
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    _digest: Digest | None = None
    _unchunked: Digest | None = None
    _pieces: Iterator[bytes] | None = None

    @classmethod
    def of(cls, record: Record) -> Payload:
        written = record.headers.get("warc-payload-digest")
        payload = cls(record, _digest=Digest(written) if written else None)
        kind = record.headers.get("content-type", "").lower()
        if record.type in ("response", "request", "revisit") and "application/http" in kind:
            found = _STATUS.match(record.block.line())
            payload.status = int(found[1]) if found else 0
            payload.headers = read_lines(record.block)
            payload._unchunked = Digest(written) if written and payload.is_chunked else None
        payload.size = record.block.left
        payload._pieces = payload._counted()
        return payload

    @property
    def is_chunked(self) -> bool:
        return self.headers.get("transfer-encoding", "").strip().lower() == "chunked"

    @property
    def media_type(self) -> str:
        stated = self.headers if self.status is not None else self.record.headers
        return stated.get("content-type", "").partition(";")[0].strip().lower()[:100]

    @property
    def packed_as(self) -> str:
        return self.headers.get("content-encoding", "").strip().lower()[:100]

    def chunks(self) -> Iterator[bytes]:
        """The bytes as a browser takes them. Raises `BadMember` where they are damaged or break off."""
        sent = self._pieces or iter(())
        if self.is_chunked:
            sent = self._watched(unchunked(Flow(sent)))
        yield from _unpacked(sent, self.packed_as)
        if not self.record.block.whole:
            raise BadMember(_BROKEN_OFF)

    def finish(self) -> None:
        for _ in self._pieces or ():
            pass

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """What was written down, and whether it holds. Some programs take a digest before, some after undoing chunks."""
        told = []
        if self._digest and self.record.type != "revisit":
            both = [one.outcome for one in (self._digest, self._unchunked) if one]
            told.append((self._digest.written, HOLDS if HOLDS in both else both[0]))
        if self.record.block_digest:
            told.append((self.record.block_digest.written, self.record.block_digest.outcome))
        return told

    @property
    def is_false(self) -> bool:
        return any(outcome == DOES_NOT_HOLD for _, outcome in self.outcomes)

    def _counted(self) -> Iterator[bytes]:
        for piece in self.record.block.pieces():
            if self._digest:
                self._digest.update(piece)
            yield piece

    def _watched(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            if self._unchunked:
                self._unchunked.update(piece)
            yield piece


def unchunked(flow: Flow) -> Iterator[bytes]:
    """The content of a chunked body. What says it is chunked and is not, as some archives hold it, stays as it is."""
    first = True
    while line := flow.line(LONGEST_LINE):
        size = _CHUNK_SIZE.fullmatch(line)
        if not size and first:
            yield line
            while piece := flow.some(PIECE_BYTES):
                yield piece
            return
        if not size:
            raise BadMember("its chunks do not follow one another")
        left = int(size[1], 16)
        if not left:
            return
        while left:
            piece = flow.some(min(left, PIECE_BYTES))
            if not piece:
                raise BadMember(_BROKEN_OFF)
            yield piece
            left -= len(piece)
        flow.line(2)
        first = False


def _unpacked(pieces: Iterator[bytes], packed_as: str) -> Iterator[bytes]:
    """What was packed for the way is unpacked, where it is; other ways of packing are left as they stand."""
    if packed_as not in ("gzip", "x-gzip", "deflate"):
        yield from pieces
        return
    first = next((piece for piece in pieces if piece), b"")
    if packed_as != "deflate" and first[:2] == b"\x1f\x8b":
        yield from ungzipped(_after(first, pieces))
    elif packed_as == "deflate":
        yield from _inflated(_after(first, pieces), 15 if first[:1] == b"\x78" else -15)
    else:
        yield from _after(first, pieces)


def _inflated(pieces: Iterator[bytes], window: int) -> Iterator[bytes]:
    inner = zlib.decompressobj(window)
    for piece in pieces:
        while piece and not inner.eof:
            try:
                yield inner.decompress(piece, PIECE_BYTES)
            except zlib.error:
                raise BadMember("it is damaged and cannot be unpacked") from None
            piece = inner.unconsumed_tail
    if not inner.eof:
        raise BadMember(_BROKEN_OFF)


def _after(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
