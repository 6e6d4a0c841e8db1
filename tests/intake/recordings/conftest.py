"""Recordings for the tests, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.intake.recordings.made import recordings


@pytest.fixture(scope="session")
def weir(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The recording of the weir, of each kind."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    return recordings(tmp_path_factory.mktemp("recordings"))
