"""Bundles of other tools, made small in code, and the ways to import them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from tests.authorities import rsa

__all__ = ["Report", "rsa"]

WEIR, FORD, GATE = "The gate of the weir was shut.", "بوابة المخاضة كانت مفتوحة.", "שער הסכר היה סגור."


class Report(list[dict[str, Any]]):
    """The lines of one import."""

    def of(self, status: str) -> list[str]:
        return [str(row["from"]) for row in self if row["status"] == status]

    def at(self, source: str) -> dict[str, Any]:
        """The only line whose source begins so, beside the one that says that the file itself is kept."""
        rows = [row for row in self if str(row["from"]).startswith(source)]
        (row,) = [row for row in rows if row["reason"]] if len(rows) > 1 else rows
        return row


Bring = Callable[..., Report]


@pytest.fixture
def bring(record: Record) -> Bring:
    def bring(path: Path, form: str | None = None, **more: Any) -> Report:
        return Report(record.import_from(path, form, **more))

    return bring


@pytest.fixture
def things(record: Record) -> Callable[[str], list[dict[str, Any]]]:
    """The fields of every thing of a kind."""

    def of(kind: str) -> list[dict[str, Any]]:
        return [dict(thing.fields) for thing in record._store.db.as_now().of_kind(kind)]

    return of


@pytest.fixture
def outcomes(things: Callable[[str], list[dict[str, Any]]]) -> Callable[[], list[tuple[str, str, str]]]:
    """Every check that is logged: item, tool and outcome."""

    def of() -> list[tuple[str, str, str]]:
        steps = [step for step in things("custody") if step["step"] == "checked"]
        return [(step["item"], step["tool"], step["outcome"]) for step in steps]

    return of


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def sha256(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
