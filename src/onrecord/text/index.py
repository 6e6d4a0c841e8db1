"""What a full-text index holds of a text, what to ask it, and where in the text the answer stands.

The table these are for is FTS5 with `tokenize = "unicode61 remove_diacritics 0"`. An indexed text has three parts:

1. its words, folded, in their order;
2. if a word can lose anything: the words again in their order, each bare of all it can lose and marked, so that a
   phrase finds its words with other proclitics on them;
3. the other readings, each once and kept apart, so that no phrase runs through them.

Asked for a word, the index finds every text in which one of the word's readings is a reading of some word. Only
proclitics and the possessive are read away: other endings are found with a `*`. In scripts that write vowels as signs
beside the letter (Devanagari, Thai) unicode61 looks past some of them, so there the index may find more than `find` shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .fold import fold, fold_known, fold_mapped
from .proclitics import Reading, likely_stems, read
from .tokens import cut, cut_each, spaced, words

# Private-use characters: FTS5 takes them for letters, and no word of ours can hold one.
_BARE = "\ue000"
_APART = "\ue001"
_NEXT = "\x1e"

# A quotation mark opens a phrase only where a word could start, as Hebrew writes the same mark inside words.
_CLAUSE = re.compile(r'(?<!\S)["“”„](?P<phrase>.+?)["“”](?P<star>\*?)(?!\S)|(?P<words>\S+)', re.DOTALL)
_PREFIX = re.compile(r"[^*]\*$")


def index_text(text: str) -> str:
    """The terms to index for a text, separated by spaces."""
    return index_texts([text])[0]


def index_texts(texts: Sequence[str]) -> list[str]:
    """The terms to index for each text. Many short texts together cost a fraction of each by itself."""
    if not texts:
        return []
    joined = _NEXT.join([text.replace(_NEXT, " ") for text in texts])
    if joined.isascii() and "'" not in joined:
        return (spaced(fold(joined), _NEXT) or "").split(_NEXT)
    chars = set(joined)
    found = cut_each(fold_known(joined, chars), _NEXT, set(fold("".join(chars))))
    words = list(set().union(*found))
    glossary = _Glossary(zip(words, map(read, words), strict=True))
    return [glossary.terms(words) for words in found]


class _Glossary:
    """The readings of the words of some texts, laid out for writing their terms."""

    def __init__(self, readings: Iterable[tuple[str, Reading]]) -> None:
        self._term: dict[str, str] = {}
        self._bare: dict[str, str] = {}
        self._stems: dict[str, tuple[str, ...]] = {}
        self._losing: set[str] = set()
        for word, reading in readings:
            self._term[word] = reading.term
            self._bare[word] = _BARE + reading.bare
            if reading.stems:
                self._stems[word] = reading.stems
            if reading.bare != reading.term:
                self._losing.add(word)

    def terms(self, words: list[str]) -> str:
        """The three parts, as the head of this module says."""
        term, stems, met = self._term, self._stems, set(words)
        parts = [" ".join([term[word] for word in words])]
        if not met.isdisjoint(self._losing):
            parts.append(" ".join([self._bare[word] for word in words]))
        others: set[str] = set()
        for word in met:
            if word in stems:
                others.update(stems[word])
        others.difference_update([term[word] for word in met])
        parts += [f"{_APART} {other}" for other in sorted(others)]
        return " ".join(parts)


def match_query(query: str) -> str:
    """An FTS5 expression for what a person typed, or "" if nothing in it can be searched.

    All words must occur. "..." asks for the words in that order and, for a single word, as written; a `*` at the end
    of a word or phrase asks for what begins so.
    """
    return " AND ".join(dict.fromkeys(clause.expression() for clause in _clauses(query)))


def find(query: str, text: str) -> list[tuple[int, int]]:
    """The places in `text` that answer `query`; none unless every part of the query is answered."""
    clauses = list(_clauses(query))
    folded = fold_mapped(text) if clauses else None
    if folded is None:
        return []
    found = list(words(folded))
    readings = [word.reading for word in found]
    spans: list[tuple[int, int]] = []
    for clause in clauses:
        hits = list(clause.hits(readings))
        if not hits:
            return []
        spans += [folded.span(found[first].start, found[last].end) for first, last in hits]
    return _merged(spans)


@dataclass(frozen=True, slots=True)
class _WordAsked:
    forms: tuple[str, ...]
    star: bool

    def expression(self) -> str:
        terms = [_quoted(form, self.star) for form in self.forms]
        return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"

    def hits(self, readings: list[Reading]) -> Iterator[tuple[int, int]]:
        for place, reading in enumerate(readings):
            if any(self._answers(term) for term in (reading.term, *reading.stems)):
                yield place, place

    def _answers(self, term: str) -> bool:
        return term.startswith(self.forms) if self.star else term in self.forms


@dataclass(frozen=True, slots=True)
class _PhraseAsked:
    terms: tuple[str, ...]
    bares: tuple[str, ...]
    star: bool

    def expression(self) -> str:
        whole = _quoted(" ".join(self.terms), self.star)
        bare = _quoted(" ".join(_BARE + bare for bare in self.bares), self.star)
        return f"({whole} OR {bare})"

    def hits(self, readings: list[Reading]) -> Iterator[tuple[int, int]]:
        terms = [reading.term for reading in readings]
        bares = [reading.bare for reading in readings]
        for first in range(len(readings) - len(self.terms) + 1):
            if self._runs(self.terms, terms, first) or self._runs(self.bares, bares, first):
                yield first, first + len(self.terms) - 1

    def _runs(self, asked: tuple[str, ...], terms: list[str], first: int) -> bool:
        last = terms[first + len(asked) - 1]
        ends = last.startswith(asked[-1]) if self.star else last == asked[-1]
        return ends and tuple(terms[first : first + len(asked) - 1]) == asked[:-1]


def _clauses(query: str) -> Iterator[_WordAsked | _PhraseAsked]:
    for match in _CLAUSE.finditer(query):
        phrase = match["phrase"]
        star = bool(match["star"]) if phrase else bool(_PREFIX.search(match["words"]))
        readings = [read(word) for word in cut(fold(phrase or match["words"]))]
        if len(readings) > 1:
            terms, bares = zip(*((reading.term, reading.bare) for reading in readings), strict=True)
            yield _PhraseAsked(terms, bares, star)
        elif readings:
            others = () if phrase else likely_stems(readings[0])
            yield _WordAsked((readings[0].term, *others), star)


def _quoted(terms: str, star: bool) -> str:
    return f'"{terms}"*' if star else f'"{terms}"'


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
