"""The font faces a page needs, embedded, so that no page asks the network or the reader's machine for one."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "fonts"

Voice = Literal["serif", "sans"]
_BOLD = {"h1", "h2", "h3", "h4", "strong"}
_ITALIC = {"em"}
_VOID = {"meta", "link", "br", "hr", "input", "img", "wbr"}


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: a cut of a family for one script. `range` is CSS `unicode-range`."""

    family: str
    voice: Voice
    subset: str
    weight: int
    style: str
    range: str
    file: str

    def covers(self, letters: set[str]) -> bool:
        spans = [part.removeprefix("U+").split("-") for part in self.range.replace(" ", "").split(",")]
        bounds = [(int(span[0], 16), int(span[-1], 16)) for span in spans]
        return any(low <= ord(letter) <= high for letter in letters for low, high in bounds)


Cut = tuple[Voice, int, str]


def font_css(markup: str, folder: Path = FOLDER) -> str:
    """The `@font-face` rules for what stands in the markup; nothing where the fonts were not built in."""
    listed = folder / "faces.json"
    if not listed.is_file():
        return ""
    faces = [Face(**face) for face in json.loads(listed.read_text(encoding="utf-8"))]
    letters = _letters(markup)
    return "\n".join(_rule(face, folder) for face in faces if _needed(face, letters))


def _needed(face: Face, letters: dict[Cut, set[str]]) -> bool:
    return face.covers(letters.get((face.voice, face.weight, face.style), set()))


def _rule(face: Face, folder: Path) -> str:
    data = base64.b64encode((folder / face.file).read_bytes()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style};'
        f" font-display: block; unicode-range: {face.range};"
        f' src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
    )


def _letters(markup: str) -> dict[Cut, set[str]]:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.letters


class _Reader(HTMLParser):
    """Collects the letters set in each voice and cut. Classes mean what they do in the style sheet:
    `words` is the serif, `regular` takes the weight off a heading."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: dict[Cut, set[str]] = {}
        self._open: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append((tag, (dict(attrs).get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self._open}
        if tags & {"style", "script"}:
            return
        classes = {name for _, names in self._open for name in names}
        voice: Voice = "serif" if "words" in classes else "sans"
        if "regular" in classes:
            tags -= _BOLD
        letters = {letter for letter in data if letter.isalnum()}
        for weight, style in _cuts(tags):
            self.letters.setdefault((voice, weight, style), set()).update(letters)


def _cuts(tags: set[str]) -> list[tuple[int, str]]:
    """Emphasis is italic in Latin and bold in scripts that have no italic, so it may need either."""
    if tags & _ITALIC:
        return [(400, "italic"), (600, "normal")]
    return [(600, "normal")] if tags & _BOLD else [(400, "normal")]
