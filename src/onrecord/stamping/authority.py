"""Asking an RFC 3161 time authority for a token over a listing. What it answers is verified before it is kept."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.record.errors import AuthorityMissing
from onrecord.stamping.web import NotAnswered, fetch
from onrecord.verifying import time_checks

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


def require_client() -> None:
    """Raise `AuthorityMissing` where the part of Onrecord that asks authorities is not installed."""
    try:
        import rfc3161_client  # noqa: F401
    except ImportError:
        raise AuthorityMissing(
            "stamp",
            "the part of Onrecord that asks time authorities is not installed",
            "Install it: pip install 'onrecord[time]'.",
        ) from None


def ask_authority(address: str, listing: bytes, roots: Sequence[bytes]) -> tuple[dict[str, Any], Any]:
    """A token as a `stamp` entry keeps it, and what it was found to show. Raises `NotAnswered`.

    Its nonce, imprint, signature and certificates are good, up to one of the `roots` where there are any.
    """
    request = _request(listing)
    response = fetch(address, request, kind=QUERY, accept=REPLY)
    checks = time_checks()
    try:
        found = checks.check_response(response, listing, request=request, certificates=roots, roots=roots)
    except checks.Untrue as wrong:
        raise NotAnswered(f"its answer is no good: the token {wrong}") from None
    further = [raw for raw in found.chain if raw not in response]
    return {
        "authority": address,
        "certificates": [_text(raw) for raw in further],
        "request": _text(request),
        "response": _text(response),
        "time": found.time,
    }, found


def _request(listing: bytes) -> bytes:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(listing).hash_algorithm(HashAlgorithm.SHA256)
    raw: bytes = builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()
    return raw


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def judged(kept: Mapping[str, Any], listing: str, roots: Sequence[bytes] = ()) -> Any:
    """What a kept token shows, or a text that says why it is no good."""
    checks = time_checks()
    texts = all(isinstance(kept.get(name), str) for name in ("authority", "request", "response", "time"))
    lists = all(isinstance(kept.get(name, []), list | tuple) for name in ("certificates", "crls"))
    if not (texts and lists and "certificates" in kept):
        return "the token is not kept as the format says"
    try:
        return checks.check_kept(kept, listing.encode("ascii"), roots)
    except checks.Untrue as wrong:
        return f"the token {wrong}"
