"""`ring.age`: the keys of one prefix, encrypted to every device that may read it.

Files are encrypted to the ring's newest identity, so letting a device in means writing one small file again. A
device that was revoked is left out, and later files go to an identity it never had.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from onrecord.record.canonical import encode
from onrecord.record.errors import PassphraseMissing, RecordUnreadable
from onrecord.store.passphrase_file import decrypted, encrypted
from onrecord.store.sealing import new_identity, recipient_of

FORMAT = "onrecord ring 1"
LARGEST = 1 << 22
NAMES_BYTES = 32
INVITATION_WORK = 14
"""scrypt's, as a power of two: 70 bits are too many to guess as they are, and no stranger's file is worth more time."""


@dataclass(frozen=True, slots=True)
class Ring:
    """`to` has the recipients it was written for, `erased` the entries whose bodies were since taken out here."""

    identities: tuple[str, ...]
    names: bytes
    to: frozenset[str] = frozenset()
    purpose: str = "team"
    erased: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def fresh(cls, to: Iterable[str], purpose: str) -> Ring:
        return cls((new_identity()[0],), os.urandom(NAMES_BYTES), frozenset(to), purpose)

    @property
    def recipient(self) -> str:
        """To whom files are encrypted from now on."""
        return recipient_of(self.identities[0])

    def readdressed(self, to: Iterable[str]) -> Ring:
        """The same for other devices. Where one is left out, later files get an identity it never had."""
        wanted = frozenset(to)
        ring = self.renewed() if self.to - wanted else self
        return replace(ring, to=wanted)

    def renewed(self) -> Ring:
        """The same with a fresh identity for later files."""
        return replace(self, identities=(new_identity()[0], *self.identities))

    def opening(self) -> list[Any]:
        """The identities in the form that decrypting asks for."""
        return identities_of(self.identities)

    def to_bytes(self) -> bytes:
        """The ring as an age file to its recipients."""
        import pyrage

        return bytes(pyrage.encrypt(self._stated(), recipients_of(self.to)))

    def locked(self, code: str) -> bytes:
        """The ring as an age file that a passphrase opens."""
        return encrypted(self._stated(), code, INVITATION_WORK)

    @property
    def digest(self) -> str:
        """By which this laptop knows a ring of its own again: anybody can encrypt another one to it."""
        return sha256(self._stated()).hexdigest()

    def _stated(self) -> bytes:
        return encode(
            {
                "erased": sorted(self.erased),
                "for": self.purpose,
                "format": FORMAT,
                "identities": list(self.identities),
                "names": self.names.hex(),
                "to": sorted(self.to),
            }
        )


def open_ring(data: bytes, identities: Sequence[str]) -> Ring | None:
    """The ring, or None where it is not for these identities. Raises `ValueError` where it cannot be one."""
    import pyrage

    try:
        return _read(pyrage.decrypt(data, identities_of(identities))) if identities else None
    except pyrage.DecryptError as wrong:
        if "No matching keys" in str(wrong):
            return None
        raise ValueError(f"its ring.age cannot be read ({wrong})") from None


def unlock_ring(data: bytes, code: str) -> Ring | None:
    """The ring of an invitation, or None where the code is not the one it was written with."""
    try:
        return _read(decrypted(data, code, "invitation", INVITATION_WORK))
    except (PassphraseMissing, RecordUnreadable):
        return None


def recipients_of(recipients: Iterable[str]) -> list[Any]:
    from pyrage import x25519

    return [x25519.Recipient.from_str(one) for one in sorted(set(recipients))]


def identities_of(identities: Iterable[str]) -> list[Any]:
    from pyrage import x25519

    return [x25519.Identity.from_str(one) for one in identities]


def is_recipient(text: object) -> bool:
    """Whether this is an age recipient that files can be encrypted to."""
    import pyrage

    try:
        return isinstance(text, str) and bool(recipients_of([text]))
    except pyrage.RecipientError:
        return False


def _read(plain: bytes) -> Ring:
    import pyrage

    try:
        held = json.loads(plain)
        if held["format"] != FORMAT or not held["identities"]:
            raise ValueError(held["format"])
        names = bytes.fromhex(held["names"])
        identities = tuple(map(str, held["identities"]))
        identities_of(identities)
        to = frozenset(map(str, held.get("to", ())))
        ring = Ring(
            identities, names, to, str(held.get("for", "team")), frozenset(map(str, held.get("erased", ())))
        )
    except (ValueError, KeyError, TypeError, RecursionError, pyrage.IdentityError):
        raise ValueError("its ring.age does not hold a ring") from None
    if len(ring.names) != NAMES_BYTES:
        raise ValueError("its ring.age does not hold a ring")
    return ring
