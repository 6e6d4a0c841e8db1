"""Detached OpenPGP signatures, checked by the system's own `gpgv` with nothing but the keys that lie in the bundle."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from onrecord.intake import programs
from onrecord.record.errors import OnrecordError

TOOL = "gpgv"
_BLOCK = re.compile(
    rb"-----BEGIN PGP PUBLIC KEY BLOCK-----(.*?)-----END PGP PUBLIC KEY BLOCK-----", re.DOTALL
)
_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
# gpgv ends with a code of its own for a bad signature, which is an answer here and no failure.
_RUN = 'gpgv --homedir . --status-fd 1 --keyring "$1" -- "$2" "$3" 2>&1; exit 0'
_WRONG = {
    "BADSIG": "it is not the signature of this file",
    "EXPKEYSIG": "it is made with a key that has expired",
    "REVKEYSIG": "it is made with a key that was withdrawn",
    "EXPSIG": "it has expired",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature was found to be. `good` is None where it could not be checked."""

    good: bool | None
    said: str


def is_key(content: bytes) -> bool:
    return b"-----BEGIN PGP PUBLIC KEY BLOCK-----" in content


def is_signature(content: bytes) -> bool:
    return b"-----BEGIN PGP SIGNATURE-----" in content[:4096]


def check_signature(keys: list[bytes], signature: Path, signed: Path, scratch: Path) -> Signature:
    """Whether a file was signed with one of the keys. Whose keys they are no program can know."""
    rings = b"".join(map(_binary, keys))
    if not rings:
        return Signature(None, "no key is there to check it with")
    if programs.find_program(TOOL) is None:
        return Signature(None, f"{TOOL} is not installed. On Debian or Ubuntu: sudo apt-get install {TOOL}")
    place = scratch / "gpgv"
    place.mkdir(exist_ok=True)
    ring = place / "keys.gpg"
    ring.write_bytes(rings)
    try:
        told = programs.run_confined(
            ["sh", "-c", _RUN, "sh", str(ring.resolve()), str(signature.resolve()), str(signed.resolve())],
            scratch=place.resolve(),
        )
    except OnrecordError as wrong:
        return Signature(None, wrong.reason)
    return _judged(told.decode("utf-8", "replace"))


def _judged(told: str) -> Signature:
    said = {words[1]: words[2:] for line in told.splitlines() if (words := line.split())[:1] == ["[GNUPG:]"]}
    for word, why in _WRONG.items():
        if word in said:
            return Signature(False, why)
    if "GOODSIG" in said and "VALIDSIG" in said:
        return Signature(True, f"it is good, by the key {said['VALIDSIG'][0]}")
    if "NO_PUBKEY" in said:
        return Signature(None, f"the key {said['NO_PUBKEY'][0]} is not in the bundle")
    return Signature(False, "it cannot be read as a signature")


def _binary(armoured: bytes) -> bytes:
    """The keys of an armoured file in binary, as `gpgv` reads them; headers and checksums left out."""
    made = b""
    for block in _BLOCK.findall(armoured):
        _, _, body = block.replace(b"\r", b"").strip(b" \t").partition(b"\n\n")
        body = body or block
        lines = [line.strip() for line in body.split(b"\n")]
        try:
            made += base64.b64decode(b"".join(line for line in lines if _LINE.fullmatch(line)), validate=True)
        except ValueError:
            continue
    return made
