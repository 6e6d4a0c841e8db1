"""`verify`: runs the stand-alone verifier, with a faster signature check, and on wish makes the views again.

The checks stand in one place, the folder `verifier`, of which every dossier carries a part (docs/decisions/0003).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from onrecord.record.errors import FieldInvalid, RecordMissing

Progress = Callable[[int, int | None, str], None]
_ALONE = "onrecord_verify_alone"
_MOST = 100


def verifier_folder() -> Path:
    """The stand-alone verifier: inside the installed package, or in the checkout it runs from."""
    inside = Path(__file__).with_name("verifier")
    return inside if inside.exists() else Path(__file__).resolve().parents[2] / "verifier"


@cache
def _verifier() -> ModuleType:
    """What checks records, dossiers and proofs. It goes by a name of its own, so that nobody else's gets faster."""
    package = verifier_folder() / "onrecord_verify"
    spec = importlib.util.spec_from_file_location(
        _ALONE, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    if spec is None or spec.loader is None or not package.is_dir():
        raise RecordMissing(str(package), "the verifier is not installed", "Install Onrecord again.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    importlib.import_module(f"{_ALONE}.notes").signature_good = signature_good  # type: ignore[attr-defined]
    return importlib.import_module(f"{_ALONE}.checking")


@cache
def time_checks() -> Any:
    """The part of the verifier that reads what time authorities signed."""
    _verifier()
    importlib.import_module(f"{_ALONE}.times.signatures").ecdsa_good = _ecdsa_good  # type: ignore[attr-defined]
    return importlib.import_module(f"{_ALONE}.times")


def read_roots(place: Path | None) -> list[bytes]:
    """The root certificates in a PEM file or a folder of them, in DER. Raises `FieldInvalid`."""
    if place is None:
        return []
    checks = time_checks()
    try:
        return list(checks.read_roots(place))
    except (checks.Untrue, OSError) as wrong:
        why = str(wrong) if isinstance(wrong, checks.Untrue) else f"cannot be read ({wrong.strerror})"
        raise FieldInvalid(
            str(place), why, "Name a PEM file of root certificates, or a folder of them."
        ) from None


def _ecdsa_good(curve: Any, key: tuple[int, int], digest: bytes, r: int, s: int) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

    named = ec.SECP256R1() if curve.p.bit_length() == 256 else ec.SECP384R1()
    hashed = {32: hashes.SHA256(), 48: hashes.SHA384(), 64: hashes.SHA512()}[len(digest)]
    try:
        public = ec.EllipticCurvePublicNumbers(*key, named).public_key()
        public.verify(encode_dss_signature(r, s), digest, ec.ECDSA(Prehashed(hashed)))
    except (InvalidSignature, ValueError):
        return False
    return True


def signature_good(public: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_folder(
    path: Path,
    views: bool = False,
    progress: Progress | None = None,
    original: Path | None = None,
    roots: Path | None = None,
    against: Sequence[Path] = (),
) -> dict[str, Any]:
    """Verify a record, a dossier or a proof: at least `{"ok", "entries", "items", "problems": [{"what", "where"}]}`."""
    verifier = _verifier()
    if path.is_file():
        time_checks()  # a proof may hold tokens
    try:
        report: dict[str, Any] = verifier.verify(
            path, progress, original=original, roots=read_roots(roots), against=against
        ).as_json()
    except verifier.Neither as wrong:
        if against:
            raise RecordMissing(str(path), str(wrong), "Name the folder that holds record.db.") from None
        from onrecord.exchange.looking_over import is_exchange_folder, look_over

        if is_exchange_folder(path):
            return look_over(path)
        raise RecordMissing(
            str(path),
            "it is neither a record nor a dossier nor a proof",
            "Name the folder that holds record.db or manifest.json, or a file that prove wrote.",
        ) from None
    if views and (path / "record.db").exists():
        from onrecord.store.refold import view_problems

        problems = list(view_problems(path / "record.db", progress))[:_MOST]
        report["problems"] += problems
        report["ok"] = report["ok"] and not problems
    return report
