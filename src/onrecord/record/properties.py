"""What claims say of things: properties that hold one value or many, and the type of their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from onrecord.record.things import Things


@dataclass(frozen=True, slots=True)
class Property:
    """A property. `holds` is "one", "many", or None where nobody declared it."""

    name: str
    holds: str | None = None
    type: str | None = None


BUILT_IN: Mapping[str, Property] = {
    declared.name: declared
    for declared in (
        Property("happened", "one", "text"),
        Property("cause", "one", "text"),
        Property("time", "one", "time"),
        Property("duration", "one", "number"),
        Property("location", "one", "thing"),
        Property("count", "one", "number"),
        Property("condition", "one", "text"),
        Property("outcome", "one", "text"),
        Property("done_by", "many", "thing"),
        Property("done_to", "many", "thing"),
        Property("ordered_by", "many", "thing"),
        Property("present", "many", "thing"),
        Property("injury", "many", "text"),
        Property("loss", "many", "text"),
        Property("said", "many", "text"),
    )
}
_ORDER = {name: place for place, name in enumerate(BUILT_IN)}


class Properties:
    """The built-in properties and those that the team declared."""

    def __init__(self, declared: Iterable[Property] = ()) -> None:
        self._known = {property.name: property for property in declared} | dict(BUILT_IN)

    @classmethod
    def of(cls, things: Things) -> Properties:
        """Built-in ones cannot be declared anew. Where declarations differ, one value: that shows more disputes."""
        declared: dict[str, Property] = {}
        versions = (version for thing in things.of_kind("property") for version in thing.heads)
        for version in sorted(versions, key=lambda version: (version.clock, version.thing, version.name)):
            name, holds, type = (version.fields.get(field) for field in ("name", "holds", "type"))
            if isinstance(name, str) and holds in ("one", "many"):
                known = declared.get(folded(name))
                if known is None or holds == "one":
                    declared[folded(name)] = Property(folded(name), holds, type)
        return cls(declared.values())

    def __getitem__(self, name: str) -> Property:
        return self._known.get(name) or self._known.get(folded(name)) or Property(folded(name))


def rank(name: str) -> tuple[int, str]:
    """Where a property stands in a list: the built-in ones first, in their own order."""
    return _ORDER.get(name, len(_ORDER)), name


def folded(text: str) -> str:
    """Text for comparing: composed, white space folded, without case."""
    return " ".join(normalize("NFC", text).split()).casefold()
