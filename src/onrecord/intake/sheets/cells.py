"""The cells of a sheet's layer: where each stands, what it shows and what the file keeps for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text[start:end]` is what it shows, in code points; `raw` is what is kept for it, the same where nothing differs."""

    address: str
    start: int
    end: int
    shown: str
    raw: str


def cells_of(text: str, segment: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells of a segment of kind "row" in a layer, empty ones between too; none for a segment of another kind."""
    if segment.get("kind") != "row" or "row" not in segment:
        return
    raw, number = segment.get("raw") or {}, segment["row"]
    start = segment["start"]
    for place, shown in enumerate(text[start : segment["end"]].split("\t")):
        letters = letters_of(place)
        yield Cell(f"{letters}{number}", start, start + len(shown), shown, raw.get(letters, shown))
        start += len(shown) + 1


@lru_cache(maxsize=20_000)
def letters_of(place: int) -> str:
    """The letters of a column by its place from 0: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


@lru_cache(maxsize=20_000)
def place_of(letters: str) -> int:
    """The place from 0 of a column by its letters, or -1 where they are none."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return -1
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1
