"""The recovery key of a record: kept by nobody, held in shares of which some few together bring it back.

From one secret follow an age identity, to which sealed fields are encrypted as well, and an Ed25519 key, which
revokes a device when members cannot. The shares are SLIP-39 words, the standard that hardware wallets use too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from onrecord.record.checkpoint import Signer, fingerprint, verifier_key
from onrecord.record.errors import SharesRefused
from onrecord.record.membership import recovery_origin
from onrecord.store.sealing import recipient_of
from onrecord.store.share_file import read_share

SECRET_BYTES = 32
MOST_SHARES = 16
_AGE, _SIGNING = b"onrecord recovery age v1", b"onrecord recovery ed25519 v1"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class RecoveryKey:
    """The whole recovery key, in memory for one command."""

    def __init__(self, secret: bytes) -> None:
        self.identity = _identity_from(_derived(secret, _AGE))
        self._seed = _derived(secret, _SIGNING)

    @property
    def recipient(self) -> str:
        return recipient_of(self.identity)

    @property
    def fingerprint(self) -> str:
        """What people compare: that of the public signing key."""
        return fingerprint(Signer("", self._seed).public)

    def signer(self, record: str) -> Signer:
        return Signer(recovery_origin(record), self._seed)

    def verifier_key(self, record: str) -> str:
        """The line by which a record knows this key."""
        signer = self.signer(record)
        return verifier_key(signer.origin, signer.public)


def new_shares(shares: int, needed: int) -> tuple[RecoveryKey, list[str]]:
    """A fresh recovery key, and the words of its shares. Raises `SharesRefused` for numbers that cannot be."""
    from shamir_mnemonic import generate_mnemonics

    if not 2 <= needed <= shares <= MOST_SHARES:
        raise SharesRefused(
            f"{needed} of {shares} shares",
            "that cannot be",
            f"Ask for 2 to {MOST_SHARES} shares, of which at least 2 are needed, such as 2 of 3.",
        )
    secret = os.urandom(SECRET_BYTES)
    (words,) = generate_mnemonics(1, [(needed, shares)], secret)
    return RecoveryKey(secret), [str(one) for one in words]


def recovered(files: Sequence[Path]) -> RecoveryKey:
    """The recovery key from the files of enough shares. Raises `SharesRefused`, naming the file at fault."""
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    shares = [read_share(file) for file in files]
    if not shares:
        raise SharesRefused("recovery", "no share was given", "Name the share files.")
    first = shares[0]
    for other in shares[1:]:
        if other.set != first.set:
            raise SharesRefused(
                str(other.file),
                f"it is a share of another recovery key than {first.file} is",
                "Gather shares that show the same fingerprint.",
            )
    by_number = {share.number: share for share in shares}
    if len(by_number) < first.needed:
        twice = " (a share and its copy count as one)" if len(by_number) < len(shares) else ""
        raise SharesRefused(
            str(first.file),
            f"{first.needed} different shares are needed, and there {_are(len(by_number))}{twice}",
            f"Ask {first.needed - len(by_number)} more of those who hold one.",
        )
    enough = list(by_number.values())[: first.needed]
    try:
        return RecoveryKey(combine_mnemonics([share.words for share in enough]))
    except MnemonicError:
        raise SharesRefused(
            ", ".join(str(share.file) for share in enough),
            "these shares do not make a key together",
            "One of them is not what it says: try with another.",
        ) from None


def recovery_signer(files: Sequence[Path], record: str, vkey: str) -> Callable[[bytes], str]:
    """What signs with a record's recovery key, in base64, from shares. `vkey` is the line in the record's entry.

    Raises `SharesRefused` where the shares are those of another record.
    """
    key = recovered(files)
    require_key_of(key, record, vkey, files)
    return key.signer(record).sign


def require_key_of(key: RecoveryKey, record: str, vkey: str, files: Sequence[Path]) -> None:
    if key.verifier_key(record) != vkey:
        raise SharesRefused(
            ", ".join(map(str, files)),
            f"they are shares of another record's recovery key ({key.fingerprint})",
            "Gather those that show the fingerprint of this record's: onrecord recovery show.",
        )


def _are(count: int) -> str:
    return f"is {count}" if count == 1 else f"are {count}"


def _derived(secret: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, purpose).derive(secret)


def _identity_from(scalar: bytes) -> str:
    """An X25519 key as age writes it: Bech32 (BIP 173) with the prefix `age-secret-key-`, in capitals."""
    prefix = "age-secret-key-"
    bits = int.from_bytes(scalar, "big") << 4  # 256 bits in 52 groups of five
    data = [bits >> 5 * place & 31 for place in reversed(range(52))]
    spread = [ord(one) >> 5 for one in prefix] + [0] + [ord(one) & 31 for one in prefix]
    check = _polymod([*spread, *data, *[0] * 6]) ^ 1
    data += [check >> 5 * place & 31 for place in reversed(range(6))]
    return f"{prefix}1{''.join(_BECH32[one] for one in data)}".upper()


def _polymod(values: Sequence[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> place & 1 else 0
    return check
