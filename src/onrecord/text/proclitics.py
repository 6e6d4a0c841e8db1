"""The small words that Arabic and Hebrew write onto the next word, and the readings of a word without them.

There is no dictionary here: a letter that may be a proclitic is tried both ways. So a reading is a possibility
for finding, never a statement about what the writer meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

ARABIC_ARTICLE = "ال"
_ARABIC = frozenset(
    {"".join(parts) for parts in product(("", "و", "ف"), ("", "ب", "ك", "ل"), ("", ARABIC_ARTICLE))}
    | {"لل", "ولل", "فلل"}
) - {""}
_HEBREW = frozenset(
    "".join(parts)
    for parts in product(("", "ו"), ("", "ש", "כש", "לכש", "מש"), ("", "ב", "כ", "ל", "מ"), ("", "ה"))
) - {""}
_LONGEST = {"arabic": max(map(len, _ARABIC)), "hebrew": max(map(len, _HEBREW))}
_ARABIC_SINGLE = frozenset("وفبكل")
_HEBREW_SINGLE = frozenset("ושכלמבה")
# What French and Italian write before an apostrophe.
_ELIDED = frozenset(
    [
        "l",
        "d",
        "j",
        "m",
        "n",
        "s",
        "t",
        "c",
        "qu",
        "jusqu",
        "lorsqu",
        "all",
        "dall",
        "dell",
        "nell",
        "sull",
        "un",
    ]
)
_INNER_MARKS = str.maketrans("", "", "'\"")


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded word: `term` without inner apostrophes, `stems` its other readings, `bare` stripped of all it can lose.

    `bare` is the same for a word and for that word with any proclitics on it, which `stems` cannot promise. Outside
    Arabic and Hebrew it is the term itself.
    """

    term: str
    stems: tuple[str, ...]
    bare: str


@lru_cache(maxsize=1 << 16)
def read(word: str) -> Reading:
    """Reads one folded word, apostrophes and gershayim inside it included."""
    term = word.translate(_INNER_MARKS) if "'" in word or '"' in word else word
    if "א" <= term[0] <= "ת":
        return Reading(term, _hebrew_stems(term), _bare_hebrew(term))
    if "ء" <= term[0] <= "ي":
        return Reading(term, _arabic_stems(term), _bare_arabic(term))
    stems = _apostrophe_stems(word) if "'" in word else ()
    return Reading(term, stems, term)


def _arabic_stems(term: str) -> tuple[str, ...]:
    stems: list[str] = []
    for size in range(1, min(_LONGEST["arabic"], len(term) - 2) + 1):
        prefix, rest = term[:size], term[size:]
        if prefix not in _ARABIC:
            continue
        stems.append(rest)
        if prefix.endswith("لل"):
            stems.append(ARABIC_ARTICLE + rest)
    return tuple(dict.fromkeys(stems))


def _hebrew_stems(term: str) -> tuple[str, ...]:
    stems: list[str] = []
    for size in range(1, min(_LONGEST["hebrew"], len(term) - 2) + 1):
        if term[:size] not in _HEBREW:
            continue
        rest = term[size:]
        stems.append(rest)
        if rest.startswith("וו") and len(rest) > 3:
            # A vav that opens a word is written twice after a proclitic.
            stems.append(rest[1:])
    return tuple(dict.fromkeys(stems))


def _apostrophe_stems(word: str) -> tuple[str, ...]:
    head, _, tail = word.partition("'")
    if head in _ELIDED and len(tail) > 1:
        return (tail.translate(_INNER_MARKS),)
    owner, _, ending = word.rpartition("'")
    return (owner.translate(_INNER_MARKS),) if ending == "s" and owner.strip("'") else ()


def _bare_hebrew(term: str) -> str:
    cut = 0
    while len(term) - cut > 2 and term[cut] in _HEBREW_SINGLE:
        cut += 1
    return term[cut:]


def _bare_arabic(term: str) -> str:
    while True:
        if term.startswith(ARABIC_ARTICLE) and len(term) > 3:
            term = term[2:]
        elif len(term) > 2 and term[0] in _ARABIC_SINGLE:
            term = term[1:]
        else:
            return term


def likely_stems(reading: Reading) -> tuple[str, ...]:
    """The stems worth asking for when the word itself is the question.

    Two letters left over are mostly an accident, unless an article came off.
    """
    return tuple(stem for stem in reading.stems if len(stem) > 2 or _lost_article(reading.term, stem))


def _lost_article(term: str, stem: str) -> bool:
    return term.removesuffix(stem).endswith((ARABIC_ARTICLE, "لل", "ה"))
