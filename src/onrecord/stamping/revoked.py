"""Keeping lists of revoked certificates with the tokens that they concern, so that whoever judges these later has them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid
from onrecord.stamping.authority import judged
from onrecord.stamping.covering import Stamp, stamps_of
from onrecord.store.record_store import RecordStore
from onrecord.verifying import time_checks

_PEM = re.compile(b"-----BEGIN X509 CRL-----([A-Za-z0-9+/=\\s]+)-----END X509 CRL-----")
_WHY = "a list of revoked certificates is kept with it"


def keep_revoked(store: RecordStore, files: Sequence[Path]) -> dict[str, Any]:
    """`{"tokens", "bad"}`: with how many tokens a list was kept, and which of them are no good by it.

    Raises `FieldInvalid` where a file holds no such list, or one that its authority did not sign.
    """
    lists = [raw for file in files for raw in _lists_in(file)]
    told: dict[str, Any] = {"tokens": 0, "bad": []}
    for stamp in list(stamps_of(store)):
        tokens = [_with(kept, stamp, lists) for kept in stamp.tokens]
        changed = [after for after, before in zip(tokens, stamp.tokens, strict=True) if after != before]
        if changed:
            _enter(store, stamp, tokens)
            told["tokens"] += len(changed)
            told["bad"] += [row for kept in changed if (row := _bad(kept, stamp))]
    return told


def _lists_in(file: Path) -> list[bytes]:
    raw = file.read_bytes()[: time_checks().LARGEST]
    found = [base64.b64decode(match) for match in _PEM.findall(raw)] or [raw]
    for one in found:
        _read(one, file)
    return found


def _read(raw: bytes, file: Path | str) -> Any:
    checks = time_checks()
    try:
        return checks.read_list(raw)
    except checks.Untrue:
        mend = "Get the authority's own, in PEM or DER."
        raise FieldInvalid(str(file), "it holds no list of revoked certificates", mend) from None


def _with(kept: Mapping[str, Any], stamp: Stamp, lists: Sequence[bytes]) -> Mapping[str, Any]:
    """A token, with those of the lists that an authority of its chain made."""
    checks = time_checks()
    found = judged({**kept, "crls": []}, stamp.listing.text)
    if isinstance(found, str):
        return kept
    chain = [checks.read_certificate(raw) for raw in found.chain]
    try:
        own = [raw for raw in lists if checks.concerns(_read(raw, ""), chain)]
    except checks.Untrue as wrong:
        raise FieldInvalid("--crl", f"a token {wrong}", "Get the authority's own list.") from None
    texts = [base64.b64encode(raw).decode("ascii") for raw in own]
    held = list(kept.get("crls", ()))
    further = [text for text in texts if text not in held]
    return {**kept, "crls": [*held, *further]} if further else kept


def _enter(store: RecordStore, stamp: Stamp, tokens: Sequence[Mapping[str, Any]]) -> None:
    fields: dict[str, Any] = {
        "listing": stamp.listing.text,
        "root": stamp.listing.root,
        "tokens": [dict(kept) for kept in tokens],
    }
    if stamp.calendars:
        fields["calendars"] = [dict(kept) for kept in stamp.calendars]
    with store.writing() as writer:
        writer.append(Draft("stamp", stamp.thing, fields, supersedes=(stamp.entry,), reason=_WHY))


def _bad(kept: Mapping[str, Any], stamp: Stamp) -> dict[str, str] | None:
    found = judged(kept, stamp.listing.text)
    return (
        {"stamp": stamp.entry, "authority": str(kept["authority"]), "why": found}
        if isinstance(found, str)
        else None
    )
