"""Which styles of a Word document make a heading, a list item or hidden words, by the styles they build on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from onrecord.intake.package import Element, Package, PackageBroken

_HEADING = re.compile(r"(?:heading \d|title|subtitle)", re.IGNORECASE)
_DEEPEST = 20
MOST_STYLES = 10_000
_PART = "word/styles.xml"


@dataclass(frozen=True, slots=True)
class WordStyles:
    """The ids of styles that make a paragraph a heading or a list item, and of those whose words are hidden."""

    kinds: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


def word_styles(package: Package, notes: list[str]) -> WordStyles:
    try:
        root = package.tree(_PART)
    except PackageBroken as wrong:
        notes.append(f"its headings and lists are not told apart: {wrong}")
        return WordStyles()
    elements = [] if root is None else list(root.iterchildren("{*}style"))[:MOST_STYLES]
    styles = {attribute(one, "styleId"): one for one in elements}
    kinds = {id: kind for id in styles if (kind := _first(styles, id, _kind))}
    hidden = frozenset(id for id in styles if _first(styles, id, _vanishes) == "yes")
    return WordStyles(kinds, hidden)


def _first(styles: dict[str, Element], id: str, asked: Callable[[Element], str | None]) -> str | None:
    """The answer of a style, or of the nearest one it builds on that has one."""
    for _ in range(_DEEPEST):
        style = styles.get(id)
        if style is None:
            return None
        if answer := asked(style):
            return answer
        based = style.find("{*}basedOn")
        id = "" if based is None else attribute(based, "val")
    return None


def _kind(style: Element) -> str | None:
    name = style.find("{*}name")
    if name is not None and _HEADING.fullmatch(attribute(name, "val")):
        return "heading"
    if style.find("{*}pPr/{*}outlineLvl") is not None:
        return "heading"
    return "list item" if style.find("{*}pPr/{*}numPr") is not None else None


def _vanishes(style: Element) -> str | None:
    found = style.find("{*}rPr/{*}vanish")
    if found is None:
        return None
    return "no" if attribute(found, "val") in ("0", "false", "off") else "yes"


def attribute(element: Element, name: str) -> str:
    """An attribute by its name in whatever namespace: two are in use, for the strict form and the usual one."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}" + name)), "")
