"""OpenTimestamps: handing the record root to a calendar, and later fetching the block of Bitcoin it came to stand in."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from onrecord.record.errors import AuthorityMissing
from onrecord.stamping.web import NotAnswered, check_address, fetch
from onrecord.verifying import time_checks

_ACCEPT = "application/vnd.opentimestamps.v1"
_KIND = "application/x-www-form-urlencoded"


def can_ask_calendars() -> bool:
    """Whether the part of Onrecord that asks calendars is installed."""
    try:
        import opentimestamps.core.timestamp  # noqa: F401
    except ImportError:
        return False
    return True


def require_opentimestamps() -> None:
    """Raise `AuthorityMissing` where the part of Onrecord that asks calendars is not installed."""
    if not can_ask_calendars():
        raise AuthorityMissing(
            "stamp",
            "the part of Onrecord that asks OpenTimestamps calendars is not installed",
            "Install it: pip install 'onrecord[bitcoin]'.",
        )


def ask_calendar(address: str, listing: bytes) -> dict[str, str]:
    """A pending proof, as a `stamp` entry keeps it. Raises `NotAnswered`."""
    from opentimestamps.core.op import OpSHA256
    from opentimestamps.core.timestamp import DetachedTimestampFile

    digest = sha256(listing).digest()
    answer = fetch(address.rstrip("/") + "/digest", digest, kind=_KIND, accept=_ACCEPT)
    proof = DetachedTimestampFile(OpSHA256(), _timestamp(answer, digest))
    return {"calendar": address, "proof": _checked(proof, listing)}


def upgraded(kept: dict[str, str], listing: bytes) -> dict[str, str] | None:
    """The proof with what its calendars know by now, or None where they know no more. Raises `NotAnswered`."""
    from opentimestamps.core.serialize import BytesDeserializationContext
    from opentimestamps.core.timestamp import DetachedTimestampFile

    proof = DetachedTimestampFile.deserialize(BytesDeserializationContext(base64.b64decode(kept["proof"])))
    before, unreached = kept["proof"], []
    for stamp, address in list(_pending(proof.timestamp)):
        try:
            where = f"{check_address(address).rstrip('/')}/timestamp/{stamp.msg.hex()}"
            stamp.merge(_timestamp(fetch(where, kind=_KIND, accept=_ACCEPT), stamp.msg))
        except NotAnswered as wrong:
            if "404" not in str(wrong):  # a calendar answers so until a block holds it
                unreached.append(wrong)
    after = _checked(proof, listing)
    if after == before and unreached:
        raise unreached[0]
    return {**kept, "proof": after} if after != before else None


def is_pending(kept: dict[str, str], listing: bytes) -> bool:
    """Whether a kept proof leads to promises only, and to no block yet."""
    found = anchors(kept, listing)
    return bool(found) and all(anchor.height is None for anchor in found)


def anchors(kept: dict[str, str], listing: bytes) -> list[Any]:
    """Where a kept proof leads: blocks to compare first, then calendars that promised one; none if it is no good."""
    checks = time_checks()
    if not all(isinstance(kept.get(name), str) for name in ("calendar", "proof")):
        return []
    try:
        found: list[Any] = checks.check_calendar(checks.unpack(kept["proof"]), listing)
    except checks.Untrue:
        return []
    return found


def _pending(timestamp: Any) -> Iterator[tuple[Any, str]]:
    from opentimestamps.core.notary import PendingAttestation

    waiting = [timestamp]
    while waiting:
        one = waiting.pop()
        waiting += one.ops.values()
        yield from ((one, said.uri) for said in one.attestations if isinstance(said, PendingAttestation))


def _timestamp(raw: bytes, message: bytes) -> Any:
    from opentimestamps.core.serialize import BytesDeserializationContext, DeserializationError
    from opentimestamps.core.timestamp import Timestamp

    try:
        return Timestamp.deserialize(BytesDeserializationContext(raw), message)
    except (DeserializationError, ValueError) as wrong:
        raise NotAnswered(f"its answer cannot be read ({wrong})") from None


def _checked(proof: Any, listing: bytes) -> str:
    from opentimestamps.core.serialize import BytesSerializationContext

    context = BytesSerializationContext()
    proof.serialize(context)
    raw: bytes = context.getbytes()
    checks = time_checks()
    try:
        checks.check_calendar(raw, listing)
    except checks.Untrue as wrong:
        raise NotAnswered(f"its answer is no good: the proof {wrong}") from None
    return base64.b64encode(raw).decode("ascii")
