"""A laptop that is restored from a backup and writes on: both branches are kept, and nothing is signed twice again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.record.errors import ExchangeRefused
from tests.exchange.laptops import Laptop, a_stick, exchange

Team = Callable[..., list[Laptop]]


def actor(name: str) -> dict[str, object]:
    return {"kind": "actor", "names": [name]}


def restored(noam: Laptop, mira: Laptop, stick: Path) -> None:
    """Noam's laptop writes and sends; is put back to before that; and writes something else."""
    backup = noam.back_up()
    noam.put(actor("First"))
    noam.send(stick)
    mira.merge(stick)
    noam.restore(backup)
    noam.put(actor("Second"))


def test_the_first_merge_names_the_entry_from_which_on_a_log_was_written_twice(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    log = noam.log
    restored(noam, mira, stick)
    elsewhere = a_stick(tmp_path, "elsewhere")
    noam.send(elsewhere)
    (fork,) = mira.merge(elsewhere)["forks"]
    assert fork["log"] == log and fork["entry"].startswith(f"{log}/")
    with mira.record() as record:
        (kept,) = record._store.db.as_now().of_kind("fork")
        assert len(kept.fields["notes"]) == 2 and kept.fields["log"] == log


def test_both_branches_are_kept_and_the_laptop_goes_on_as_the_member_it_was(team: Team, stick: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    log = noam.log
    restored(noam, mira, stick)
    with pytest.raises(ExchangeRefused, match="Merge it first"):
        noam.send(stick)
    noam.merge(stick)
    exchange([mira, noam, dalia], stick)
    assert noam.log != log and noam.log.startswith(noam.device)
    names = {told["names"][0]["text"] for told in dalia.things().values()}
    assert names == {"First", "Second"}
    assert mira.things() == noam.things() == dalia.things()
    assert [laptop.verify()["problems"] for laptop in (mira, noam, dalia)] == [[], [], []]
    noam.put(actor("Third"))
    exchange([noam, mira], stick)
    assert len(mira.things()) == 3 and mira.merge(stick)["resting"] == []


def test_a_laptop_that_was_put_back_and_wrote_nothing_takes_its_own_entries_again(
    team: Team, stick: Path
) -> None:
    mira, noam = team("mira", "noam")
    backup = noam.back_up()
    noam.put(actor("First"))
    noam.send(stick)
    things = noam.things()
    noam.restore(backup)
    told = noam.merge(stick)
    assert told["forks"] == [] and noam.things() == things
    noam.put(actor("Later"))
    exchange([noam, mira], stick)
    assert mira.things() == noam.things() and noam.verify()["problems"] == []


def test_nothing_is_signed_twice_where_what_was_lost_cannot_be_read(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    log, backup = noam.log, noam.back_up()
    noam.put(actor("First"))
    noam.send(stick)
    mira.merge(stick)
    noam.restore(backup)
    for segment in (stick / log).glob("*.seg"):
        segment.unlink()
    assert noam.merge(stick)["missing"]
    noam.put(actor("Second"))
    assert noam.log != log
    noam.send(stick)
    assert mira.merge(stick)["forks"] == []
    mira.send(stick)
    noam.merge(stick)
    assert mira.things() == noam.things() and len(mira.things()) == 2


def test_the_fork_is_told_as_json(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam = team("mira", "noam")
    restored(noam, mira, stick)
    elsewhere = a_stick(tmp_path, "elsewhere")
    noam.send(elsewhere)
    told = json.loads(json.dumps(mira.merge(elsewhere)))
    assert {"entries", "originals", "missing", "forks"} <= told.keys()


def test_what_an_earlier_log_of_a_laptop_sent_to_a_stick_is_not_sent_again(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    item = mira.add("note.txt", "The gate was shut.")
    backup = mira.back_up()
    mira.put(actor("Before the disk died"))
    mira.send(stick)
    mira.restore(backup)
    mira.put(actor("After it"))
    mira.merge(stick)
    late = Laptop.empty(tmp_path, "late")
    mira.admit(mira_meets(mira, late, tmp_path))
    sent = mira.send(stick)
    assert sent["missing"] == [] and sent["originals"] == 0
    own = {path.parent.name for path in stick.glob(f"{mira.log}/others/*/*.seg")}
    branches = {name for name in own if name.startswith(mira.device)}
    assert len(branches) == 1, "only the branch that does not lie there under the earlier log"
    for laptop in (noam, late):
        assert all("merge once more" in one["why"] for one in laptop.merge(stick)["missing"])
        assert laptop.merge(stick)["missing"] == []
        assert laptop.things() == mira.things() and laptop.get(item)["size"]


def mira_meets(mira: Laptop, late: Laptop, tmp_path: Path) -> str:
    """A further laptop joins elsewhere; its device."""
    other = a_stick(tmp_path, "elsewhere")
    mira.send(other)
    device = str(late.join(other)["device"])
    mira.merge(other)
    return device
