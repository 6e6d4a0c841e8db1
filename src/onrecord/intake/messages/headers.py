"""The headers of a mail, of a part of one, or of a saved page: each as its bytes stand, in order, and what it says.

The same lines stand at the head of mails, MIME parts, MHTML pages and web archive records.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from onrecord.intake.encoding import decode, known_label

MOST_HEADERS = 2_000
MOST_HEADER_BYTES = 1 << 20
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_FOLD = re.compile(r"[\r\n]+[ \t]*|\t")
_BLANK = re.compile(rb"(?:^|\n)\r?\n")
_ENVELOPE = re.compile(rb">?From ")
# Characters of a header's value that would begin another line, or another word's direction, in a layer of lines.
_BREAKS = re.compile("[\0-\x1f\x7f\x85\u2028\u2029]+")
_ENCODED = re.compile(
    r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bq])\?([^?\s]*)\?=", re.IGNORECASE | re.ASCII
)
_QUOTED_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_PARAMETER = re.compile(
    r""";\s*+([^\s=;"]{1,60}+)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^;"]*+))""", re.DOTALL | re.ASCII
)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
# Their bytes are all ASCII, or hold zeros, so that no other encoding can be told from them.
_TAKEN_AT_THEIR_WORD = frozenset({"iso-2022-jp", "utf-16le", "utf-16be", "utf-32le", "utf-32be"})


@dataclass(frozen=True, slots=True)
class Header:
    """One header, its value unfolded to one line and not decoded further. Bytes that are no UTF-8 were told by their letters."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Headers:
    """All headers of one block. `cut` says that there were more than are read."""

    all: tuple[Header, ...]
    body: int
    cut: bool = False

    def first(self, name: str) -> str:
        return next((one.value for one in self.all if one.name.lower() == name), "")

    def every(self, name: str) -> list[str]:
        return [one.value for one in self.all if one.name.lower() == name]


def read_headers(file: BinaryIO, start: int, end: int) -> Headers:
    """The header block from `start`; `body` is the place after its empty line, or where a line is no header."""
    file.seek(start)
    raw: list[tuple[bytes, bytearray]] = []
    at, first = start, True
    while at < end and at - start < MOST_HEADER_BYTES and len(raw) < MOST_HEADERS:
        line = file.readline(min(MOST_HEADER_BYTES, end - at))
        if not line.strip(b"\r\n"):
            return Headers(_decoded(raw), at + len(line))
        if line[:1] in b" \t" and raw:
            raw[-1][1].extend(line)
        elif name := _NAME.match(line):
            raw.append((name[1], bytearray(line[name.end() :])))
        elif not (first and _ENVELOPE.match(line)):
            return Headers(_decoded(raw), at)
        at, first = at + len(line), False
    return Headers(_decoded(raw), _after_blank_line(file, at, end), cut=at < end)


def _after_blank_line(file: BinaryIO, at: int, end: int) -> int:
    """Where the body begins, however long the headers are."""
    while at < end:
        file.seek(at)
        piece = file.read(min(1 << 20, end - at))
        if not piece:
            break
        if found := _BLANK.search(piece):
            return at + found.end()
        at += max(1, len(piece) - 3) if at + len(piece) < end else len(piece)
    return end


def _decoded(raw: Sequence[tuple[bytes, bytearray]]) -> tuple[Header, ...]:
    """Bytes that are no UTF-8 are told by the letters of all such headers together: one alone is too short for it."""
    bare = [bytes(value) for _, value in raw]
    others = b"\n".join(value for value in bare if not _is_utf8(value)).replace(b"\0", b" ")
    found = decode(others).encoding if others else None
    return tuple(
        Header(name.decode("ascii"), unfolded(_as_text(value, found)))
        for (name, _), value in zip(raw, bare, strict=True)
    )


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_text(value: bytes, encoding: str | None) -> str:
    if _is_utf8(value):
        return value.decode("utf-8")
    return decode(value, chosen=encoding or "latin-1").text or ""


def unfolded(value: str) -> str:
    return _FOLD.sub(" ", value.strip("\r\n\t ")).replace("\0", "\ufffd")


def shown(value: str) -> str:
    """A value as a person reads it: its encoded words (RFC 2047) decoded, on one line."""
    if "=?" not in value:
        return _on_one_line(value)
    out: list[str] = []
    waiting: list[tuple[str, bytes]] = []
    at = 0
    for word in _ENCODED.finditer(value):
        between = value[at : word.start()]
        if not (waiting and not between.strip()):
            out += (_words(waiting), between)
            waiting = []
        waiting.append((word[1].lower(), _word_bytes(word[2], word[3])))
        at = word.end()
    return _on_one_line("".join((*out, _words(waiting), value[at:])))


def _words(waiting: list[tuple[str, bytes]]) -> str:
    """Neighbouring words of one encoding are decoded together: programs cut characters between them."""
    text: list[str] = []
    place = 0
    while place < len(waiting):
        label, parts = waiting[place][0], []
        while place < len(waiting) and waiting[place][0] == label:
            parts.append(waiting[place][1])
            place += 1
        text.append(as_labelled(b"".join(parts), label))
    return "".join(text)


def as_labelled(content: bytes, label: str) -> str:
    """Characters by the encoding a header names; as UTF-8 where they are that, whatever it names."""
    name = known_label(label)
    if _is_utf8(content) and name not in _TAKEN_AT_THEIR_WORD:
        return content.decode("utf-8")
    # Not told by its letters, which takes long: a header may hold thousands of such words.
    return decode(content, chosen=name or "latin-1").text or ""


def _word_bytes(how: str, written: str) -> bytes:
    given = written.encode("utf-8", "replace")
    if how in "qQ":
        return _QUOTED_BYTE.sub(lambda two: bytes.fromhex(two[1].decode()), given.replace(b"_", b" "))
    from_base64 = given.rstrip(b"=")
    return unbase64(from_base64)


def unbase64(given: bytes) -> bytes:
    """What so much of base64 holds as can be read; a last lone letter holds nothing."""
    kept = given.translate(None, delete=_NOT_BASE64)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return a2b_base64(kept + b"=" * (-len(kept) % 4))


def _on_one_line(value: str) -> str:
    return _BREAKS.sub(" ", value.encode("utf-8", "replace").decode("utf-8")).strip()


def main_value(value: str) -> str:
    """What stands before the parameters, in lower case: `text/html` of a Content-Type."""
    return value.partition(";")[0].strip().lower()


def parameters(value: str) -> dict[str, str]:
    """The parameters of a header, continued and encoded ones (RFC 2231) put together; names in lower case."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name = match[1].lower()
        given = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3].strip()
        base, _, rest = name.partition("*")
        number = rest.removesuffix("*")
        if not rest and "*" not in name:
            found.setdefault(name, given)
        elif (number.isdigit() and len(number) < 4) or not number:
            pieces.setdefault(base, {}).setdefault(int(number or 0), (given, name.endswith("*")))
    return found | {name: _put_together(parts) for name, parts in pieces.items()}


def _put_together(parts: dict[int, tuple[str, bool]]) -> str:
    label, content = "", b""
    for number in sorted(parts):
        value, is_encoded = parts[number]
        if is_encoded and number == min(parts) and value.count("'") >= 2:
            label, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "replace")
        content += _PERCENT.sub(lambda two: bytes.fromhex(two[1].decode()), raw) if is_encoded else raw
    return as_labelled(content, label or "utf-8")
