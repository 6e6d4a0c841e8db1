"""`verify`: runs the stand-alone verifier, with a faster signature check, and on wish makes the views again.

The checks stand in one place, `verifier/verify.py`, which every dossier carries too (docs/decisions/0003).
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from onrecord.record.errors import RecordMissing

Progress = Callable[[int, int | None, str], None]
_MOST = 100


def verifier_file() -> Path:
    """The stand-alone verifier: inside the installed package, or in the checkout it runs from."""
    inside = Path(__file__).with_name("verify_alone.py")
    return inside if inside.exists() else Path(__file__).resolve().parents[2] / "verifier" / "verify.py"


@cache
def _verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("onrecord_verify_alone", verifier_file())
    if spec is None or spec.loader is None:
        raise RecordMissing(str(verifier_file()), "the verifier is not installed", "Install Onrecord again.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.signature_good = _signature_good  # type: ignore[attr-defined]
    return module


def _signature_good(public: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_folder(path: Path, views: bool = False, progress: Progress | None = None) -> dict[str, Any]:
    """Verify a record or a dossier: at least `{"ok", "entries", "items", "problems": [{"what", "where"}]}`."""
    verifier = _verifier()
    try:
        report: dict[str, Any] = verifier.verify(path, progress).as_json()
    except verifier.Neither:
        raise RecordMissing(
            str(path),
            "it is neither a record nor a dossier",
            "Name the folder that holds record.db or manifest.json.",
        ) from None
    if views and (path / "record.db").exists():
        from onrecord.store.refold import view_problems

        problems = list(view_problems(path / "record.db", progress))[:_MOST]
        report["problems"] += problems
        report["ok"] = report["ok"] and not problems
    return report
