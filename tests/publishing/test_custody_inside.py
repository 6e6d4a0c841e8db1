"""The custody report of a file that came inside another: what that was, what was said of it, and what may be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from onrecord.publishing.custody import telling
from onrecord.publishing.custody.page import grouped
from onrecord.record.entries import Draft
from tests.conftest import lines
from tests.publishing.test_custody import opened, out, told
from tests.publishing.test_whole_original import archive, taken

__all__ = ["out"]
CLOCK = {"shown": "2009-05-03T09:00", "right": "2009-05-03T10:00", "how": "beside the radio"}


def card(record: Record, tmp_path: Path) -> tuple[str, str]:
    """The inventory of a card that was handed over, and an archive's member that lay on it."""
    (tmp_path / "card").mkdir()
    (tmp_path / "card/a.zip").write_bytes(archive(**{"near the ford/gate.txt": "The gate was shut."}))
    said: dict[str, Any] = {"received_from": "a farmer", "received_at": "2009-05-04", "clock": CLOCK}
    rows = list(record.add([tmp_path / "card"], handover=said))
    return str(rows[0]["item"]), str(rows[-1]["item"])


def test_it_tells_the_container_its_path_there_who_handed_it_over_and_the_clocks_check(
    record: Record, tmp_path: Path, out: Path
) -> None:
    _, member = card(record, tmp_path)
    report = told(record, member, out)
    assert "It lay in “a.zip”" in report and "near the ford/gate.txt" in report
    assert "a farmer" in report and "beside the radio" in report
    assert "showed 3 May 2009" in report.replace("\xa0", " ")
    assert "It came with other files" in report
    assert "From whom the file came is not written down" not in report


def test_what_a_container_said_is_not_told_where_its_terms_close_it(
    record: Record, tmp_path: Path, out: Path
) -> None:
    inventory, member = card(record, tmp_path)
    record.put(lines(opened(member)))
    report = told(record, member, out, "court")
    assert "a farmer" not in report and "a.zip" not in report and inventory not in report
    assert "It lay in something of which this report may not tell" in report
    assert "From whom the file came is not written down" not in report


def test_a_closed_name_in_the_path_or_in_who_handed_it_over_does_not_leave(
    record: Record, tmp_path: Path, out: Path
) -> None:
    container, member = taken(
        record, tmp_path / "a.zip", archive(**{"interview levi/1.txt": "The gate was shut."})
    )
    attribution = {"form": "described as", "text": "a neighbour"}
    record.put(lines(
        {"kind": "actor", "id": "dana", "names": ["Levi"]},
        opened("dana", uses={"name": "no"}, attribution=attribution),
        {"kind": "item", "id": container, "received_from": "the brother of Levi", "reason": "known now"},
        opened(container),
    ))  # fmt: skip
    report = told(record, member, out, "court")
    assert "levi" not in report.casefold()
    assert (
        "the brother of [a neighbour]" in report and "The path under which it lay there is left out" in report
    )
    assert container not in report


def test_bytes_that_came_before_tell_of_the_container_they_came_in_later(
    record: Record, tmp_path: Path, out: Path
) -> None:
    (item,) = taken(record, tmp_path / "gate.txt", b"The gate was shut.")
    taken(record, tmp_path / "b.zip", archive(**{"copy/gate.txt": "The gate was shut."}))
    report = told(record, item, out)
    assert "It lay in “b.zip”" in report and "copy/gate.txt" in report


@pytest.mark.parametrize("language", ["ar", "he"])
def test_it_is_told_in_every_language(record: Record, tmp_path: Path, out: Path, language: str) -> None:
    _, member = card(record, tmp_path)
    report = told(record, member, out, language=language)
    assert "a.zip" in report and "beside the radio" in report


def test_bytes_that_could_not_be_read_are_admitted(record: Record, tmp_path: Path, out: Path) -> None:
    (item,) = taken(record, tmp_path / "gate.txt", b"The gate was shut.")
    fields = {
        name: value
        for name, value in record.get(item).items()
        if name in ("sha256", "size", "media_type", "name")
    }
    holes = [{"from": 4, "to": 1028, "why": "input/output error"}]
    with record._store.writing() as writer:
        before = record._store.db.as_now().get(item)
        assert before is not None
        writer.append(Draft("item", item, {**fields, "unreadable": holes}, None, (before.heads[0].name,)))
    assert "could not be read where it came from: 1 024." in told(record, item, out)


def test_terms_over_an_erased_inventory_go_on_binding(record: Record, tmp_path: Path, out: Path) -> None:
    inventory, member = card(record, tmp_path)
    record.put(lines(opened(member), opened(inventory, uses={"court": "no"})))
    record.erase([inventory], "it names too many", ["Noam, editor", "Dalia, legal"])
    assert record.custody(member, out)["refused"]


def test_the_hash_of_a_large_container_is_left_out_of_a_report_about_a_member(
    record: Record, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    container, member, _ = taken(record, tmp_path / "a.zip", archive(**{"1.txt": "One.", "2.txt": "Two."}))
    record.put(lines(opened(container)))
    shown = grouped(record.get(container)["sha256"])
    assert shown in told(record, member, out, "court")
    monkeypatch.setattr(telling, "_MOST_BENEATH", 1)
    assert shown not in told(record, member, out.with_name("further.html"), "court")


def test_a_path_and_a_clock_are_text_and_never_markup(record: Record, tmp_path: Path, out: Path) -> None:
    container, member = taken(record, tmp_path / "a.zip", archive(**{"<b>deep/1.txt": "The gate was shut."}))
    check = {**CLOCK, "how": "<script>alert(1)</script>"}
    described = {"kind": "item", "id": container, "clock": check, "title": "<i>A box", "reason": "known now"}
    record.put(lines(described))
    record.custody(member, out, "team")
    page = out.read_text(encoding="utf-8")
    assert "&lt;b&gt;deep" in page and "&lt;i&gt;A box" in page
    assert "<script" not in page and "<b>" not in page and "<i>" not in page
