"""A time authority with fixed keys: RFC 3161 tokens in DER, written out from the RFCs (3161, 5652, 5035, 5280).

Nothing here is shared with the product. Only hashing and signing are left to the `cryptography` package.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SHA256 = "2.16.840.1.101.3.4.2.1"
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
POLICY = "1.3.6.1.4.1.99999.1"
UTC = timezone.utc  # noqa: UP017 - as the RFCs write it
FROM, UNTIL = datetime(2023, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
Key = Any


# DER


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 | len(octets)]) + octets + content


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def set_of(parts: Iterable[bytes], tag: int = 0x31) -> bytes:
    return der(tag, *sorted(parts))


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    return der(0x04, content)


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for arc in (first * 40 + second, *rest):
        digits = [arc & 127]
        while arc := arc >> 7:
            digits.append(arc & 127 | 128)
        content += bytes(reversed(digits))
    return der(0x06, content)


def algorithm(dotted: str, null: bool = False) -> bytes:
    return sequence(oid(dotted), der(0x05) if null else b"")


# Keys that are always the same


@cache
def fixed_rsa(word: str) -> Key:
    p, q = (_prime(f"{word} {which}") for which in "pq")
    e, n = 65537, p * q
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, n)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    return numbers.private_key()


def _prime(word: str, bits: int = 1024) -> int:
    drawn = b"".join(sha256(f"{word} {part}".encode()).digest() for part in range(bits // 256))
    found = int.from_bytes(drawn, "big") | 3 << bits - 2 | 1
    while any(found % small == 0 for small in _SMALL) or pow(2, found - 1, found) != 1 or found % 65537 == 1:
        found += 2
    return found


_SMALL = [n for n in range(3, 2000, 2) if all(n % m for m in range(3, int(n**0.5) + 1, 2))]


@cache
def fixed_ec(word: str, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> Key:
    return ec.derive_private_key(int.from_bytes(sha256(word.encode()).digest(), "big") >> 8, curve())


# Certificates


@dataclass(frozen=True)
class Holder:
    """Somebody with a key and a certificate for it."""

    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def certified(
    word: str,
    key: Key,
    by: Holder | None,
    *,
    authority: bool,
    since: datetime = FROM,
    until: datetime = UNTIL,
    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    critical: bool = True,
) -> Holder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, word)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by.certificate.subject if by else name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(sha256(word.encode()).digest()[:8], "big") >> 1 | 1)
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if authority:
        made = made.add_extension(_SIGNS_CERTIFICATES, critical=True)
    elif usages:
        made = made.add_extension(x509.ExtendedKeyUsage(usages), critical=critical)
    signing = by.key if by else key
    more: dict[str, Any] = {"ecdsa_deterministic": True} if _is_ec(signing) else {}
    return Holder(key, made.sign(signing, hashes.SHA256(), **more))


_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


def _is_ec(key: Key) -> bool:
    return isinstance(key, ec.EllipticCurvePrivateKey)


# Requests and tokens


def request(digest: bytes, nonce: int) -> bytes:
    imprint = sequence(algorithm(SHA256, null=True), octets(digest))
    return sequence(integer(1), imprint, integer(nonce), der(0x01, b"\xff"))


@dataclass
class Authority:
    """An authority that answers at a time of the caller's choosing. What its tokens say can be spoilt on purpose."""

    url: str
    chain: tuple[Holder, ...]
    """The signer first, the root last."""
    changed: dict[str, Any] = field(default_factory=dict)

    @property
    def signer(self) -> Holder:
        return self.chain[0]

    def answer(self, digest: bytes, nonce: int, at: datetime, with_root: bool = False) -> bytes:
        """A TimeStampResp."""
        return sequence(sequence(integer(0)), self.token(digest, nonce, at, with_root))

    def token(self, digest: bytes, nonce: int, at: datetime, with_root: bool = False) -> bytes:
        info = self._info(digest, nonce, at)
        enclosed = sequence(oid(TST_INFO), der(0xA0, octets(info)))
        chain = self.chain if with_root else self.chain[:-1]
        signed = sequence(
            integer(3),
            set_of([algorithm(SHA256, null=True)]),
            enclosed,
            set_of((one.der for one in chain), tag=0xA0),
            set_of([self._signer_info(info)]),
        )
        return sequence(oid(SIGNED_DATA), der(0xA0, signed))

    def _info(self, digest: bytes, nonce: int, at: datetime) -> bytes:
        return sequence(
            integer(1),
            oid(POLICY),
            sequence(algorithm(SHA256, null=True), octets(digest)),
            integer(int.from_bytes(sha256(digest).digest()[:7], "big")),
            der(0x18, f"{at:%Y%m%d%H%M%S}Z".encode()),
            integer(self.changed.get("nonce", nonce)),
        )

    def _signer_info(self, info: bytes) -> bytes:
        certificate = self.signer.certificate
        stated = self.changed.get("stated", self.signer.der)
        named = sequence(sequence(octets(sha256(stated).digest())))
        attributes = [
            _attribute(CONTENT_TYPE, oid(self.changed.get("type", TST_INFO))),
            _attribute(MESSAGE_DIGEST, octets(self.changed.get("digest", sha256(info).digest()))),
            _attribute(SIGNING_CERTIFICATE_V2, sequence(named)),
        ]
        attributes = [one for at, one in enumerate(attributes) if at not in self.changed.get("without", ())]
        kind = algorithm(ECDSA_SHA256) if _is_ec(self.signer.key) else algorithm(RSA_ENCRYPTION, null=True)
        return sequence(
            integer(1),
            sequence(certificate.issuer.public_bytes(), integer(certificate.serial_number)),
            algorithm(SHA256, null=True),
            set_of(attributes, tag=0xA0),
            kind,
            octets(_signature(self.signer.key, set_of(attributes))),
        )

    def stamp(self, digest: bytes, nonce: int, at: datetime) -> dict[str, Any]:
        """One token as a `stamp` entry keeps it: its response holds the chain but for the root."""
        kept = {"request": request(digest, nonce), "response": self.answer(digest, nonce, at)}
        texts: dict[str, Any] = {name: base64.b64encode(raw).decode() for name, raw in kept.items()}
        texts["certificates"] = [base64.b64encode(one.der).decode() for one in self.chain[-1:]]
        return {"authority": self.url, "time": f"{at:%Y-%m-%dT%H:%M:%SZ}", **texts}


def _attribute(dotted: str, *values: bytes) -> bytes:
    return sequence(oid(dotted), set_of(values))


def _signature(key: Key, signed: bytes) -> bytes:
    if _is_ec(key):
        made: bytes = key.sign(signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    else:
        made = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return made


def authority(word: str, kind: str, **signer: Any) -> Authority:
    """A root, an authority between, and a signer: all RSA, or on the curves P-384 and P-256."""
    keys = fixed_rsa if kind == "rsa" else fixed_ec
    top = fixed_rsa(f"{word} root") if kind == "rsa" else fixed_ec(f"{word} root", ec.SECP384R1)
    root = certified(f"{word} root", top, None, authority=True)
    between = certified(f"{word} between", keys(f"{word} between"), root, authority=True)
    last = certified(f"{word} clock", keys(f"{word} clock"), between, authority=False, **signer)
    return Authority(f"https://{word}.example/", (last, between, root))


__all__ = ["Authority", "Holder", "authority", "certified", "timedelta"]
