"""Sealed fields: age files whose plain text is canonical JSON, encrypted to the people who may open them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.record.canonical import check, decode, encode
from onrecord.record.errors import FieldInvalid, KeyMissing


def new_identity() -> tuple[str, str]:
    """A fresh age identity and its public recipient."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(identity: str) -> str:
    """The public recipient of an age identity."""
    from pyrage import x25519

    return str(x25519.Identity.from_str(identity).to_public())


def seal(value: Any, recipients: Mapping[str, str]) -> dict[str, Any]:
    """Encrypt a value to people, and to the recovery key: `{id of the person or of the key: age recipient}`."""
    import pyrage

    check_quietly(value, "sealed")
    if not recipients:
        raise KeyMissing(
            "sealed", "nobody is known here yet to whom it could be sealed", "Merge with a colleague first."
        )
    to = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients.values()]
    secret = pyrage.encrypt(encode(value), to)
    return {"age": base64.b64encode(secret).decode("ascii"), "to": sorted(recipients)}


def check_quietly(value: Any, where: str) -> None:
    """Raise `FieldInvalid`, without a word of the value, unless canonical JSON can hold it."""
    try:
        check(value, where)
    except FieldInvalid:
        raise FieldInvalid(
            where,
            "it holds something that cannot be kept: a key with letters beyond ASCII, a fraction or a very large number "
            "that is not text, half of a character, or too many levels",
            'Names are values: {"names": [{"text": "…"}]}.',
        ) from None


def unseal(sealed: Mapping[str, Any], identities: Sequence[str]) -> Any:
    """What was sealed. Raises `KeyMissing` if it was sealed to none of these identities, or is damaged.

    What was sealed stands in no error: neither here nor in what caused it.
    """
    import pyrage

    keys = [pyrage.x25519.Identity.from_str(identity) for identity in identities]
    try:
        opened: bytes = pyrage.decrypt(base64.b64decode(sealed["age"]), keys)
    except pyrage.DecryptError:
        raise KeyMissing(
            "sealed field",
            "it was not sealed to the key on this laptop",
            "Ask a colleague who may open it, or use recovery shares: onrecord recovery open.",
        ) from None
    try:
        return decode(opened)
    except (ValueError, RecursionError):
        raise KeyMissing(
            "sealed field", "it opens, but does not hold what a record can hold", "Ask who sealed it."
        ) from None
