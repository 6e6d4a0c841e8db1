"""The format once more, written from its text and the RFCs alone: nothing here is shared with the product.

Slow and literal on purpose. Only signing is left to the `cryptography` package.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SHORT_ESCAPES = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def canonical(value: Any) -> str:
    """Canonical JSON, section 2, letter by letter."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        assert abs(value) < 2**53
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(_letter(ord(one)) for one in value) + '"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    return "[" + ",".join(canonical(one) for one in value) + "]"


def _letter(point: int) -> str:
    if point in SHORT_ESCAPES:
        return SHORT_ESCAPES[point]
    return f"\\u{point:04x}" if point < 32 else chr(point)


def fixed_id(word: str) -> str:
    """An id that is always the same for one word: vectors may not change by themselves."""
    return base64.b32encode(sha256(word.encode()).digest()[:10]).decode().lower()


def commitment(salt: bytes, body: str) -> str:
    return sha256(b"onrecord body v1" + bytes([10]) + salt + body.encode()).hexdigest()


def hidden_bits(text: str) -> str:
    """The same bytes in base64 that is not canonical: unused bits of the last letter are set."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(text.rstrip("=")) - 1
    return text[:at] + letters[letters.index(text[at]) + 1] + text[at + 1 :]


# RFC 6962, section 2.1, as its definitions read


def leaf(data: bytes) -> bytes:
    return sha256(bytes([0]) + data).digest()


def root(data: list[bytes]) -> bytes:
    """MTH(D[n])."""
    if not data:
        return sha256().digest()
    if len(data) == 1:
        return leaf(data[0])
    k = split(len(data))
    return sha256(bytes([1]) + root(data[:k]) + root(data[k:])).digest()


def path(m: int, data: list[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(data) == 1:
        return []
    k = split(len(data))
    if m < k:
        return [*path(m, data[:k]), root(data[k:])]
    return [*path(m - k, data[k:]), root(data[:k])]


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def peaks(data: list[bytes]) -> bytes:
    """The roots of the perfect subtrees, left to right."""
    if not data:
        return b""
    whole = 1
    while whole * 2 <= len(data):
        whole *= 2
    return root(data[:whole]) + peaks(data[whole:])


# C2SP signed notes


class LogKey:
    """A log's key with a fixed seed."""

    def __init__(self, record: str, log: str, seed: str = "seed") -> None:
        self.origin = f"onrecord/{record}/{log}"
        self.private = Ed25519PrivateKey.from_private_bytes(sha256(f"{seed} of {log}".encode()).digest())
        self.public = self.private.public_key().public_bytes_raw()

    def hash(self) -> bytes:
        return sha256(self.origin.encode() + b"\n\x01" + self.public).digest()[:4]

    def line(self) -> str:
        return "+".join((self.origin, self.hash().hex(), base64.b64encode(b"\x01" + self.public).decode()))

    def sign(self, text: str) -> str:
        signature = self.private.sign(text.encode())
        return f"\u2014 {self.origin} {base64.b64encode(self.hash() + signature).decode()}\n"

    def note(self, heads: list[bytes]) -> str:
        text = f"{self.origin}\n{len(heads)}\n{base64.b64encode(root(heads)).decode()}\n"
        return text + "\n" + self.sign(text)

    def vouch(self, line: str, words: str = "onrecord device v1\n") -> str:
        """The word by which this log lets in the key of this line, section 7."""
        return base64.b64encode(self.private.sign(f"{words}{line}\n".encode())).decode()

    def cosign(self, text: str, seconds: int) -> str:
        """C2SP cosignature/v1 over another log's checkpoint text: the time, and the signature."""
        signed = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        return base64.b64encode(seconds.to_bytes(8, "big") + self.private.sign(signed)).decode()

    def fingerprint(self) -> str:
        digits = sha256(self.public).hexdigest()
        return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


# The curve of RFC 8032 in plain affine coordinates, to make signatures that only some verifiers accept

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
B = (15112221349535400772501151409588531511454012693041857206046113283949847762202, 4 * pow(5, -1, P) % P)


def plus(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = one, two
    k = D * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def times(n: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    for bit in bin(n)[2:]:
        total = plus(total, total)
        if bit == "1":
            total = plus(total, point)
    return total


def encoded(point: tuple[int, int]) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")
