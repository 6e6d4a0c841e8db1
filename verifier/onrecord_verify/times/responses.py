"""What an authority's response proves about a text, and the roots it may have to lead to."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .certificates import read_certificate
from .chain import chain_of
from .der import LARGEST, must, unpack
from .revoked import check_not_revoked
from .tokens import Imprint, check_signer_info, read_info, read_request, read_response, read_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
    stated = read_info(signed.content)
    _check_imprint(stated.imprint, data)
    if request is not None:
        asked = read_request(request)
        _check_imprint(asked, data)
        must(asked.nonce == stated.imprint.nonce, "answers another request: its nonce is another")
    held = [*signed.certificates, *map(read_certificate, certificates)]
    signer = check_signer_info(signed, held)
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
