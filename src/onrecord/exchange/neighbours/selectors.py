"""W3C Web Annotation selectors: which place in its source an annotation means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from onrecord.exchange.neighbours.plan import Words

_PIXELS = re.compile(r"(?:pixel:)?(-?[\d.]+),(-?[\d.]+),([\d.]+),([\d.]+)")
_SECONDS = re.compile(r"(?:npt:)?([\d.]*),([\d.]+)")
_NUMBER = re.compile(r"[0-9]{1,60}(\.[0-9]{1,60})?")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an original: exact words, or the fields of a passage; or why it is none that can be kept."""

    words: Words | None = None
    fields: tuple[tuple[str, Any], ...] = ()
    why: str | None = None


def place_of(selector: Any, fragment: str = "") -> Place:
    """The place that selectors mean together: words first, then page, region and seconds."""
    told = list(_flat(selector, 0))
    quote = next(
        (one for one in told if _type(one) == "TextQuoteSelector" and isinstance(one.get("exact"), str)), None
    )
    at = next((one for one in told if _type(one) == "TextPositionSelector"), None)
    fields = [found for one in [*_fragments(told), fragment] for found in _in_fragment(one)]
    named = dict(fields)
    if quote and quote["exact"].strip():
        start = at.get("start") if at else None
        words = Words(
            (quote["exact"],), prefix=_text(quote, "prefix"), suffix=_text(quote, "suffix"),
            start=start if isinstance(start, int) else None,
        )  # fmt: skip
        return Place(words, tuple((name, value) for name, value in named.items() if name == "page"))
    if named:
        return Place(None, tuple(named.items()))
    return Place(why=_why(told, at))


def _why(told: list[dict[str, Any]], at: dict[str, Any] | None) -> str:
    if at:
        return "its place is given by numbers alone, which count in a text that may not be ours"
    kinds = ", ".join(sorted({_type(one) or "an unnamed selector" for one in told}))
    return (
        f"its place is told in a way that cannot be found here ({kinds})"
        if kinds
        else "it is about the whole source"
    )


def _flat(selector: Any, depth: int) -> Iterator[dict[str, Any]]:
    """A selector with those that refine it, and those that begin and end a range."""
    if depth > _DEEPEST:
        return
    if isinstance(selector, list):
        for one in selector[:100]:
            yield from _flat(one, depth + 1)
    if isinstance(selector, dict):
        yield selector
        yield from _flat(selector.get("refinedBy"), depth + 1)


def _fragments(told: list[dict[str, Any]]) -> Iterator[str]:
    for one in told:
        if _type(one) == "FragmentSelector" and isinstance(one.get("value"), str):
            yield one["value"]


def _in_fragment(value: str) -> Iterator[tuple[str, Any]]:
    for name, _, given in (part.partition("=") for part in unquote(value).lstrip("#").split("&")):
        if name == "page" and given.isdecimal() and len(given) < 10:
            yield "page", int(given)
        elif name == "xywh" and (found := _PIXELS.fullmatch(given)) and _are_numbers(found.groups()):
            yield "region", list(found.groups())
        elif (
            name == "t" and (found := _SECONDS.fullmatch(given)) and _are_numbers([found[1] or "0", found[2]])
        ):
            yield "seconds", [found[1] or "0", found[2]]


def _are_numbers(texts: Any) -> bool:
    return all(_NUMBER.fullmatch(text) for text in texts)


def _type(selector: dict[str, Any]) -> str:
    kind = selector.get("type", selector.get("@type"))
    kind = kind[0] if isinstance(kind, list) and kind else kind
    return str(kind).rpartition(":")[2].rpartition("#")[2] if isinstance(kind, str) else ""


def _text(selector: dict[str, Any], name: str) -> str:
    value = selector.get(name)
    return value if isinstance(value, str) else ""
