"""The custody report: what it tells of one item, what it admits, what it keeps back, and how it is printed."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings

from onrecord.api import Record
from onrecord.publishing.custody import page
from onrecord.publishing.custody.moments import stated
from onrecord.publishing.custody.page import grouped, languages, messages_in
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid, KindWrong, OutputExists, ThingUnknown
from onrecord.record.fields import ABSENCES
from onrecord.record.ideas.custody import STEPS
from onrecord.record.terms import AUDIENCE_USE
from tests.authorities import Maker, rsa, serving
from tests.conftest import lines
from tests.exchange.laptops import a_stick, a_team, exchange
from tests.publishing.test_build import ids_of, recorded
from tests.publishing.worlds import PEOPLE, PLACES, World, holds, joined, terms_over, worlds

Letter = Callable[..., str]
__all__ = ["rsa"]
ROOM = Path(page.__file__).parent
COMPARISONS = ("same", "different", "absent")
OPEN = dict.fromkeys(("court", "words", "name", "place", "image"), "yes")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "report.html"


def shown(file: Path) -> str:
    """What a reader sees: the text between the tags, white space made one."""
    html = file.read_text(encoding="utf-8")
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split())


def told(record: Record, item: str, out: Path, audience: str = "team", language: str = "en") -> str:
    result = record.custody(item, out, audience, language)
    assert result["refused"] == []
    return shown(out)


def opened(*over: str, uses: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "terms", "over": list(over), "agreed_with": "a person", "uses": uses or OPEN, **more}


# what it tells


def test_it_tells_who_took_the_file_in_and_that_it_is_the_same_today(
    record: Record, letter: Letter, out: Path
) -> None:
    item = letter("The gate was shut.")
    fields = record.get(item)
    record.put(
        lines({"kind": "item", "id": item, "title": "A letter", "received_from": "the post", "reason": "x"})
    )
    report = told(record, item, out)
    assert "A text file, named “letter.txt”. 18 bytes." in report
    assert "mira, on laptop 1." in report
    assert "the post" in report
    assert "Yes, the same" in report
    assert grouped(fields["sha256"]) in report


def test_hashes_stand_in_groups_and_only_on_the_last_page(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.")
    report = told(record, item, out)
    digits = grouped(record.get(item)["sha256"])
    assert report.count(digits) == 2
    assert report.index(digits) > report.index("How to check this yourself")
    assert "SHA" not in report[: report.index("Every step, in order")]


def test_every_step_stands_in_order_with_who_when_where_how_and_what_came_of_it(
    record: Record, letter: Letter, out: Path
) -> None:
    item = letter("The gate was shut.")
    step = {"kind": "custody", "item": item, "step": "handed over", "by": "the driver", "at": "2026-03"}
    record.put(lines({**step, "place": "the office", "tool": "an envelope", "outcome": "signed for"}))
    report = told(record, item, out)
    received, handed = report.index("Step 1. Received"), report.index("Step 2. Handed over")
    assert received < handed
    for words in ("the driver", "March 2026", "the office", "an envelope", "signed for"):
        assert words in report[handed:]
    assert "The tool “onrecord add” was used in step 1." in report


def test_what_was_made_from_it_is_told_with_how(record: Record, letter: Letter, out: Path) -> None:
    item, copy = letter("The gate was shut."), letter("The g… was shut.", "redacted.txt")
    made = {"kind": "item", "id": copy, "title": "Blacked out", "derived_from": item}
    record.put(lines({**made, "recipe": {"tool": "marker", "version": "2"}, "reason": "made for the court"}))
    assert "From this file was made “Blacked out”: A text file" in told(record, item, out)
    assert "How: tool marker; version 2." in shown(out)
    other = out.with_name("other.html")
    assert "This file was itself made from" in told(record, copy, other)


def test_an_outside_authoritys_word_is_told_with_its_time(
    record: Record, letter: Letter, out: Path, rsa: Maker
) -> None:
    item = letter("The gate was shut.")
    with serving(lambda path, query: (200, rsa.reply(query))) as address:
        record.stamp([address])
    later = letter("Another letter.", "later.txt")
    report = told(record, item, out)
    assert f"{address}, a time authority outside our group, confirms" in report
    assert "No outside time authority has yet confirmed" not in report
    assert "No outside time authority has yet confirmed" in told(record, later, out.with_name("later.html"))


def test_a_token_that_is_no_good_is_not_believed(
    record: Record, letter: Letter, out: Path, rsa: Maker
) -> None:
    item = letter("The gate was shut.")
    with serving(lambda path, query: (200, rsa.reply(query))) as address:
        record.stamp([address])
    store = record._store
    (stamp,) = store.db.as_now().of_kind("stamp")
    token = {**stamp.fields["tokens"][0], "response": base64.b64encode(b"not a token").decode()}
    with store.writing() as writer:
        fields = {**stamp.fields, "tokens": [token]}
        writer.append(Draft("stamp", stamp.id, fields, supersedes=(stamp.heads[0].name,), reason="altered"))
    assert "No outside time authority has yet confirmed" in told(record, item, out)


def test_another_laptops_word_is_told_and_its_own_report_admits_whose_word_it_goes_by(tmp_path: Path) -> None:
    mira, noam = a_team(tmp_path, "mira", "noam")
    item = mira.add("letter.txt", "The gate was shut.")
    for sender, receiver in ((mira, noam), (noam, mira)):
        stick = a_stick(tmp_path, f"from-{sender.handle}")
        sender.send(stick)
        receiver.merge(stick)
    with mira.record() as record:
        report = told(record, item, tmp_path / "mira.html")
        assert "Laptop 1 kept by mira · this report was printed on it" in report
        assert "Laptop 2 wrote down that the file reached it by" in report
        assert "It signed that it saw them." in report and "No other laptop" not in report
    with noam.record() as record:
        report = told(record, item, tmp_path / "noam.html")
        assert "mira, on laptop 1." in report
        assert "It was not taken in on the laptop that printed this report." in report
        assert "rests on the word of laptop 1, signed with its key" in report


def test_a_laptop_that_was_restored_from_a_backup_is_one_laptop_in_a_further_list(tmp_path: Path) -> None:
    mira, noam = a_team(tmp_path, "mira", "noam")
    item = mira.add("letter.txt", "The gate was shut.")
    stick = a_stick(tmp_path, "stick")
    exchange([mira, noam], stick)
    backup = noam.back_up()
    noam.put({"kind": "custody", "step": "checked", "item": item})
    exchange([noam, mira], stick)
    noam.restore(backup)
    noam.put({"kind": "custody", "step": "copied", "item": item})
    noam.merge(stick)
    noam.put({"kind": "custody", "step": "checked", "item": item})
    exchange([noam, mira], stick)
    with mira.record() as record:
        report = told(record, item, tmp_path / "mira.html")
    assert report.count("kept by noam") == 1 and "Laptop 3" not in report
    assert "The same laptop, going on in a further list since" in report


def test_a_laptop_that_was_revoked_is_said_to_be_so_by_whom_and_why(tmp_path: Path) -> None:
    mira, noam, dalia = a_team(tmp_path, "mira", "noam", "dalia")
    item = dalia.add("letter.txt", "The gate was shut.")
    stick = a_stick(tmp_path, "stick")
    exchange([dalia, mira, noam], stick)
    mira.revoke(dalia.device, "lost on the bus")
    exchange([mira, noam], stick)
    noam.revoke(dalia.device, "nobody answers")
    exchange([noam, mira], stick)
    with mira.record() as record:
        report = told(record, item, tmp_path / "mira.html")
    assert "by mira, because: lost on the bus" in report and "by noam, because: nobody answers" in report


# what it admits


def test_it_admits_what_is_not_written_down(record: Record, letter: Letter, out: Path) -> None:
    report = told(record, letter("The gate was shut."), out)
    gaps = report[report.index("What we cannot say") : report.index("Every step, in order")]
    for words in (
        "From whom the file came",
        "Where the file was received",
        "No second person",
        "No other laptop",
    ):
        assert words in gaps
    assert "No outside time authority has yet confirmed" in gaps


def test_a_time_of_filming_is_only_what_the_device_says(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.")
    record.put(lines({"kind": "item", "id": item, "captured_at": "1980-01-01", "reason": "the camera's own"}))
    assert "(1 January 1980) is what its maker or the device says" in told(record, item, out)


def test_a_stated_absence_is_not_an_answer_and_is_said_as_it_is(
    record: Record, letter: Letter, out: Path
) -> None:
    item = letter("The gate was shut.")
    record.put(lines({"kind": "item", "id": item, "received_from": {"none": "refused"}, "reason": "asked"}))
    report = told(record, item, out)
    assert "They refused to say." in report
    assert "From whom the file came is not written down." in report


def test_an_altered_file_is_said_to_differ(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.")
    file = record._store.originals.path(record.get(item)["sha256"])
    file.chmod(0o644)
    file.write_text("The gate was open.")
    result = record.custody(item, out, "team")
    assert result["unaltered"] is False
    assert "No, it differs" in shown(out) and "NOT equal" in shown(out)


def test_a_file_that_is_not_here_is_not_called_the_same(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.")
    record._store.originals.path(record.get(item)["sha256"]).unlink()
    result = record.custody(item, out, "team")
    assert result["unaltered"] is None
    assert "Could not be read again" in shown(out) and "Yes, the same" not in shown(out)


def test_an_erased_first_line_is_admitted_and_its_time_is_the_one_that_the_order_repeats(
    record: Record, letter: Letter, out: Path
) -> None:
    item = letter("The gate was shut.")
    before = told(record, item, out.with_name("before.html"))
    record.put(lines({"kind": "item", "id": item, "title": "A letter", "reason": "its title"}))
    record.erase(item, reason="it named her", authority=["mira"], older=True)
    report = told(record, item, out)
    assert "The line that took it in was erased later" in report and "1970" not in report
    when = re.search(r"When(\d.+?), by the clock of laptop 1", report)
    assert when and when[0] in before
    assert "mira, on laptop 1." in report


def test_an_erased_item_has_no_report(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.")
    record.erase(item, reason="she asked", authority=["mira", "noam"])
    with pytest.raises(ThingUnknown):
        record.custody(item, out, "team")


# what it keeps back


def test_without_terms_nothing_leaves_and_the_to_do_list_says_why(
    record: Record, letter: Letter, out: Path
) -> None:
    result = record.custody(letter("The gate was shut."), out)
    assert result["out"] is None and not out.exists()
    assert [row["use"] for row in result["refused"]] == ["court"]


def test_a_name_that_may_not_go_is_described_and_the_teams_own_report_gives_it(
    record: Record, letter: Letter, out: Path
) -> None:
    item = letter("The gate was shut.")
    witness = {"kind": "actor", "id": "w", "names": [{"text": "Dana Levi"}]}
    closed = opened("w", uses={"name": "no"}, attribution={"form": "described as", "text": "a neighbour"})
    given = {"kind": "item", "id": item, "received_from": {"ref": "w"}, "reason": "known now"}
    step = {"kind": "custody", "item": item, "step": "opened", "outcome": "read with Dana Levi"}
    record.put(lines(witness, closed, given, step, opened(item)))
    report = told(record, item, out, "court")
    assert "Dana" not in report and "Levi" not in report
    assert "a neighbour" in report and "read with [a neighbour]" in report
    assert "read with Dana Levi" in told(record, item, out.with_name("team.html"))


def test_a_closed_name_in_the_file_name_leaves_it_out(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.", "interview levi.txt")
    witness = {"kind": "actor", "id": "w", "names": [{"text": "Levi"}]}
    record.put(lines(witness, opened("w", uses={"name": "no"}), opened(item)))
    report = told(record, item, out, "court")
    assert "levi" not in report.casefold()
    assert "Its file name is left out" in report


def test_where_the_file_itself_may_not_go_its_hash_stays_behind(
    record: Record, letter: Letter, out: Path
) -> None:
    item = letter("Dana Levi shut the gate.")
    witness = {"kind": "actor", "id": "w", "names": [{"text": "Dana Levi"}]}
    record.put(lines(witness, opened("w", uses={"name": "no"}), opened(item)))
    result = record.custody(item, out)
    digest = record.get(item)["sha256"]
    assert result["unaltered"] is True and result["withheld"]
    assert digest not in out.read_text() and grouped(digest)[:9] not in shown(out)
    assert "Its checksums are left out" in shown(out)


def test_ids_stay_with_the_team(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.")
    place = {"kind": "place", "id": "ford", "names": ["The ford"]}
    record.put(
        lines(place, {"kind": "item", "id": item, "place": "ford", "reason": "known"}, opened(item, "ford"))
    )
    report = told(record, item, out, "court")
    assert item not in report and record.get("ford")["id"] not in report
    assert "The ford" in report
    assert item in told(record, item, out.with_name("team.html"))


def always_closed(world: World) -> list[str]:
    """Names that somebody closed outright, whatever carries them."""
    found = []
    for known, use in ((PEOPLE, "name"), (PLACES, "place")):
        for id, names in known.items():
            terms = terms_over(world, *joined(world, id))
            said_no = any(fields["uses"].get(use) in ("no", "ask", "not asked") for fields in terms)
            found += names if said_no else []
    return found


@settings(max_examples=40)
@given(worlds())
def test_no_report_holds_a_name_that_somebody_closed(world: World) -> None:
    with recorded(world) as record:
        items = [row["item"] for row in record.items()]
        names = [name for known in (PEOPLE, PLACES) for listed in known.values() for name in listed]
        for item in items:
            known = {"received_from": {"ref": "boy"}, "handled_by": {"ref": "clerk"}, "place": "village"}
            record.put(lines({"kind": "item", "id": item, **known, "reason": "known now"}))
            step = {"kind": "custody", "item": item, "step": "opened", "by": {"ref": "nurse"}}
            record.put(lines({**step, "place": {"ref": "town"}, "outcome": f"with {'; '.join(names)}"}))
        for n, item in enumerate(items):
            file = record.path.parent / f"report-{n}.html"
            result = record.custody(item, file, world.audience)
            event("printed" if result["out"] else "refused")
            if result["out"] and world.audience != "team":
                text = shown(file)
                assert not [name for name in always_closed(world) if holds(text, name)]
                assert not [id for id in (*items, *ids_of(record, world)) if id in text]


# how it is printed


def test_it_holds_everything_it_needs_and_runs_nothing(record: Record, letter: Letter, out: Path) -> None:
    told(record, letter("The gate was shut."), out)
    html = out.read_text(encoding="utf-8")
    assert "<script" not in html and "http:" not in html and "https:" not in html
    assert "default-src 'none'" in unescape(html)


@pytest.mark.parametrize("language", ["ar", "he"])
def test_it_is_set_from_right_to_left_where_the_language_is(
    record: Record, letter: Letter, out: Path, language: str
) -> None:
    told(record, letter("The gate was shut."), out, language=language)
    assert f'<html lang="{language}" dir="rtl">' in out.read_text(encoding="utf-8")


def test_it_can_be_a_pdf(record: Record, letter: Letter, out: Path) -> None:
    pytest.importorskip("weasyprint")
    paper = out.with_suffix(".pdf")
    record.custody(letter("The gate was shut."), paper, "team")
    assert paper.read_bytes().startswith(b"%PDF-")


def test_without_the_extra_the_error_names_it_and_the_other_way(
    record: Record, letter: Letter, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    paper = out.with_suffix(".pdf")
    with pytest.raises(FieldInvalid, match=r"onrecord\[print\].*\.html"):
        record.custody(letter("The gate was shut."), paper, "team")
    assert not paper.exists()


def test_it_is_written_nowhere_but_where_nothing_stands(record: Record, letter: Letter, out: Path) -> None:
    item = letter("The gate was shut.")
    told(record, item, out)
    with pytest.raises(OutputExists):
        record.custody(item, out, "team")


@pytest.mark.parametrize(
    ("name", "audience", "language", "wrong"),
    [
        ("report.odt", "team", "en", FieldInvalid),
        ("report.html", "friends", "en", KindWrong),
        ("report.html", "team", "xx", FieldInvalid),
    ],
)
def test_a_wrong_ending_audience_or_language_is_refused_before_anything_is_done(
    record: Record,
    letter: Letter,
    tmp_path: Path,
    name: str,
    audience: str,
    language: str,
    wrong: type[Exception],
) -> None:
    with pytest.raises(wrong):
        record.custody(letter("The gate was shut."), tmp_path / name, audience, language)
    assert not (tmp_path / name).exists()


def test_a_thing_that_is_no_item_has_none(record: Record, out: Path) -> None:
    with pytest.raises(ThingUnknown):
        record.custody("nothing", out)


def test_every_language_says_the_same_things_with_the_same_blanks() -> None:
    english = messages_in("en").table
    for language in languages():
        table = messages_in(language).table
        assert table.keys() == english.keys()
        for key, message in table.items():
            assert blanks(message) == blanks(english[key]), key


@pytest.mark.parametrize("language", languages())
def test_every_step_audience_and_absence_has_its_words(language: str) -> None:
    table = messages_in(language).table
    for group, words in (("step", STEPS), ("for", AUDIENCE_USE), ("none", ABSENCES)):
        assert {f"{group}.{word}" for word in words} <= table.keys()


def test_every_message_that_is_asked_for_is_there_and_none_is_left_over() -> None:
    table = messages_in("en").table
    sources = [*ROOM.glob("*.py"), *(ROOM / "template").iterdir()]
    text = "".join(file.read_text(encoding="utf-8") for file in sources)
    quoted = set(re.findall(r'"([a-z][a-z._0-9]*)"', text))
    families = ("for.", "step.", "none.", "media.", "language.", "month.", "measured.", "gap.no.")
    for key in table:
        assert key in quoted or key.startswith(families) or key.removesuffix(".more") in COMPARISONS, key


def blanks(message: Any) -> set[str]:
    forms = [message] if isinstance(message, str) else message.values()
    return {blank for form in forms for blank in re.findall(r"{(\w+)}", form)}


@pytest.mark.parametrize("language", ["ar", "he"])
def test_a_stated_day_is_in_words_so_that_no_line_breaks_inside_it(language: str) -> None:
    words = messages_in(language)
    said = stated("2019-05-21", words)
    assert said == words.plain("day", day=21, month=words.plain("month.5"), year=2019)
    assert stated("2019-05", words) == "2019-05"
