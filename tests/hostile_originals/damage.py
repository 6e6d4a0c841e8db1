"""Damage done to good files: what a bad card, a cut line or a hand does to them. All of it follows from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping

_LONGEST = 400_000
_WORDS = (
    b"\0" * 8,
    b"\xff" * 8,
    b"PK\x03\x04",
    b"<!DOCTYPE x [",
    b"\xff\xff\xff\x7f",
    b"../../x",
    b"%PDF-",
    b"\r\n\r\n",
)


def damaged(samples: Mapping[str, bytes], seed: int) -> tuple[str, bytes]:
    """One sample, its name kept or another's taken, and some of its bytes changed, lost, doubled or mixed with another's."""
    chance = random.Random(seed)
    names = sorted(samples)
    name = chance.choice(names)
    content = bytearray(samples[name])
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        _hurt(content, samples[chance.choice(names)], chance)
    if chance.random() < 0.1:
        name = chance.choice(names)
    return f"{seed}-{name}", bytes(content[:_LONGEST]) or b"\0"


def _hurt(content: bytearray, other: bytes, chance: random.Random) -> None:
    at = chance.randrange(len(content) + 1)
    length = min(len(content) - at, chance.choice((1, 1, 2, 4, 16, 256, 4096)))
    kind = chance.randrange(8)
    if kind == 0:
        content[at : at + length] = chance.randbytes(length)
    elif kind == 1:
        del content[at : at + length]
    elif kind == 2:
        content[at:at] = content[at : at + length] * chance.choice((1, 2, 50))
    elif kind == 3:
        del content[at:]
    elif kind == 4:
        start = chance.randrange(len(other))
        content[at : at + length] = other[start : start + chance.choice((4, 64, 1024))]
    elif kind == 5:
        word = chance.choice(_WORDS)
        content[at : at + len(word)] = word
    elif at < len(content):
        content[at] ^= 1 << chance.randrange(8)
