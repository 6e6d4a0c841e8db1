"""What lies inside an archive comes in as originals of its own, each once, and a container that gives too much gives none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import py7zr
import pytest

from onrecord.api import Record
from onrecord.intake.walking import Found
from onrecord.record.errors import PassphraseMissing
from onrecord.writing import add as add_module
from onrecord.writing.adding import arriving
from onrecord.writing.adding.arriving import Arrived, Arriving, Job


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return content.getvalue()


def add(record: Record, path: Path, content: bytes) -> list[dict[str, Any]]:
    path.write_bytes(content)
    return list(record.add([path]))


def test_members_follow_their_container_and_say_where_they_lay(record: Record, tmp_path: Path) -> None:
    inner = zipped(**{"deep/שער.txt": "השער".encode()})
    rows = add(record, tmp_path / "a.zip", zipped(**{"inner.zip": inner, "سوق.txt": "السوق".encode()}))
    names = [Path(row["path"]).relative_to(tmp_path).as_posix() for row in rows]
    assert names == ["a.zip", "a.zip/inner.zip", "a.zip/inner.zip/deep/שער.txt", "a.zip/سوق.txt"]
    outer, middle, deep, side = (row["item"] for row in rows)
    assert [row.get("inside") for row in rows] == [None, outer, middle, outer]
    assert record.get(deep)["member"] == "deep/שער.txt" and record.get(deep)["name"] == "שער.txt"
    assert record.get(outer)["members"] == [middle, side]
    assert next(iter(record.search("השער")))["id"] == deep
    assert record.verify()["ok"]


def test_bytes_that_are_held_already_are_not_taken_twice_but_are_said_to_lie_there(
    record: Record, tmp_path: Path
) -> None:
    (row,) = add(record, tmp_path / "one.txt", b"The gate was shut.")
    container, member = add(record, tmp_path / "a.zip", zipped(again=b"The gate was shut."))
    assert (member["status"], member["item"]) == ("already held", row["item"])
    assert record.get(container["item"])["members"] == [row["item"]]
    assert "inside" not in record.get(row["item"])


def test_an_archive_that_holds_itself_over_and_over_ends(record: Record, tmp_path: Path) -> None:
    content = b"innermost"
    for level in range(12):
        content = zipped(**{f"level-{level}.zip" if level else "words.txt": content})
    rows = add(record, tmp_path / "deep.zip", content)
    taken = [row for row in rows if row["status"] == "added"]
    assert len(taken) == arriving.DEEPEST + 1
    assert any("containers deep" in note for note in rows[-1]["notes"])
    assert record.verify()["ok"]


@pytest.mark.parametrize("bound", ["members", "bytes"])
def test_a_container_that_gives_too_much_is_kept_and_nothing_is_taken_out_of_it(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    if bound == "members":
        monkeypatch.setattr(arriving, "MOST_MEMBERS", 5)
    else:
        monkeypatch.setattr(arriving, "MOST_BYTES", 5_000)
    (tmp_path / "other.txt").write_text("another file of the same import")
    (tmp_path / "a.zip").write_bytes(zipped(**{f"{n}.bin": bytes([n]) * 1_000 for n in range(1, 20)}))
    rows = list(record.add([tmp_path / "a.zip", tmp_path / "other.txt"]))
    assert [row["status"] for row in rows] == ["added", "added"]
    assert "nothing is taken out of it" in rows[0]["notes"][0]
    assert len(list(record.path.glob("originals/*/*"))) == 2, "what came out before is cleared away"
    assert record.verify()["ok"]


def test_releasing_a_container_asks_for_all_that_lies_in_it(record: Record, tmp_path: Path) -> None:
    container, member = add(record, tmp_path / "a.zip", zipped(**{"a.txt": b"The gate was shut."}))
    record.put(
        [
            {"kind": "terms", "over": [container["item"]], "uses": {"words": "yes", "media": "yes"}},
            {
                "kind": "publication",
                "id": "all",
                "title": "All",
                "audience": "public",
                "contents": [container["item"]],
            },
        ]
    )
    assert not record.publish("all", tmp_path / "out")["refused"]
    record.put([{"kind": "terms", "over": [member["item"]], "uses": {"words": "no"}}])
    refused = record.publish("all", tmp_path / "again")["refused"]
    assert [row["thing"] for row in refused] == [member["item"]]


def test_erasing_a_container_takes_what_lay_inside_and_erasing_a_member_names_the_container(
    record: Record, tmp_path: Path
) -> None:
    container, member = add(record, tmp_path / "a.zip", zipped(**{"a.txt": b"The gate was shut."}))
    told = record.look_at_erasing(member["item"])
    assert container["item"] in str(told), "the same words stand in the container"
    record.erase(container["item"], "she is in danger", ["a", "b"])
    assert not list(record.path.glob("originals/*/*"))
    assert record.verify()["ok"]


def test_a_locked_archive_is_opened_with_its_password_when_it_is_read_again(
    record: Record, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.7z"
    with py7zr.SevenZipFile(locked, "w", password="העיר الميناء") as made:
        made.writestr("The gate was shut.", "testimony.txt")
    container, refused = record.add([locked])
    assert (
        container["status"] == "added" and refused["status"] == "refused" and "password" in refused["reason"]
    )
    with pytest.raises(PassphraseMissing):
        record.read(container["item"], password="wrong")
    done = record.read(container["item"], password="העיר الميناء")
    (inside,) = done["taken_out"]
    assert record.text(inside["item"])["text"] == "The gate was shut."
    assert record.get(inside["item"])["inside"] == container["item"]
    kept = b"".join(path.read_bytes() for path in record.path.rglob("*") if path.is_file())
    assert "העיר الميناء".encode() not in kept
    assert record.verify()["ok"]


def test_where_there_is_no_room_for_what_lies_inside_the_container_waits_for_room(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = zipped(**{f"{n}.txt": b"%d at the weir" % n for n in range(5)})
    with monkeypatch.context() as full:
        full.setattr(arriving, "SPARE_BYTES", 1 << 62)
        (row,) = add(record, tmp_path / "a.zip", content)
    assert (row["status"], row["reason"]) == ("refused", arriving.NO_ROOM)
    assert list(record.path.glob("originals/*/*")) == [], "nothing lies there that nothing names"
    assert [row["status"] for row in add(record, tmp_path / "a.zip", content)] == ["added"] * 6
    assert record.verify()["ok"]


def test_a_container_that_gives_nothing_any_more_is_not_looked_at_for_ever(
    record: Record, tmp_path: Path
) -> None:
    (row,) = add(record, tmp_path / "a.zip", zipped())
    record._store.db.connection.execute("INSERT INTO unpacking VALUES (?)", (row["sha256"],))
    add(record, tmp_path / "other.txt", b"The ford.")
    assert record._store.imports.half_unpacked() == []


def test_what_waits_to_be_entered_does_not_hold_the_beginning_of_every_member(
    record: Record, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(**{f"{n}.txt": b"%d" % n * 1_000 for n in range(5)}))
    found = Found(tmp_path / "a.zip", "a.zip")
    arrived = Arriving(record._store).arrive(Job(found, "a.zip"))
    assert isinstance(arrived, Arrived) and len(arrived.members) == 5
    assert not any(one.taken and one.taken.beginning for one in arrived.members)


def test_a_container_deep_inside_is_gone_on_with_no_deeper_than_at_first(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "DEEPEST", 2)
    monkeypatch.setattr(add_module, "DEEPEST", 2)
    content = b"innermost"
    for level in range(4):
        content = zipped(**{f"level-{level}.zip" if level else "words.txt": content})
    rows = add(record, tmp_path / "deep.zip", content)
    held = [row["sha256"] for row in rows if row["status"] == "added"]
    record._store.db.connection.execute("INSERT INTO unpacking VALUES (?)", (held[-1],))
    again = add(record, tmp_path / "other.txt", b"The ford.")
    assert [row["path"].rpartition("/")[2] for row in again] == ["other.txt"]
    assert len(list(record.path.glob("originals/*/*"))) == len(held) + 1
