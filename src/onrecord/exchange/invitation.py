"""The code of an invitation: words that are easy to read out, and too many to guess."""

from __future__ import annotations

import secrets
import unicodedata

WORDS = 7
"""Of 1,024 words each: 70 bits."""


def new_code() -> str:
    from shamir_mnemonic.wordlist import WORDLIST

    return " ".join(secrets.choice(WORDLIST) for _ in range(WORDS))


def as_typed(code: str) -> str:
    """A code as it was written, whatever stands between its words and however large its letters are."""
    plain = unicodedata.normalize("NFKC", code).lower()
    return " ".join("".join(sign if sign.isalpha() else " " for sign in plain).split())
