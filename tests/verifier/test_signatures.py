"""Our own Ed25519 agrees with the `cryptography` package on any key, message and flipped bit."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord_verify.ed25519 import signature_good

seeds = st.binary(min_size=32, max_size=32)
some = settings(max_examples=60, deadline=None)


def theirs(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@some
@given(seeds, st.binary(max_size=200))
def test_a_good_signature_is_good(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert signature_good(key.public_key().public_bytes_raw(), message, key.sign(message))


@some
@given(seeds, st.binary(min_size=1, max_size=50), st.integers(0, 2), st.integers(0, 10**4))
def test_one_flipped_bit_anywhere_is_judged_alike(seed: bytes, message: bytes, part: int, at: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    parts = [bytearray(key.public_key().public_bytes_raw()), bytearray(message), bytearray(key.sign(message))]
    parts[part][at // 8 % len(parts[part])] ^= 1 << at % 8
    public, said, signature = map(bytes, parts)
    assert signature_good(public, said, signature) is theirs(public, said, signature) is False


@some
@given(seeds, seeds, seeds)
def test_any_bytes_are_judged_alike(public: bytes, r: bytes, s: bytes) -> None:
    assert signature_good(public, b"", r + s) is theirs(public, b"", r + s)
