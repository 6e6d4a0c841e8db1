"""Public keys and signatures: RSA (RFC 8017), and ECDSA by the module beside this one."""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple

from .curves import CURVES, Curve, ecdsa_good, point_on
from .der import Fields, Part, Untrue, bits, dotted, must, number, one

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
        return Key(EC, point_on(curve, raw), curve)
    must(kind in (RSA, PSS), "has a key of a kind that this program does not know")
    pair = Fields(one(raw, 0x30, "RSA key"), "RSA key")
    n, e = number(pair.take(2)), number(pair.take(2))
    pair.end()
    must(2048 <= n.bit_length() <= 8192 and n & 1 == 1, "has an RSA key that is too small or too large")
    must(3 <= e < 2**33 and e & 1 == 1, "has an RSA key with no sound exponent")
    return Key(RSA, (n, e))


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
    name = hash_named(one(hashed.content, 0x30, "hash"))
    must(hash_named(mask.take(0x30)) == name, "is signed in a way this program does not know")
    return name, number(one(salt.content, 2, "salt")) if salt else 20


def hash_named(algorithm: Part) -> str:
    name = HASHES.get(dotted(Fields(algorithm, "hash").take(6)))
    if name is None:
        raise Untrue("rests on a hash that this program does not take: only SHA-256, SHA-384 and SHA-512")
    return name
