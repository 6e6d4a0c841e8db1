"""Windows as they stand, and as this laptop knew them at the end of a day in the record's own time zone."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import onrecord
from onrecord.api import Record
from onrecord.reading.windows import end_of
from onrecord.record.errors import KindWrong, ThingUnknown, TimeInvalid
from onrecord.settings import Settings

Clock = Callable[[str], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the laptop's clock to a moment in Beirut."""

    def set_to(moment: str) -> None:
        at = dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Beirut"))
        monkeypatch.setattr(time, "time_ns", lambda: int(at.timestamp() * 1000) * 10**6)

    return set_to


@pytest.fixture
def beirut(clock: Clock, laptop: Settings, tmp_path: Path) -> Record:
    """A record kept in Beirut, where the clock goes from midnight to one in spring."""
    clock("2024-03-28T09:00")
    onrecord.new(tmp_path / "beirut", zone="Asia/Beirut", settings=laptop)
    record = onrecord.open(tmp_path / "beirut", settings=laptop)
    record.put(
        [
            {"kind": "actor", "id": "w", "names": ["W"]},
            {"kind": "event", "id": "e", "title": "E", "sides": {"one": ["w"]}},
        ]
    )
    return record


def say(record: Record, text: str) -> None:
    record.put([{"kind": "statement", "speaker": "w", "about": ["e"], "text": text}])


def said(record: Record, day: str) -> int:
    (side,) = record.windows("e", as_known_on=day)["sides"]
    return len(side["statements"])


def test_a_day_ends_at_its_own_midnight_also_when_the_clock_changes(beirut: Record, clock: Clock) -> None:
    clock("2024-03-30T23:59:59.999")
    say(beirut, "on the last moment of Saturday")
    clock("2024-03-31T01:00")
    say(beirut, "on the first moment of Sunday, as midnight is skipped")
    clock("2024-03-31T23:59:59.999")
    say(beirut, "on the last moment of a day of 23 hours")
    counted = [said(beirut, day) for day in ("2024-03-29", "2024-03-30", "2024-03-31", "9999-12-30")]
    assert counted == [0, 1, 3, 3]


@pytest.mark.parametrize(
    "zone", ["Asia/Beirut", "America/Havana", "Africa/Cairo", "Asia/Gaza", "UTC", "Pacific/Apia"]
)
def test_days_follow_on_each_other_without_gap_or_overlap(zone: str) -> None:
    days = [dt.date(2011, 1, 1) + dt.timedelta(days=n) for n in range(0, 366 * 2)]
    ends = [end_of(day.isoformat(), zone) for day in days]
    where = ZoneInfo(zone)
    for day, end in zip(days, ends, strict=True):
        after = dt.datetime.fromtimestamp((end + 1) / 1000, where)
        assert after.date() > day and dt.datetime.fromtimestamp(end / 1000, where).date() <= day
    assert ends == sorted(ends)


def test_what_was_superseded_later_is_shown_as_it_was_known(beirut: Record, clock: Clock) -> None:
    record_id = beirut.put(
        [{"kind": "statement", "id": "s", "speaker": "w", "about": ["e"], "text": "It fell."}]
    )
    clock("2024-04-02T10:00")
    beirut.put([{"kind": "statement", "id": "s", "about": None, "reason": "about another day"}])
    assert record_id and said(beirut, "2024-04-01") == 1
    assert beirut.windows("e")["sides"][0]["statements"] == []


def test_an_event_that_was_not_yet_on_record_is_said_to_be_so(beirut: Record) -> None:
    with pytest.raises(ThingUnknown, match="first received on 28 March 2024"):
        beirut.windows("e", as_known_on="2024-03-27")


@pytest.mark.parametrize(
    "day", ["", "yesterday", "20240327", "2024-W13-1", "2024-02-30", "9999-12-31", "0000-01-01", "2024"]
)
def test_what_is_no_day_is_refused(beirut: Record, day: str) -> None:
    with pytest.raises(TimeInvalid):
        beirut.windows("e", as_known_on=day)


def test_only_an_event_has_windows(beirut: Record) -> None:
    with pytest.raises(KindWrong):
        beirut.windows("w")
