"""Lists of revoked certificates (RFC 5280), and what a revocation says of earlier tokens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from .certificates import REASON, Certificate, check_critical, extensions_in, name_text
from .der import LARGEST, Fields, Part, bits, instant, must, number, one, parts
from .signatures import read_key, signed_well

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

UNDERSTOOD_IN_LISTS = {"2.5.29.20", "2.5.29.28", "2.5.29.35"}


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
    check_critical(extensions_in(fields.maybe(0xA0)), UNDERSTOOD_IN_LISTS)
    fields.end()
    revoked = dict(_revoked(row) for row in (parts(rows.content) if rows else ()))
    return RevocationList(signed.raw, issuer.raw, revoked, algorithm, signature, made)


def _revoked(row: Part) -> tuple[int, Revoked]:
    fields = Fields(row, "list of revoked certificates")
    serial, at = number(fields.take(2)), instant(fields.maybe(0x17, 0x18) or Part(0, b"", b""))
    stated = fields.maybe(0x30)
    extensions = extensions_in(Part(0xA3, stated.raw, stated.raw)) if stated else {}
    check_critical(extensions, {REASON})
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
