"""Words in three scripts that stand nowhere else, and a record that holds them in every way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.api import Record

# Each word is to be found nowhere else, so that any trace of it is one of what was erased.
SECRETS = {
    "english": "Zebulonika crossed Quillonmarsh barefoot yesterevening",
    "arabic": "زغلولينا عبرت قنطرالحجرين حافيةالقدمين عشيةالخميسي",
    "hebrew": "צפנתפענחית חצתה גשרהאבניםהישן יחפהלגמרי אמשבלילה",
}
TWO = ("Noam, editor", "Dalia, legal")


@pytest.fixture(params=sorted(SECRETS))
def secret(request: pytest.FixtureRequest) -> str:
    return SECRETS[request.param]


@pytest.fixture
def folder(record: Record) -> Path:
    return record.path


@pytest.fixture
def erase(record: Record) -> Callable[..., dict[str, object]]:
    """Erase with a reason and one authority, unless others are given."""

    def run(*names: str, authority: tuple[str, ...] = ("Noam, editor",), **how: bool) -> dict[str, object]:
        return record.erase(names, "she is in danger", authority, **how)

    return run
