"""Proof files for the page to judge: the samples, tokens of other authorities over the same listing, and spoilt ones."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.vectors.authority import Authority, authority
from tests.vectors.independent import canonical

SAMPLES = Path(__file__).resolve().parents[1] / "vectors" / "proofs"
ABOUT = json.loads((SAMPLES / "about.json").read_text(encoding="utf-8"))
AT = datetime(2023, 11, 15, 9, 30, tzinfo=UTC)
NONCE = 77


def sample(name: str) -> dict[str, Any]:
    proof: dict[str, Any] = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return proof


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
