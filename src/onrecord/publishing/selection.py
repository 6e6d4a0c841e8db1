"""What a publication contains and cites, numbered in the order of reading, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from onrecord.publishing.article import Article, read_article
from onrecord.record.things import Thing, Things, listed

SHOWN_AS_SOURCE = ("statement", "claim", "passage", "item", "norm", "assessment")


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered source: the thing that was named, the statement it is or is drawn from, and what lies beneath.

    `alike` are all things that were named which are this statement or are drawn from it.
    """

    n: int
    thing: Thing
    statement: Thing | None
    passages: tuple[Thing, ...]
    items: tuple[Thing, ...]

    alike: tuple[str, ...] = ()

    @property
    def carriers(self) -> tuple[str, ...]:
        """The things whose terms the words go by: a claim's own terms bear on them besides its statement's.

        Where the same statement is named in several ways, what one of them keeps back no other may tell.
        """
        return tuple(dict.fromkeys((self.thing.id, *self.alike)))

    @property
    def entries(self) -> tuple[str, ...]:
        """The names of the entries beneath, every head version of each thing.

        An item's only where it is cited itself: shared, it would tell that two sources speak in one interview.
        """
        beneath = [self.thing, *([self.statement] if self.statement else []), *self.passages]
        return tuple(dict.fromkeys(version.name for thing in beneath for version in thing.heads))


@dataclass(frozen=True, slots=True)
class Selection:
    """An article, its sources, the events that were named, and named things that a dossier cannot show."""

    article: Article
    sources: tuple[Source, ...]
    events: tuple[Thing, ...]
    not_shown: tuple[Thing, ...]

    def standing_in(self) -> dict[str, tuple[str, ...]]:
        """What was named, by the originals that it stands in."""
        found: dict[str, list[str]] = {}
        for source in self.sources:
            for item in source.items:
                found.setdefault(item.id, []).append(source.thing.id)
        return {item: tuple(named) for item, named in found.items()}

    @property
    def statements(self) -> tuple[Thing, ...]:
        found = {source.statement.id: source.statement for source in self.sources if source.statement}
        return tuple(found.values())


def select(things: Things, fields: Mapping[str, Any]) -> Selection:
    """What a publication's fields select. Citations of events carry no number; the rest count from 1."""
    citations = {row["as_written"]: row["ref"] for row in fields.get("citations") or ()}
    text = str(fields.get("text") or "")
    kinds = {id: thing.kind for id in citations.values() if (thing := things.get(id))}
    article = read_article(text, citations, unnumbered={id for id, kind in kinds.items() if kind == "event"})
    named = dict.fromkeys((*article.cited, *article.unnumbered, *(fields.get("contents") or ())))
    found = [thing for id in named if (thing := things.get(id))]
    numbered = [thing for thing in found if thing.kind in SHOWN_AS_SOURCE]
    return Selection(
        article,
        tuple(_with_alike([_source(things, n, thing) for n, thing in enumerate(numbered, 1)])),
        tuple(thing for thing in found if thing.kind == "event"),
        tuple(thing for thing in found if thing.kind not in (*SHOWN_AS_SOURCE, "event")),
    )


def _with_alike(sources: list[Source]) -> Iterator[Source]:
    named: dict[str, list[str]] = {}
    for source in sources:
        if source.statement:
            named.setdefault(source.statement.id, []).append(source.thing.id)
    for source in sources:
        yield replace(source, alike=tuple(named[source.statement.id])) if source.statement else source


def _source(things: Things, n: int, thing: Thing) -> Source:
    statement = thing if thing.kind == "statement" else None
    if thing.kind == "claim":
        statement = things.get(str(thing.fields.get("statement")))
    passages = tuple(_passages(things, statement or thing))
    items = {item.id: item for passage in passages if (item := things.get(str(passage.fields.get("item"))))}
    if thing.kind == "item":
        items = {}
    return Source(n, thing, statement, passages, tuple(items.values()))


def _passages(things: Things, carrier: Thing) -> Iterator[Thing]:
    """The passages a thing's words stand in, over all its head versions."""
    if carrier.kind == "passage":
        yield carrier
        return
    field = {"statement": "passages", "norm": "passage"}.get(carrier.kind)
    named = dict.fromkeys(id for version in carrier.heads for id in listed(version.fields.get(field or "")))
    yield from (passage for id in named if (passage := things.get(id)))
