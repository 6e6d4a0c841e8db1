"""Whether two places in one original hold some of the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.text.fold import fold

Fields = Mapping[str, Any]


def overlap(one: Fields, other: Fields) -> bool:
    """Whether two passages of one item show some of the same words, page, picture or seconds."""
    if one.get("layer") and one.get("layer") == other.get("layer"):
        return _cross(_span(one), _span(other))
    return _quotes_meet(one, other) or _pictures_meet(one, other)


def brushes(one: Fields, other: Fields) -> bool:
    """Whether the words that `other` keeps from around its own place reach into the place of `one`."""
    if not one.get("layer") or one.get("layer") != other.get("layer"):
        return False
    start, end = _span(other)
    around = start - len(other.get("prefix") or ""), end + len(other.get("suffix") or "")
    return _cross(_span(one), around)


def without_surroundings(fields: Fields) -> dict[str, Any]:
    """A passage's fields without the words around it: it still stands at its offsets."""
    return {name: value for name, value in fields.items() if name not in ("prefix", "suffix")}


def _span(fields: Fields) -> tuple[int, int]:
    return int(fields.get("start") or 0), int(fields.get("end") or 0)


def _cross(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return bool(one[0] < other[1] and other[0] < one[1])


def _quotes_meet(one: Fields, other: Fields) -> bool:
    """Where one quote holds the other. Places in two layers of one original cannot be compared in any other way."""
    quotes = [" ".join(fold(str(fields.get("quote") or "")).split()) for fields in (one, other)]
    return all(quotes) and (quotes[0] in quotes[1] or quotes[1] in quotes[0])


def _pictures_meet(one: Fields, other: Fields) -> bool:
    if one.get("cell") and one.get("cell") == other.get("cell"):
        return True
    if one.get("seconds") and other.get("seconds"):
        return _cross(_numbers(one["seconds"]), _numbers(other["seconds"]))
    if one.get("region") and other.get("region") and one.get("page") == other.get("page"):
        left, right = _numbers(one["region"]), _numbers(other["region"])
        return all(
            _cross((left[axis], left[axis] + left[axis + 2]), (right[axis], right[axis] + right[axis + 2]))
            for axis in (0, 1)
        )
    return False


def _numbers(values: Any) -> tuple[Any, ...]:
    from decimal import Decimal

    return tuple(Decimal(str(value)) for value in values)
