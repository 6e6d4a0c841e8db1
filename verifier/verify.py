#!/usr/bin/env python3
"""Checks a record, a dossier or a proof made with Onrecord, without Onrecord and without a network.

    python3 verify.py [--json] [FOLDER]
    python3 verify.py [--json] FOLDER --against KEPT [--against KEPT]...
    python3 verify.py [--json] PROOF [--original FILE] [--roots FILE.pem]

FOLDER is the folder of a record or of a dossier; left out, it is the one this file stands in. The exit code is 0
when everything holds, 1 when something does not (each problem says what is wrong and where), and 2 when the
folder is neither. KEPT is what somebody kept of a record elsewhere: a checkpoint, a listing, a root file, a proof, a
dossier's folder, or the folder of another copy of the record. Needs Python 3.8 or later, the folder onrecord_verify
beside it, and nothing else. It writes nothing, follows no links, and trusts nothing it reads. The formats are
described in Onrecord's documentation, under "format".
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from onrecord_verify.checking import read_roots, verify
from onrecord_verify.printing import told
from onrecord_verify.report import Neither

__all__ = ["Neither", "verify"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a record, a dossier or a proof made with Onrecord.")
    parser.add_argument(
        "folder", nargs="?", default=Path(__file__).resolve().parent, help="its folder, or the proof"
    )
    parser.add_argument("--original", type=Path, help="for a proof: the file that it is about")
    parser.add_argument(
        "--roots", type=Path, help="for a proof: PEM certificates that its tokens have to lead to"
    )
    parser.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="KEPT",
        help="for a record: a checkpoint, root file, proof, dossier or other copy that was kept elsewhere",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        roots = read_roots(wanted.roots)
        report = verify(wanted.folder, original=wanted.original, roots=roots, against=wanted.against)
    except (Neither, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return told(report, wanted.json)


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)
