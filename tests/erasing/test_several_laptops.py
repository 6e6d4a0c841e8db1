"""An order reaches the other laptops and waits there until somebody accepts it; the receipt lists who has not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.erasing import finishing
from onrecord.erasing.leaving import leaving
from onrecord.erasing.order import Word, write_orders
from onrecord.record.errors import ThingUnknown
from onrecord.record.things import Version
from tests.erasing.conftest import SECRETS, TWO
from tests.erasing.traces import traces
from tests.exchange.laptops import Laptop, stick, team

__all__ = ["stick", "team"]

Team = Callable[..., list[Laptop]]
SECRET = SECRETS["arabic"]


def statement(laptop: Laptop, text: str = SECRET) -> None:
    laptop.put(
        {"kind": "actor", "id": "nurse", "names": ["Witness N"], "type": "person"},
        {"kind": "statement", "id": "s", "speaker": "nurse", "text": text},
    )


def erase(laptop: Laptop, *names: str, authority: tuple[str, ...] = TWO) -> dict[str, Any]:
    with laptop.record() as record:
        return record.erase(names, "she is in danger", authority)


def erasures(laptop: Laptop, waiting: bool = False) -> list[dict[str, Any]]:
    with laptop.record() as record:
        return record.erasures(waiting)


def accept(laptop: Laptop, order: str = "all") -> dict[str, Any]:
    with laptop.record() as record:
        return record.accept_erasure(order)


def carry(stick: Path, sender: Laptop, *receivers: Laptop) -> None:
    sender.send(stick)
    for receiver in receivers:
        receiver.merge(stick)


def meet(tmp_path: Path, *laptops: Laptop) -> None:
    """Everything goes from everybody to everybody, with the keys that were made anew in between."""
    for round_ in range(2):
        table = tmp_path / f"table-{round_}-{len(list(tmp_path.iterdir()))}"
        table.mkdir()
        for laptop in laptops:
            laptop.send(table)
        for laptop in laptops:
            laptop.merge(table)


def test_an_order_waits_on_the_other_laptop_until_somebody_accepts_it(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    statement(mira)
    carry(stick, mira, noam)
    receipt = erase(mira, "s")
    assert [row["name"] for row in receipt["unconfirmed"] if "device" in row] == ["noam"]
    carry(stick, mira, noam)
    (waiting,) = erasures(noam, waiting=True)
    assert (waiting["order"], waiting["by"], waiting["reason"]) == (
        receipt["order"],
        "mira",
        "she is in danger",
    )
    assert waiting["authority"] == list(TWO)
    assert noam.get("s")["text"] == SECRET
    assert noam.verify()["ok"]
    accept(noam, receipt["order"])
    assert traces(noam.path, SECRET) == []
    assert traces(noam.home, SECRET) == []
    assert erasures(noam, waiting=True) == []
    assert noam.verify()["ok"]


def test_the_confirmation_comes_back(team: Team, tmp_path: Path) -> None:
    mira, noam = team("mira", "noam")
    statement(mira)
    meet(tmp_path, mira, noam)
    erase(mira, "s")
    meet(tmp_path, mira, noam)
    accept(noam)
    meet(tmp_path, mira, noam)
    assert [row for row in erasures(mira)[0]["unconfirmed"] if "device" in row] == []
    assert mira.things() == noam.things()


def test_a_laptop_that_never_had_the_words_confirms_without_being_asked(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    statement(mira)
    erase(mira, "s")
    carry(stick, mira, noam)
    assert erasures(noam, waiting=True) == []
    assert traces(noam.path, SECRET) == []
    meet(tmp_path, mira, noam)
    assert [row for row in erasures(mira)[0]["unconfirmed"] if "device" in row] == []


def test_an_erased_body_does_not_come_back_with_a_merge(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam = team("mira", "noam")
    statement(mira)
    carry(stick, mira, noam)
    erase(mira, "s")
    meet(tmp_path, noam, mira)
    assert traces(mira.path, SECRET) == []
    assert mira.verify()["ok"]


def test_sending_again_cleans_the_folder_and_confirms_it(team: Team, stick: Path) -> None:
    mira = team("mira", "noam")[0]
    statement(mira)
    mira.send(stick)
    before = {path.read_bytes() for path in stick.rglob("*.seg")}
    receipt = erase(mira, "s")
    (folder,) = [row for row in receipt["unconfirmed"] if row.get("name") == str(stick)]
    assert f"onrecord send {stick}" in folder["why"]
    mira.send(stick)
    assert not before & {path.read_bytes() for path in stick.rglob("*") if path.is_file()}
    assert not [row for row in erasures(mira)[0]["unconfirmed"] if row.get("name") == str(stick)]


def test_a_folder_begun_after_the_erasure_has_nothing_to_clean(team: Team, stick: Path) -> None:
    mira = team("mira", "noam")[0]
    statement(mira)
    erase(mira, "s")
    mira.send(stick)
    assert not [row for row in erasures(mira)[0]["unconfirmed"] if row.get("name") == str(stick)]


def test_a_stick_that_was_destroyed_holds_nothing_any_more(team: Team, stick: Path) -> None:
    mira = team("mira", "noam")[0]
    statement(mira)
    mira.send(stick)
    folder = next(row["folder"] for row in erase(mira, "s")["unconfirmed"] if row["name"] == str(stick))
    with mira.record() as record:
        assert record.confirm_destroyed(str(stick))["folder"] == folder
        with pytest.raises(ThingUnknown):
            record.confirm_destroyed("another stick")
    assert not [row for row in erasures(mira)[0]["unconfirmed"] if row.get("folder") == folder]


def test_a_packed_file_is_listed_until_somebody_says_it_is_destroyed(team: Team, tmp_path: Path) -> None:
    mira = team("mira")[0]
    statement(mira)
    with mira.record() as record:
        record.pack(tmp_path / "record.age")
    (row,) = [row for row in erase(mira, "s")["unconfirmed"] if row["name"] == "record.age"]
    assert f"--destroyed {row['folder']}" in row["why"]
    with mira.record() as record:
        record.confirm_destroyed(row["folder"])
    assert "record.age" not in {row["name"] for row in erasures(mira)[0]["unconfirmed"]}


def test_what_was_sent_to_the_key_of_before_opens_no_more(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    statement(noam)
    noam.send(stick)
    mira.put({"kind": "place", "id": "yard", "names": [SECRETS["hebrew"]]})
    erase(mira, "yard")
    merged = mira.merge(stick)
    assert merged["entries"] == 0
    with pytest.raises(ThingUnknown):
        mira.get("s")


def test_an_item_goes_from_the_other_laptop_with_its_original(team: Team, tmp_path: Path) -> None:
    mira, noam = team("mira", "noam")
    item = mira.add("letter.txt", f"It began at noon. {SECRET}.")
    meet(tmp_path, mira, noam)
    assert traces(noam.path, SECRET)
    erase(mira, item)
    meet(tmp_path, mira, noam)
    assert noam.verify()["ok"]
    accept(noam)
    assert traces(noam.path, SECRET) == []
    assert noam.verify()["ok"]
    meet(tmp_path, mira, noam)
    assert mira.things() == noam.things()


def test_an_order_of_another_name_is_not_there(team: Team) -> None:
    mira = team("mira")[0]
    with pytest.raises(ThingUnknown, match="--waiting"):
        accept(mira, "aaaaaaaaaaaaaaaa")


def test_what_rests_here_is_erased_too(tmp_path: Path, stick: Path) -> None:
    """A laptop that nobody admitted has changed the statement; its version is in no view, and holds the words."""
    mira, guest = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "guest")
    statement(mira, "Nothing yet.")
    guest.join(stick, mira.send(stick, invite=True)["code"])
    guest.put({"kind": "statement", "id": "s", "text": SECRET, "reason": "I heard more"})
    guest.send(stick)
    mira.merge(stick)
    assert traces(mira.path, SECRET)
    assert mira.get("s")["text"] == "Nothing yet."
    receipt = erase(mira, "s")
    assert len(receipt["gone"]) == 2
    assert traces(mira.path, SECRET) == []
    assert mira.verify()["ok"]
    mira.admit(guest.device)
    assert traces(mira.path, SECRET) == []
    assert mira.verify()["ok"]


def test_bodies_of_several_logs_between_each_other_leave_no_copies(team: Team, tmp_path: Path) -> None:
    laptops = team("mira", "noam")
    for round_ in range(4):
        for who, laptop in enumerate(laptops):
            laptop.put(
                *(
                    {
                        "kind": "place",
                        "id": f"p{who}-{round_}-{n}",
                        "names": [f"mark{who}{round_}{n:03}x " + "y" * 300],
                    }
                    for n in range(120)
                )
            )
        table = tmp_path / f"round-{round_}"
        table.mkdir()
        for laptop in laptops:
            laptop.send(table)
        for laptop in laptops:
            laptop.merge(table)
    mira = laptops[0]
    going = [(who, round_, n) for who in range(2) for round_ in range(4) for n in range(0, 120, 3)]
    erase(mira, *(f"p{who}-{round_}-{n}" for who, round_, n in going))
    held = b"".join(path.read_bytes() for path in mira.path.rglob("*") if path.is_file())
    assert [one for one in going if f"mark{one[0]}{one[1]}{one[2]:03}x".encode() in held] == []
    assert mira.verify()["ok"]


def test_words_that_come_together_with_their_order_are_never_kept(team: Team, tmp_path: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    text = f"{SECRET} " * 200
    mira.put(
        {"kind": "actor", "id": "nurse", "names": ["Witness N"], "type": "person"},
        *(
            {"kind": "statement", "id": f"s{n}", "speaker": "nurse", "text": f"{n} {text}"}
            for n in range(300)
        ),
    )
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    carry(first, mira, noam)
    noam.send(second)
    erase(mira, *(f"s{n}" for n in range(300)))
    mira.send(second)
    dalia.merge(second)
    assert traces(dalia.path, SECRET) == []
    assert dalia.verify()["ok"]
    assert erasures(dalia, waiting=True) == []


def test_an_order_for_what_the_record_stands_by_does_not_wait(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    noam.put({"kind": "place", "id": "yard", "names": ["Yard"]})
    with mira.record() as record:
        store = record._store
        head = next(store.db.as_now().of_kind("person")).heads[0]
        yard = Version("a" * 16, "place", f"{noam.log}/0", {})
        with store.writing() as writer:
            write_orders(writer, [head, yard], Word.given("to harm", TWO))
    carry(stick, mira, noam)
    assert erasures(noam, waiting=True) == []
    with pytest.raises(ThingUnknown):
        accept(noam)
    assert noam.verify()["ok"]


def test_pages_are_cleared_where_words_came_with_their_order(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    statement(mira)
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    carry(first, mira, noam)
    erase(mira, "s")
    carry(first, mira, noam)
    noam.send(second)
    cleared: list[Path] = []
    clear = finishing.clear_gaps
    monkeypatch.setattr(
        finishing, "clear_gaps", lambda c, database: cleared.append(database) or clear(c, database)
    )
    dalia.merge(second)
    assert cleared == [dalia.path / "record.db"]
    with dalia.record() as record:
        assert leaving(record._store.db.connection) == []
    dalia.merge(second)
    assert len(cleared) == 1
