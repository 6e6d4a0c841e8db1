"""The names of members as text: shown and kept, never used as paths, and their bytes kept where they are not UTF-8."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Sequence
from urllib.parse import quote_from_bytes

from onrecord.intake.archives.bounds import LONGEST_NAME
from onrecord.intake.archives.directory import Entry, fields
from onrecord.intake.encoding import decode

codecs.lookup("cp437")  # Where this is needed, nothing can be loaded later.
_UNICODE_PATH = 0x7075
_PLAIN_BYTES = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
# The Hebrew letters of DOS stand where the western one has single accented letters, which no word is made of.
_HEBREW_OF_DOS = re.compile(rb"[\x80-\x9a]{3}")
_SAMPLE_NAMES = 2_000


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def as_name(text: str) -> str:
    """A name without what no text may hold, and not longer than any system knows."""
    kept = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return kept[:LONGEST_NAME] or "unnamed"


def stated_bytes(raw: bytes) -> dict[str, str]:
    """What a member says of its name besides, where its bytes are not UTF-8: they themselves, percent-escaped."""
    kept = is_utf8(raw) and b"\0" not in raw and len(raw) <= LONGEST_NAME
    return {} if kept else {"name_bytes": quote_from_bytes(raw[:LONGEST_NAME], safe=_PLAIN_BYTES)}


class Names:
    """The names of one archive. Those that do not say their encoding are told from all of them together."""

    def __init__(self, raw_names: Sequence[bytes], chosen: str | None = None) -> None:
        untold = [raw for raw in raw_names if not is_utf8(raw)]
        self.notes: tuple[str, ...] = ()
        self._encoding: str | None = None
        if untold:
            self._encoding, said = _told(b"\n".join(untold[:_SAMPLE_NAMES]), chosen)
            self.notes = (f"names of files inside: {said}",)

    def text(self, raw: bytes) -> str:
        if is_utf8(raw):
            return as_name(raw.decode("utf-8"))
        decoded = decode(raw, chosen=self._encoding).text if self._encoding else None
        return as_name(raw.decode("cp437") if decoded is None else decoded)


def _told(sample: bytes, chosen: str | None) -> tuple[str | None, str]:
    if not chosen and _HEBREW_OF_DOS.search(sample) and not re.search(rb"[\x9b-\xff]", sample):
        return "ibm862", "the archive does not say their encoding; by their letters it is ibm862"
    decoded = decode(sample, chosen=chosen)
    if decoded.encoding is None:
        return None, "no encoding fits them, and they are read as that of western DOS (cp437)"
    said = "; ".join(decoded.notes) or f"they are read as {decoded.encoding}"
    return decoded.encoding, said.replace(
        "the file does not say its encoding", "they do not say their encoding"
    )


def raw_name(entry: Entry) -> bytes:
    """The name of a member of a ZIP in bytes: the field for Unicode, where it belongs to the name, else the name."""
    field = fields(entry.extra).get(_UNICODE_PATH, b"")
    if field[:1] == b"\x01" and int.from_bytes(field[1:5], "little") == zlib.crc32(entry.name):
        return field[5:]
    return entry.name
