"""BagIt bags: every file is checked, kept whatever comes of it, and told."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.api import Record
from onrecord.exchange.neighbours.bundle import is_inside
from onrecord.record.errors import FileRefused
from tests.exchange.neighbours.conftest import FORD, GATE, WEIR, Bring, sha256, write

PAYLOAD: dict[str, str | bytes] = {"weir.txt": WEIR, "المخاضة.txt": FORD, "שער/שער.txt": GATE}


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A bag made with the library of the Library of Congress."""
    folder = write(tmp_path / "bag", PAYLOAD)
    bagit.make_bag(str(folder), {"Source-Organization": "The ford"}, checksums=["sha256", "md5"])
    return folder


def test_a_sound_bag_is_kept_and_every_check_is_logged(
    bring: Bring, bag: Path, outcomes, record: Record
) -> None:
    report = bring(bag)
    assert not report.of("wrong")
    assert not report.of("not carried")
    held = {item["name"] for item in record.items()}
    assert {"weir.txt", "المخاضة.txt", "שער.txt", "bag-info.txt", "manifest-md5.txt"} <= held
    item = report.at("manifest-sha256.txt line 1")["item"]
    assert (item, "onrecord import (bagit)", "its bytes have the sha256 that the bag states") in outcomes()


def test_an_altered_file_is_kept_and_said_to_be_wrong(
    bring: Bring, bag: Path, outcomes, record: Record
) -> None:
    (bag / "data" / "weir.txt").write_text("The gate of the weir was open.")
    report = bring(bag)
    wrong = [row for row in report if row["status"] == "wrong"]
    assert {row["reason"] for row in wrong} == {
        "its sha256 is not what the bag states",
        "its md5 is not what the bag states",
    }
    (kept,) = [item for item in record.items() if item["name"] == "weir.txt"]
    assert kept["sha256"] == sha256("The gate of the weir was open.")
    assert (
        kept["item"],
        "onrecord import (bagit)",
        "wrong: its md5 is not what the bag states",
    ) in outcomes()


def test_what_is_missing_or_listed_nowhere_or_of_another_size_is_said(bring: Bring, bag: Path) -> None:
    (bag / "data" / "weir.txt").unlink()
    (bag / "data" / "more.txt").write_text("Nobody lists this.")
    report = bring(bag)
    assert report.at("data/more.txt")["reason"] == "it is in the bag, and a manifest does not list it"
    assert "holds" in report.at("bag-info.txt Payload-Oxum")["reason"]
    assert sum("is not in the bag" in str(row["reason"]) for row in report) == 2


def test_nothing_is_fetched_and_no_path_leads_out(bring: Bring, bag: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("not yours")
    with (bag / "manifest-sha256.txt").open("a") as manifest:
        manifest.write(f"{sha256('not yours')}  ../secret.txt\n{'0' * 64}  /etc/passwd\n")
    (bag / "fetch.txt").write_text("http://127.0.0.1:9/far.txt 12 data/far.txt\n")
    report = bring(bag)
    assert (
        report.at("fetch.txt line 1")["reason"] == "it is to be fetched from elsewhere, which is never done"
    )
    assert sum(row["reason"] == "its path leads out of the bag" for row in report) == 2
    assert not any(row["item"] for row in report if row["reason"] == "its path leads out of the bag")


def test_accents_that_another_system_composed_otherwise_are_the_same_file(
    bring: Bring, tmp_path: Path
) -> None:
    bag = write(
        tmp_path / "bag",
        {
            "bagit.txt": "BagIt-Version: 1.0\n",
            "data/cafe\u0301.txt": WEIR,
            "data/\u202egnp.exe": FORD,
            "manifest-sha256.txt": f"{sha256(WEIR)}  data/caf\u00e9.txt\n{sha256(FORD)}  data/\u202egnp.exe\n",
        },
    )
    assert not bring(bag).of("wrong")


def test_an_algorithm_that_is_not_known_is_said_to_be_unchecked(bring: Bring, bag: Path) -> None:
    (bag / "manifest-crc32.txt").write_text("00000000  data/weir.txt\n")
    assert "cannot be checked" in bring(bag).at("manifest-crc32.txt")["reason"]


def test_a_zipped_bag_is_taken_apart_and_hostile_members_are_left_out(
    bring: Bring, tmp_path: Path, record: Record
) -> None:
    listed = f"{hashlib.sha512(WEIR.encode()).hexdigest()}  data/weir.txt\n"
    place = tmp_path / "bag.zip"
    with zipfile.ZipFile(place, "w") as made:
        made.writestr("b/bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        made.writestr("b/manifest-sha512.txt", listed)
        made.writestr("b/data/weir.txt", WEIR)
        made.writestr("../../escaped.txt", "out")
        link = zipfile.ZipInfo("b/data/link")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    report = bring(place)
    assert report.at("b/manifest-sha512.txt line 1")["status"] == "carried"
    assert report.at("../../escaped.txt")["reason"] == "its path leads out of the bundle"
    assert report.at("b/data/link")["reason"] == "it is a link, and links are not followed"
    assert not (tmp_path.parent / "escaped.txt").exists()
    whole = report.at("bag.zip")
    members = [item for item in record.items() if item.get("inside")]
    assert {item["inside"] for item in members} == {whole["item"]}
    assert len({row["from"] for row in report if row["status"] == "not carried"}) == 2
    assert {"bag.zip", "weir.txt"} <= {item["name"] for item in record.items()}


def test_a_dry_run_says_the_same_and_writes_nothing(bring: Bring, bag: Path, record: Record) -> None:
    told = [(row["from"], row["status"], row["reason"]) for row in bring(bag, dry_run=True)]
    assert not list(record.items())
    assert told == [(row["from"], row["status"], row["reason"]) for row in bring(bag)]


def test_nothing_is_left_beside_the_record(bring: Bring, bag: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    bring(bag)
    assert sorted(tmp_path.iterdir()) == before


def test_a_place_that_is_not_there_is_said(bring: Bring, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="it is not there"):
        bring(tmp_path / "nowhere")


@given(st.lists(st.sampled_from(["..", ".", "", "data", "a", "..."]), min_size=1, max_size=5))
def test_no_path_that_is_inside_leads_out(parts: list[str]) -> None:
    path = "/".join(parts)
    if is_inside(path):
        assert (Path("/bag") / path).resolve().is_relative_to("/bag")
        assert (Path("/bag") / path).resolve() != Path("/bag")
