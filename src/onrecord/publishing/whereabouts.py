"""Where a passage stands in its original, in plain words: a page, a cell, a message, a second, a paragraph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from onrecord.intake.sheets.cells import cells_of
from onrecord.publishing.page.messages import Messages
from onrecord.publishing.parts import Parts

Fields = Mapping[str, Any]
Aside = Callable[[Any], str | None]
_MINUTE = 60


def whereabouts(
    passage: Fields, parts: Parts, text: Callable[[str], str], aside: Aside, words: Messages
) -> str | None:
    """The place as a reader would look for it; None where nothing is known. `aside` lets a sheet's name through, or not."""
    layer, start, end = str(passage.get("layer") or ""), passage.get("start"), passage.get("end")
    met: Sequence[Fields] = ()
    if layer and isinstance(start, int) and isinstance(end, int):
        met = parts.met(layer, start, end)
        if met and met[0].get("kind") == "row":
            return _cells(text(layer), met, (start, end), aside, words)
    said = [*_page(passage, met, words), *_time(passage, met, words)]
    if not said:
        said = [*_part(layer, met, parts, words), *_alone(passage, aside, words)]
    return words.plain("comma").join(said) or None


def _page(passage: Fields, met: Sequence[Fields], words: Messages) -> Iterator[str]:
    pages = [page for one in (passage, *met) if isinstance(page := one.get("page"), int)]
    if pages and min(pages) < max(pages):
        yield words.plain("place.pages", page=min(pages), last=max(pages))
    elif pages:
        yield words.plain("place.page", page=pages[0])


def _time(passage: Fields, met: Sequence[Fields], words: Messages) -> Iterator[str]:
    ends = [said for one in (passage, *met) if isinstance(said := one.get("seconds"), list)]
    if ends:
        begin, end = (_clock(str(second)) for second in (ends[0][0], ends[-1][1]))
        yield words.plain("place.seconds", begin=begin, end=end)


def _clock(seconds: str) -> str:
    """Minutes and seconds, as a player shows them."""
    try:
        minutes, rest = divmod(Decimal(seconds), _MINUTE)
    except InvalidOperation:
        return seconds
    whole, dot, part = f"{rest:f}".partition(".")
    return f"{int(minutes)}:{whole:0>2}" + (dot + part.rstrip("0") if part.strip("0") else "")


def _cells(text: str, met: Sequence[Fields], span: tuple[int, int], aside: Aside, words: Messages) -> str:
    start, end = span
    held = [
        cell.address for row in met for cell in cells_of(text, row) if cell.start < end and start < cell.end
    ]
    sheet = aside(met[0].get("sheet"))
    said = [words.plain("place.sheet", sheet=sheet)] if sheet else []
    if len(held) > 1:
        said.append(words.plain("place.cells", cell=held[0], last=held[-1]))
    elif held:
        said.append(words.plain("place.cell", cell=held[0]))
    return words.plain("comma").join(said)


def _part(layer: str, met: Sequence[Fields], parts: Parts, words: Messages) -> Iterator[str]:
    if not met:
        return
    kind = met[0].get("kind")
    if kind == "header":
        yield words.plain("place.header")
    else:
        known = "message" if kind == "message" else "paragraph"
        yield words.plain(f"place.{known}", number=parts.number(layer, int(met[0]["start"]), kind))


def _alone(passage: Fields, aside: Aside, words: Messages) -> Iterator[str]:
    """What somebody stated of a place in a file whose text is not known here."""
    if passage.get("layer"):
        return
    cell = passage.get("cell")
    if isinstance(cell, str) and (told := aside(cell)):
        yield words.plain("place.cell", cell=told)
    if isinstance(passage.get("region"), list):
        yield words.plain("place.picture")


__all__ = ["whereabouts"]
