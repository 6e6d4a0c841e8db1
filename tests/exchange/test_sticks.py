"""What lies on a stick, what a stranger can tell from it, and what happens to a stick that is full or half copied."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.exchange import fetching
from onrecord.exchange import send as sending
from onrecord.exchange.local_folder import LocalFolder
from onrecord.exchange.place import Fill
from onrecord.record.errors import ExchangeRefused
from tests.exchange.laptops import Laptop, a_stick

Team = Callable[..., list[Laptop]]
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


def files(stick: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(stick)): path.read_bytes() for path in sorted(stick.rglob("*")) if path.is_file()
    }


def test_a_listing_shows_neither_hash_nor_name_nor_title(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira", title="The Ilvane crossing")
    mira.add("guard-at-the-gate.mp4", VIDEO)
    mira.put({"kind": "actor", "names": ["Anna Karam"]})
    mira.send(stick)
    digest = hashlib.sha256(VIDEO).hexdigest()
    everything = b"".join(name.encode() + data for name, data in files(stick).items())
    for told in (digest, bytes.fromhex(digest).decode("latin-1"), "guard", "Ilvane", "Anna", "Karam", "mira"):
        assert told.encode("latin-1") not in everything
    assert VIDEO[:64] not in everything


def test_one_original_has_another_name_on_every_stick(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.add("video.mp4", VIDEO)
    other = a_stick(tmp_path, "other")
    mira.send(stick)
    mira.send(other)
    names = [{path.name for path in place.rglob("originals/*")} for place in (stick, other)]
    assert all(names) and not names[0] & names[1]


def test_a_second_sending_writes_only_what_is_new(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.add("video.mp4", VIDEO)
    assert mira.send(stick)["originals"] == 1
    before = files(stick)
    again = mira.send(stick)
    assert (again["entries"], again["originals"], again["missing"]) == (0, 0, [])
    unchanged = {name for name, data in files(stick).items() if before.get(name) == data}
    assert unchanged >= {name for name in before if not name.endswith("list.json")}
    mira.put({"kind": "actor", "names": ["Anna"]})
    assert mira.send(stick)["entries"] == 1
    assert {name: files(stick)[name] for name in before if name.endswith(".seg")} == {
        name: data for name, data in before.items() if name.endswith(".seg")
    }


def test_a_laptop_touches_only_its_own_part(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.send(stick)
    before = files(stick)
    noam.put({"kind": "actor", "names": ["Anna"]})
    noam.send(stick)
    assert {name: data for name, data in files(stick).items() if not name.startswith(noam.log)} == before


def test_what_the_folder_lacks_of_others_is_carried(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    noam.add("note.txt", "The gate was shut.")
    between = a_stick(tmp_path, "between")
    noam.send(between)
    mira.merge(between)
    mira.send(stick)
    assert dalia.merge(stick)["missing"] == []
    assert dalia.things() == noam.things()
    assert any("others" in name for name in files(stick))


def test_what_lies_there_already_is_not_carried_again(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    noam.add("video.mp4", VIDEO)
    noam.send(stick)
    mira.merge(stick)
    sent = mira.send(stick)
    assert sent["originals"] == 0
    assert not [name for name in files(stick) if noam.log in name and name.startswith(mira.log)]


def test_what_a_stopped_sending_left_is_cleaned_up(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.send(stick)
    left = stick / mira.log / "originals" / ("a" * 64 + ".part")
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half")
    elsewhere = stick / ("b" * 16 + ".1") / "0-9.seg.part"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"half")
    mira.send(stick)
    assert not left.exists() and elsewhere.exists()


class _FullAfter(LocalFolder):
    """A stick that takes so many bytes and no more."""

    def __init__(self, path: Path, room: int) -> None:
        super().__init__(path)
        self._room = room

    def write(self, name: str, fill: Fill) -> int:
        def limited(sink: Any) -> None:
            fill(_Narrow(sink, self))

        return super().write(name, limited)


class _Narrow:
    def __init__(self, sink: Any, stick: _FullAfter) -> None:
        self._sink, self._stick = sink, stick

    def write(self, data: bytes) -> int:
        self._stick._room -= len(data)
        if self._stick._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(self._sink.write(data))

    def flush(self) -> None:
        self._sink.flush()


def test_a_full_stick_holds_whole_files_and_the_rest_is_named(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    for number in range(8):
        mira.add(f"video-{number}.mp4", VIDEO + bytes([number]))
    with mira.record() as record:
        sent = sending.send(record._store, _FullAfter(stick, 30_000))
    missing = [one for one in sent["missing"] if one["what"] == "original"]
    assert missing and sent["originals"] + len(missing) == 8
    assert all("space" in one["why"] for one in missing)
    assert not list(stick.rglob("*.part"))
    noam.merge(stick)
    again = mira.send(stick)
    assert again["missing"] == [] and again["originals"] == len(missing)
    assert noam.merge(stick)["missing"] == []
    assert noam.verify()["problems"] == []


def test_originals_that_are_not_there_are_awaited_and_come_later(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.add("video.mp4", VIDEO)
    mira.send(stick)
    (original,) = stick.rglob("originals/*")
    kept = original.read_bytes()
    original.unlink()
    merged = noam.merge(stick)
    assert [one["what"] for one in merged["missing"]] == ["original"]
    assert noam.verify()["problems"] == []
    assert noam.merge(stick)["missing"] == merged["missing"]
    original.write_bytes(kept)
    merged = noam.merge(stick)
    assert (merged["entries"], merged["originals"], merged["missing"]) == (0, 1, [])
    assert noam.verify()["problems"] == []


def test_originals_beyond_what_a_record_is_held_for_come_right_after_the_entries(
    team: Team, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, noam = team("mira", "noam")
    for number in range(3):
        mira.add(f"video-{number}.mp4", VIDEO + bytes([number]))
    mira.send(stick)
    monkeypatch.setattr(fetching, "AT_ONCE_BYTES", len(VIDEO) + 10)
    merged = noam.merge(stick)
    assert merged["originals"] == 3 and merged["missing"] == []
    assert noam.verify()["problems"] == []
    assert noam.merge(stick)["originals"] == 0


def test_of_a_text_whose_layer_comes_before_its_original_the_original_stays_awaited(
    team: Team, stick: Path
) -> None:
    mira, noam = team("mira", "noam")
    item = mira.add("note.txt", "The gate was shut at 7.")
    with mira.record() as record:
        record.mark(item, "The gate")
    mira.send(stick)
    files = {path: path.read_bytes() for room in ("originals", "layers") for path in stick.rglob(f"{room}/*")}
    for path in files:
        path.unlink()
    for room, left in (("nothing", {"original", "layer"}), ("layers", {"original"}), ("originals", set())):
        for path, data in files.items():
            if path.parent.name == room:
                path.write_bytes(data)
        assert {one["what"] for one in noam.merge(stick)["missing"]} == left
        assert noam.verify()["problems"] == []
    with noam.record() as record:
        merges = [thing.fields for thing in record._store.db.as_now().of_kind("merge")]
    assert sum(len(fields.get("arrived", ())) for fields in merges) == 1


def test_an_original_whose_bytes_were_changed_is_not_taken(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.add("video.mp4", VIDEO)
    mira.send(stick)
    (original,) = stick.rglob("originals/*")
    data = bytearray(original.read_bytes())
    data[-100] ^= 1
    original.write_bytes(bytes(data))
    (missing,) = noam.merge(stick)["missing"]
    assert missing["what"] == "original" and "altered" in missing["why"]
    assert not list((noam.path / "originals").rglob("?" * 64))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_half_copied_segment_is_taken_up_to_its_last_checkpoint(
    team: Team, stick: Path, share: float
) -> None:
    mira, noam = team("mira", "noam")
    for _ in range(4):
        mira.put(*({"kind": "actor", "names": [os.urandom(400).hex()]} for _ in range(600)))
    before = len(noam.things())
    mira.send(stick)
    (segment,) = (path for path in (stick / mira.log).glob("*.seg"))
    whole = segment.read_bytes()
    segment.write_bytes(whole[: int(len(whole) * share)])
    merged = noam.merge(stick)
    (missing,) = (one for one in merged["missing"] if one["what"] == "entries")
    assert missing["where"].startswith(f"{mira.log} from ")
    assert noam.verify()["problems"] == []
    taken = len(noam.things()) - before
    assert taken in (0, *range(600, 2400)) and (share < 0.5 or taken)
    segment.write_bytes(whole)
    assert noam.merge(stick)["missing"] == []
    assert noam.things() == mira.things()


def test_sending_again_mends_a_file_that_was_cut_off(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.add("video.mp4", VIDEO)
    mira.send(stick)
    for path in [*stick.rglob("*.seg"), *stick.rglob("originals/*")]:
        path.write_bytes(path.read_bytes()[:-40])
    assert noam.merge(stick)["missing"]
    mira.send(stick)
    assert noam.merge(stick)["missing"] == []
    assert noam.things() == mira.things()


def test_another_record_is_refused_and_both_are_named(stick: Path, tmp_path: Path) -> None:
    mira, other = Laptop.new(tmp_path, "mira"), Laptop.new(tmp_path, "other")
    mira.send(stick)
    with other.record() as record, pytest.raises(ExchangeRefused) as wrong:
        here = record.id
        record.merge(stick)
    with mira.record() as record:
        assert record.id in str(wrong.value) and here in str(wrong.value)


def test_two_records_may_share_a_stick(stick: Path, tmp_path: Path) -> None:
    mira, other = Laptop.new(tmp_path, "mira"), Laptop.new(tmp_path, "other")
    mira.send(stick)
    other.send(stick)
    assert other.merge(stick)["missing"] == []
    with pytest.raises(ExchangeRefused, match="2 records"):
        Laptop.empty(tmp_path, "third").join(stick)
    with mira.record() as record:
        wanted = record.id
    assert Laptop.empty(tmp_path, "fourth").join(stick, record=wanted)["record"] == wanted
    code = mira.send(stick, invite=True)["code"]
    assert Laptop.empty(tmp_path, "fifth").join(stick, code)["record"] == wanted


def test_the_list_names_every_file(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.add("video.mp4", VIDEO)
    mira.send(stick)
    listed = json.loads((stick / mira.log / "list.json").read_text())
    held = {
        name.partition("/")[2]: len(data)
        for name, data in files(stick).items()
        if not name.endswith("list.json")
    }
    assert {one["name"]: one["size"] for one in listed["files"]} == held


def test_a_stick_is_looked_over_without_its_keys(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.add("video.mp4", VIDEO)
    mira.send(stick)
    found = onrecord.verify(stick)
    assert (found["ok"], found["kind"], found["items"]) == (True, "exchange", 1) and found["entries"] > 4
    (segment,) = (stick / mira.log).glob("*.seg")
    segment.write_bytes(segment.read_bytes()[:-1])
    (original,) = stick.rglob("originals/*")
    original.unlink()
    found = onrecord.verify(stick)
    assert not found["ok"] and {one["what"].split()[0] for one in found["problems"]} == {"has", "is"}
    (stick / mira.log / "hello.json").write_text("{}")
    assert "hello.json" in onrecord.verify(stick)["problems"][0]["what"]
