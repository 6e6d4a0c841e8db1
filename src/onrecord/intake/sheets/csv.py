"""Sheets as plain text: cells between commas, semicolons, tabs or bars, each exactly as written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from onrecord.intake.encoding import Decoded, decode
from onrecord.intake.reading import LARGEST_TEXT_BYTES, Reading, Source
from onrecord.intake.sheets.rows import Rows

ENGINE, VERSION = "onrecord csv", "1"
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_NAMES = {sign: name for name, sign in DELIMITERS.items()}
_STATED = re.compile(r"sep=([,;\t|])(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_SAMPLE_CHARACTERS, _SAMPLE_ROWS = 256 * 1024, 500
_ZERO = "\0"


@dataclass(frozen=True, slots=True)
class Delimiter:
    """The sign between cells, "" where there is none, and what a person should know of how it was told."""

    sign: str
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return _NAMES.get(self.sign, "none")


def read(source: Source) -> Iterator[Reading]:
    """One row a segment. `pieces["delimiter"]` is the name of one that a person chose over what the rows look like."""
    content = source.file.read(LARGEST_TEXT_BYTES)
    cut = len(content) == LARGEST_TEXT_BYTES and source.size > LARGEST_TEXT_BYTES
    decoded = decode(content, chosen=source.encoding)
    del content
    if decoded.text is None:
        yield Reading(None, ENGINE, VERSION, why_none="; ".join(decoded.notes))
        return
    text, notes = _without_zeros(decoded.text)
    if cut:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
        notes += (f"it is larger than {LARGEST_TEXT_BYTES:,} bytes: the rest is not read",)
    stated = _STATED.match(text)
    delimiter = _delimiter(text, source, stated[1] if stated else None)
    yield _read_rows(text, stated.end() if stated else 0, delimiter, decoded, notes)


def _read_rows(
    text: str, start: int, delimiter: Delimiter, decoded: Decoded, notes: tuple[str, ...]
) -> Reading:
    rows, lengths = Rows(), Counter[int]()
    # The line that names the delimiter is no row, but it counts as one in every program that shows rows.
    for number, cells in enumerate(rows_of(text, delimiter.sign, start), 2 if start else 1):
        rows.add(number, cells)
        lengths[len(cells)] += 1
        if rows.full:
            notes += (f"it has too many rows: those from row {number:,} on are not read",)
            break
    notes = (*decoded.notes, *delimiter.notes, *notes, *_ragged(lengths))
    parameters = {"encoding": decoded.encoding or "", "delimiter": delimiter.name}
    why = None if rows.segments else "it has no cell with anything in it"
    layer = rows.text or None
    return Reading(layer, ENGINE, VERSION, parameters, rows.segments, decoded.encoding, notes, why)


def rows_of(text: str, sign: str, start: int = 0) -> Iterator[list[str]]:
    """The cells of each row, blank rows too.

    A cell is unwrapped only where it begins with a quotation mark and the mark that closes it stands right before a
    delimiter or a line end; every other mark is a character like any other, as in צה"ל.
    """
    cell = re.compile(_CELL.format(sign=re.escape(sign) if sign else "\0"))
    at, end = start, len(text)
    line_end = re.compile(r"\r\n|\r|\n")
    while at < end:
        found = line_end.search(text, at)
        stop, after = found.span() if found else (end, end)
        if text.find('"', at, stop) < 0:
            yield text[at:stop].split(sign) if sign else [text[at:stop]]
            at = after
        else:
            cells, at = _quoted_row(text, cell, sign, at)
            yield cells


_CELL = r'"((?:[^"]|"")*+)"(?=[{sign}\r\n]|\Z)|([^{sign}\r\n]*+)'


def _quoted_row(text: str, cell: re.Pattern[str], sign: str, at: int) -> tuple[list[str], int]:
    cells: list[str] = []
    while found := cell.match(text, at):
        quoted, plain = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if not sign or not text.startswith(sign, at):
            break
        at += 1
    return cells, at + 2 if text.startswith("\r\n", at) else at + 1


def _delimiter(text: str, source: Source, stated: str | None) -> Delimiter:
    chosen = source.pieces.get("delimiter")
    if chosen in DELIMITERS:
        return Delimiter(DELIMITERS[chosen])
    if stated:
        return Delimiter(stated, (f"its first line says that cells are parted by a {_NAMES[stated]}",))
    if source.media_type == "text/tab-separated-values" and "\t" in text:
        return Delimiter("\t")
    return _by_rows(text)


def _by_rows(text: str) -> Delimiter:
    """The sign that parts the most rows into equally many cells; others that part them as evenly are named."""
    sample = text[:_SAMPLE_CHARACTERS]
    evenness = {sign: _evenness(sample, sign) for sign in DELIMITERS.values() if sign in sample}
    fitting = sorted(
        (one for one in evenness if evenness[one] > (0.0, 0)), key=evenness.__getitem__, reverse=True
    )
    if not fitting:
        return Delimiter("", ("no comma, semicolon, tab or bar parts its rows: each line is one cell",))
    best, *others = fitting
    note = f"the file does not say what parts its cells; by its rows it is a {_NAMES[best]}"
    also = [_NAMES[one] for one in others if evenness[one][0] == evenness[best][0]]
    return Delimiter(best, (f"{note}, and a {' or a '.join(also)} would also fit" if also else note,))


def _evenness(sample: str, sign: str) -> tuple[float, int]:
    """The share of rows that have as many cells as most have, and that number; none where most have one."""
    lengths = Counter(len(cells) for cells in islice(rows_of(sample, sign), _SAMPLE_ROWS) if cells != [""])
    several = Counter({length: rows for length, rows in lengths.items() if length > 1})
    if not several:
        return 0.0, 0
    length, rows = max(several.items(), key=lambda one: (one[1], one[0]))
    return round(rows / lengths.total(), 1), length


def _without_zeros(text: str) -> tuple[str, tuple[str, ...]]:
    zeros = text.count(_ZERO)
    if not zeros:
        return text, ()
    places = (
        "1 place holds a zero character and stands"
        if zeros == 1
        else f"{zeros} places hold zero characters and stand"
    )
    return text.replace(_ZERO, "\ufffd"), (f"{places} as U+FFFD",)


def _ragged(lengths: Counter[int]) -> tuple[str, ...]:
    usual = max(lengths, key=lambda length: (lengths[length], length), default=0)
    other = sum(rows for length, rows in lengths.items() if length not in (usual, 1))
    if not other:
        return ()
    rows = "1 row has" if other == 1 else f"{other:,} rows have"
    return (f"most rows have {usual} cells; {rows} another number of them",)
