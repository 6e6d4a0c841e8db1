"""What is proposed of two originals, and why. A proposal is told, never kept, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SAME_PICTURE, CUT_OF_PICTURE = "same picture", "cut of the same picture"
SAME_CLIP, CUT_OF_CLIP = "same clip", "cut of the same clip"
SAME_TEXT = "same text with small changes"
TRANSCRIPT = "transcript of"

MOST_TOLD = 25
"""To how many others one original is proposed at most: of a form that thousands have filled in, not all pairs."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two originals, by their SHA-256, that may be one. Of a cut, `one` is the whole and `other` was cut out of it.

    `why` is in plain words. `measure` is `{"distance": …}`, in marks, or `{"share": …}`, in hundredths.
    """

    kind: str
    one: str
    other: str
    why: str
    measure: Mapping[str, Any] = field(default_factory=dict)
