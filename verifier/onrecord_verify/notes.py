"""Keys and checkpoints (format, section 6)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from .canonical import unpack
from .ed25519 import signature_good, sound_key
from .grammar import ID, LARGEST_NOTE, LOG, Broken, must

if TYPE_CHECKING:
    from collections.abc import Callable


class Key(NamedTuple):
    """The public key of one log. `digest` is the four bytes that stand before a signature."""

    line: str
    origin: str
    record: str
    log: str
    public: bytes
    digest: bytes

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed the message. All signatures of logs are checked here."""
        return signature_good(self.public, message, signature)


class Checkpoint(NamedTuple):
    """What a log's key signed: the root of the tree over its first `size` heads."""

    size: int
    root: bytes


ORIGIN = re.compile(f"onrecord/({ID})/({LOG})").fullmatch
RECOVERY_ORIGIN = re.compile(f"onrecord-recovery/({ID})()").fullmatch
NOTE = re.compile(
    "(?P<text>(?P<origin>[^\n]+)\n(?P<size>[^\n]+)\n(?P<root>[^\n]+)\n)"
    "\n(?P<signatures>(?:\u2014 [^\\s+]+ [A-Za-z0-9+/]+={0,2}\n)+)"
).fullmatch


def read_key(line: str, origin_of: Callable[[str], Any] = ORIGIN, record: str = "") -> Key:
    """A verifier key: origin, key hash, and the key after its algorithm byte, joined by +. Raises `Broken`."""
    parts = line.split("+", 2)
    must(len(parts) == 3, "is not a verifier key")
    origin = origin_of(parts[0])
    if origin is None or (record and origin.group(1) != record):
        raise Broken("does not name a record and a log")
    raw = unpack(parts[2])
    must(len(raw) == 33 and raw[:1] == b"\x01", "is not an Ed25519 key")
    must(sound_key(raw[1:]), "is not a sound Ed25519 key")
    digest = sha256(parts[0].encode("ascii") + b"\n" + raw).digest()[:4]
    must(digest.hex() == parts[1], "has a key hash that does not fit its key")
    return Key(line, parts[0], origin.group(1), origin.group(2), raw[1:], digest)


def fingerprint(public: bytes) -> str:
    """What people compare: the first 32 hex digits of the key's SHA-256, in groups of four."""
    digits = sha256(public).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def read_checkpoint(note: bytes, key: Key, lines: int = 0) -> Checkpoint:
    """What this checkpoint states, once its own log's signature is good. Raises `Broken`.

    `lines` is how many signature lines it has to have; 0 leaves room for cosignatures, which are not checked.
    """
    parts = parts_of(note)
    must(parts["origin"] == key.origin, f"names the origin {parts['origin']} instead of {key.origin}")
    stated = stated_in(note)
    signatures = parts["signatures"].split("\n")[:-1]
    must(lines in (0, len(signatures)), f"has {len(signatures)} signature lines instead of {lines}")
    must(
        key.signed(parts["text"].encode("utf-8"), _own(signatures, key)),
        "has a bad signature",
    )
    return stated


def parts_of(note: bytes) -> dict[str, str]:
    must(len(note) <= LARGEST_NOTE, "is too large for a checkpoint")
    try:
        parts = NOTE(note.decode("utf-8"))
    except ValueError:
        raise Broken("is not UTF-8") from None
    if parts is None:
        raise Broken("is not a checkpoint")
    return parts.groupdict()


def stated_in(note: bytes) -> Checkpoint:
    """What a checkpoint states, whoever signed it. Raises `Broken`."""
    parts = parts_of(note)
    must(re.fullmatch("[1-9][0-9]{0,12}", parts["size"]) is not None, "does not state a number of entries")
    root = unpack(parts["root"])
    must(len(root) == 32, "does not state a root of 32 bytes")
    return Checkpoint(int(parts["size"]), root)


def _own(lines: list[str], key: Key) -> bytes:
    seen: dict[tuple[str, bytes], bytes] = {}
    for line in lines:
        _, name, text = line.split(" ")
        raw = unpack(text)
        must((name, raw[:4]) not in seen, "is signed twice by one key")
        seen[name, raw[:4]] = raw[4:]
    must((key.origin, key.digest) in seen, "is not signed by its log's key")
    return seen[key.origin, key.digest]
