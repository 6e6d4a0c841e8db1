"""Runs every benchmark, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

NAMES = (
    "startup",
    "append",
    "put",
    "put_sheet",
    "erase",
    "add_binary",
    "add_text",
    "mixed",
    "video",
    "page",
    "pdf_text",
    "verify",
    "search",
    "rebuild",
    "prove",
    "merge",
    "near_duplicates",
)

if __name__ == "__main__":
    top = Path(__file__).resolve().parents[1]
    sys.exit(
        max(
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=top).returncode for name in NAMES
        )
    )
