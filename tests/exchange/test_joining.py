"""A further laptop: invited with a code, or waiting until a member lets it in; and one that is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import onrecord
from onrecord.exchange import admit as admitting
from onrecord.exchange.devices import Device, OwnWord, devices
from onrecord.exchange.invitation import WORDS, as_typed, new_code
from onrecord.record.errors import AdmissionRefused, ExchangeRefused, PassphraseMissing, ThingUnknown
from tests.exchange.laptops import Laptop, a_stick, exchange

Team = Callable[..., list[Laptop]]


def actors(laptop: Laptop) -> set[str]:
    return {
        told["names"][0]["text"]
        for told in laptop.things().values()
        if told["kind"] == "actor" and "names" in told
    }


def actor(name: str) -> dict[str, object]:
    return {"kind": "actor", "names": [name]}


def test_with_a_code_the_copy_is_whole_at_once(stick: Path, tmp_path: Path) -> None:
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    mira.add("note.txt", "The gate was shut.")
    mira.put(actor("Anna"))
    code = mira.send(stick, invite=True)["code"]
    with pytest.raises(PassphraseMissing):
        noam.join(stick, "words that are not it")
    assert not noam.path.exists()
    joined = noam.join(stick, f"  {code.upper().replace(' ', '-')} ")
    assert joined["admitted"] is False and joined["missing"] == []
    assert noam.things() == mira.things()
    assert noam.verify()["problems"] == []


def test_an_invitation_ends_with_the_next_sending(stick: Path, tmp_path: Path) -> None:
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    code = mira.send(stick, invite=True)["code"]
    mira.send(stick)
    with pytest.raises(ExchangeRefused, match="no invitation"):
        noam.join(stick, code)


def test_a_code_is_seven_words_that_may_be_typed_in_any_way() -> None:
    code = new_code()
    assert len(code.split()) == WORDS
    assert as_typed(code.title().replace(" ", " - ")) == code


def test_without_a_code_a_copy_waits_and_shows_nothing_of_the_record(stick: Path, tmp_path: Path) -> None:
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    mira.put(actor("Anna"))
    mira.send(stick)
    joined = noam.join(stick)
    assert joined["admitted"] is False and actors(noam) == set()
    merged = noam.merge(stick)
    (missing,) = merged["missing"]
    assert missing["what"] == "ring" and "not admitted yet: ask whoever has the laptop" in missing["why"]
    told = mira.merge(stick)
    (resting,) = told["resting"]
    assert resting["device"] == joined["device"] and resting["fingerprint"] == joined["fingerprint"]
    assert resting["handle"] == "noam"
    mira.admit(joined["device"])
    mira.send(stick)
    assert noam.merge(stick)["missing"] == []
    assert actors(noam) == {"Anna"}
    assert noam.verify()["problems"] == [] and mira.verify()["problems"] == []


def test_what_a_guest_writes_rests_until_it_is_let_in(stick: Path, tmp_path: Path) -> None:
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    mira.send(stick)
    device = noam.join(stick)["device"]
    noam.put(actor("Hana"))
    noam.add("note.txt", "The gate was shut.")
    noam.send(stick)
    mira.merge(stick)
    assert actors(mira) == set() and actors(noam) == {"Hana"}
    assert mira.verify()["problems"] == []
    assert mira.admit(device)["entries"] > 3
    assert actors(mira) == {"Hana"}
    assert mira.verify()["problems"] == []
    with mira.record() as record:
        assert [hit["exact"] for hit in record.search("gate")] == ["gate"]
        assert [hit["exact"] for hit in record.search("hana")] == ["Hana"]


def test_a_device_is_named_by_id_by_log_or_by_the_beginning_of_its_fingerprint(
    stick: Path, tmp_path: Path
) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.send(stick)
    guests = [Laptop.empty(tmp_path, handle) for handle in ("one", "two", "three")]
    joined = [guest.join(stick) for guest in guests]
    mira.merge(stick)
    mira.admit(joined[0]["device"])
    mira.admit(f"{joined[1]['device']}.1")
    assert mira.admit(joined[2]["fingerprint"][:9].upper())["device"] == joined[2]["device"]
    with pytest.raises(AdmissionRefused, match="already"):
        mira.admit(joined[0]["device"])
    for unknown in ("zzzz", "abc", ""):
        with pytest.raises(ThingUnknown, match="no laptop"):
            mira.admit(unknown)


def test_only_a_member_lets_in(stick: Path, tmp_path: Path) -> None:
    mira, noam, hana = (
        Laptop.new(tmp_path, "mira"),
        Laptop.empty(tmp_path, "noam"),
        Laptop.empty(tmp_path, "hana"),
    )
    noam.join(stick, mira.send(stick, invite=True)["code"])
    device = hana.join(stick)["device"]
    mira.merge(stick)
    mira.send(stick)
    noam.merge(stick)
    with pytest.raises(AdmissionRefused, match="not admitted itself"):
        noam.admit(device)


def test_a_stranger_who_says_that_it_is_a_members_laptop_is_refused(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.send(stick)
    with mira.record() as record:
        person = record._store.keys.log_keys()[0].person
        known = devices(record._store)[0]
    stranger = Device("a" * 16, (OwnWord("a/0", "a" * 16 + ".1", "k", person, None),), False, False)
    with mira.record() as record, pytest.raises(AdmissionRefused, match="nothing shows"):
        admitting._require_own_person(record._store, stranger)
    assert known.latest.person == person


def test_a_revoked_laptop_reads_nothing_that_is_sent_later(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    dalia.put(actor("Before"))
    exchange([mira, noam, dalia], stick)
    noam.admit(dalia.device)
    exchange([mira, noam, dalia], stick)
    dalia.put(actor("After"))
    assert mira.revoke(dalia.device)["revoked"] is False
    mira.send(stick)
    noam.merge(stick)
    assert noam.revoke(dalia.device)["revoked"] is True
    noam.send(stick)
    mira.merge(stick)
    mira.put(actor("Secret"))
    mira.send(stick)
    dalia.merge(stick)
    dalia.send(stick)
    assert "Secret" not in actors(dalia)
    told = mira.merge(stick)
    assert [one["why"] for one in told["resting"]] == ["quarantined"]
    assert actors(mira) == {"Before", "Secret"}
    noam.merge(stick)
    assert noam.things() == mira.things()
    assert mira.verify()["problems"] == []
    fresh = a_stick(tmp_path, "fresh")
    mira.send(fresh)
    (missing,) = dalia.merge(fresh)["missing"]
    assert missing["what"] == "ring"


def test_a_laptop_cannot_revoke_itself_nor_be_revoked_by_one_member_twice(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    with pytest.raises(AdmissionRefused, match="itself"):
        mira.revoke(mira.device)
    noam.revoke(mira.device)
    assert noam.revoke(mira.device)["revoked"] is False


def test_of_two_people_the_one_who_let_the_other_in_takes_that_back_alone(team: Team, stick: Path) -> None:
    mira, dalia = team("mira", "dalia")
    assert dalia.revoke(mira.device, "mine now")["revoked"] is False
    assert mira.revoke(dalia.device, "the wrong laptop")["revoked"] is True
    dalia.put(actor("From the wrong one"))
    exchange([mira, dalia], stick)
    assert actors(mira) == set()
    assert mira.verify()["problems"] == []


def test_of_three_people_nobody_takes_back_alone_whom_they_let_in(team: Team, stick: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    assert mira.revoke(dalia.device, "a quarrel")["revoked"] is False
    dalia.put(actor("Still one of us"))
    exchange([mira, noam, dalia], stick)
    assert actors(noam) == {"Still one of us"}
    assert noam.revoke(dalia.device, "we agree")["revoked"] is True
    assert noam.verify()["problems"] == []


def test_whom_this_laptop_revoked_reads_nothing_more_of_it_before_a_second_member_agrees(
    team: Team, stick: Path
) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    exchange([mira, noam, dalia], stick)
    assert noam.revoke(dalia.device)["revoked"] is False
    noam.put(actor("Not for dalia"))
    noam.send(stick)
    dalia.merge(stick)
    assert actors(dalia) == set()
    mira.merge(stick)
    assert actors(mira) == {"Not for dalia"}


def test_a_keeper_changes_what_a_person_may_do(team: Team, stick: Path) -> None:
    mira, noam, _ = team("mira", "noam", "dalia")
    assert mira.admit("dalia", role="keeper")["role"] == "keeper"
    with pytest.raises(AdmissionRefused, match="only a keeper"):
        noam.admit("dalia", role="member")
    assert mira.admit(noam.device[:6], handle="noam k.")["handle"] == "noam k."
    with mira.record() as record:
        assert {row["handle"]: row["role"] for row in record.laptops()} == {
            "mira": "keeper",
            "dalia": "keeper",
            "noam k.": "member",
        }


def test_every_laptop_stands_in_a_row_with_who_let_it_in(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    hana = Laptop.empty(tmp_path, "hana")
    mira.send(stick)
    hana.join(stick)
    mira.merge(stick)
    noam.merge(stick)
    noam.admit(dalia.device)
    noam.revoke(dalia.device)
    noam.send(stick)
    mira.merge(stick)
    with mira.record() as record:
        assert record.laptop("dalia")["asked"]["by"] == ["noam"]
    mira.revoke(dalia.device)
    with mira.record() as record:
        rows = {row["handle"]: row for row in record.laptops()}
    assert [rows[one]["state"] for one in ("mira", "noam", "hana", "dalia")] == [
        "admitted",
        "admitted",
        "waiting",
        "revoked",
    ]
    assert rows["mira"]["here"] and rows["mira"]["admitted"] is None
    assert rows["noam"]["admitted"]["by"] == ["mira"] and rows["dalia"]["revoked"]["by"] == ["noam", "mira"]
    assert all(row["fingerprint"] and row["last"] for row in rows.values())


def test_travel_leaves_what_is_sealed_out_and_a_later_sending_fills_it_in(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    mira.put(
        {"kind": "actor", "id": "v", "names": ["Voice one"], "sealed": {"name": "Anna Karam"}}, actor("Open")
    )
    with mira.record() as record:
        sealed = record.get("v")["id"]
    mira.send(stick, purpose="travel")
    assert noam.merge(stick)["missing"] == []
    assert actors(noam) == {"Open"} and noam.verify()["problems"] == []
    assert noam.things()[sealed]["heads"][0].get("withheld") or "names" not in noam.things()[sealed]
    assert noam.merge(stick)["entries"] == 0
    mira.send(stick, purpose="team")
    assert noam.merge(stick)["missing"] == []
    assert noam.things() == mira.things()
    assert noam.verify()["problems"] == []
    with pytest.raises(ExchangeRefused, match="travel"):
        mira.send(stick, purpose="travel")


def test_a_full_copy_then_a_sending_for_travel_are_two_folders(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.send(stick)
    mira.send(a_stick(tmp_path, "journey"), purpose="travel")
    with mira.record() as record:
        sent = [thing.fields for thing in record._store.db.as_now().of_kind("sent")]
    assert {(one["place"], one["for"]) for one in sent} == {
        (str(stick), "team"),
        (str(tmp_path / "journey"), "travel"),
    }
    assert len({one["folder"] for one in sent}) == 2


def test_the_package_offers_join(stick: Path, tmp_path: Path) -> None:
    Laptop.new(tmp_path, "mira").send(stick)
    told = onrecord.join(stick, tmp_path / "copy", settings=Laptop(tmp_path / "noam", "noam").settings)
    assert told["path"] == str(tmp_path / "copy") and "notices" in told


def test_a_folder_for_travel_gets_what_is_sealed_only_where_that_is_said(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    mira.put({"kind": "actor", "names": ["Voice one"], "sealed": {"name": "Anna Karam"}}, actor("Open"))
    assert mira.send(stick, purpose="travel")["left_out"] == 1
    before = {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()}
    with pytest.raises(ExchangeRefused, match="written for travel by this laptop"):
        mira.send(stick)
    noam.merge(stick)
    with pytest.raises(ExchangeRefused, match="written for travel by mira"):
        noam.send(stick)
    assert before == {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()}
    assert "left_out" not in mira.send(stick, purpose="team")
    mira.send(stick)
    assert noam.merge(stick)["missing"] == [] and noam.things() == mira.things()
