"""What was erased leaves this laptop's part of a folder with the next sending, and the record says so."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pyrage

from onrecord.exchange.ring import open_ring
from tests.exchange.laptops import Laptop, a_stick, exchange

Team = Callable[..., list[Laptop]]
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


def words_on(stick: Path, laptop: Laptop) -> bytes:
    """All that a laptop can decrypt of a stick's segments."""
    with laptop.record() as record:
        identities = record._store.keys.exchange_identities()
    found = b""
    for prefix in stick.iterdir():
        ring = open_ring((prefix / "ring.age").read_bytes(), identities)
        for segment in prefix.rglob("*.seg") if ring else ():
            assert ring
            found += zlib.decompress(pyrage.decrypt(segment.read_bytes(), ring.opening()))
    return found


def unconfirmed(laptop: Laptop) -> list[str]:
    with laptop.record() as record:
        rows = [row for told in record.erasures() for row in told["unconfirmed"]]
        return [folder for row in rows for folder in row.get("folders", ())]


def test_what_was_erased_is_gone_from_the_stick_with_the_next_sending(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    item = mira.add("guard.mp4", VIDEO)
    mira.put({"kind": "actor", "id": "w", "names": ["Nadira"]}, {"kind": "actor", "names": ["Stays"]})
    exchange([mira, noam], stick)
    assert b"Nadira" in words_on(stick, noam)
    names = {path.name for path in (stick / mira.log).glob("originals/*")}
    assert len(names) == 1
    with mira.record() as record:
        record.erase("w", "she is in danger", ["the desk"], whole=True)
        record.erase(item, "it shows her", ["the desk", "the editor"])
    folder = json.loads((stick / mira.log / "hello.json").read_text())["folder"]
    assert folder in unconfirmed(mira)
    mira.send(stick)
    assert not list((stick / mira.log).glob("originals/*"))
    mira.merge(stick)
    told = words_on(stick, noam)
    assert b"Nadira" not in told or any(stick.glob(f"{noam.log}/others/*"))
    assert folder not in unconfirmed(mira)
    noam.merge(stick)
    assert noam.verify()["problems"] == [] and mira.verify()["problems"] == []


def test_a_new_folder_never_holds_what_was_erased(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.put({"kind": "actor", "id": "w", "names": ["Nadira"]})
    with mira.record() as record:
        record.erase("w", "she is in danger", ["the desk"], whole=True)
    mira.send(stick)
    noam.merge(stick)
    assert b"Nadira" not in words_on(stick, noam)
    assert "Nadira" not in str(noam.things()) and noam.verify()["problems"] == []
    fresh = a_stick(tmp_path, "fresh")
    noam.send(fresh)
    assert b"Nadira" not in words_on(fresh, noam)


def restored_and_erased(mira: Laptop, noam: Laptop, stick: Path) -> str:
    """Mira's laptop sends, is put back to before that, goes on in a further log and erases; the log it wrote before."""
    former, backup = mira.log, mira.back_up()
    mira.put({"kind": "actor", "id": "w", "names": ["Nadira"]}, {"kind": "actor", "names": ["Stays"]})
    mira.send(stick)
    noam.merge(stick)
    mira.restore(backup)
    mira.put({"kind": "actor", "names": ["Instead"]})
    mira.merge(stick)
    exchange([mira, noam], stick)
    assert mira.log != former
    with mira.record() as record:
        record.erase("w", "she is in danger", ["the desk"], whole=True)
    return former


def test_what_a_laptop_sent_under_an_earlier_log_of_its_own_is_cleaned_too(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    former = restored_and_erased(mira, noam, stick)
    folder = json.loads((stick / former / "hello.json").read_text())["folder"]
    assert folder in unconfirmed(mira)
    assert mira.send(stick)["missing"] == []
    assert not (stick / former).exists()
    assert folder not in unconfirmed(mira)
    things = mira.things()
    dalia = Laptop.empty(tmp_path, "dalia")
    joined = dalia.join(stick)["device"]
    mira.merge(stick)
    mira.admit(joined)
    mira.send(stick)
    dalia.merge(stick)
    assert {one["names"][0]["text"] for one in dalia.things().values() if one.get("names")} == {
        "Stays",
        "Instead",
    }
    assert mira.things() == things
    assert noam.merge(stick)["forks"] == []
    assert [laptop.verify()["problems"] for laptop in (mira, noam, dalia)] == [[], [], []]


def test_an_earlier_part_that_holds_what_is_not_here_stays(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    former = restored_and_erased(mira, noam, stick)
    (stick / former / "list.json").unlink()
    mira.send(stick)
    assert (stick / former / "hello.json").exists()


def test_a_part_of_an_earlier_log_goes_only_where_an_order_asks_for_it(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    former, backup = mira.log, mira.back_up()
    mira.put({"kind": "actor", "names": ["Stays"]})
    mira.send(stick)
    mira.restore(backup)
    mira.put({"kind": "actor", "names": ["Instead"]})
    mira.merge(stick)
    mira.send(stick)
    assert mira.log != former and (stick / former / "hello.json").exists()
