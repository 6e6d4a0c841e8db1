"""Certificates (RFC 5280), and what they have to allow for a token to rest on them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from .der import LARGEST, Fields, Part, bits, dotted, instant, must, number, one, parts, truth

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    extensions = extensions_in(fields.maybe(0xA3))
    fields.end()
    return Certificate(
        raw, signed.raw, serial, issuer.raw, subject.raw, since, until, spki, extensions, algorithm, signature
    )


def extensions_in(wrapped: Part | None) -> dict[str, tuple[bool, bytes]]:
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
    check_critical(certificate.extensions, UNDERSTOOD)
    must(EXTENDED in certificate.extensions, "is signed by a certificate that is not one for time stamps")
    critical, uses = _uses(certificate)
    must(uses == {TIME_STAMPING}, "is signed by a certificate that is not one for time stamps alone")
    must(critical, "is signed by a certificate whose purpose is not marked critical")
    must(_may(certificate, 0, 1), "is signed by a certificate whose key may not sign")


def check_issuer(certificate: Certificate, below: int) -> None:
    """Whether this certificate may stand above `below` other authorities."""
    check_critical(certificate.extensions, UNDERSTOOD)
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


def check_critical(extensions: Mapping[str, tuple[bool, bytes]], understood: set[str]) -> None:
    for kind, (critical, _) in extensions.items():
        must(
            not critical or kind in understood,
            f"rests on a critical extension that is not understood: {kind}",
        )
