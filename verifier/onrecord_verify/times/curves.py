"""ECDSA (FIPS 186-4) over the curves P-256 and P-384. Points are Jacobian: x = X/Z^2, y = Y/Z^3, and Z = 0 at infinity."""

from __future__ import annotations

from typing import NamedTuple

from .der import must


class Curve(NamedTuple):
    """y^2 = x^3 - 3x + b over the field of p, with a base point of order n."""

    p: int
    b: int
    n: int
    x: int
    y: int


CURVES = {
    "1.2.840.10045.3.1.7": Curve(
        0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    "1.3.132.0.34": Curve(
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
}


def _double(curve: Curve, point: tuple[int, int, int]) -> tuple[int, int, int]:
    x, y, z = point
    p = curve.p
    if not z or not y:
        return 0, 1, 0
    square = y * y % p
    s = 4 * x * square % p
    m = 3 * (x - z * z) * (x + z * z) % p
    new = (m * m - 2 * s) % p
    return new, (m * (s - new) - 8 * square * square) % p, 2 * y * z % p


def _add(curve: Curve, one: tuple[int, int, int], two: tuple[int, int, int]) -> tuple[int, int, int]:
    if not one[2] or not two[2]:
        return two if not one[2] else one
    p, (x1, y1, z1), (x2, y2, z2) = curve.p, one, two
    u1, u2 = x1 * z2 * z2 % p, x2 * z1 * z1 % p
    s1, s2 = y1 * z2**3 % p, y2 * z1**3 % p
    if u1 == u2:
        return _double(curve, one) if s1 == s2 else (0, 1, 0)
    h, r = u2 - u1, s2 - s1
    x = (r * r - h**3 - 2 * u1 * h * h) % p
    return x, (r * (u1 * h * h - x) - s1 * h**3) % p, h * z1 * z2 % p


def ecdsa_good(curve: Curve, key: tuple[int, int], digest: bytes, r: int, s: int) -> bool:
    n = curve.n
    if not (0 < r < n and 0 < s < n):
        return False
    size = (n.bit_length() + 7) // 8
    e = int.from_bytes(digest[:size], "big")
    w = pow(s, n - 2, n)
    u, v = e * w % n, r * w % n
    base, own, total = (curve.x, curve.y, 1), (*key, 1), (0, 1, 0)
    both = _add(curve, base, own)
    for at in range(n.bit_length() - 1, -1, -1):
        total = _double(curve, total)
        which = (u >> at & 1) | (v >> at & 1) << 1
        if which:
            total = _add(curve, total, (base, own, both)[which - 1])
    if not total[2]:
        return False
    inverse = pow(total[2], curve.p - 2, curve.p)
    return total[0] * inverse * inverse % curve.p % n == r


def point_on(curve: Curve, raw: bytes) -> tuple[int, int]:
    size = (curve.p.bit_length() + 7) // 8
    must(len(raw) == 2 * size + 1 and raw[0] == 4, "has a key that is no sound point")
    x, y = int.from_bytes(raw[1 : size + 1], "big"), int.from_bytes(raw[size + 1 :], "big")
    on = x < curve.p and y < curve.p and (y * y - x**3 + 3 * x - curve.b) % curve.p == 0
    must(on, "has a key that is no sound point")
    return x, y
