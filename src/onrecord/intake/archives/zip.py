"""ZIP archives: the members that the list at the end names, or, where it is missing, those found from the beginning."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from onrecord.intake.archives.bounds import MOST_MEMBERS, Allowance, size_said, too_much
from onrecord.intake.archives.broken import BadMember
from onrecord.intake.archives.directory import Directory, Entry, fields, find_directory
from onrecord.intake.archives.locked import Opener, has_checksum, real_method
from onrecord.intake.archives.naming import Names, raw_name, stated_bytes
from onrecord.intake.archives.packing import METHODS, unpacked_by
from onrecord.intake.archives.salvage import salvage
from onrecord.intake.archives.streams import read_pieces
from onrecord.intake.encoding import decode
from onrecord.intake.reading import Member, Observation, Reading, Skipped, Source

ENGINE, VERSION = "onrecord zip", "1"
WHY_NONE = "an archive: its members are originals of their own"
_HEADER_SIZE = 30
_MADE_ON = {0: "DOS or Windows", 3: "Unix", 10: "Windows (NTFS)", 19: "macOS"}
_UNIX = (3, 19)
_STAMPED = 0x5455
_LOCKED = "it is locked with a password"


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    directory = find_directory(source.file, source.size)
    if directory is None:
        yield from salvage(source)
        yield _reading(("the list of its members is missing: it was cut off or damaged",), ())
        return
    names = Names([raw_name(one) for one in directory.entries], source.encoding)
    bomb = too_much(sum(one.size for one in directory.entries), source.size)
    if bomb:
        yield Skipped(source.name, bomb)
    else:
        yield from _members(source, directory, names)
    notes = (bomb,) if bomb else ()
    yield _reading((*notes, *_notes(directory), *names.notes), _observed(directory))


def _reading(notes: tuple[str, ...], observed: tuple[Observation, ...]) -> Reading:
    return Reading(None, ENGINE, VERSION, why_none=WHY_NONE, notes=notes, observations=observed)


def _notes(directory: Directory) -> Iterator[str]:
    if len(directory.entries) == MOST_MEMBERS and not directory.whole:
        yield f"more than {MOST_MEMBERS:,} members: the rest is not taken out"
    elif not directory.whole:
        yield "the list of its members breaks off: there may be more than it names"
    if directory.before:
        yield f"{size_said(directory.before)} stand before the archive, as in a program that unpacks itself"
    if directory.after:
        yield f"{size_said(directory.after)} stand after the archive"


def _observed(directory: Directory) -> tuple[Observation, ...]:
    """What the archive states of itself: how many members, its comment, and where it says it was made."""
    told = [Observation("archive", "members", str(len(directory.entries)), len(directory.entries))]
    if comment := decode(directory.comment).text:
        told.append(Observation("archive", "comment", _short(comment.replace("\0", "\ufffd"))))
    for system in sorted({one.system for one in directory.entries})[:10]:
        told.append(Observation("archive", "made on", _MADE_ON.get(system, f"system {system}")))
    return tuple(told)


def _short(text: str) -> str:
    return text if len(text) <= 2000 else text[:2000] + "…"


def _members(source: Source, directory: Directory, names: Names) -> Iterator[Member | Skipped]:
    """In the order of the list. Members that share bytes with one before are not taken: so bombs without size are made."""
    allowance = Allowance(source.size)
    covered = _overlapping(source, directory.entries)
    for place, entry in enumerate(directory.entries):
        if _is_folder(entry):
            continue
        name = names.text(raw_name(entry))
        why = "it lies over another member" if place in covered else _why_not(entry, source)
        if why:
            yield Skipped(name, why)
        else:
            yield Member(name, allowance.counted(_content(source, entry)), about=_about(entry))


def _overlapping(source: Source, entries: Iterable[Entry]) -> set[int]:
    """Which members begin within the bytes of another. A place where no member begins covers nothing."""
    end, covered = 0, set()
    for place, entry in sorted(enumerate(entries), key=lambda one: one[1].at):
        if entry.at < end:
            covered.add(place)
        if begins := _begins(source, entry):
            end = max(end, begins + entry.packed)
    return covered


def _is_folder(entry: Entry) -> bool:
    return entry.name.endswith((b"/", b"\\")) and entry.size == 0


def _why_not(entry: Entry, source: Source) -> str | None:
    mode = entry.attributes >> 16 if entry.system in _UNIX else 0
    if stat.S_ISLNK(mode):
        return "it is a link"
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "it is not a file but a pipe, device or socket"
    if real_method(entry) not in METHODS:
        return f"it is packed in a way that is not read here (method {real_method(entry)})"
    if entry.encrypted:
        return _why_locked(entry, source)
    return None


def _why_locked(entry: Entry, source: Source) -> str | None:
    if not source.password:
        return _LOCKED
    opener = Opener(entry, source.password.encode("utf-8"))
    header = b"".join(read_pieces(source.file, _begins(source, entry) or 0, opener.length))
    return None if opener.fits(header) else "the password given does not open it"


def _begins(source: Source, entry: Entry) -> int | None:
    """Where a member's bytes begin, behind its own header, or None where no header stands."""
    source.file.seek(min(entry.at, source.size))
    header = source.file.read(_HEADER_SIZE)
    if len(header) < _HEADER_SIZE or not header.startswith(b"PK\x03\x04"):
        return None
    named, more = struct.unpack("<HH", header[26:30])
    return entry.at + _HEADER_SIZE + int(named) + int(more)


def _content(source: Source, entry: Entry) -> Iterator[bytes]:
    """The bytes of a member. Raises `BadMember` where they are not what the list states."""
    begins = _begins(source, entry)
    if begins is None:
        raise BadMember("what the list says of its place is wrong: no file begins there")
    length, checksum = 0, 0
    packed = _packed(source, entry, begins)
    for piece in unpacked_by(real_method(entry), packed):
        length += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if length > entry.size:
            raise BadMember("it unpacks to more than the archive says")
        yield piece
    for _ in packed:  # A lock has its code of authenticity at the very end.
        pass
    if length < entry.size:
        raise BadMember("it breaks off before its end")
    if has_checksum(entry) and checksum != entry.crc:
        raise BadMember("it is damaged: its checksum is wrong")


def _packed(source: Source, entry: Entry, begins: int) -> Iterator[bytes]:
    if not entry.encrypted:
        return read_pieces(source.file, begins, entry.packed)
    opener = Opener(entry, (source.password or "").encode("utf-8"))
    header = b"".join(read_pieces(source.file, begins, opener.length))
    rest = read_pieces(source.file, begins + opener.length, max(0, entry.packed - opener.length))
    return opener.opened(header, rest)


def _about(entry: Entry) -> dict[str, str]:
    """When it was changed, as the archive states it: by a clock whose zone is not told, and in UTC where that is there."""
    day, time = entry.stamp
    told = {
        "modified": f"{1980 + (day >> 9)}-{day >> 5 & 15:02}-{day & 31:02}"
        f"T{time >> 11:02}:{time >> 5 & 63:02}:{(time & 31) * 2:02}"
    }
    stamp = fields(entry.extra).get(_STAMPED, b"")
    if len(stamp) >= 5 and stamp[0] & 1:
        seconds = int.from_bytes(stamp[1:5], "little", signed=True)
        told["modified_utc"] = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return told | stated_bytes(raw_name(entry))
