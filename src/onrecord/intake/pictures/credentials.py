"""Content credentials (C2PA): what a signed manifest in a file states of how it was made, and how its signature stands.

Read with the library of the people who wrote the standard, which is an extra. It asks no network, and what it answers is
given as it answers it: that a signature holds says who signed which bytes, and not that a picture shows what happened.
Run as a program, it reads its standard input as the kind of file named, and prints what it found.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from onrecord.intake.observed import observation
from onrecord.intake.reading import Observation

try:
    import c2pa
except ImportError:
    c2pa = None

OF = "C2PA"
_OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True}}
_MOST_MANIFESTS, _MOST_ACTIONS = 20, 40


class CredentialsBroken(Exception):
    """They are there, and cannot be read."""


def credentials(file: BinaryIO, media_type: str) -> list[Observation]:
    """What the manifests state. Raises `CredentialsBroken`."""
    file.seek(0)
    try:
        context = c2pa.Context.from_dict(_OFFLINE)
        with context, c2pa.Reader(media_type, file, context=context) as reader:
            told = json.loads(reader.json())
        return list(_observations(told))
    except Exception as wrong:  # A foreign parser on foreign input.
        raise CredentialsBroken(str(wrong)[:200]) from None


def _observations(told: Mapping[str, Any]) -> Iterator[Observation]:
    manifests = told.get("manifests") or {}
    active = str(told.get("active_manifest") or "")
    yield observation(OF, "validation state, as the library states it", str(told.get("validation_state")))
    for status in (told.get("validation_status") or [])[:_MOST_ACTIONS]:
        yield observation(OF, "validation status", f"{status.get('code')}: {status.get('explanation', '')}")
    ordered = sorted(manifests.items(), key=lambda one: one[0] != active)
    for label, manifest in ordered[:_MOST_MANIFESTS]:
        yield from _manifest(manifest, "" if label == active else f" ({label})")


def _manifest(manifest: Mapping[str, Any], of: str) -> Iterator[Observation]:
    for tool in manifest.get("claim_generator_info") or []:
        made = " ".join(str(tool[key]) for key in ("name", "version") if tool.get(key))
        yield observation(OF, f"claim generator{of}", made)
    if manifest.get("claim_generator"):
        yield observation(OF, f"claim generator{of}", str(manifest["claim_generator"]))
    if manifest.get("title"):
        yield observation(OF, f"title{of}", str(manifest["title"]))
    signed = manifest.get("signature_info") or {}
    for key, name in (("issuer", "issuer"), ("common_name", "common name"), ("time", "time")):
        if signed.get(key):
            yield observation(OF, f"signature {name}{of}", str(signed[key]))
    for part in manifest.get("ingredients") or []:
        yield observation(OF, f"made from{of}", str(part.get("title") or part.get("label") or "untitled"))
    yield from _actions(manifest, of)


def _actions(manifest: Mapping[str, Any], of: str) -> Iterator[Observation]:
    for assertion in manifest.get("assertions") or []:
        if not str(assertion.get("label")).startswith("c2pa.actions"):
            continue
        for action in (assertion["data"].get("actions") or [])[:_MOST_ACTIONS]:
            keys = ("action", "when", "softwareAgent", "digitalSourceType", "description")
            words = [_plain(action[key]) for key in keys if action.get(key)]
            yield observation(OF, f"action{of}", "; ".join(words))


def _plain(value: Any) -> str:
    """An agent is a text in older manifests, and has a name in later ones."""
    return str(value.get("name")) if isinstance(value, dict) else str(value)


def main(media_type: str) -> None:
    try:
        told = [one.as_json() for one in credentials(sys.stdin.buffer, media_type)]
    except CredentialsBroken as wrong:
        sys.exit(str(wrong))
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
