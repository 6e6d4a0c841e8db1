"""TAR archives, bare or compressed with gzip, bzip2 or xz; and one file compressed alone, which is one member."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, cast

from onrecord.intake.archives.bounds import MOST_MEMBERS, Allowance, allowed, size_said
from onrecord.intake.archives.broken import BadMember
from onrecord.intake.archives.naming import Names, stated_bytes
from onrecord.intake.archives.streams import PIECE_BYTES, Chained, Unpacker, bzip2, gzip, read_pieces, xz
from onrecord.intake.reading import Member, Observation, Reading, Skipped, Source

ENGINE, VERSION = "onrecord tar", "1"
WHY_NONE = "an archive: its members are originals of their own"
_ALONE = "one compressed file: what is in it is an original of its own"
_BLOCK = tarfile.BLOCKSIZE
_MOST_VAIN_READS = 16
_COMPRESSIONS: tuple[tuple[bytes, str, Callable[[], Unpacker]], ...] = (
    (b"\x1f\x8b", "gzip", gzip),
    (b"BZh", "bzip2", bzip2),
    (b"\xfd7zXZ\0", "xz", xz),
)
_ENDINGS = (".gz", ".bz2", ".xz")
_TAR_ENDINGS = {".tgz", ".tbz", ".tbz2", ".txz", ".tar"}
_BROKEN = (tarfile.TarError, BadMember, EOFError, OSError, ValueError, OverflowError, RecursionError)
_SPECIAL = {
    tarfile.SYMTYPE: "it is a link",
    tarfile.LNKTYPE: "it is a link",
    tarfile.CHRTYPE: "it is not a file but a pipe, device or socket",
    tarfile.BLKTYPE: "it is not a file but a pipe, device or socket",
    tarfile.FIFOTYPE: "it is not a file but a pipe, device or socket",
}


class _Stream:
    """What `tarfile` reads from, forwards only, and never more at once than it may hold."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._waiting, self._vain = pieces, b"", 0

    def peek(self, size: int) -> bytes:
        while len(self._waiting) < size and (piece := next(self._pieces, b"")):
            self._waiting += piece
        return self._waiting[:size]

    def read(self, size: int) -> bytes:
        """Raises `BadMember` when asked again and again behind the end, as `tarfile` does to pass over what is not there."""
        given = self.peek(size)
        self._vain = 0 if given else self._vain + 1
        if self._vain > _MOST_VAIN_READS:
            raise BadMember("it breaks off before its end")
        self._waiting = self._waiting[size:]
        return given

    def rest(self) -> Iterator[bytes]:
        if self._waiting:
            yield self._waiting
        self._waiting = b""
        yield from self._pieces


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    source.file.seek(0)
    beginning = source.file.read(_BLOCK)
    found = next((one for one in _COMPRESSIONS if beginning.startswith(one[0])), None)
    chained = Chained(found[2], found[0], source.file) if found else None
    pieces = chained.pieces() if chained else read_pieces(source.file, 0)
    stream = _Stream(Allowance(source.size).counted(pieces))
    observed = [Observation("archive", "compressed with", found[1])] if found else []
    try:
        first = stream.peek(_BLOCK)
    except BadMember as wrong:
        yield Skipped(_name_alone(source), wrong.reason)
        yield _reading(_ALONE, observed, ())
        return
    if found and not _is_tar(first, source.name):
        yield _alone(source, beginning, found[1], stream)
        yield _reading(_ALONE, observed, _trailing(chained))
    else:
        yield from _tar(source, stream, observed)


def _reading(why: str, observed: list[Observation], notes: tuple[str, ...]) -> Reading:
    return Reading(None, ENGINE, VERSION, why_none=why, notes=notes, observations=tuple(observed))


def _trailing(chained: Chained | None) -> tuple[str, ...]:
    return ("bytes that are not compressed stand at its end",) if chained and chained.trailing else ()


def _is_tar(first: bytes, name: str) -> bool:
    """By its first header, whose checksum no other file has by chance; by its name where it holds nothing."""
    if len(first) == _BLOCK and not first.strip(b"\0"):
        return bool(_TAR_ENDINGS & set(PurePosixPath(name.lower()).suffixes))
    try:
        tarfile.TarInfo.frombuf(first, "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def _alone(source: Source, beginning: bytes, compression: str, stream: _Stream) -> Member:
    """The one file in it, named as the archive without its ending, and what gzip states of it."""
    about: dict[str, str] = {}
    if compression == "gzip" and len(beginning) >= 10:
        if seconds := int.from_bytes(beginning[4:8], "little"):
            about["modified_utc"] = _utc(seconds)
        if beginning[3] & 0x08 and not beginning[3] & 0x04:
            raw = beginning[10:].split(b"\0", 1)[0]
            about |= {"named": Names([raw], source.encoding).text(raw)} if raw else {}
    return Member(_name_alone(source), stream.rest(), about=about)


def _name_alone(source: Source) -> str:
    path = PurePosixPath(source.name)
    return (path.stem if path.suffix.lower() in _ENDINGS else source.name) or "unnamed"


def _utc(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def _tar(
    source: Source, stream: _Stream, observed: list[Observation]
) -> Iterator[Member | Skipped | Reading]:
    """Members as they come. Of a broken archive, those before the break."""
    notes: list[str] = []
    count = 0
    try:
        with tarfile.open(
            fileobj=cast(Any, stream), mode="r|", encoding="utf-8", errors="surrogateescape"
        ) as archive:
            for info in archive:
                archive.members = []  # type: ignore[attr-defined]
                if count >= MOST_MEMBERS:
                    notes.append(f"more than {MOST_MEMBERS:,} members: the rest is not taken out")
                    break
                one = _member(source, archive, info)
                if one:
                    count += 1
                    yield one
    except MemoryError:
        notes.append("what it states of a member is too long to be read: the rest is not taken out")
    except _BROKEN as wrong:
        notes.append(f"it breaks off or is damaged after {count} members{_reason(wrong)}")
    counted = Observation("archive", "members", str(count), count)
    yield _reading(WHY_NONE, [*observed, counted], tuple(notes))


def _reason(wrong: BaseException) -> str:
    return f": {wrong.reason}" if isinstance(wrong, BadMember) else ""


def _member(source: Source, archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member | Skipped | None:
    raw = info.name.encode("utf-8", "surrogateescape")
    name = Names([raw], source.encoding).text(raw)
    if info.isdir():
        return None
    if info.type in _SPECIAL:
        return Skipped(name, _SPECIAL[info.type])
    if not info.isfile():
        return Skipped(name, "it is of a kind that is not read here")
    if info.size > allowed(source.size):
        return Skipped(name, f"it would unpack to {size_said(info.size)}, from {size_said(source.size)}")
    file = archive.extractfile(info)
    if file is None:
        return Skipped(name, "it cannot be read")
    about = {"modified_utc": _utc(info.mtime)} | stated_bytes(raw)
    return Member(name, _content(file, info.size), about=about)


def _content(file: Any, size: int) -> Iterator[bytes]:
    try:
        while size and (piece := file.read(min(size, PIECE_BYTES))):
            size -= len(piece)
            yield piece
    except _BROKEN as wrong:
        raise BadMember(f"it is damaged or breaks off{_reason(wrong)}") from None
    if size:
        raise BadMember("it breaks off before its end")
