"""What an office file states of itself: who wrote it, who saved it last, when, and with which program. As stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from onrecord.intake.package import Element, Package, PackageBroken, local
from onrecord.intake.reading import Observation
from onrecord.record.edtf import parse
from onrecord.record.errors import TimeInvalid

MOST_PROPERTIES, LONGEST_VALUE = 200, 2_000
_PARTS = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
_OPEN_PARTS = ("meta.xml",)
_NOT_STATED = frozenset({"TitlesOfParts", "HeadingPairs", "HLinks", "document-statistic"})
_DATED = re.compile(
    r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)


def office_properties(package: Package, of: str) -> tuple[Observation, ...]:
    """The properties that an Office Open XML file states, under the heading `of`."""
    return tuple(islice(_stated(package, of, _PARTS), MOST_PROPERTIES))


def open_properties(package: Package, of: str) -> tuple[Observation, ...]:
    """The properties that an OpenDocument file states, under the heading `of`."""
    return tuple(islice(_stated(package, of, _OPEN_PARTS), MOST_PROPERTIES))


def observation(of: str, name: str, value: str) -> Observation | None:
    """A property as stated, cut where it is very long, and a date in our form too; None for one without a value."""
    value = value.strip()
    if not value:
        return None
    if len(value) > LONGEST_VALUE:
        value = value[: LONGEST_VALUE - 1] + "…"
    return Observation(of, name[:200], value, as_edtf(value))


def as_edtf(value: str) -> str | None:
    """A date or a time in EDTF, where the text is one as written but for parts of a second; a number of a year is none."""
    if len(value) < 7 or not _DATED.fullmatch(value):
        return None
    try:
        return parse(re.sub(r"\.\d+", "", value)).text
    except TimeInvalid:
        return None


def _stated(package: Package, of: str, parts: tuple[str, ...]) -> Iterator[Observation]:
    for part in parts:
        try:
            root = package.tree(part)
        except PackageBroken:
            continue
        for element in root.iter() if root is not None else ():
            if (made := _observed(of, element)) is not None:
                yield made


def _observed(of: str, element: Element) -> Observation | None:
    """A property is an element with words in it; a custom one has its name beside it."""
    parent = element.getparent()
    if parent is None or local(parent.tag) in _NOT_STATED:
        return None
    name = local(element.tag)
    if name == "template":
        return observation(of, name, element.get("{http://www.w3.org/1999/xlink}title", ""))
    named = parent if local(parent.tag) == "property" else element
    attributes = {local(key): value for key, value in named.attrib.items()}
    return observation(of, attributes.get("name", name), element.text or "") if _has_words(element) else None


def _has_words(element: Element) -> bool:
    return len(element) == 0 and bool(element.text and element.text.strip())
