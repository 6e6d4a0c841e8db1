"""The direction in which a text is set and the script most of it is in."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]
Script = Literal["latin", "arabic", "hebrew", "other"]

_LETTERS = re.compile(r"[^\W\d_]+")
_RUNS: dict[Script, re.Pattern[str]] = {
    "latin": re.compile("[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿﬀ-ﬆＡ-Ｚａ-ｚ]+"),
    "arabic": re.compile("[ء-غف-يٮ-ۓەۮۯۺ-ۿݐ-ݿࢠ-ࣉﭐ-ﯻﰀ-﷼ﹰ-ﻼ]+"),
    "hebrew": re.compile("[\u05d0-\u05ea\u05ef-\u05f2\ufb1d-\ufb4f]+"),
}


def direction(text: str) -> Direction:
    """The direction of the first strong character outside isolates (UAX #9, rules P2 and P3); else left to right."""
    isolates = 0
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("LRI", "RLI", "FSI"):
            isolates += 1
        elif kind == "PDI":
            isolates = max(0, isolates - 1)
        elif isolates == 0 and kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def script(text: str) -> Script:
    """The script that most letters of a text are in; "other" if it has none."""
    counts: dict[Script, int] = {name: _count(run, text) for name, run in _RUNS.items()}
    counts["other"] = _count(_LETTERS, text) - sum(counts.values())
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] > 0 else "other"


def _count(runs: re.Pattern[str], text: str) -> int:
    return sum(map(len, runs.findall(text)))
