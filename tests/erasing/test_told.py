"""What was erased is told as such wherever it is asked for: by which order, when, by whom and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from onrecord.api import Record
from onrecord.record.errors import LayerMissing, ThingUnknown
from tests.conftest import lines
from tests.erasing.conftest import TWO

Letter = Callable[[str], str]
Erase = Callable[..., dict[str, Any]]


def test_a_thing_tells_the_order_that_took_it(record: Record, erase: Erase) -> None:
    record.put(lines({"kind": "place", "id": "yard", "names": ["Yard"]}))
    id = record.get("yard")["id"]
    written = record.get(id)["heads"][0]["recorded"]
    order = erase("yard")["order"]
    told = record.get(id)["heads"][0]
    assert told["erased"] == {
        "order": order,
        "by": "mira",
        "at": told["erased"]["at"],
        "reason": "she is in danger",
        "authority": ["Noam, editor"],
    }
    assert told["erased"]["at"] >= written
    assert (told["author"], told["recorded"], told["fields"]) == (None, written, {})
    assert record.history(id)["versions"][0]["erased"] == told["erased"]


def test_an_erased_version_still_says_what_it_replaced(record: Record, erase: Erase) -> None:
    record.put(lines({"kind": "place", "id": "yard", "names": ["Yard"]}))
    record.put(lines({"kind": "place", "id": "yard", "names": ["Court"], "reason": "its name"}))
    id = record.get("yard")["id"]
    erase("yard")
    first, second = record.history(id)["versions"]
    assert second["supersedes"] == [first["version"]]


def test_the_text_of_an_erased_original_is_not_said_to_be_kept(
    record: Record, letter: Letter, erase: Erase
) -> None:
    item = letter("The gate was shut at noon.")
    order = erase(item, authority=TWO)["order"]
    with pytest.raises(
        LayerMissing, match=f"erased on .* by order {order}.*Noam, editor and Dalia"
    ) as raised:
        record.text(item)
    assert "kept. Put" not in str(raised.value)


def test_an_erased_original_is_listed_as_erased(record: Record, letter: Letter, erase: Erase) -> None:
    item = letter("The gate was shut at noon.")
    order = erase(item, authority=TWO)["order"]
    (row,) = record.items()
    assert (row["item"], row["erased"], row["erasure"]["order"]) == (item, True, order)


def test_a_name_that_went_points_to_the_list_of_erasures(record: Record, erase: Erase) -> None:
    record.put(lines({"kind": "place", "id": "yard", "names": ["Yard"]}))
    with pytest.raises(ThingUnknown) as before:
        record.get("nowhere")
    assert "erase --list" not in str(before.value)
    erase("yard")
    with pytest.raises(ThingUnknown, match="erase --list"):
        record.get("yard")
