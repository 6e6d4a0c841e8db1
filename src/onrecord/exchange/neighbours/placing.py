"""Finding words of another program in our text of the same original: white space aside, they are the same words."""

from __future__ import annotations

import re
from functools import lru_cache

from onrecord.exchange.neighbours.plan import Words

Span = tuple[int, int]
_SPACE = re.compile(r"\s+")


def place(words: Words, text: str) -> Span | str:
    """Where the words stand in a text, in code points; or why that cannot be said."""
    if words.start is not None:
        exact = words.spellings[0]
        if text[words.start : words.start + len(exact)] == exact and exact.strip():
            return words.start, words.start + len(exact)
    squeezed, places = _squeezed(text)
    for spelling in words.spellings:
        quote = _SPACE.sub("", spelling)
        starts = occurrences(quote, squeezed)
        if starts:
            return _chosen(words, [(places[at], places[at + len(quote) - 1] + 1) for at in starts], text)
    return "its words are not in the text of its original"


def times(quote: str, text: str, until: int | None = None) -> int:
    """How often words stand in a text, white space aside; with `until`, how often they begin before that place."""
    squeezed = _SPACE.sub("", text)
    most = len(squeezed) if until is None else len(_SPACE.sub("", text[:until]))
    return sum(at < most for at in occurrences(_SPACE.sub("", quote), squeezed))


def occurrences(quote: str, text: str) -> list[int]:
    """Every place where the quote begins, also where places overlap."""
    found: list[int] = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def _chosen(words: Words, spans: list[Span], text: str) -> Span | str:
    fitting = [span for span in spans if _fits(words, span, text)]
    if words.prefix or words.suffix:
        spans = fitting
        if not spans:
            return "its words stand there, but not between the words that it names around them"
    if len(spans) == 1:
        return spans[0]
    if words.times == len(spans) and words.nth <= len(spans):
        return spans[words.nth - 1]
    return f"its words stand there {len(spans)} times, and the source does not say which is meant"


def _fits(words: Words, span: Span, text: str) -> bool:
    before = _SPACE.sub("", text[max(0, span[0] - 4 * len(words.prefix) - 100) : span[0]])
    after = _SPACE.sub("", text[span[1] : span[1] + 4 * len(words.suffix) + 100])
    return before.endswith(_SPACE.sub("", words.prefix)) and after.startswith(_SPACE.sub("", words.suffix))


@lru_cache(maxsize=4)
def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text without its white space, and where each character stood."""
    kept = [(at, character) for at, character in enumerate(text) if not character.isspace()]
    return "".join(character for _, character in kept), [at for at, _ in kept]
