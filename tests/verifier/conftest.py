"""The stand-alone verifier and the vectors' own code are no packages: put them where they can be imported."""

import sys
from pathlib import Path

from tests.authorities import curve, rsa

__all__ = ["curve", "rsa"]
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "verifier"), str(ROOT / "tests" / "vectors")]
