"""Sealed fields: age files whose plain text is canonical JSON, encrypted to the people who may open them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from onrecord.record.canonical import check, decode, encode
from onrecord.record.errors import KeyMissing


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
    """Encrypt a value to people: `{person id: age recipient}`."""
    import pyrage

    check(value, "sealed")
    to = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients.values()]
    secret = pyrage.encrypt(encode(value), to)
    return {"age": base64.b64encode(secret).decode("ascii"), "to": sorted(recipients)}


def unseal(sealed: Mapping[str, Any], identity: str) -> Any:
    """What was sealed. Raises `KeyMissing` if it was not sealed to this identity."""
    import pyrage

    key = pyrage.x25519.Identity.from_str(identity)
    try:
        return decode(pyrage.decrypt(base64.b64decode(sealed["age"]), [key]))
    except pyrage.DecryptError:
        raise KeyMissing(
            "sealed field", "it was not sealed to the key on this laptop", "Ask a colleague who may open it."
        ) from None
