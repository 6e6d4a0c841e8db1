"""The cues of a subtitle file: when each is shown, and its words without the marks that only style them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from onrecord.intake.observed import decimal_text

_CLOCK = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[,.](\d{1,6}))?"
_TIMING = re.compile(rf"[^\S\n]*{_CLOCK}[^\S\n]*-->[^\S\n]*{_CLOCK}(.*)")
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)(?:\s.*)?")
_MARK = re.compile(r"<(/?)([a-z]+|\d[\d:.]*)([^<>]{0,300})>|\{\\[^{}\n]{0,100}\}", re.IGNORECASE)
_STYLES = {"b", "i", "u", "s", "c", "font", "ruby", "rt", "lang", "v"}
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&lrm;": "\u200e", "&rlm;": "\u200f"}
_ENTITY = re.compile("|".join(_ENTITIES))


@dataclass(slots=True)
class Cue:
    """`start` and `end` are seconds as decimal text; `lines` are its words as they stand, with their marks."""

    start: str
    end: str
    written: str
    id: str | None
    settings: bool
    lines: list[str] = field(default_factory=list)

    @property
    def forward(self) -> bool:
        return seconds(self.start) <= seconds(self.end)


@dataclass(slots=True)
class Cues:
    """What a file holds: its cues in its own order, the lines of its head, and how many lines stand in neither."""

    cues: list[Cue] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)


def seconds(text: str) -> float:
    return float(text)


def read_cues(text: str, vtt: bool) -> Cues:
    """The cues of a text with LF line ends. A cue begins at its times, so that missing blank lines do no harm."""
    lines = text.split("\n")
    timings = [_TIMING.fullmatch(line) for line in lines]
    found = Cues()
    state, cue = "head", None
    for number, line in enumerate(lines):
        timing = timings[number]
        if timing:
            cue = _begun(timing, _id(lines, number, vtt))
            found.cues.append(cue)
            state = "cue"
        elif vtt and number and not lines[number - 1].strip() and (aside := _ASIDE.fullmatch(line)):
            state = aside[1]
            found.aside[state] += 1
        elif vtt and not line.strip():
            state = state if state == "head" and not found.head else "between"
        elif _is_id(lines, timings, number, vtt):
            continue
        elif state == "cue" and cue is not None:
            cue.lines.append(line)
        elif line.strip():
            _stray(found, state, line)
    return found


def _stray(found: Cues, state: str, line: str) -> None:
    if state == "head":
        found.head.append(line)
    elif state == "between":
        found.aside["lines outside any cue"] += 1


def _begun(timing: re.Match[str], name: str | None) -> Cue:
    start, end = _decimal(*timing.groups()[:4]), _decimal(*timing.groups()[4:8])
    written = timing[0][: timing.start(9)].strip()
    return Cue(start, end, written, name, bool(timing[9].strip()))


def _decimal(hours: str | None, minutes: str, rest: str, fraction: str | None) -> str:
    whole = 3600 * int(hours or 0) + 60 * int(minutes) + int(rest)
    digits = fraction or "0"
    return decimal_text(whole * 10 ** len(digits) + int(digits), 10 ** len(digits))


def _id(lines: list[str], number: int, vtt: bool) -> str | None:
    """The line above the times, where it is a number, or stands alone in a VTT file."""
    above = lines[number - 1].strip() if number else ""
    alone = vtt and number > 1 and not lines[number - 2].strip()
    return above if above and (above.isdigit() or alone) else None


def _is_id(lines: list[str], timings: list[re.Match[str] | None], number: int, vtt: bool) -> bool:
    ahead = number + 1 < len(lines) and timings[number + 1] is not None
    return bool(ahead) and _id(lines, number + 1, vtt) is not None


def spoken(cue: Cue, vtt: bool, left_out: Counter[str]) -> Iterator[tuple[str | None, str]]:
    """The words of a cue without its marks, each run with the voice it is given to. `left_out` counts the marks."""
    text = "\n".join(cue.lines).strip("\n")
    voice: str | None = None
    at, run = 0, ""
    for mark in _MARK.finditer(text):
        name = (mark[2] or "").lower()
        if mark[2] and name not in _STYLES and not name[0].isdigit():
            continue
        run += text[at : mark.start()]
        at = mark.end()
        if name == "v" and not mark[1]:
            yield voice, _words(run, vtt)
            voice, run = _named(mark[3], vtt), ""
        elif name == "v":
            yield voice, _words(run, vtt)
            voice, run = None, ""
        left_out["voice marks" if name == "v" else "styling marks"] += 1
    yield voice, _words(run + text[at:], vtt)


def _named(annotation: str, vtt: bool) -> str | None:
    """`<v.loud Name>`: classes first, and then the name as written."""
    _, _, name = annotation.partition(" ")
    return _words(name, vtt).strip() or None


def _words(text: str, vtt: bool) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], text) if vtt else text
