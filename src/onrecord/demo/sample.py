"""The sample record: one invented event, built as anyone would build it, through the Python API."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord import api
from onrecord.record.errors import OnrecordError, RecordExists
from onrecord.settings import Settings

TITLE = "Ilvane crossing (sample)"
ZONE = "UTC"
DATABASE = "record.db"
EVENT = "morning"
PUBLISHED = "two-accounts"
REFUSED = "with-the-day-book"
ORIGINALS = Path(__file__).parent / "originals"
ACCOUNTS = Path(__file__).parent / "accounts.jsonl"


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the sample record stands. `found` says that it stood there already."""

    path: Path
    found: bool

    @property
    def dossier(self) -> Path:
        """Where the demonstration builds a dossier: beside the record."""
        return self.path.with_name(f"{self.path.name.removesuffix('-record')}-dossier")

    @property
    def refused_dossier(self) -> Path:
        """Where the refused dossier would stand."""
        return self.dossier.with_name(f"{self.dossier.name}-refused")


def build(path: Path, settings: Settings, progress: api.Progress | None = None) -> Sample:
    """Build the sample record at `path`, or find it there. It stands there whole or not at all.

    Raises `RecordExists` where something else stands. An empty folder is taken.
    """
    path = path if path.name not in ("", "..") else path.resolve()
    found = path.exists() and not _is_empty(path)
    if found and not _is_sample(path, settings):
        raise RecordExists(
            str(path),
            "something other than the sample record stands there",
            "Name another place: onrecord demo PATH.",
        )
    if not found:
        _build(path, settings, progress)
    return Sample(path, found)


def _build(path: Path, settings: Settings, progress: api.Progress | None) -> None:
    """Made apart and then moved. A folder that stands there is filled, so that whoever stands in it still does."""
    filled = path.exists()
    beside = path / ".part" if filled else path.with_name(f".{path.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        api.new(beside, title=TITLE, zone=ZONE, settings=settings)
        with api.open(beside, settings=settings) as record:
            items = {row["path"]: row["item"] for row in record.add(_originals(), progress)}
            record.put(list(_with_items(items)), progress)
        if filled:
            _fill(path, beside)
        else:
            beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _fill(path: Path, beside: Path) -> None:
    """Move what was made one folder up, the database last: until then no record stands there."""
    for part in sorted(beside.iterdir(), key=lambda part: part.name == DATABASE):
        part.rename(path / part.name)


def _originals() -> list[Path]:
    return sorted(file for file in ORIGINALS.rglob("*") if file.is_file())


def _with_items(items: dict[str, str]) -> Iterator[str]:
    """The accounts, with `@name` of an original replaced by the item that it became."""
    by_name = {Path(path).name: item for path, item in items.items()}
    for line in ACCOUNTS.read_text(encoding="utf-8").splitlines():
        yield json.dumps(_replaced(json.loads(line), by_name), ensure_ascii=False)


def _replaced(value: Any, items: dict[str, str]) -> Any:
    if isinstance(value, str):
        return items.get(value.removeprefix("@"), value) if value.startswith("@") else value
    if isinstance(value, list):
        return [_replaced(one, items) for one in value]
    if isinstance(value, dict):
        return {name: _replaced(one, items) for name, one in value.items()}
    return value


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _is_sample(path: Path, settings: Settings) -> bool:
    try:
        with api.open(path, settings=settings) as record:
            return record.title == TITLE
    except OnrecordError:
        return False
