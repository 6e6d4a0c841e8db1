#!/usr/bin/env python3
"""Checks what outside authorities say about a time: RFC 3161 tokens, and what OpenTimestamps calendars promised.

    python3 verify_time.py --data FILE --response FILE [--request FILE] [--roots FILE.pem]

`verify.py` uses this file when it stands beside it. A token is judged at its own time: a certificate that was valid
then and has expired since is good. It is read as DER with strict limits; everything that RFC 3161 and RFC 5652 ask
of it is checked, up to a root certificate. Whose root that is no program can know: its fingerprint is for a person to
compare with what the authority publishes. Needs Python 3.8 or later and nothing else, and writes nothing.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

LARGEST = 1 << 20
MOST_PARTS = 20_000
DEEPEST_CHAIN = 8
MOST_SIGNATURES = 40
UTC = timezone.utc  # noqa: UP017 - Python 3.8 has no other name for it


class Untrue(Exception):
    """A token does not show what it should. The message says why, so that it follows "the token"."""


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Untrue(otherwise)


# DER (X.690): one spelling for everything, so nothing in a token can be read in two ways


class Part(NamedTuple):
    """One value: its tag, what is inside, and all its bytes."""

    tag: int
    content: bytes
    raw: bytes


def _next(data: bytes, at: int) -> tuple[Part, int]:
    must(len(data) - at >= 2, "ends in the middle of a value")
    tag, size, begin = data[at], data[at + 1], at + 2
    must(tag & 31 != 31, "holds a tag of several bytes")
    if size >= 128:
        count = size & 127
        must(1 <= count <= 4 and len(data) - begin >= count, "holds a length that DER does not allow")
        size = int.from_bytes(data[begin : begin + count], "big")
        must(size >= 128 and size >> 8 * (count - 1) > 0, "holds a length that is not the shortest")
        begin += count
    must(size <= len(data) - begin, "ends in the middle of a value")
    return Part(tag, data[begin : begin + size], data[at : begin + size]), begin + size


def parts(content: bytes) -> list[Part]:
    """The values that stand one after another in these bytes."""
    found, at = [], 0
    while at < len(content):
        part, at = _next(content, at)
        found.append(part)
        must(len(found) <= MOST_PARTS, "holds too many values")
    return found


def one(content: bytes, tag: int, what: str) -> Part:
    """The only value in these bytes."""
    found = parts(content)
    must(len(found) == 1 and found[0].tag == tag, f"has no sound {what}")
    return found[0]


class Fields:
    """The values of a sequence, taken in order."""

    def __init__(self, part: Part, what: str, tag: int = 0x30) -> None:
        must(part.tag == tag, f"has no sound {what}")
        self.what = what
        self._left = parts(part.content)[::-1]

    def take(self, tag: int) -> Part:
        must(bool(self._left) and self._left[-1].tag == tag, f"has no sound {self.what}")
        return self._left.pop()

    def maybe(self, *tags: int) -> Part | None:
        return self._left.pop() if self._left and self._left[-1].tag in tags else None

    def end(self) -> None:
        must(not self._left, f"has more in its {self.what} than belongs there")


def number(part: Part) -> int:
    raw = part.content
    must(bool(raw) and len(raw) <= 1100, "holds a number of no sound size")
    must(len(raw) == 1 or raw[0] not in (0, 255) or raw[0] >> 7 != raw[1] >> 7, "holds a number not in DER")
    return int.from_bytes(raw, "big", signed=True)


def truth(part: Part) -> bool:
    must(part.content in (b"\x00", b"\xff"), "holds a truth value not in DER")
    return part.content == b"\xff"


def bits(part: Part, what: str) -> bytes:
    """The bytes of a bit string of whole bytes."""
    must(part.tag == 3 and part.content[:1] == b"\x00", f"has no sound {what}")
    return part.content[1:]


def dotted(part: Part) -> str:
    """An object identifier, in figures with dots."""
    raw = part.content
    must(0 < len(raw) <= 64 and raw[-1] < 128, "holds no sound object identifier")
    arcs, value = [], 0
    for byte in raw:
        must(value > 0 or byte != 128, "holds no sound object identifier")
        value = value << 7 | byte & 127
        if byte < 128:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


_WHEN = re.compile(
    rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]{0,9}[1-9]))?Z"
).fullmatch


def instant(part: Part) -> datetime:
    """A moment, in UTC. UTCTime has two digits for the year (RFC 5280, section 4.1.2.5.1)."""
    text = part.content
    must(part.tag in (0x17, 0x18), "holds no sound time")
    if part.tag == 0x17:
        text = (b"20" if text[:2] < b"50" else b"19") + text
    found = _WHEN(text)
    if found is None:
        raise Untrue("holds no sound time")
    try:
        moment = datetime(*(int(digits) for digits in found.groups()[:6]), tzinfo=UTC)  # type: ignore[arg-type,misc]
    except ValueError:
        raise Untrue("holds no sound time") from None
    return moment + timedelta(microseconds=int((found.group(7) or b"0")[:6].ljust(6, b"0")))


def spelt(part: Part) -> str:
    """A token's time as it is kept beside it: ISO 8601 in UTC, with as many digits as the token gives."""
    instant(part)
    text = part.content.decode("ascii")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}"


# Signatures: RSA (RFC 8017) and ECDSA (FIPS 186-4) over the curves P-256 and P-384


HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
RSA, PSS, EC = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.10045.2.1"
WITH_RSA = {f"1.2.840.113549.1.1.{at}": name for at, name in ((11, "sha256"), (12, "sha384"), (13, "sha512"))}
WITH_ECDSA = {f"1.2.840.10045.4.3.{at}": name for at, name in ((2, "sha256"), (3, "sha384"), (4, "sha512"))}
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


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


# Points are Jacobian: x = X/Z^2, y = Y/Z^3, and Z = 0 at infinity.


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


def _mgf(seed: bytes, size: int, name: str) -> bytes:
    blocks = -(-size // hashlib.new(name).digest_size)
    return b"".join(hashlib.new(name, seed + at.to_bytes(4, "big")).digest() for at in range(blocks))[:size]


def pss_good(encoded: bytes, digest: bytes, name: str, salt: int, unused: int) -> bool:
    """EMSA-PSS-VERIFY (RFC 8017, section 9.1.2) with MGF1 over the same hash."""
    size = len(digest)
    if len(encoded) < size + salt + 2 or encoded[-1] != 0xBC or encoded[0] >> 8 - unused:
        return False
    masked, h = encoded[: -size - 1], encoded[-size - 1 : -1]
    mask = _mgf(h, len(masked), name)
    block = bytearray(a ^ b for a, b in zip(masked, mask))  # noqa: B905 - Python 3.8
    block[0] &= 255 >> unused
    zeros = len(masked) - salt - 1
    if any(block[:zeros]) or block[zeros] != 1:
        return False
    again = hashlib.new(name, bytes(8) + digest + bytes(block[zeros + 1 :])).digest()
    return hmac.compare_digest(again, h)


class Key(NamedTuple):
    """A public key: of RSA with its modulus and exponent, or a point on a curve."""

    kind: str
    values: tuple[int, int]
    curve: Curve | None = None


def read_key(spki: Part) -> Key:
    fields = Fields(spki, "public key")
    algorithm = Fields(fields.take(0x30), "public key")
    kind, raw = dotted(algorithm.take(6)), bits(fields.take(3), "public key")
    fields.end()
    if kind == EC:
        curve = CURVES.get(dotted(algorithm.take(6)))
        if curve is None:
            raise Untrue("has a key on a curve that this program does not know")
        return Key(EC, _point(curve, raw), curve)
    must(kind in (RSA, PSS), "has a key of a kind that this program does not know")
    pair = Fields(one(raw, 0x30, "RSA key"), "RSA key")
    n, e = number(pair.take(2)), number(pair.take(2))
    pair.end()
    must(2048 <= n.bit_length() <= 8192 and n & 1 == 1, "has an RSA key that is too small or too large")
    must(3 <= e < 2**33 and e & 1 == 1, "has an RSA key with no sound exponent")
    return Key(RSA, (n, e))


def _point(curve: Curve, raw: bytes) -> tuple[int, int]:
    size = (curve.p.bit_length() + 7) // 8
    must(len(raw) == 2 * size + 1 and raw[0] == 4, "has a key that is no sound point")
    x, y = int.from_bytes(raw[1 : size + 1], "big"), int.from_bytes(raw[size + 1 :], "big")
    on = x < curve.p and y < curve.p and (y * y - x**3 + 3 * x - curve.b) % curve.p == 0
    must(on, "has a key that is no sound point")
    return x, y


def signed_well(key: Key, algorithm: Part, signature: bytes, message: bytes, digest: str = "") -> bool:
    """Whether the key signed the message. `digest` names the hash where the algorithm leaves it open."""
    fields = Fields(algorithm, "signature algorithm")
    kind = dotted(fields.take(6))
    if kind in WITH_ECDSA and key.curve:
        pair = Fields(one(signature, 0x30, "signature"), "signature")
        r, s = number(pair.take(2)), number(pair.take(2))
        pair.end()
        hashed = hashlib.new(WITH_ECDSA[kind], message).digest()
        return ecdsa_good(key.curve, key.values, hashed, r, s)
    must(
        key.kind == RSA and kind in (RSA, PSS, *WITH_RSA),
        f"is signed in a way this program does not know: {kind}",
    )
    name, salt = _pss_parameters(fields) if kind == PSS else (WITH_RSA.get(kind, digest), -1)
    must(name in _DIGEST_INFO, "is signed over a hash this program does not know")
    return _rsa_good(key, name, salt, signature, hashlib.new(name, message).digest())


def _rsa_good(key: Key, name: str, salt: int, signature: bytes, hashed: bytes) -> bool:
    n, e = key.values
    size = (n.bit_length() + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= n:
        return False
    opened = pow(value, e, n)
    if salt >= 0:
        length = (n.bit_length() + 6) // 8
        fits = opened.bit_length() <= 8 * length
        return fits and pss_good(
            opened.to_bytes(length, "big"), hashed, name, salt, 8 * length - n.bit_length() + 1
        )
    ending = b"\x00" + _DIGEST_INFO[name] + hashed
    return opened.to_bytes(size, "big") == b"\x00\x01" + b"\xff" * (size - 2 - len(ending)) + ending


def _pss_parameters(fields: Fields) -> tuple[str, int]:
    stated = Fields(fields.take(0x30), "signature algorithm")
    hashed, masked, salt = stated.maybe(0xA0), stated.maybe(0xA1), stated.maybe(0xA2)
    stated.end()
    if hashed is None or masked is None:
        raise Untrue("is signed over SHA-1")
    mask = Fields(one(masked.content, 0x30, "signature algorithm"), "signature algorithm")
    must(dotted(mask.take(6)) == "1.2.840.113549.1.1.8", "is signed in a way this program does not know")
    name = _hash_named(one(hashed.content, 0x30, "hash"))
    must(_hash_named(mask.take(0x30)) == name, "is signed in a way this program does not know")
    return name, number(one(salt.content, 2, "salt")) if salt else 20


def _hash_named(algorithm: Part) -> str:
    name = HASHES.get(dotted(Fields(algorithm, "hash").take(6)))
    if name is None:
        raise Untrue("rests on a hash that this program does not take: only SHA-256, SHA-384 and SHA-512")
    return name


# Certificates and lists of revoked ones (RFC 5280)

BASIC, KEY_USAGE, EXTENDED, REASON, ISSUER_OF = (
    "2.5.29.19",
    "2.5.29.15",
    "2.5.29.37",
    "2.5.29.21",
    "2.5.29.29",
)
TIME_STAMPING, ANY_USE = "1.3.6.1.5.5.7.3.8", "2.5.29.37.0"
# Extensions that are read here, or that change nothing about a token's time.
UNDERSTOOD = {BASIC, KEY_USAGE, EXTENDED, "2.5.29.14", "2.5.29.17", "2.5.29.31", "2.5.29.32", "2.5.29.35"}
UNDERSTOOD_IN_LISTS = {"2.5.29.20", "2.5.29.28", "2.5.29.35"}
NAMES = {
    "2.5.4.3": "CN", "2.5.4.5": "serial", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O",
    "2.5.4.11": "OU", "1.2.840.113549.1.9.1": "email",
}  # fmt: skip
TEXT_IN = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}


class Certificate(NamedTuple):
    raw: bytes
    signed: bytes
    serial: int
    issuer: bytes
    subject: bytes
    since: datetime
    until: datetime
    spki: Part
    extensions: Mapping[str, tuple[bool, bytes]]
    algorithm: Part
    signature: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def name(self) -> str:
        return name_text(self.subject)

    @property
    def is_root(self) -> bool:
        return self.issuer == self.subject


def read_certificate(raw: bytes) -> Certificate:
    must(len(raw) <= LARGEST, "has a certificate that is too large")
    outer = Fields(one(raw, 0x30, "certificate"), "certificate")
    signed, algorithm, signature = outer.take(0x30), outer.take(0x30), bits(outer.take(3), "certificate")
    outer.end()
    fields = Fields(signed, "certificate")
    fields.maybe(0xA0)
    serial, inner, issuer = number(fields.take(2)), fields.take(0x30), fields.take(0x30)
    must(inner.raw == algorithm.raw, "has a certificate that names two ways of signing")
    valid, subject, spki = Fields(fields.take(0x30), "validity"), fields.take(0x30), fields.take(0x30)
    since, until = (instant(valid.maybe(0x17, 0x18) or Part(0, b"", b"")) for _ in "ab")
    fields.maybe(0x81, 0xA1), fields.maybe(0x82, 0xA2)
    extensions = _extensions(fields.maybe(0xA3))
    fields.end()
    return Certificate(
        raw, signed.raw, serial, issuer.raw, subject.raw, since, until, spki, extensions, algorithm, signature
    )


def _extensions(wrapped: Part | None) -> dict[str, tuple[bool, bytes]]:
    found: dict[str, tuple[bool, bytes]] = {}
    for part in parts(one(wrapped.content, 0x30, "extensions").content) if wrapped else ():
        fields = Fields(part, "extension")
        kind, critical = dotted(fields.take(6)), fields.maybe(1)
        must(kind not in found, "has an extension twice")
        found[kind] = bool(critical and truth(critical)), fields.take(4).content
        fields.end()
    return found


def name_text(raw: bytes) -> str:
    """A name as people read it, the most telling part first."""
    found = []
    for row in parts(one(raw, 0x30, "name").content):
        for pair in parts(row.content):
            fields = Fields(pair, "name")
            kind = dotted(fields.take(6))
            value = parts(pair.content)[-1]
            text = value.content.decode(TEXT_IN.get(value.tag, "latin-1"), "replace")
            found.append((kind != "2.5.4.3", f"{NAMES.get(kind, kind)}={text}"))
    return ", ".join(text for _, text in sorted(found, key=lambda part: part[0])) or "no name"


def _uses(certificate: Certificate) -> tuple[bool, set[str]]:
    critical, value = certificate.extensions[EXTENDED]
    return critical, {dotted(part) for part in parts(one(value, 0x30, "extended key usage").content)}


def _may(certificate: Certificate, *which: int) -> bool:
    """Whether the key may be used in one of these ways (numbers of bits); yes where nothing is said."""
    if KEY_USAGE not in certificate.extensions:
        return True
    value = one(certificate.extensions[KEY_USAGE][1], 3, "key usage").content[1:]
    return any(at // 8 < len(value) and value[at // 8] >> 7 - at % 8 & 1 for at in which)


def check_signer(certificate: Certificate) -> None:
    """RFC 3161, section 2.3: a key for nothing but time stamps, and said so critically."""
    _check_critical(certificate.extensions, UNDERSTOOD)
    must(EXTENDED in certificate.extensions, "is signed by a certificate that is not one for time stamps")
    critical, uses = _uses(certificate)
    must(uses == {TIME_STAMPING}, "is signed by a certificate that is not one for time stamps alone")
    must(critical, "is signed by a certificate whose purpose is not marked critical")
    must(_may(certificate, 0, 1), "is signed by a certificate whose key may not sign")


def check_issuer(certificate: Certificate, below: int) -> None:
    """Whether this certificate may stand above `below` other authorities."""
    _check_critical(certificate.extensions, UNDERSTOOD)
    _, value = certificate.extensions.get(BASIC, (False, b"\x30\x00"))
    fields = Fields(one(value, 0x30, "basic constraints"), "basic constraints")
    is_authority, most = fields.maybe(1), fields.maybe(2)
    name = certificate.name
    must(bool(is_authority and truth(is_authority)), f"is certified by {name}, which may not certify others")
    must(most is None or number(most) >= below, f"is certified by more authorities than {name} allows")
    must(_may(certificate, 5), f"is certified by {name}, whose key may not sign certificates")
    if EXTENDED in certificate.extensions and not certificate.is_root:
        fits = bool(_uses(certificate)[1] & {TIME_STAMPING, ANY_USE})
        must(fits, f"is certified by {name}, which is not one for time stamps")


def _check_critical(extensions: Mapping[str, tuple[bool, bytes]], understood: set[str]) -> None:
    for kind, (critical, _) in extensions.items():
        must(
            not critical or kind in understood,
            f"rests on a critical extension that is not understood: {kind}",
        )


class Revoked(NamedTuple):
    """When a certificate was revoked, and why (RFC 5280, section 5.3.1); None where no reason was given."""

    at: datetime
    reason: int | None


class RevocationList(NamedTuple):
    signed: bytes
    issuer: bytes
    revoked: Mapping[int, Revoked]
    algorithm: Part
    signature: bytes
    made: datetime


def read_list(raw: bytes) -> RevocationList:
    must(len(raw) <= LARGEST, "has a list of revoked certificates that is too large")
    what = "list of revoked certificates"
    outer = Fields(one(raw, 0x30, what), what)
    signed, algorithm, signature = outer.take(0x30), outer.take(0x30), bits(outer.take(3), what)
    outer.end()
    fields = Fields(signed, what)
    fields.maybe(2)
    must(fields.take(0x30).raw == algorithm.raw, f"has a {what} that names two ways of signing")
    issuer, made = fields.take(0x30), instant(fields.maybe(0x17, 0x18) or Part(0, b"", b""))
    fields.maybe(0x17, 0x18)
    rows = fields.maybe(0x30)
    _check_critical(_extensions(fields.maybe(0xA0)), UNDERSTOOD_IN_LISTS)
    fields.end()
    revoked = dict(_revoked(row) for row in (parts(rows.content) if rows else ()))
    return RevocationList(signed.raw, issuer.raw, revoked, algorithm, signature, made)


def _revoked(row: Part) -> tuple[int, Revoked]:
    fields = Fields(row, "list of revoked certificates")
    serial, at = number(fields.take(2)), instant(fields.maybe(0x17, 0x18) or Part(0, b"", b""))
    stated = fields.maybe(0x30)
    extensions = _extensions(Part(0xA3, stated.raw, stated.raw)) if stated else {}
    _check_critical(extensions, {REASON})
    reason = number(one(extensions[REASON][1], 0x0A, "reason")) if REASON in extensions else None
    return serial, Revoked(at, reason)


REASONS = {
    0: "no reason stated", 3: "the authority changed", 4: "replaced by another", 5: "no longer in use",
    9: "a right withdrawn",
}  # fmt: skip
COMPROMISED = {1: "its key was stolen", 2: "the key above it was stolen", 10: "the key above it was stolen"}


def concerns(held: RevocationList, chain: Sequence[Certificate]) -> bool:
    """Whether an authority of the chain made this list. Raises `Untrue` where it only says so."""
    above = next((one for one in chain if one.subject == held.issuer), None)
    if above is not None:
        good = signed_well(read_key(above.spki), held.algorithm, held.signature, held.signed)
        must(good, "is kept with a list of revoked certificates that is altered")
    return above is not None


def check_not_revoked(chain: Sequence[Certificate], crls: Iterable[bytes], at: datetime) -> Iterator[str]:
    """Notes about certificates revoked since. Raises `Untrue` where one was no longer good at the token's time.

    A revocation without a reason makes all tokens bad, also earlier ones (RFC 3161, section 4).
    """
    for raw in crls:
        held = read_list(raw)
        if not concerns(held, chain):
            yield f"A list of revoked certificates kept with it is of another authority: {name_text(held.issuer)}."
            continue
        for certificate in chain:
            found = held.revoked.get(certificate.serial)
            if found and certificate.issuer == held.issuer:
                yield _judged(certificate.name, found, at)


def _judged(name: str, revoked: Revoked, at: datetime) -> str:
    day = f"{revoked.at:%Y-%m-%d %H:%M} UTC"
    must(revoked.at > at, f"was made when the certificate of {name} had been revoked, on {day}")
    why = COMPROMISED.get(revoked.reason or 0, "no reason was given, and then RFC 3161 trusts no token")
    must(revoked.reason in REASONS, f"rests on {name}, revoked on {day}: {why}")
    return f"The certificate of {name} was revoked later, on {day} ({REASONS[revoked.reason or 0]}). The token stays good."


def chain_of(
    signer: Certificate, others: Sequence[Certificate], roots: Sequence[Certificate], at: datetime
) -> list[Certificate]:
    """From the signer up to a root: one of `roots`, or without them a self-signed certificate among the others.

    Without `roots` the chain may end below its root; the last certificate is then what a person compares.
    """
    check_signer(signer)
    _check_valid(signer, at)
    left = [MOST_SIGNATURES]
    found = _climb([signer], others, {one.raw for one in roots}, [*roots, *others], at, left)
    must(bool(found), "does not lead to one of the roots that were given")
    return found


def _climb(
    chain: list[Certificate],
    others: Sequence[Certificate],
    trusted: set[bytes],
    known: Sequence[Certificate],
    at: datetime,
    left: list[int],
) -> list[Certificate]:
    top = chain[-1]
    if top.raw in trusted or (top.is_root and not trusted):
        return chain
    must(len(chain) < DEEPEST_CHAIN, "has a chain of certificates that is too long")
    wrong: Untrue | None = None
    best: list[Certificate] = []
    for above in known:
        if above.subject != top.issuer or above.raw in {one.raw for one in chain}:
            continue
        left[0] -= 1
        must(left[0] >= 0, "has too many certificates")
        try:
            must(_certified(top, above), f"has a certificate of {top.name} that is altered")
            check_issuer(above, len(chain) - 1)
            _check_valid(above, at)
            higher = _climb([*chain, above], others, trusted, known, at, left)
        except Untrue as found:
            wrong = wrong or found
            continue
        best = max(best, higher, key=lambda one: (bool(one) and one[-1].is_root, len(one)))
    if not best and wrong:
        raise wrong
    return best or ([] if trusted else chain)


def _certified(below: Certificate, above: Certificate) -> bool:
    return signed_well(read_key(above.spki), below.algorithm, below.signature, below.signed)


def _check_valid(certificate: Certificate, at: datetime) -> None:
    name, day = certificate.name, "%Y-%m-%d"
    must(
        at <= certificate.until,
        f"was made when the certificate of {name} had expired, on {certificate.until:{day}}",
    )
    must(
        at >= certificate.since,
        f"was made before the certificate of {name} was valid, from {certificate.since:{day}}",
    )


# Tokens (RFC 3161, RFC 5652, RFC 5035)

SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"


class Imprint(NamedTuple):
    """What was sent to an authority: a hash, and a number that its answer has to repeat."""

    hash: str
    digest: bytes
    nonce: int | None


class Stated(NamedTuple):
    """What a token says, before anybody asks whose word that is."""

    imprint: Imprint
    at: datetime
    time: str


class Token(NamedTuple):
    """A token that is good, as far as a program can tell."""

    time: str
    at: datetime
    authority: str
    root: str
    """SHA-256 of the last certificate of the chain, in hex: for a person to compare."""
    root_name: str
    complete: bool
    """Whether the chain ends in a root. Else the last certificate is one that some root certified."""
    notes: list[str]
    chain: list[bytes]
    """The certificates in DER, from the signer's up."""


def _imprint(part: Part, nonce: Part | None) -> Imprint:
    fields = Fields(part, "imprint")
    name, digest = _hash_named(fields.take(0x30)), fields.take(4).content
    fields.end()
    return Imprint(name, digest, number(nonce) if nonce else None)


def read_request(raw: bytes) -> Imprint:
    must(len(raw) <= LARGEST, "has a request that is too large")
    fields = Fields(one(raw, 0x30, "request"), "request")
    must(number(fields.take(2)) == 1, "has a request of another version")
    imprint = fields.take(0x30)
    fields.maybe(6)
    nonce = fields.maybe(2)
    fields.maybe(1), fields.maybe(0xA0)
    fields.end()
    return _imprint(imprint, nonce)


def read_response(raw: bytes) -> bytes:
    """The token inside a response of an authority that granted it."""
    must(len(raw) <= LARGEST, "is too large")
    outer = Fields(one(raw, 0x30, "response"), "response")
    status = Fields(outer.take(0x30), "status")
    granted = number(status.take(2))
    must(
        granted in (0, 1), f"was not granted: the authority answered with the status {granted}{_said(status)}"
    )
    token = outer.take(0x30)
    outer.end()
    return token.raw


def _said(status: Fields) -> str:
    words = status.maybe(0x30)
    texts = [part.content.decode("utf-8", "replace") for part in parts(words.content)] if words else []
    return f" ({'; '.join(texts)})" if texts else ""


def _read_info(raw: bytes) -> Stated:
    fields = Fields(one(raw, 0x30, "content"), "content")
    must(number(fields.take(2)) == 1, "is of another version")
    fields.take(6)
    imprint = fields.take(0x30)
    number(fields.take(2))
    when = fields.take(0x18)
    fields.maybe(0x30), fields.maybe(1)
    nonce = fields.maybe(2)
    fields.maybe(0xA0)
    extensions = fields.maybe(0xA1)
    if extensions:
        inner = Part(0xA3, _as_sequence(extensions.content), b"")
        _check_critical(_extensions(inner), set())
    fields.end()
    return Stated(_imprint(imprint, nonce), instant(when), spelt(when))


def _as_sequence(content: bytes) -> bytes:
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return b"\x30" + (bytes([size]) if size < 128 else bytes([128 | len(octets)]) + octets) + content


class Signed(NamedTuple):
    """A CMS SignedData with one signer, taken apart."""

    content: bytes
    certificates: list[Certificate]
    crls: list[bytes]
    signer: Part


def read_token(raw: bytes) -> Signed:
    must(len(raw) <= LARGEST, "is too large")
    outer = Fields(one(raw, 0x30, "token"), "token")
    must(dotted(outer.take(6)) == SIGNED_DATA, "is not signed data")
    data = Fields(one(outer.take(0xA0).content, 0x30, "token"), "token")
    outer.end()
    must(number(data.take(2)) == 3, "is of another version")
    data.take(0x31)
    enclosed = Fields(data.take(0x30), "content")
    must(dotted(enclosed.take(6)) == TST_INFO, "is not about a time")
    content = one(enclosed.take(0xA0).content, 4, "content").content
    certificates, crls, signers = data.maybe(0xA0), data.maybe(0xA1), parts(data.take(0x31).content)
    data.end()
    must(len(signers) == 1, "has not exactly one signer")
    held = [
        read_certificate(part.raw)
        for part in (parts(certificates.content) if certificates else ())
        if part.tag == 0x30
    ]
    lists = [part.raw for part in (parts(crls.content) if crls else ()) if part.tag == 0x30]
    return Signed(content, held, lists, signers[0])


def _check_signer_info(signed: Signed, certificates: Sequence[Certificate]) -> Certificate:
    """The certificate whose key signed the content; all attributes that RFC 3161 asks for are checked."""
    fields = Fields(signed.signer, "signer")
    version, named = number(fields.take(2)), fields.maybe(0x30, 0x80)
    must(version in (1, 3) and named is not None, "has no sound signer")
    digest = _hash_named(fields.take(0x30))
    attributes, algorithm, signature = fields.take(0xA0), fields.take(0x30), fields.take(4).content
    fields.maybe(0xA1)
    fields.end()
    held = _attributes(attributes)
    must(dotted(_only(held, CONTENT_TYPE, 6)) == TST_INFO, "is signed as something other than a time")
    hashed = hashlib.new(digest, signed.content).digest()
    must(_only(held, MESSAGE_DIGEST, 4).content == hashed, "is altered: its content is not what was signed")
    signer = _named(named, certificates)  # type: ignore[arg-type]
    _check_stated(held, signer)
    good = signed_well(read_key(signer.spki), algorithm, signature, b"\x31" + attributes.raw[1:], digest)
    must(good, "is altered: its signature is not good")
    return signer


def _attributes(part: Part) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for row in parts(part.content):
        fields = Fields(row, "attribute")
        kind, values = dotted(fields.take(6)), parts(fields.take(0x31).content)
        must(kind not in found, "has an attribute twice")
        found[kind] = values
        fields.end()
    return found


def _only(held: Mapping[str, list[Part]], kind: str, tag: int) -> Part:
    values = held.get(kind, [])
    must(len(values) == 1 and values[0].tag == tag, "lacks an attribute that RFC 3161 asks for")
    return values[0]


def _named(named: Part, certificates: Sequence[Certificate]) -> Certificate:
    """The certificate that the signer's identifier names: by issuer and number, or by key identifier."""
    for certificate in certificates:
        if named.tag == 0x80:
            _, value = certificate.extensions.get("2.5.29.14", (False, b"\x04\x00"))
            if one(value, 4, "key identifier").content == named.content:
                return certificate
        else:
            fields = Fields(named, "signer")
            if (certificate.issuer, certificate.serial) == (fields.take(0x30).raw, number(fields.take(2))):
                return certificate
    raise Untrue("is signed by somebody whose certificate is not kept with it")


def _check_stated(held: Mapping[str, list[Part]], signer: Certificate) -> None:
    """The signed attribute that says which certificate signed (RFC 2634 and RFC 5035)."""
    must(
        bool(held.keys() & {SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2}),
        "does not say which certificate signed it",
    )
    for kind in held.keys() & {SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2}:
        ids = Fields(_only(held, kind, 0x30), "signing certificate").take(0x30)
        first = Fields((parts(ids.content) or [Part(0, b"", b"")])[0], "signing certificate")
        stated = first.maybe(0x30) if kind == SIGNING_CERTIFICATE_V2 else None
        name = _hash_named(stated) if stated else "sha256" if kind == SIGNING_CERTIFICATE_V2 else "sha1"
        fits = first.take(4).content == hashlib.new(name, signer.raw).digest()
        must(fits, "names another certificate than the one that signed it")


def check_response(
    response: bytes,
    data: bytes,
    *,
    request: bytes | None = None,
    certificates: Iterable[bytes] = (),
    crls: Iterable[bytes] = (),
    roots: Iterable[bytes] = (),
) -> Token:
    """What a response proves about `data`. Raises `Untrue`.

    `certificates` complete the chain; `roots`, where given, are the only ones it may end in. All are DER.
    """
    signed = read_token(read_response(response))
    stated = _read_info(signed.content)
    _check_imprint(stated.imprint, data)
    if request is not None:
        asked = read_request(request)
        _check_imprint(asked, data)
        must(asked.nonce == stated.imprint.nonce, "answers another request: its nonce is another")
    held = [*signed.certificates, *map(read_certificate, certificates)]
    signer = _check_signer_info(signed, held)
    chain = chain_of(signer, held, [read_certificate(raw) for raw in roots], stated.at)
    notes = list(check_not_revoked(chain, [*signed.crls, *crls], stated.at))
    return Token(
        stated.time,
        stated.at,
        signer.name,
        chain[-1].fingerprint,
        chain[-1].name,
        chain[-1].is_root,
        notes,
        [one.raw for one in chain],
    )


def _check_imprint(imprint: Imprint, data: bytes) -> None:
    must(hashlib.new(imprint.hash, data).digest() == imprint.digest, "is of another text than the listing")


def check_kept(kept: Mapping[str, Any], listing: bytes, roots: Iterable[bytes] = ()) -> Token:
    """What one token of a `stamp` entry or of a proof shows about its listing. Raises `Untrue`."""
    token = check_response(
        unpack(kept["response"]),
        listing,
        request=unpack(kept["request"]),
        certificates=map(unpack, kept["certificates"]),
        crls=map(unpack, kept.get("crls", ())),
        roots=roots,
    )
    must(token.time == kept["time"], f"states another time than the one beside it: {token.time}")
    return token


def unpack(text: Any) -> bytes:
    """The bytes of standard base64 with its padding, refusing every other spelling of them."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, AttributeError):
        raise Untrue("is not kept as base64") from None
    must(base64.b64encode(raw).decode("ascii") == text, "is not kept as canonical base64")
    return raw


_PEM = re.compile(b"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----")


def read_roots(place: Path) -> list[bytes]:
    """The certificates in a PEM or DER file, or in the files of a folder. Raises `Untrue`, `OSError`."""
    files = sorted(path for path in place.iterdir() if path.is_file()) if place.is_dir() else [place]
    found = [raw for file in files for raw in _certificates_in(file.read_bytes()[:LARGEST])]
    must(bool(found), "cannot be judged: no certificate stands among the roots that were given")
    for raw in found:
        read_certificate(raw)
    return found


def _certificates_in(text: bytes) -> list[bytes]:
    found = [base64.b64decode(match) for match in _PEM.findall(text)]
    return found or ([text] if text[:1] == b"\x30" else [])


# What an OpenTimestamps calendar gave: a path from the record root to a block of Bitcoin, or a promise of one

OTS_MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
PENDING, BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")
MOST_OPERATIONS = 4096
LARGEST_STEP = 4096


class Anchor(NamedTuple):
    """Where a path leads: a block of Bitcoin whose header has to hold this merkle root, or a calendar that promised."""

    height: int | None
    merkle_root: str
    calendar: str


class _Path:
    """Reads a proof of OpenTimestamps, with limits. Only what calendars write is understood."""

    def __init__(self, raw: bytes) -> None:
        must(len(raw) <= LARGEST, "is too large")
        self._raw, self._at, self._left = raw, 0, MOST_OPERATIONS

    def take(self, size: int) -> bytes:
        must(size <= len(self._raw) - self._at, "ends too early")
        self._at += size
        return self._raw[self._at - size : self._at]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            must(shift <= 63, "holds a number that is too large")
            if byte < 128:
                return value

    def text(self, most: int = LARGEST_STEP) -> bytes:
        size = self.number()
        must(size <= most, "holds a step that is too long")
        return self.take(size)

    def ended(self) -> bool:
        return self._at == len(self._raw)

    def anchors(self, message: bytes) -> list[Anchor]:
        """All places that the paths from this message lead to. Messages with branches left wait on a list."""
        found, waiting = [], [message]
        while waiting:
            self._left -= 1
            must(self._left >= 0, "has too many steps")
            message, tag = waiting[-1], self.take(1)
            if tag == b"\xff":
                tag = self.take(1)
            else:
                waiting.pop()
            if tag == b"\x00":
                found += self._attested(message)
            else:
                waiting.append(self._applied(tag, message))
        return found

    def _attested(self, message: bytes) -> list[Anchor]:
        kind, said = self.take(8), _Path(self.text(8192))
        if kind == PENDING:
            return [Anchor(None, "", said.text(1000).decode("ascii", "replace"))]
        if kind == BITCOIN:
            must(len(message) == 32, "leads to something that is no merkle root")
            return [Anchor(said.number(), message[::-1].hex(), "")]
        return []

    def _applied(self, tag: bytes, message: bytes) -> bytes:
        if tag in (b"\xf0", b"\xf1"):
            more = self.text()
            message = message + more if tag == b"\xf0" else more + message
            must(len(message) <= LARGEST_STEP, "holds a step that is too long")
            return message
        names = {b"\x08": "sha256", b"\x02": "sha1", b"\x03": "ripemd160"}
        must(tag in names, "holds a step that this program does not know")
        try:
            return hashlib.new(names[tag], message).digest()
        except ValueError:
            raise Untrue("holds a step that this Python cannot do") from None


def check_calendar(proof: bytes, listing: bytes) -> list[Anchor]:
    """Where an OpenTimestamps proof over the listing's hash leads. Raises `Untrue`. Blocks stand first.

    Whether a block is Bitcoin's has to be asked of a node, or looked up by height and merkle root.
    """
    path = _Path(proof)
    must(path.take(len(OTS_MAGIC)) == OTS_MAGIC and path.number() == 1, "is no proof of OpenTimestamps")
    must(path.take(1) == b"\x08", "is over another hash than SHA-256")
    digest = path.take(32)
    must(digest == hashlib.sha256(listing).digest(), "is of another text than the listing")
    found = path.anchors(digest)
    must(path.ended(), "has more at its end than belongs there")
    return sorted(found, key=lambda anchor: (anchor.height is None, anchor.height or 0, anchor.calendar))


def told_of(anchor: Anchor) -> str:
    """In words, what an anchor shows without a Bitcoin node."""
    if anchor.height is None:
        return f"pending: the calendar {anchor.calendar!a} promised a block of Bitcoin. Ask it again later."
    return (
        f"block header to compare: height {anchor.height}, merkle root {anchor.merkle_root}. "
        "If Bitcoin's block at this height has this merkle root, the listing existed by the time of that block."
    )


# The program


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a time stamp of an RFC 3161 authority.")
    parser.add_argument("--data", required=True, type=Path, help="the file that was stamped")
    parser.add_argument("--response", required=True, type=Path, help="the authority's response")
    parser.add_argument("--request", type=Path, help="the request that it answers")
    parser.add_argument("--roots", type=Path, help="PEM certificates, one of which the chain has to end in")
    wanted = parser.parse_args()
    read: Callable[[Path | None], bytes | None] = lambda path: path.read_bytes() if path else None  # noqa: E731
    try:
        roots = read_roots(wanted.roots) if wanted.roots else []
        token = check_response(
            wanted.response.read_bytes(), wanted.data.read_bytes(), request=read(wanted.request), roots=roots
        )
    except (Untrue, OSError) as wrong:
        print(f"NOT good: the token {wrong}" if isinstance(wrong, Untrue) else wrong, file=sys.stderr)
        return 1
    print(f"{wanted.data} existed by {token.time}, says {token.authority!a}.")
    print(f"Compare the SHA-256 of the certificate of {token.root_name!a} with what the authority publishes:")
    print(f"    {token.root}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
