"""The fingerprint of a text: of all runs of five words, the few whose hashes are smallest.

Two texts share about as much of it as they share runs of words (Broder, "On the resemblance and containment of
documents", 1997). Words are compared without marks, case and the spellings of one letter, in any script that sets
spaces between words.
"""

from __future__ import annotations

import re
from itertools import accumulate
from zlib import crc32

from onrecord.intake.fingerprints.kinds import TEXT
from onrecord.intake.reading import Fingerprint

RUN = 5
KEPT = 128
LEAST_WORDS = 30
LONGEST = 40_000
_ALL = 1 << 32

_WORD = re.compile(r"\w+")
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]+"
)
_ONE_LETTER = (("آ", "ا"), ("أ", "ا"), ("إ", "ا"), ("ٱ", "ا"), ("ى", "ي"), ("ة", "ه"))


def text_fingerprints(text: str) -> tuple[Fingerprint, ...]:
    """The fingerprint of a layer's text: up to 128 hashes, smallest first, 8 hex digits each. None of a short text.

    Of a text of more than 40,000 characters, half as much of its beginning and of its end is looked at.
    """
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    words = _WORD.findall(_plain(text))
    if len(words) < LEAST_WORDS:
        return ()
    smallest = _smallest(" ".join(words).encode("utf-8", "replace"))
    return (Fingerprint(TEXT, "".join(f"{one:08x}" for one in smallest)),)


def _smallest(words: bytes) -> list[int]:
    """The smallest hashes of all runs. Of many, those that can hardly be among them are left out before sorting."""
    beyond = list(accumulate(len(word) + 1 for word in words.split(b" ")))
    starts, ends = [0, *beyond], [one - 1 for one in beyond[RUN - 1 :]]
    likely = min(_ALL, _ALL * KEPT * 4 // len(ends))
    view = memoryview(words)
    for below in (likely, _ALL):
        found = {
            one for start, end in zip(starts, ends, strict=False) if (one := crc32(view[start:end])) < below
        }
        if len(found) >= KEPT or below == _ALL:
            break
    return sorted(found)[:KEPT]


def _plain(text: str) -> str:
    if not text.isascii():
        text = _MARKS.sub("", text)
        for written, letter in _ONE_LETTER:
            text = text.replace(written, letter)
    return text.casefold()
