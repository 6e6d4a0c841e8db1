"""Digits of any script as 0 to 9: which digit is meant is never in doubt. Marks of direction around them say nothing."""

from __future__ import annotations

import re
import unicodedata

_DIRECTION = dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_ASCII = re.compile(r"[ -~]*")


def plain_digits(text: str) -> str | None:
    """The text with its digits as 0 to 9, or None where it mixes digits of several scripts."""
    if _ASCII.fullmatch(text):
        return text.strip()
    bare = text.translate(_DIRECTION).strip()
    scripts = {ord(sign) - unicodedata.decimal(sign) for sign in bare if sign.isdecimal()}
    if len(scripts) > 1:
        return None
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in bare)
