"""Starting the program, against starting Python; and the size of what is installed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import cost_of_command, median_cost, say

TOP = Path(__file__).resolve().parents[1]


def installed() -> float:
    """Megabytes of a fresh environment with what running needs, the tools that install it left out."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        install = [sys.executable, "-m", "pip", "--python", folder, "install", "--quiet", "--require-hashes"]
        subprocess.run([*install, "-r", TOP / "locks" / "base.txt"], check=True)
        ours = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            folder,
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
        ]
        subprocess.run([*ours, TOP], check=True)
        return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e6


def main() -> None:
    bare = median_cost(lambda: cost_of_command([sys.executable, "-c", "pass"]), 5)
    ours = median_cost(lambda: cost_of_command([sys.executable, "-m", "onrecord.cli", "--help"]), 5)
    measured = f"{ours.cpu:.3f} s of CPU, {ours.cpu / bare.cpu:.1f}x bare Python"
    say("onrecord --help", measured, "0.3 s", ours.cpu < 0.3)
    size = installed()
    say("base install", f"{size:.0f} MB", "150 MB", size <= 150)


if __name__ == "__main__":
    main()
