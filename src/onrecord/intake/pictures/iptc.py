"""What a desk or an agency wrote into a picture: captions, names, places (IPTC, information interchange model, record 2)."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.intake.encoding import decode
from onrecord.intake.observed import observation
from onrecord.intake.reading import Observation

OF = "IPTC"
_NAMES = {
    5: "ObjectName",
    7: "EditStatus",
    10: "Urgency",
    15: "Category",
    20: "SupplementalCategories",
    25: "Keywords",
    30: "ReleaseDate",
    35: "ReleaseTime",
    40: "SpecialInstructions",
    55: "DateCreated",
    60: "TimeCreated",
    62: "DigitalCreationDate",
    63: "DigitalCreationTime",
    65: "OriginatingProgram",
    80: "By-line",
    85: "By-lineTitle",
    90: "City",
    92: "Sub-location",
    95: "Province-State",
    100: "CountryCode",
    101: "CountryName",
    103: "OriginalTransmissionReference",
    105: "Headline",
    110: "Credit",
    115: "Source",
    116: "CopyrightNotice",
    118: "Contact",
    120: "Caption-Abstract",
    122: "Writer-Editor",
}
_UTF_8 = b"\x1b%G"
_ENVELOPE, _APPLICATION, _CHARACTERS = 1, 2, 90


def iptc_observations(block: bytes) -> Iterator[Observation]:
    """Each dataset under its standard name; it ends where the block is broken."""
    chosen = None
    for record, dataset, value in _datasets(block):
        if (record, dataset) == (_ENVELOPE, _CHARACTERS) and value.startswith(_UTF_8):
            chosen = "utf-8"
        if record == _APPLICATION and dataset in _NAMES:
            text = decode(value, chosen=chosen).text
            yield observation(OF, _NAMES[dataset], text if text is not None else f"{len(value)} bytes")


def _datasets(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while block[at : at + 1] == b"\x1c" and at + 5 <= len(block):
        length = int.from_bytes(block[at + 3 : at + 5], "big")
        if length & 0x8000 or at + 5 + length > len(block):
            return
        yield block[at + 1], block[at + 2], block[at + 5 : at + 5 + length]
        at += 5 + length
