"""Checkpoints: C2SP tlog-checkpoints as signed notes, and C2SP verifier keys (docs/format section 6)."""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VOUCH = b"onrecord device v1\n"
_ED25519 = b"\x01"
_SIZE = re.compile(r"[1-9][0-9]{0,12}")
INTERVAL = 1000


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a note states, once its signature was found good."""

    origin: str
    size: int
    root: bytes


class NoteInvalid(ValueError):
    """A note or verifier key is not one, or its signature is not good."""


def origin_of(record: str, log: str) -> str:
    return f"onrecord/{record}/{log}"


def key_hash(origin: str, public: bytes) -> bytes:
    return sha256(origin.encode() + b"\n" + _ED25519 + public).digest()[:4]


def fingerprint(public: bytes) -> str:
    """What people read to each other: 32 hex digits in groups of four."""
    digits = sha256(public).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


class Signer:
    """A log's private key. The seed is 32 bytes; it lives in the user's own folder, never in the record."""

    def __init__(self, origin: str, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.origin = origin
        self._key: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: bytes = self._key.public_key().public_bytes_raw()

    @staticmethod
    def new_seed() -> bytes:
        return os.urandom(32)

    def note(self, size: int, root: bytes) -> bytes:
        text = checkpoint_text(self.origin, size, root)
        signed = key_hash(self.origin, self.public) + self._key.sign(text)
        return text + f"\n\u2014 {self.origin} {base64.b64encode(signed).decode()}\n".encode()

    def cosign(self, text: bytes, seconds: int) -> str:
        """In base64, that this log saw another's checkpoint then: C2SP tlog-cosignature, version 1."""
        stamp = seconds.to_bytes(8, "big")
        return base64.b64encode(stamp + self._key.sign(_cosigned(text, seconds))).decode()

    def sign(self, message: bytes) -> str:
        """The signature over a message that begins with a line of its own purpose, in base64."""
        return base64.b64encode(self._key.sign(message)).decode()

    def vouch(self, line: str) -> str:
        """The signature, in base64, by which this log lets a further key in (docs/format section 7)."""
        return base64.b64encode(self._key.sign(VOUCH + line.encode("ascii") + b"\n")).decode()


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """The three lines that a checkpoint's signatures are over."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def _cosigned(text: bytes, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n".encode() + text


def cosigned_by(public: bytes, text: bytes, cosigned: str) -> bool:
    """Whether this is a cosignature, as `Signer.cosign` gives it, of a checkpoint's text by this key."""
    raw = base64.b64decode(cosigned)
    message = _cosigned(text, int.from_bytes(raw[:8], "big"))
    return signed_by(public, message, base64.b64encode(raw[8:]).decode())


def signed_by(public: bytes, message: bytes, signature: str) -> bool:
    """Whether this base64 text is the Ed25519 signature of the message by this key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(_decode(signature), message)
    except (InvalidSignature, NoteInvalid, ValueError):
        return False
    return True


def verifier_key(origin: str, public: bytes) -> str:
    return f"{origin}+{key_hash(origin, public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"


def parse_verifier_key(text: str) -> tuple[str, bytes]:
    """The origin and public key of a verifier key. Raises `NoteInvalid`."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteInvalid("it is not a verifier key: three parts joined by + are needed")
    origin, digits, encoded = parts
    key = _decode(encoded)
    if len(key) != 33 or key[:1] != _ED25519:
        raise NoteInvalid("it does not hold an Ed25519 key")
    if key_hash(origin, key[1:]).hex() != digits:
        raise NoteInvalid("its key hash does not fit its key")
    return origin, key[1:]


def open_note(note: bytes, origin: str, public: bytes) -> Checkpoint:
    """What a checkpoint states, if this key signed it for this origin. Raises `NoteInvalid`."""
    text, signatures = _split(note)
    lines = text.decode("utf-8", "replace").split("\n")
    if len(lines) != 4 or lines[3] or not _SIZE.fullmatch(lines[1]):
        raise NoteInvalid("its text is not the three lines of a checkpoint")
    if lines[0] != origin:
        raise NoteInvalid(f"its origin is {lines[0]!r}, not {origin!r}")
    root = _decode(lines[2])
    if len(root) != 32:
        raise NoteInvalid("its root is not 32 bytes")
    _check_signature(text, signatures, origin, public)
    return Checkpoint(origin, int(lines[1]), root)


def _split(note: bytes) -> tuple[bytes, list[str]]:
    text, found, rest = note.partition(b"\n\n")
    try:
        lines = rest.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise NoteInvalid("it is not UTF-8") from None
    if not found or len(lines) < 2 or lines[-1]:
        raise NoteInvalid("it has no signature lines")
    return text + b"\n", lines[:-1]


def _check_signature(text: bytes, lines: list[str], origin: str, public: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signed = [signature for name, signature in map(_signature, lines) if name == origin]
    own = [signature for signature in signed if signature[:4] == key_hash(origin, public)]
    if len(own) != 1:
        raise NoteInvalid("it is not signed once by the log's key")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(own[0][4:], text)
    except InvalidSignature:
        raise NoteInvalid("its signature is not good") from None


def _signature(line: str) -> tuple[str, bytes]:
    """The key's name and the signed bytes of one signature line."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "\u2014" or not name or not encoded:
        raise NoteInvalid("a signature line is malformed")
    return name, _decode(encoded)


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteInvalid("its base64 is malformed") from None
    if base64.b64encode(data).decode() != text:
        raise NoteInvalid("its base64 is not canonical")
    return data
