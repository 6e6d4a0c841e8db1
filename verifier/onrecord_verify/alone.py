"""The program that a dossier carries: these modules joined into one file, with nothing that a dossier does not need."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .dossier import JSON_FILES, verify_dossier
from .printing import told
from .report import Neither, Report, show


def verify(folder: Path) -> Report:
    """Check a dossier. Raises `Neither`."""
    if not folder.is_dir() or (folder / "record.db").exists():
        raise Neither(
            f"{show(str(folder))} is not the folder of a dossier. Records and proofs are checked by the folder "
            "verifier/, which comes with Onrecord"
        )
    if not any((folder / name).exists() for name in JSON_FILES):
        raise Neither(f"{show(str(folder))} is neither a record nor a dossier")
    return verify_dossier(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a dossier made with Onrecord.")
    here = Path(__file__).resolve().parent
    parser.add_argument("folder", nargs="?", type=Path, default=here, help="its folder")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        report = verify(wanted.folder)
    except (Neither, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return told(report, wanted.json)
