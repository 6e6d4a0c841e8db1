"""The article in numbered paragraphs, each with the sources it cites, so that paper can be referred to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from onrecord.publishing.page.content import (
    Block,
    Citation,
    CitationView,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Run,
)


@dataclass(frozen=True, slots=True)
class Note:
    """Who stands behind some of a paragraph's citations, for the margin."""

    numbers: tuple[int, ...]
    who: str
    capacity: str | None
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One block of the article. Headings have no number."""

    block: Block
    number: int | None
    notes: tuple[Note, ...] = ()


def rows(blocks: Iterable[Block], sources: Mapping[int, CitationView]) -> list[Row]:
    """The blocks in order, numbered from 1. A citation without a source is a `KeyError`: the builder's mistake."""
    numbered: list[Row] = []
    number = 0
    for block in blocks:
        if isinstance(block, Heading):
            numbered.append(Row(block, None))
            continue
        number += 1
        cited = [sources[n] for n in cited_by(block)]
        numbered.append(Row(block, number, tuple(_notes(cited))))
    return numbered


def cited_by(block: Block) -> list[int]:
    """The numbers a block cites, each once, in order."""
    return list(dict.fromkeys(run.n for run in runs_of(block) if isinstance(run, Citation)))


def cited_in(blocks: Iterable[Row]) -> dict[int, list[int]]:
    """For every citation the numbers of the paragraphs that cite it."""
    places: dict[int, list[int]] = {}
    for row in blocks:
        if row.number is not None:
            for n in cited_by(row.block):
                places.setdefault(n, []).append(row.number)
    return places


def runs_of(block: Block) -> Iterator[Run]:
    """All runs of a block, in order."""
    match block:
        case Heading(runs=runs) | Paragraph(runs=runs):
            return iter(runs)
        case Quote(paragraphs=parts) | Listing(items=parts):
            return chain.from_iterable(parts)


def _notes(cited: list[CitationView]) -> Iterator[Note]:
    """One speaker's citations share a note, with every way in which they know."""
    speakers: dict[tuple[str, str | None], list[CitationView]] = {}
    for source in cited:
        speakers.setdefault((source.who, source.capacity), []).append(source)
    for (who, capacity), sources in speakers.items():
        bases = dict.fromkeys(source.basis for source in sources if source.basis)
        yield Note(tuple(source.n for source in sources), who, capacity, tuple(bases))
