"""Everybody who merges is told what changed in who is trusted, and who opened what is sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.exchange.laptops import Laptop, exchange

Team = Callable[..., list[Laptop]]
WITNESS = {"kind": "actor", "id": "witness", "names": ["Witness 3"], "sealed": {"name": "Zeinab Qarawi"}}


def told(laptop: Laptop, stick: Path, what: str) -> list[dict[str, Any]]:
    return [one for one in laptop.merge(stick)["trust"] if one["what"] == what]


def test_who_let_in_a_laptop_is_told(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam = team("mira", "noam")
    hana = Laptop.empty(tmp_path, "hana")
    mira.send(stick)
    noam.send(stick)
    device = hana.join(stick)["device"]
    noam.merge(stick)
    noam.admit(device)
    noam.send(stick)
    assert told(mira, stick, "admitted") == [
        {"what": "admitted", "device": device, "handle": "hana", "by": ["noam"]}
    ]
    assert mira.merge(stick)["trust"] == []


def test_a_revocation_is_told_when_it_is_asked_for_and_when_it_takes_effect(team: Team, stick: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    noam.admit("dalia")
    noam.revoke("dalia")
    exchange([noam, mira], stick, rounds=1)
    noam.merge(stick)
    dalia.put({"kind": "actor", "names": ["Late"]})
    dalia.send(stick)
    told_to_mira = mira.merge(stick)
    assert told_to_mira["resting"] == []
    mira.revoke("dalia")
    mira.send(stick)
    (revoked,) = told(noam, stick, "revoked")
    assert revoked["handle"] == "dalia" and revoked["by"] == ["noam", "mira"]
    again = noam.merge(stick)
    assert not any(one["new"] for one in again["resting"])


def test_a_wish_to_revoke_is_told(team: Team, stick: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    noam.revoke("dalia")
    noam.send(stick)
    (wish,) = told(mira, stick, "revocation")
    assert (wish["device"], wish["by"]) == (dalia.device, ["noam"])


def test_a_recovery_key_is_told_when_it_is_made_and_when_it_is_confirmed(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    mira.admit("noam", role="keeper")
    mira.send(stick)
    (role,) = told(noam, stick, "role")
    assert (role["handle"], role["before"], role["now"]) == ("noam", "member", "keeper")
    with noam.record() as record:
        made = record.make_recovery(3, 2, tmp_path / "shares")
    noam.send(stick)
    (waits,) = told(mira, stick, "recovery waits")
    assert (waits["by"], waits["fingerprint"]) == ("noam", made["fingerprint"])
    with mira.record() as record:
        record.confirm_recovery()
    mira.send(stick)
    (counts,) = told(dalia, stick, "recovery")
    assert counts["fingerprint"] == made["fingerprint"]


def test_who_opened_what_is_sealed_is_told_and_stands_in_its_history(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.put(WITNESS)
    with mira.record() as record:
        opened = record.unseal("witness", "court hearing")
        history = record.history("witness")
        assert record.get("witness")["openings"] == history["openings"]
    (step,) = history["openings"]
    assert (step["by"], step["reason"], step["custody"]) == ("mira", "court hearing", opened["custody"])
    mira.send(stick)
    merged = noam.merge(stick)
    (one,) = [change for change in merged["trust"] if change["what"] == "opened"]
    assert (one["called"], one["by"], one["reason"]) == ("Witness 3", "mira", "court hearing")
    assert "Zeinab" not in str(merged)


def test_a_person_with_another_key_for_what_is_sealed_is_told(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    with mira.record() as record:
        record.passphrase(new_identity=True, lost=True, ask_new=lambda _: "kettle orbit lantern")
    mira.send(stick)
    (key,) = told(noam, stick, "recipient")
    assert key["handle"] == "mira" and key["before"] != key["now"]
