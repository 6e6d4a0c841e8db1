"""Tokens as an authority writes them (RFC 3161, RFC 5652, RFC 5035), taken apart."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from .certificates import Certificate, check_critical, extensions_in, read_certificate
from .der import LARGEST, Fields, Part, Untrue, dotted, instant, must, number, one, parts, spelt
from .signatures import hash_named, read_key, signed_well

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def _imprint(part: Part, nonce: Part | None) -> Imprint:
    fields = Fields(part, "imprint")
    name, digest = hash_named(fields.take(0x30)), fields.take(4).content
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


def read_info(raw: bytes) -> Stated:
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
        check_critical(extensions_in(inner), set())
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


def check_signer_info(signed: Signed, certificates: Sequence[Certificate]) -> Certificate:
    """The certificate whose key signed the content; all attributes that RFC 3161 asks for are checked."""
    fields = Fields(signed.signer, "signer")
    version, named = number(fields.take(2)), fields.maybe(0x30, 0x80)
    must(version in (1, 3) and named is not None, "has no sound signer")
    digest = hash_named(fields.take(0x30))
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
        name = hash_named(stated) if stated else "sha256" if kind == SIGNING_CERTIFICATE_V2 else "sha1"
        fits = first.take(4).content == hashlib.new(name, signer.raw).digest()
        must(fits, "names another certificate than the one that signed it")
