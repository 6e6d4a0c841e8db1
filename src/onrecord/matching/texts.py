"""Texts that are the same but for small changes, in any script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from onrecord.intake.fingerprints.kinds import TEXT
from onrecord.matching.likeness import SAME_TEXT, Likeness
from onrecord.store.fingerprints import Fingerprints

LEAST_SHARE = 0.5
"""The part of the runs of five words that two texts have in common, out of all that stand in either."""

_HASH_BYTES = 4
_KEPT = 128
_LOOKED_UP = 16
_COMMON = 200
_MOST_WITH_ONE, _MOST_COMPARED = 1000, 200
_WORD = re.compile(r"\S+")
_COMPARED_WORDS = 20_000
_SHOWN_WORDS = 6


@dataclass(frozen=True, slots=True)
class Worded:
    """A text as it is looked for: the smallest hashes of its runs of words, smallest first."""

    original: str
    hashes: tuple[int, ...]


class Texts:
    """The texts met so far, found by any of their few smallest hashes."""

    def __init__(self) -> None:
        self._met: dict[str, Worded] = {}
        self._by_hash: dict[int, list[str]] = {}

    def add(self, text: Worded) -> None:
        if text.original not in self._met:
            self._met[text.original] = text
            for one in text.hashes[:_LOOKED_UP]:
                self._by_hash.setdefault(one, []).append(text.original)

    def like(self, text: Worded) -> Iterator[Likeness]:
        """What was met and has at least half of its runs of words in common with this text."""
        for other in self._candidates(text):
            share = shared(text.hashes, self._met[other].hashes)
            if share >= LEAST_SHARE:
                hundredths = min(round(share * 100), 100 if text.hashes == self._met[other].hashes else 99)
                why = f"about {hundredths} of 100 runs of five words stand in both"
                yield Likeness(SAME_TEXT, other, text.original, why, {"share": hundredths})

    def _candidates(self, text: Worded) -> list[str]:
        """Texts with some of the same smallest hashes, those with most of them first; of a form that thousands have
        filled in, the last ones that came in. Those of a run that hundreds have need a second one."""
        met: Counter[str] = Counter()
        for one in text.hashes[:_LOOKED_UP]:
            having = self._by_hash.get(one, [])
            met.update(dict.fromkeys(having[-_MOST_WITH_ONE:], 1 if len(having) > _COMMON else 2))
        met.pop(text.original, None)
        return [other for other, weight in met.most_common(_MOST_COMPARED) if weight > 1]


def shared(one: tuple[int, ...], two: tuple[int, ...]) -> float:
    """The part of all runs that stands in both, estimated from the smallest hashes of either; 0 where it is too little."""
    both = set(one).intersection(two)
    if len(both) < LEAST_SHARE * min(_KEPT, len(one) + len(two) - len(both)):
        return 0.0  # Too little, whichever of them are the smallest; nearly all that are compared end here.
    smallest = sorted({*one, *two})[:_KEPT]
    return sum(value in both for value in smallest) / len(smallest) if smallest else 0.0


def first_difference(one: str, two: str) -> tuple[str, str] | None:
    """The first words that stand in the one and not in the other, as written; None where all are the same.

    An empty side means that the other has words more.
    """
    words, others = (_WORD.findall(text)[:_COMPARED_WORDS] for text in (one, two))
    at = next((n for n, (a, b) in enumerate(zip(words, others, strict=False)) if a != b), None)
    if at is None:
        if len(words) == len(others):
            return None
        at = min(len(words), len(others))
    near = SequenceMatcher(None, words[at : at + 60], others[at : at + 60], autojunk=False)
    for tag, a, a_end, b, b_end in near.get_opcodes():
        if tag != "equal":
            return _few(words[at + a : at + a_end]), _few(others[at + b : at + b_end])
    return None


def _few(words: list[str]) -> str:
    return " ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")


def kept_texts(fingerprints: Fingerprints) -> Texts:
    texts = Texts()
    for text in worded(fingerprints):
        texts.add(text)
    return texts


def worded(fingerprints: Fingerprints) -> Iterator[Worded]:
    return (Worded(one.original, hashes_of(one.bits)) for one in fingerprints.all(TEXT))


def hashes_of(bits: bytes) -> tuple[int, ...]:
    whole = range(0, len(bits) - _HASH_BYTES + 1, _HASH_BYTES)
    return tuple(int.from_bytes(bits[at : at + _HASH_BYTES], "big") for at in whole)
