"""What every test may use: a record of its own, on a real disk, with keys in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import onrecord
from onrecord.api import Record
from onrecord.settings import Settings

settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder where this laptop keeps its keys."""
    return tmp_path / "home"


@pytest.fixture
def laptop(home: Path) -> Settings:
    return Settings(home=home, handle="mira", zone="UTC")


@pytest.fixture
def record(tmp_path: Path, laptop: Settings) -> Iterator[Record]:
    """A new record, opened."""
    onrecord.new(tmp_path / "record", settings=laptop)
    with onrecord.open(tmp_path / "record", settings=laptop) as opened:
        yield opened


@pytest.fixture
def letter(record: Record, tmp_path: Path) -> Callable[[str], str]:
    """Take a text in as an original; its item."""

    def take(text: str, name: str = "letter.txt") -> str:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        (line,) = record.add([file])
        return str(line["item"])

    return take


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real inputs that do not belong to the project; a test that needs them says so where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder with real inputs (../shared/data) is not here")
    return SHARED


def lines(*things: dict[str, object]) -> list[str]:
    """Things as the JSON lines that `put` reads."""
    return [json.dumps(thing, ensure_ascii=False) for thing in things]
