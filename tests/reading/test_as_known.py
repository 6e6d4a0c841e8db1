"""What was known on a day, in three honest readings: received, stated, proven. Each is right about what it claims."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.reading.as_known import stated, written_by
from onrecord.reading.laptops import device_named, laptop_of
from onrecord.record.errors import FieldInvalid, ThingUnknown
from tests.authorities import Maker, rsa, serving
from tests.exchange.laptops import Laptop, a_stick, a_team

__all__ = ["rsa"]
Clock = Callable[[str], None]
EVENT = {"kind": "event", "id": "e", "title": "The crossing", "sides": {"ford": ["w"]}}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the clock of every laptop to noon of a day."""

    def set_to(day: str) -> None:
        at = dt.datetime.fromisoformat(f"{day}T12:00+00:00").timestamp()
        monkeypatch.setattr(time, "time_ns", lambda: int(at) * 10**9)

    return set_to


@pytest.fixture
def team(tmp_path: Path, clock: Clock) -> tuple[Laptop, Laptop]:
    """Two laptops, up to date on the first of March, with an event that nobody has told of."""
    clock("2026-03-01")
    mira, noam = a_team(tmp_path, "mira", "noam")
    mira.put({"kind": "actor", "id": "w", "names": ["W"]}, EVENT)
    carry(mira, noam, tmp_path)
    return mira, noam


def carry(sender: Laptop, receiver: Laptop, place: Path) -> None:
    stick = a_stick(place, f"stick-{len(list(place.iterdir()))}")
    sender.send(stick)
    receiver.merge(stick)


def say(laptop: Laptop, text: str) -> None:
    event = laptop.get("e")["id"]
    speaker = laptop.get("w")["id"]
    laptop.put({"kind": "statement", "speaker": speaker, "about": [event], "text": text})


def told(laptop: Laptop, day: str, **how: Any) -> list[str]:
    with laptop.record() as record:
        (side,) = record.windows(record.get("e")["id"], as_known_on=day, **how)["sides"]
    return sorted(row["quote"] for row in side["statements"])


@pytest.fixture
def months_end(team: tuple[Laptop, Laptop], clock: Clock, tmp_path: Path) -> tuple[Laptop, Laptop]:
    """Noam writes on the second; Mira receives it on the fourth and writes; Noam receives that on the sixth."""
    mira, noam = team
    clock("2026-03-02")
    say(noam, "noam's")
    clock("2026-03-04")
    carry(noam, mira, tmp_path)
    say(mira, "mira's")
    clock("2026-03-06")
    carry(mira, noam, tmp_path)
    carry(noam, mira, tmp_path)
    return mira, noam


def test_received_is_what_had_come_to_this_laptop(months_end: tuple[Laptop, Laptop]) -> None:
    mira, noam = months_end
    assert [told(mira, f"2026-03-0{n}") for n in (1, 3, 5)] == [[], [], ["mira's", "noam's"]]
    assert [told(noam, f"2026-03-0{n}") for n in (1, 3, 5, 6)] == [
        [],
        ["noam's"],
        ["noam's"],
        ["mira's", "noam's"],
    ]


def test_stated_goes_by_the_clock_of_whoever_wrote(months_end: tuple[Laptop, Laptop]) -> None:
    for laptop in months_end:
        assert told(laptop, "2026-03-01", reading="stated") == []
        assert told(laptop, "2026-03-03", reading="stated") == ["noam's"]
        assert told(laptop, "2026-03-05", reading="stated") == ["mira's", "noam's"]


def test_what_another_laptop_had_received_is_read_from_its_own_merges(
    months_end: tuple[Laptop, Laptop],
) -> None:
    mira, noam = months_end
    for asked, named in ((mira, noam), (noam, mira)):
        for day in ("2026-03-01", "2026-03-03", "2026-03-05", "2026-03-06"):
            assert told(asked, day, device=named.device) == told(named, day), (named.handle, day)


def test_this_laptops_own_merges_tell_the_same_as_its_receipts(months_end: tuple[Laptop, Laptop]) -> None:
    for laptop in months_end:
        for day in ("2026-03-01", "2026-03-03", "2026-03-05", "2026-03-06"):
            assert told(laptop, day, device=laptop.device) == told(laptop, day)


def test_proven_is_what_stood_in_a_list_that_an_authority_stamped(
    team: tuple[Laptop, Laptop], tmp_path: Path, rsa: Maker
) -> None:
    mira, _ = team
    say(mira, "before the stamp")
    with mira.record() as record, serving(lambda path, query: (200, rsa.reply(query))) as address:
        record.stamp([address])
    say(mira, "after the stamp")
    assert told(mira, "2035-01-01", reading="proven") == ["before the stamp"]
    assert told(mira, "2035-01-01", reading="stated") == ["after the stamp", "before the stamp"]
    with pytest.raises(ThingUnknown, match="in this sense"):
        told(mira, "2026-03-02", reading="proven")


def test_a_later_change_is_undone_and_what_it_changed_stands_again(
    team: tuple[Laptop, Laptop], clock: Clock
) -> None:
    mira, _ = team
    clock("2026-03-04")
    mira.put({"kind": "event", "id": "e", "title": "The lower crossing", "reason": "its name"})
    with mira.record() as record:
        views = [
            record._store.db.as_held(stated(record._store, noon(day))) for day in ("2026-03-03", "2026-03-05")
        ]
        event = record.get("e")["id"]
        titles = [thing.fields["title"] for view in views if (thing := view.get(event))]
    assert titles == ["The crossing", "The lower crossing"]


def noon(day: str) -> int:
    return int(dt.datetime.fromisoformat(f"{day}T12:00+00:00").timestamp() * 1000)


def test_it_says_in_words_which_reading_it_is(months_end: tuple[Laptop, Laptop]) -> None:
    mira, noam = months_end
    with mira.record() as record:

        def said(**how: Any) -> str:
            return str(record.windows("e", as_known_on="2026-03-06", **how)["as_known"])

        assert said().startswith("As this laptop had received it by the end of 6 March 2026 (UTC).")
        assert said(device=noam.device).startswith(f"As laptop {noam.device} had received it")
        assert said(reading="stated").startswith("As we say we knew")
        assert "as_known" not in record.windows("e")


def test_an_erased_entry_counts_by_the_time_that_its_order_repeats(
    team: tuple[Laptop, Laptop], clock: Clock
) -> None:
    mira, _ = team
    clock("2026-03-02")
    say(mira, "to be erased")
    clock("2026-03-04")
    with mira.record() as record:
        before = stated(record._store, noon("2026-03-03"))
        (statement,) = record._store.db.as_now().of_kind("statement")
        record.erase(statement.id, reason="she asked", authority=["mira"])
        assert stated(record._store, noon("2026-03-03")) == before
    assert told(mira, "2026-03-03", reading="stated") in ([], [""])


@pytest.mark.parametrize(
    "how",
    [
        {"as_known_on": "2026-03-06", "reading": "guessed"},
        {"as_known_on": "2026-03-06", "reading": "stated", "device": "x"},
        {"reading": "stated"},
        {"device": "x"},
    ],
)
def test_a_reading_that_makes_no_sense_is_refused(team: tuple[Laptop, Laptop], how: dict[str, Any]) -> None:
    with team[0].record() as record, pytest.raises(FieldInvalid):
        record.windows("e", **how)


def test_a_laptop_is_named_by_device_log_or_fingerprint(team: tuple[Laptop, Laptop]) -> None:
    mira, noam = team
    with mira.record() as record:
        store = record._store
        laptop = laptop_of(store, f"{noam.log}/0")
        for name in (noam.device, noam.log, laptop["fingerprint"], laptop["fingerprint"][:9]):
            assert device_named(store, name) == noam.device
        for name in ("", "abc", "nobody"):
            with pytest.raises(ThingUnknown):
                device_named(store, name)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 6), max_size=12), st.integers(-1, 7))
def test_counting_by_halving_is_counting(steps: list[int], at: int) -> None:
    """The entries of one log written at growing times: as many are counted as were written by then."""
    with tempfile.TemporaryDirectory() as place:
        start = 1_800_000_000_000
        times = sorted(start + step * 1000 for step in steps)
        with patch.object(time, "time_ns", lambda: start * 1_000_000):
            laptop = Laptop.new(Path(place), "mira")
        with laptop.record() as record:
            for moment in times:
                with patch.object(time, "time_ns", lambda now=moment: now * 1_000_000):
                    record.put([{"kind": "actor", "names": ["A"]}])
            (log,) = record._store.db.log_numbers()
            until = start + at * 1000
            written = sum(1 for moment in times if moment <= until) + (3 if at >= 0 else 0)
            assert stated(record._store, until) == {log: written}
            number = record._store.db.log_numbers()[log]
            assert written_by(record._store, number, until) == written
