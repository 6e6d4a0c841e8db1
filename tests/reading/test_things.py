"""A thing and its history: every version stays, with who wrote it, when and why."""

import datetime as dt
import time

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import ThingUnknown
from onrecord.settings import Settings


def put_rosa(record: Record) -> None:
    record.put([{"kind": "actor", "id": "rosa", "names": ["Rosa"]}])


def test_a_thing_shows_its_fields_beside_its_one_head(record: Record) -> None:
    put_rosa(record)
    told = record.get("rosa")
    assert (told["slug"], told["kind"], told["in_conflict"]) == ("rosa", "actor", False)
    assert told["names"] == told["heads"][0]["fields"]["names"] == [{"text": "Rosa"}]
    assert told == record.get(told["id"])


def test_history_names_the_author_the_reason_and_what_was_superseded(record: Record) -> None:
    put_rosa(record)
    record.put([{"kind": "actor", "id": "rosa", "names": ["Roza"], "reason": "misspelt"}])
    first, second = record.history("rosa")["versions"]
    assert (first["author"], first["reason"], first["fields"]["names"]) == ("mira", None, [{"text": "Rosa"}])
    assert (second["reason"], second["supersedes"]) == ("misspelt", [first["version"]])
    assert first["superseded"] == second["received"] and second["superseded"] is None
    assert [head["version"] for head in record.history("rosa")["heads"]] == [second["version"]]


def test_moments_are_told_in_the_time_zone_of_the_record(
    laptop: Settings, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    moment = dt.datetime(2024, 3, 31, 0, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(time, "time_ns", lambda: int(moment.timestamp()) * 10**9)
    path = Path(str(tmp_path)) / "athens"
    onrecord.new(path, zone="Europe/Athens", settings=laptop)
    with onrecord.open(path, settings=laptop) as record:
        put_rosa(record)
        assert record.get("rosa")["heads"][0]["recorded"] == "2024-03-31T02:30:00+02:00"


def test_control_entries_can_be_read_too(record: Record) -> None:
    assert record.get(record.id)["zone"] == "UTC"
    assert record.history(record.id)["kind"] == "record"


def test_what_nothing_answers_to_is_unknown(record: Record) -> None:
    for ask in (record.get, record.history):
        with pytest.raises(ThingUnknown, match="no thing has this id or slug"):
            ask("rosa")
