"""What an RTF file holds besides its text: what it states of itself, and the pictures and objects in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from onrecord.intake.office_properties import as_edtf
from onrecord.intake.reading import Observation

MOST_PICTURES, MOST_STATED = 1_000, 200
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]+")


@dataclass(slots=True)
class RtfBesides:
    """Gathered in the order of the file. `numbers` are those of a time being read, `picture` the kind of one."""

    observations: list[Observation] = field(default_factory=list)
    pictures: list[tuple[str, bytes]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    picture: str = "bin"

    def state(self, name: str, value: str, reads: str | None = None) -> None:
        value = value.strip()
        if value and len(self.observations) < MOST_STATED:
            value = value if len(value) <= 2_000 else value[:1_999] + "…"
            self.observations.append(Observation("RTF", name, value, reads))

    def state_time(self, name: str) -> None:
        numbers = self.numbers
        written = " ".join(f"{unit}{number}" for unit, number in numbers.items())
        year, month, day = (numbers.get(unit, 0) for unit in ("yr", "mo", "dy"))
        clock = f"T{numbers['hr']:02d}:{numbers.get('min', 0):02d}" if "hr" in numbers else ""
        second = f":{numbers['sec']:02d}" if clock and "sec" in numbers else ""
        self.state(name, written, as_edtf(f"{year:04d}-{month:02d}-{day:02d}{clock}{second}"))

    def keep_picture(self, held: list[bytes], place: str) -> None:
        digits = _NOT_HEX.sub(b"", b"".join(held))
        content = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
        if content and len(self.pictures) < MOST_PICTURES:
            number = len(self.pictures) + 1
            name = f"picture {number}.{self.picture}" if place == "pict" else f"object {number}.ole"
            self.pictures.append((name, content))
        self.picture = "bin"
