"""Proof files for the page to judge: the samples, tokens of other authorities over the same listing, and spoilt ones."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from tests.vectors.authority import Authority, Holder, authority
from tests.vectors.independent import canonical

SAMPLES = Path(__file__).resolve().parents[1] / "vectors" / "proofs"
ABOUT = json.loads((SAMPLES / "about.json").read_text(encoding="utf-8"))
AT = datetime(2023, 11, 15, 9, 30, tzinfo=UTC)
NONCE = 77
LATER, EARLIER = datetime(2024, 1, 1, tzinfo=UTC), datetime(2023, 6, 1, tzinfo=UTC)
SUPERSEDED, STOLEN = x509.ReasonFlags.superseded, x509.ReasonFlags.key_compromise


def sample(name: str) -> dict[str, Any]:
    proof: dict[str, Any] = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return proof


def bytes_of(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def altered(name: str, find: str, put: str) -> bytes:
    text = bytes_of(name).decode()
    assert find in text
    return text.replace(find, put, 1).encode()


def written(proof: dict[str, Any]) -> bytes:
    return str(canonical(proof)).encode()


def stamped(by: Authority, at: datetime = AT, name: str = "rsa.json", **changed: Any) -> dict[str, Any]:
    """A sample with another authority's token over its listing. `changed` replaces members of the token."""
    proof = sample(name)
    stamp = proof["stamps"][0]
    token = by.stamp(sha256(stamp["listing"].encode()).digest(), NONCE, at)
    stamp["tokens"] = [token | changed]
    return proof


def spoilt_clock(kind: str = "ec", **changed: Any) -> dict[str, Any]:
    """A token whose authority is honest but for what is `changed` about what it signs."""
    clock = authority("spoilt", kind)
    clock.changed = changed
    return stamped(clock)


def strings_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text in a proof, with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from strings_in(inner, (*path, key))


def with_text(proof: dict[str, Any], path: tuple[Any, ...], text: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(proof))
    place: Any = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = text
    return made


def mutations(proof: dict[str, Any], step: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The proof with one letter of one text changed, or one byte where the text is base64 of DER."""
    for path, text in strings_in(proof):
        where = ".".join(map(str, path))
        if {"response", "request", "certificates"} & set(path):
            raw = base64.b64decode(text)
            for at in range(0, len(raw), step):
                bent = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
                yield f"{where} byte {at}", with_text(proof, path, base64.b64encode(bent).decode())
        else:
            for at in sorted({0, len(text) // 2, len(text) - 1}):
                letter = "b" if text[at] == "a" else "a"
                yield f"{where} letter {at}", with_text(proof, path, text[:at] + letter + text[at + 1 :])


def misshapen(proof: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The proof with one member, or one element of a list, left out or replaced by something of another kind."""
    for path in places_in(proof):
        for other in (None, 7, "", "no base64", [], {}, "left out"):
            made: dict[str, Any] = json.loads(json.dumps(proof))
            place: Any = made
            for key in path[:-1]:
                place = place[key]
            if other == "left out":
                del place[path[-1]]
            else:
                place[path[-1]] = other
            yield f"{'.'.join(map(str, path))}: {other!r}", made


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places_in(inner, (*path, key))


def revocation(of: Holder, by: Holder, at: datetime, reason: x509.ReasonFlags | None) -> str:
    """A list by one authority that says when, and perhaps why, a certificate was revoked; in base64."""
    row = x509.RevokedCertificateBuilder().serial_number(of.certificate.serial_number).revocation_date(at)
    if reason:
        row = row.add_extension(x509.CRLReason(reason), critical=False)
    made = x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject)
    made = made.last_update(at).next_update(at + timedelta(days=30)).add_revoked_certificate(row.build())
    return base64.b64encode(made.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)).decode()


def signed_again(holder: Holder, by: Holder, salt: int) -> Holder:
    """The same certificate, signed by its RSA authority with PSS instead of PKCS #1."""
    old = holder.certificate
    made = x509.CertificateBuilder().subject_name(old.subject).issuer_name(old.issuer)
    made = made.public_key(old.public_key()).serial_number(old.serial_number)
    made = made.not_valid_before(old.not_valid_before_utc).not_valid_after(old.not_valid_after_utc)
    for extension in old.extensions:
        made = made.add_extension(extension.value, extension.critical)
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), salt)
    return Holder(holder.key, made.sign(by.key, hashes.SHA384(), rsa_padding=pss))


MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
PENDING, BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")


def with_calendar(proof: dict[str, Any], find: bytes = b"", put: bytes = b"") -> dict[str, Any]:
    """The proof with what a calendar gave: a promise, and behind a branch a block of Bitcoin."""
    url = b"https://calendar.example"
    promise = b"\x00" + PENDING + bytes([len(url) + 1, len(url)]) + url
    block = b"\xf0\x04salt\x08\xf1\x02ab\x08\x00" + BITCOIN + b"\x03\xa0\xc2\x1e"
    made = MAGIC + sha256(proof["stamps"][0]["listing"].encode()).digest() + b"\xff" + promise + block
    assert find in made
    kept = base64.b64encode(made.replace(find, put, 1) if find else made).decode()
    proof["stamps"][0]["calendars"] = [{"calendar": "https://calendar.example", "proof": kept}]
    return proof


def holds(program: Any, file: Path) -> bool:
    """Whether the program finds nothing wrong; what it does not take for a proof does not hold either."""
    try:
        return not program.verify(file).problems
    except program.Neither:
        return False
