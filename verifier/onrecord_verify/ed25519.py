"""Ed25519 (RFC 8032, section 5.1), points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""

from __future__ import annotations

from hashlib import sha512
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Point = tuple[int, int, int, int]

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
ZERO: Point = (0, 1, 1, 0)


def _add(one: Point, two: Point) -> Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = 2 * t1 * t2 * D % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(one: Point) -> Point:
    x, y, z, _ = one
    a, b = x * x % P, y * y % P
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = 2 * z * z + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(raw: bytes) -> Point | None:
    """The point these 32 bytes encode; None unless they are its canonical encoding."""
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT_OF_MINUS_ONE % P
    if v * x * x % P != u or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


def _multiples(point: Point) -> list[Point]:
    rows = [ZERO]
    for _ in range(15):
        rows.append(_add(rows[-1], point))
    return rows


_base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _base is not None  # noqa: S101 - the curve's own base point
BASE_MULTIPLES = _multiples(_base)


def signature_good(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the Ed25519 signature of the message by this key.

    Strict: S below the group's order, the key in its canonical encoding and not of small order, and R compared
    byte by byte with the encoding of [S]B - [k]A, without a cofactor.
    """
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = _point(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER or _double(_double(_double(key)))[0] == 0:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus_key = _multiples((P - key[0], key[1], 1, P - key[3]))
    total = ZERO
    for shift in range(252, -1, -4):
        total = _double(_double(_double(_double(total))))
        total = _add(total, BASE_MULTIPLES[s >> shift & 15])
        total = _add(total, minus_key[k >> shift & 15])
    inverse = pow(total[2], P - 2, P)
    x, y = total[0] * inverse % P, total[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def sound_key(public: bytes) -> bool:
    """Whether this is the canonical encoding of a point that is not of small order."""
    point = _point(public)
    return point is not None and _double(_double(_double(point)))[0] != 0
