"""A receipt can be worked off: a line for each place, with whose it is and since when, until the last is ticked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.erasing.order import Word, write_orders
from onrecord.record.errors import SlugAmbiguous, ThingUnknown
from onrecord.record.things import Version
from tests.erasing.conftest import TWO
from tests.exchange.laptops import Laptop, a_stick, stick, team

__all__ = ["stick", "team"]

Team = Callable[..., list[Laptop]]


def place(laptop: Laptop) -> None:
    laptop.put({"kind": "place", "id": "yard", "names": ["Zebulonika yard"]})


def erase(laptop: Laptop, *names: str) -> list[dict[str, Any]]:
    with laptop.record() as record:
        rows: list[dict[str, Any]] = record.erase(names or "yard", "she is in danger", TWO)["unconfirmed"]
        return rows


def left(laptop: Laptop) -> list[dict[str, Any]]:
    """What has not been confirmed of the first erasure."""
    with laptop.record() as record:
        rows: list[dict[str, Any]] = record.erasures()[0]["unconfirmed"]
        return rows


def destroyed(laptop: Laptop, named: str) -> dict[str, Any]:
    with laptop.record() as record:
        return record.confirm_destroyed(named)


def test_a_stick_that_was_emptied_and_sent_to_again_is_one_line(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    place(mira)
    mira.send(stick)
    stick.rename(stick.with_name("another"))
    stick.mkdir()
    mira.send(stick)
    (row,) = [row for row in erase(mira) if row["name"] == str(stick)]
    assert len(row["folders"]) == 2 and row["folder"] == row["folders"][-1]
    assert row["by"] == "mira" and row["since"]
    assert f"onrecord send {stick}" in row["why"]
    assert row["why"].endswith(f"onrecord erase --destroyed {row['folders'][0]}")
    mira.send(stick)
    (row,) = [row for row in left(mira) if row["name"] == str(stick)]
    assert len(row["folders"]) == 1 and "onrecord send" not in row["why"]
    destroyed(mira, row["folder"])
    assert str(stick) not in {row["name"] for row in left(mira)}


def test_of_several_at_one_place_it_is_asked_which_was_destroyed(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    mira.send(stick)
    stick.rename(stick.with_name("another"))
    stick.mkdir()
    folder = mira.send(stick)["folder"]
    with pytest.raises(SlugAmbiguous, match=f"{folder} .*first sent to by mira on ") as raised:
        destroyed(mira, str(stick))
    assert str(raised.value).count(str(stick)) == 3
    assert destroyed(mira, folder[:6]) == {"folder": folder, "place": str(stick), "by": "mira"}
    with pytest.raises(ThingUnknown):
        destroyed(mira, folder[:2])


def test_what_was_said_to_be_destroyed_is_not_asked_about_again(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    place(mira)
    first = mira.send(stick)["folder"]
    stick.rename(stick.with_name("another"))
    stick.mkdir()
    second = mira.send(stick)["folder"]
    erase(mira)
    destroyed(mira, first)
    assert destroyed(mira, str(stick))["folder"] == second


def test_a_copy_that_was_made_after_the_erasure_is_not_on_its_list(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    place(mira)
    before = {row["name"] for row in erase(mira)}
    mira.send(stick)
    with mira.record() as record:
        record.pack(tmp_path / "later.age")
    assert {row["name"] for row in left(mira)} == before
    noam.merge(stick)
    noam.send(a_stick(tmp_path, "noams"))
    noam.send(stick)
    mira.merge(stick)
    assert {row["name"] for row in left(mira)} <= before


def test_neither_is_one_that_was_made_after_a_restored_backup(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    place(mira)
    erase(mira)
    backup = mira.back_up()
    mira.put({"kind": "place", "names": ["Elsewhere"]})
    mira.send(stick)
    noam.merge(stick)
    mira.restore(backup)
    former = mira.log
    mira.merge(stick)
    mira.put({"kind": "place", "names": ["Another"]})
    fresh = a_stick(tmp_path, "fresh")
    mira.send(fresh)
    assert mira.log != former
    assert str(fresh) not in {row["name"] for row in left(mira)}


def test_a_revoked_laptop_will_never_answer(team: Team, stick: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    place(mira)
    mira.revoke(noam.device)
    mira.send(stick)
    dalia.merge(stick)
    dalia.revoke(noam.device)
    dalia.send(stick)
    mira.merge(stick)
    (row,) = [row for row in erase(mira) if row.get("device") == noam.device]
    assert "never answer" in row["why"]


def test_an_order_that_cannot_be_followed_is_marked(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    place(noam)
    with mira.record() as record:
        store = record._store
        head = next(store.db.as_now().of_kind("person")).heads[0]
        with store.writing() as writer:
            write_orders(writer, [head], Word.given("to harm", TWO))
            write_orders(
                writer, [Version("a" * 16, "place", f"{noam.log}/0", {})], Word.given("to harm", TWO)
            )
    mira.send(stick)
    noam.merge(stick)
    with noam.record() as record:
        rows = record.erasures()
    assert [len(row["cannot"]) for row in rows] == [1, 1]
    assert {row["cannot"][0]["why"].partition(",")[0] for row in rows} <= {
        "the record itself stands by this entry",
        "what the order says of this entry is not what the entry says itself",
    }
    assert [(row["waiting"], row["unconfirmed"]) for row in rows] == [([], []), ([], [])]
