"""Names inside an exchange folder: keyed hashes, so that a listing does not prove who holds a known file."""

from __future__ import annotations

import hmac
from hashlib import sha256


def hidden_name(key: bytes, digest: str) -> str:
    """The name under which the file with this SHA-256 (hex) lies in the prefix that has this names key."""
    return hmac.new(key, bytes.fromhex(digest), sha256).hexdigest()
