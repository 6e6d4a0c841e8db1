"""7z archives, unpacked by py7zr: its parts that list and decompress, never those that write files or start threads."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Any

from onrecord.intake.archives.bounds import MOST_MEMBERS, Allowance, too_much
from onrecord.intake.archives.broken import BadMember
from onrecord.intake.archives.naming import as_name
from onrecord.intake.archives.streams import LARGEST_DICTIONARY, PIECE_BYTES
from onrecord.intake.reading import Member, Observation, Reading, Skipped, Source

try:
    # The cipher's mode is loaded late otherwise, when no file can be opened any more.
    import Cryptodome.Cipher._mode_cbc  # noqa: F401
    import py7zr
except ImportError:
    py7zr = None  # type: ignore[assignment]

ENGINE = "py7zr"
VERSION = py7zr.__version__ if py7zr else "none"
WHY_NONE = "an archive: its members are originals of their own"
_ABSENT = "the part of Onrecord that unpacks 7z is not installed: pip install onrecord[sevenzip]"
_LOCKED = "it is locked with a password"
_WRONG = "the password given does not open it"
_LZMA, _LZMA2 = b"\x03\x01\x01", b"\x21"


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    if py7zr is None:
        yield _reading(_ABSENT)
        return
    try:
        archive = py7zr.SevenZipFile(source.file, "r", password=source.password)
    except py7zr.PasswordRequired:
        yield _reading(_LOCKED)
        return
    except MemoryError:
        yield _reading(WHY_NONE, "the list of its members is too long to be read")
        return
    except Exception:  # Its parser answers bad bytes with errors of many kinds.
        why = _WRONG if source.password else WHY_NONE
        yield _reading(why, "the list of its members is damaged or missing")
        return
    yield from _members(source, archive)


def _reading(why: str, *notes: str, observed: tuple[Observation, ...] = ()) -> Reading:
    return Reading(None, ENGINE, VERSION, why_none=why, notes=notes, observations=observed)


def _members(source: Source, archive: Any) -> Iterator[Member | Skipped | Reading]:
    files = list(archive.files)
    observed = (Observation("archive", "members", str(len(files)), len(files)),)
    bomb = too_much(sum(one.uncompressed or 0 for one in files), source.size)
    if bomb:
        yield Skipped(source.name, bomb)
        yield _reading(WHY_NONE, bomb, observed=observed)
        return
    notes: tuple[str, ...] = ()
    if len(files) > MOST_MEMBERS:
        notes = (f"more than {MOST_MEMBERS:,} members: the rest is not taken out",)
    yield from _empty_ones(files)
    yield from chain.from_iterable(_blocks(source, archive))
    yield _reading(WHY_NONE, *notes, observed=observed)


def _empty_ones(files: list[Any]) -> Iterator[Member | Skipped]:
    for one in files[:MOST_MEMBERS]:
        if one.emptystream and not one.is_directory:
            yield Member(_name(one), iter(()), about=_about(one))


def _blocks(source: Source, archive: Any) -> Iterator[Iterator[Member | Skipped]]:
    """The members of each solid block, which are unpacked one after the other."""
    streams = getattr(archive.header, "main_streams", None)
    if streams is None:
        return
    allowance, left = Allowance(source.size), MOST_MEMBERS
    for block, begins in zip(streams.unpackinfo.folders, _places(archive, streams), strict=False):
        files = list(block.files or ())[: max(0, left)]
        left -= len(files)
        yield _Block(source, block, files, *begins).members(allowance)


def _places(archive: Any, streams: Any) -> Iterator[tuple[int, int]]:
    """Where each block begins and how long it is. A block of several streams has the sum of them."""
    sizes, at = list(streams.packinfo.packsizes), archive.afterheader + streams.packinfo.packpos
    for block in streams.unpackinfo.folders:
        count = max(1, len(block.packed_indices))
        length = sum(sizes[:count])
        yield at, length
        at, sizes = at + length, sizes[count:]


class _Block:
    def __init__(self, source: Source, block: Any, files: list[Any], begins: int, length: int) -> None:
        self._source, self._block, self._files = source, block, files
        self._at, self._length = begins, length
        self._decompressor: Any = None
        self._broken: str | None = None

    def members(self, allowance: Allowance) -> Iterator[Member | Skipped]:
        why = self._why_not()
        for one in self._files:
            if one.is_directory or one.emptystream:
                continue
            if why or self._broken:
                yield Skipped(_name(one), why or self._broken or "")
            elif special := _special(one):
                self._pass_over(one)
                yield Skipped(_name(one), special)
            else:
                yield Member(_name(one), allowance.counted(self._content(one)), about=_about(one))

    def _why_not(self) -> str | None:
        if any(_dictionary(coder) > LARGEST_DICTIONARY for coder in self._block.coders):
            return "unpacking it would take too much memory"
        try:
            self._decompressor = self._block.get_decompressor(self._length)
        except py7zr.PasswordRequired:
            return _LOCKED
        except py7zr.UnsupportedCompressionMethodError:
            return "it is packed in a way that is not read here"
        except MemoryError:
            return "unpacking it would take too much memory"
        except Exception:  # As above: whatever the settings of a block make of it.
            return "it is damaged and cannot be unpacked"
        return None

    def _content(self, one: Any) -> Iterator[bytes]:
        checksum = 0
        for piece in self._pieces(one.uncompressed):
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if one.crc32 is not None and checksum != one.crc32:
            raise BadMember(self._why_wrong("it is damaged: its checksum is wrong"))

    def _pieces(self, left: int) -> Iterator[bytes]:
        file = self._source.file
        while left > 0:
            file.seek(self._at)
            try:
                piece = bytes(self._decompressor.decompress(file, min(left, PIECE_BYTES)))
            except Exception:  # As above.
                raise BadMember(
                    self._ended(self._why_wrong("it is damaged and cannot be unpacked"))
                ) from None
            if not piece and file.tell() == self._at:
                raise BadMember(self._ended("it breaks off before its end"))
            self._at = file.tell()
            left -= len(piece)
            if piece:
                yield piece

    def _pass_over(self, one: Any) -> None:
        try:
            for _ in self._pieces(one.uncompressed):
                pass
        except BadMember:
            pass  # What follows in this block is told so.

    def _why_wrong(self, reason: str) -> str:
        locked = any(coder["method"] == b"\x06\xf1\x07\x01" for coder in self._block.coders)
        return _WRONG if locked else reason

    def _ended(self, reason: str) -> str:
        self._broken = self._broken or "it lies behind a member that is damaged"
        return reason


def _dictionary(coder: dict[str, Any]) -> int:
    """How much memory unpacking takes, as the settings of LZMA and LZMA2 state it."""
    settings = coder.get("properties") or b""
    if coder["method"] == _LZMA and len(settings) >= 5:
        return int.from_bytes(settings[1:5], "little")
    if coder["method"] == _LZMA2 and settings:
        bits = settings[0] & 63
        return (2 | bits & 1) << (bits // 2 + 11)
    return 0


def _special(one: Any) -> str | None:
    if one.is_symlink or one.is_junction:
        return "it is a link"
    kind = one.st_fmt
    if kind and not stat.S_ISREG(kind):
        return "it is not a file but a pipe, device or socket"
    return None


def _name(one: Any) -> str:
    return as_name(one.filename)


def _about(one: Any) -> dict[str, str]:
    try:
        return {"modified_utc": one.lastwritetime.as_datetime().strftime("%Y-%m-%dT%H:%M:%SZ")}
    except (AttributeError, ValueError, OverflowError, OSError):
        return {}
