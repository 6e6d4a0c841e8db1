"""The reference says what the code does: no verb, setting or error is left out, and no page is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.cli import reference
from onrecord.cli.verbs import PURPOSES
from onrecord.settings import described

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", reference.pages())
def test_the_page_is_what_the_code_says_now(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == reference.pages()[name], "run: make reference"


def test_every_verb_is_documented() -> None:
    page = (FOLDER / "commands.md").read_text(encoding="utf-8")
    assert [name for name in PURPOSES if f"### {name}\n" not in page] == []


def test_every_error_is_documented_by_a_docstring_of_its_own() -> None:
    page = (FOLDER / "errors.md").read_text(encoding="utf-8")
    for name, error in reference.declared_errors().items():
        assert error.__dict__.get("__doc__"), name
        assert f"| `{name}` |" in page


def test_every_setting_is_documented() -> None:
    page = (FOLDER / "settings.md").read_text(encoding="utf-8")
    for name, variables, _, _ in described():
        assert f"| {name} |" in page
        assert all(f"`{variable}`" in page for variable in variables)
