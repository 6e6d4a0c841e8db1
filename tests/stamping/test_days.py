"""Which days are covered by outside time, and which are not yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.settings import Settings
from tests.branches import merge

Take = Callable[[str], str]
DAY = 86_400


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the laptop's clock stand there."""
    monkeypatch.setattr(time, "time_ns", lambda: int(seconds * 1e9))


def note(record: Record, words: str) -> None:
    record.put([{"kind": "actor", "type": "person", "names": [{"text": words}]}])


def seen(record: Record) -> list[tuple[str, int, bool]]:
    return [(day["day"], day["entries"], day["stamped"]) for day in record.stamps()]


def test_a_day_is_not_yet_stamped_until_a_token_covers_its_last_entry(
    record: Record, monkeypatch: pytest.MonkeyPatch, rsa_address: str
) -> None:
    start = time.time()
    at(monkeypatch, start + DAY)
    note(record, "one")
    record.stamp([rsa_address])
    at(monkeypatch, start + 2 * DAY)
    note(record, "two")
    assert [stamped for _, _, stamped in seen(record)] == [True, True, False]


def test_a_later_token_covers_the_days_before_it(
    record: Record, monkeypatch: pytest.MonkeyPatch, rsa_address: str
) -> None:
    start = time.time()
    for day in (1, 2, 3):
        at(monkeypatch, start + day * DAY)
        note(record, f"day {day}")
    record.stamp([rsa_address])
    assert [stamped for _, _, stamped in seen(record)] == [True] * 4


def test_an_entry_after_the_token_leaves_its_day_open_and_the_tokens_own_entry_does_not(
    record: Record, rsa_address: str
) -> None:
    record.stamp([rsa_address])
    record.stamp([rsa_address])
    assert seen(record)[0][2] is True
    note(record, "later the same day")
    assert seen(record)[0][1:] == (4, False)


def test_days_are_those_of_the_records_zone(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = Settings(home=home, handle="mira", zone="Asia/Tokyo")
    at(monkeypatch, 1_900_000_000)  # 2030-03-17 17:46 UTC, the next day in Tokyo
    onrecord.new(tmp_path / "record", settings=laptop)
    with onrecord.open(tmp_path / "record", settings=laptop) as record:
        assert seen(record) == [("2030-03-18", 3, False)]


def forged(record: Record, **changed: Any) -> None:
    """Write the last stamp again with something else in it."""
    (thing,) = record._store.db.as_now().of_kind("stamp")
    fields = {**thing.heads[0].fields, **changed}
    with record._store.writing() as writer:
        writer.append(Draft("stamp", thing.id, fields, supersedes=(thing.heads[0].name,), reason="forged"))


def test_a_token_that_is_no_good_covers_nothing_and_is_named(record: Record, rsa_address: str) -> None:
    record.stamp([rsa_address])
    (token,) = next(record._store.db.as_now().of_kind("stamp")).heads[0].fields["tokens"]
    forged(record, tokens=[{**token, "time": "2001-01-01T00:00:00Z"}])
    (day,) = record.stamps()
    assert day["stamped"] is False
    assert "states another time" in day["problems"][0]["why"]


@pytest.mark.parametrize("spoil", ["", "x", "onrecord record root v1\n"])
def test_a_stamp_without_a_listing_covers_nothing(record: Record, rsa_address: str, spoil: str) -> None:
    record.stamp([rsa_address])
    forged(record, listing=spoil)
    assert seen(record)[0][2] is False


@pytest.mark.parametrize(
    "spoil",
    [
        {"tokens": 7},
        {"tokens": [7, None, {}, []]},
        {"tokens": [{"authority": 7}]},
        {"tokens": [{"authority": "a", "request": "", "response": "", "time": "", "certificates": 7}]},
        {"tokens": [{"authority": "a", "request": "", "response": "", "time": "", "certificates": [7]}]},
        {
            "tokens": [],
            "calendars": [7, {}, {"calendar": "c", "proof": "AAAA"}, {"calendar": "c", "proof": 7}],
        },
    ],
)
def test_whatever_a_colleague_put_into_a_stamp_covers_nothing_and_stops_nothing(
    record: Record, rsa_address: str, spoil: dict[str, Any], tmp_path: Path
) -> None:
    record.stamp([rsa_address])
    forged(record, **spoil)
    assert seen(record)[0][2] is False
    assert record.stamp([rsa_address])["failed"] == []
    name = f"{next(iter(record._store.db.log_numbers()))}/0"
    assert len(record.prove(name, tmp_path / "proof.json", with_body=False)["times"]) == 1


def test_a_listing_of_a_tree_that_is_not_ours_covers_nothing(
    record: Record, letter: Take, rsa_address: str, tmp_path: Path, laptop: Settings
) -> None:
    """A good token over a made-up listing says nothing of this record's entries."""
    from onrecord.record.listing import Listed, Listing, parse_listing
    from onrecord.stamping.authority import ask_authority

    record.stamp([rsa_address])
    (held,) = parse_listing(next(record._store.db.as_now().of_kind("stamp")).heads[0].fields["listing"]).logs
    made_up = Listing.of(record.id, [Listed(held.log, held.size, bytes(32))]).text
    kept, _ = ask_authority(rsa_address, made_up.encode(), [])
    forged(record, listing=made_up, tokens=[kept])
    assert seen(record)[0][2] is False


def test_colleagues_entries_need_a_token_too_and_their_tokens_count_for_ours(
    record: Record, tmp_path: Path, rsa_address: str
) -> None:
    import shutil

    other_home = tmp_path / "other-home"
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    theirs = Settings(home=other_home, handle="noa", zone="UTC")
    with (
        onrecord.open(tmp_path / "copy", settings=theirs) as copy,
        onrecord.open(record.path, settings=record.settings) as ours,
    ):
        note(copy, "theirs")
        copy.stamp([rsa_address])
        assert seen(ours)[0][2] is False
        merge(ours, tmp_path / "copy")
        note(ours, "ours, later")
        assert {day["stamped"] for day in ours.stamps()} == {False}
        ours.stamp([rsa_address])
        assert {day["stamped"] for day in ours.stamps()} == {True}
