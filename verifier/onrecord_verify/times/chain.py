"""The way from the certificate that signed a token up to a root."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .certificates import Certificate, check_issuer, check_signer
from .der import Untrue, must
from .signatures import read_key, signed_well

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST_CHAIN = 8
MOST_SIGNATURES = 40


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
