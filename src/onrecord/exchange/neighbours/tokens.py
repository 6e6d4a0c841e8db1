"""Time tokens (RFC 3161) in a foreign bundle, judged by our own verifier: a whole response, or the token alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.verifying import time_checks

TOOL = "onrecord verify_time"
LARGEST = 200_000
# The object that says "this content is a time stamp"; it stands in every token, and in hardly any other file.
_TIME = bytes.fromhex("060b2a864886f70d0109100104")
_GRANTED = bytes.fromhex("3003020100")


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a token: good, or why not."""

    good: bool
    said: str


def is_token(content: bytes) -> bool:
    return content[:1] == b"\x30" and _TIME in content[:LARGEST]


def is_certificate(content: bytes) -> bool:
    if content[:1] != b"\x30" or is_token(content):
        return False
    checks = time_checks()
    try:
        checks.read_certificate(content)
    except checks.Untrue:
        return False
    return True


def judge(token: bytes, data: bytes, certificates: Sequence[bytes], roots: Sequence[bytes] = ()) -> Judged:
    """Whether a token is good and is about this text. Whose root it leads to is for a person to compare."""
    checks = time_checks()
    response = _as_response(token) if _is_alone(token) else token
    try:
        good = checks.check_response(response, data, certificates=certificates, roots=roots)
    except checks.Untrue as wrong:
        said = str(wrong).replace("of another text than the listing", "of another text")
        return Judged(False, f"the token {said}")
    return Judged(
        True, f"it existed by {good.time}, says {good.authority}; root {good.root_name}, {good.root}"
    )


def _is_alone(token: bytes) -> bool:
    """Whether it is signed data, which begins with the name of its kind, and no response, which begins with a status."""
    header = 2 + (token[1] & 0x7F if token[1] & 0x80 else 0)
    return token[header : header + 1] == b"\x06"


def _as_response(token: bytes) -> bytes:
    """A token alone as the response that it came in."""
    inner = _GRANTED + token
    size = len(inner)
    if size < 128:
        return b"\x30" + bytes([size]) + inner
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return b"\x30" + bytes([128 | len(octets)]) + octets + inner
