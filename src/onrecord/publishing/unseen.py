"""Texts in an original's file that its text layer does not show: the source of a page, what a camera wrote into a picture.

Whoever receives the whole file receives these as well, so names are looked for in them too.
"""

from __future__ import annotations

import base64
import codecs
import quopri
import re
from collections.abc import Iterator
from pathlib import Path

PICTURED = ("image", "audio", "video")
_TEXT = (
    "application/json",
    "application/jsonl",
    "application/geo+json",
    "application/x-subrip",
    "application/xml",
)

_LETTERS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_QUOTED = re.compile(rb"=[0-9A-Fa-f]{2}=[0-9A-Fa-f]{2}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{10,}")
_ENCODINGS = ("cp1256", "cp1255", "cp1252")
# In pictures and recordings, what was written beside them stands near one of the ends.
_NEAR_AN_END = 4 * 1024 * 1024
_RUNS = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){8,}")
# Letters of two bytes: Latin, Hebrew, Arabic. Three in a row hardly stand anywhere by chance.
_WIDE_RUNS = re.compile(
    rb"(?:[\x20-\x7e]\x00){6,}|(?:[\x20-\x7e]\x00|[\x90-\xff]\x05|[\x00-\xff]\x06){3,}", re.DOTALL
)


def is_text(media_type: str) -> bool:
    """Whether the file is nothing but text, so that all that stands in it can be looked through."""
    return media_type.startswith("text/") or media_type in _TEXT


def unseen_texts(path: Path, media_type: str) -> Iterator[str]:
    """What stands in the file besides its text layer, as far as it is written in letters."""
    if is_text(media_type):
        content = path.read_bytes()
        if media_type != "text/plain" or not _says_its_encoding(content):
            yield from _decoded(content)
        yield from _packed(content)
    elif media_type.partition("/")[0] in PICTURED:
        for part in _ends(path):
            yield "\n".join(run.decode("utf-8", "replace") for run in _RUNS.findall(part))
            yield "\n".join(run.decode("utf-16-le", "replace") for run in _WIDE_RUNS.findall(part))


def _packed(content: bytes) -> Iterator[str]:
    """What stands in a text in the signs of mails and address cards: =D7=93 and MTcwNQ==, read as letters."""
    if _QUOTED.search(content):
        yield from _decoded(quopri.decodestring(content))
    for run in _BASE64.findall(content):
        try:
            yield base64.b64decode(run + b"=" * (-len(run) % 4)).decode("utf-8")
        except ValueError:
            continue


def _says_its_encoding(content: bytes) -> bool:
    """Whether there is one way to read it, so that a plain text is what its layer shows."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.startswith(_LETTERS)
    return True


def _decoded(content: bytes) -> Iterator[str]:
    """The file in its encoding; in each of several where it does not say which it is in."""
    if content.startswith(_LETTERS):
        yield content.decode("utf-16", "replace")
        return
    try:
        yield content.decode("utf-8")
    except UnicodeDecodeError:
        yield from (content.decode(encoding, "replace") for encoding in _ENCODINGS)


def _ends(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield file.read(_NEAR_AN_END)
        rest = path.stat().st_size - file.tell()
        if rest > 0:
            file.seek(max(file.tell(), path.stat().st_size - _NEAR_AN_END))
            yield file.read()
