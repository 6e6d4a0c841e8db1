"""A mailbox: many mails in one file, each after a line that begins with "From ".

Mails come out with their bytes as they stand between those lines: the blank line before the next one, and a ">" that a
program set before "From " inside a mail, stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from onrecord.intake.messages.transfer import pieces
from onrecord.intake.reading import Member, Reading, Skipped, Source

ENGINE, VERSION = "onrecord mailbox", "1"
MOST_MAILS = 100_000
LONGEST_LINE = 1_000
_PIECE_BYTES = 1 << 20
_OVERLAP = 2 * LONGEST_LINE + 8
_LINE = rb"From( [^\r\n]{0,1000})?\r?\n(?=>?From |[!-9;-~]{1,100}:)"
_BEGIN = re.compile(_LINE)
_NEXT = re.compile(rb"\n" + _LINE)
_DATED = re.compile(
    rb"\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]?[0-9] [0-9]{2}:[0-9]{2}(?::[0-9]{2})?\b.* [0-9]{4}\b"
)
_HOUR = re.compile(rb"[0-9]{1,2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Separator:
    """A line that begins with "From ": where it begins, where the mail after it begins, and what it says."""

    start: int
    end: int
    says: str


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    number, before, cut = 0, None, False
    for separator in separators(source.file, source.size):
        if before is not None:
            number += 1
            yield _mail(source.file, before, separator.start, number)
        before = separator
        if number >= MOST_MAILS:
            cut = True
            break
    if before is not None and not cut:
        number += 1
        yield _mail(source.file, before, source.size, number)
    yield _reading(number, cut)


def _mail(file: BinaryIO, before: Separator, end: int, number: int) -> Member:
    about = {"from_line": before.says}
    return Member(f"message-{number}.eml", pieces(file, before.end, end), "message/rfc822", about)


def _reading(number: int, cut: bool) -> Reading:
    mails = "1 message" if number == 1 else f"{number:,} messages"
    why = (
        f"a mailbox with {mails}; each is an original of its own" if number else "a mailbox without messages"
    )
    notes = (f"it has more than {MOST_MAILS:,} messages: the rest is not taken out",) if cut else ()
    return Reading(None, ENGINE, VERSION, notes=notes, why_none=why)


def separators(file: BinaryIO, size: int) -> Iterator[Separator]:
    """Lines that begin a mail: after an empty line, or with a day and hour; and a header follows."""
    at, ahead = 0, b""
    while at < size:
        file.seek(at)
        piece = file.read(min(_PIECE_BYTES, size - at))
        if not piece:
            return
        searched, begins = ahead + piece, at - len(ahead)
        is_end = at + len(piece) >= size
        if at == 0 and (first := _BEGIN.match(searched)):
            yield _separator(first, 0, 0)
        done = 0
        for found in _NEXT.finditer(searched):
            if not is_end and found.end() > len(searched) - 128:
                break
            done = found.end() - 1
            if _parts_mails(found, searched):
                yield _separator(found, begins, 1)
        keep = min(len(searched) - done, _OVERLAP)
        at, ahead = at + len(piece), searched[len(searched) - keep :]


def _parts_mails(found: re.Match[bytes], searched: bytes) -> bool:
    says = (found[1] or b"").strip()
    if _DATED.search(says):
        return True
    before = searched[max(0, found.start() - 2) : found.start()]
    after_empty_line = before[-1:] == b"\n" or before == b"\n\r"
    return after_empty_line and (says in (b"", b"-") or bool(_HOUR.search(says)))


def _separator(found: re.Match[bytes], begins: int, shift: int) -> Separator:
    says = (found[1] or b"").decode("utf-8", "replace").replace("\0", "\ufffd").strip()
    return Separator(begins + found.start() + shift, begins + found.end(), says[:500])
