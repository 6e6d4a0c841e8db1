"""A closed name may stand where somebody names a parameter, too: in the keys of a recipe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from tests.conftest import lines
from tests.publishing.test_prove import OPEN

Letter = Callable[..., str]
KEYS = [{"Dana Levi": "1"}, {"tool": {"Dana Levi": 1}}, {"tool": [{"Dana Levi": "x"}]}]


def with_recipe(record: Record, item: str, recipe: dict[str, Any], **more: Any) -> None:
    record.put(
        lines(
            {"kind": "actor", "id": "closed", "type": "person", "names": [{"text": "Dana Levi"}]},
            {"kind": "terms", "over": [item], "agreed_with": "the keepers", "uses": OPEN},
            {"kind": "terms", "over": ["closed"], "agreed_with": "closed", "uses": dict.fromkeys(OPEN, "no")},
            {"kind": "item", "id": item, "recipe": recipe, "reason": "how it was made", **more},
        )
    )


@pytest.mark.parametrize("recipe", KEYS)
def test_a_proof_holds_no_closed_name_in_a_key(
    record: Record, letter: Letter, tmp_path: Path, recipe: dict[str, Any]
) -> None:
    item = letter("The gate was shut.")
    with_recipe(record, item, recipe)
    told = record.prove(item, tmp_path / "proof.json")
    assert [row["person"] for row in told["refused"]] == ["Dana Levi"]
    assert not (tmp_path / "proof.json").exists()


@pytest.mark.parametrize("recipe", KEYS)
def test_a_custody_report_holds_no_closed_name_in_a_key(
    record: Record, letter: Letter, tmp_path: Path, recipe: dict[str, Any]
) -> None:
    item, other = letter("The gate was shut."), letter("The gate was open.", "copy.txt")
    record.put(lines({"kind": "terms", "over": [item], "agreed_with": "the keepers", "uses": OPEN}))
    with_recipe(record, other, recipe, derived_from=item)
    out = tmp_path / "report.html"
    told = record.custody(item, out, "court")
    assert {row["person"] for row in told["refused"]} == {"Dana Levi"}
    assert not out.exists()
