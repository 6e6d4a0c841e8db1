"""Two laptops, one of which is rewritten by somebody who has all its keys: the other one shows it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.settings import Settings
from tests.branches import admit, merge
from tests.stamping.test_root_file import rewrite


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Record, Record]]:
    mira = Settings(home=tmp_path / "mira's home", handle="mira", zone="UTC")
    noam = Settings(home=tmp_path / "noam's home", handle="noam", zone="UTC")
    onrecord.new(tmp_path / "mira", settings=mira, zone="UTC")
    shutil.copytree(tmp_path / "mira", tmp_path / "noam")
    with (
        onrecord.open(tmp_path / "mira", settings=mira) as one,
        onrecord.open(tmp_path / "noam", settings=noam) as two,
    ):
        two.put([{"kind": "actor", "names": ["Noam's"]}])
        merge(one, two.path)
        (log,) = set(one._store.db.log_numbers()) - {first_log(one)}
        admit(one, log)
        one.put([{"kind": "actor", "names": [f"Mira's {n}"]} for n in range(9)])
        merge(two, one.path)
        yield one, two


def first_log(record: Record) -> str:
    query = "SELECT name FROM log WHERE number = 1"
    return str(record._store.db.connection.execute(query).fetchone()[0])


def test_both_verify_and_extend_each_other_or_wait(laptops: tuple[Record, Record]) -> None:
    mira, noam = laptops
    for one, other in ((mira, noam), (noam, mira)):
        found = one.verify(against=[other.path])
        assert (found["ok"], found["problems"]) == (True, [])
        assert found["against"] == [{"evidence": str(other.path), "extends": True}]


def test_the_other_laptops_copy_names_the_first_rewritten_entry(
    laptops: tuple[Record, Record], tmp_path: Path
) -> None:
    mira, noam = laptops
    log = first_log(mira)
    mira.close()
    rewrite(mira.path, mira.settings, 7)
    assert onrecord.api.verify(mira.path)["ok"]
    found = onrecord.api.verify(mira.path, against=[noam.path])
    assert [one["where"] for one in found["problems"]] == [f"{log}/7"]


def test_the_other_laptops_merge_is_a_witness(laptops: tuple[Record, Record]) -> None:
    """Its copy is not asked for: the merge that stands in its log, once it has come, is enough."""
    mira, noam = laptops
    log = first_log(mira)
    merge(mira, noam.path)
    mira.close()
    rewrite(mira.path, mira.settings, 7)
    found = onrecord.api.verify(mira.path)
    (problem,) = found["problems"]
    assert problem["where"].startswith(log) and "the first rewritten entry is one of" in problem["what"]
