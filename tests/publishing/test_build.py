"""Whole builds from real records: whatever was agreed with whomever, nothing closed leaves in any file."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import event, given, settings

import onrecord
from onrecord.api import Record
from onrecord.record.errors import OutputExists, OutputNotWritten
from onrecord.settings import Settings
from onrecord.store.record_store import RecordStore
from tests.conftest import lines
from tests.publishing.worlds import TODAY, World, holds, must_not_stand, statement_may_go, worlds

Fields = dict[str, Any]


@contextmanager
def recorded(world: World) -> Iterator[Record]:
    """The case as a real record, on the day it is set."""
    with tempfile.TemporaryDirectory() as place, patch.object(RecordStore, "today", lambda self: TODAY):
        folder = Path(place)
        laptop = Settings(home=folder / "home", handle="mira", zone="UTC")
        onrecord.new(folder / "record", settings=laptop)
        with onrecord.open(folder / "record", settings=laptop) as record:
            record.put(lines(*written(world, taken_in(world, record, folder))))
            yield record


def taken_in(world: World, record: Record, folder: Path) -> dict[str, str]:
    """Each original's item, by its slug in the case."""
    items = {}
    for slug, text in world.texts.items():
        file = folder / world.things[slug]["name"]
        file.write_text(text, encoding="utf-8")
        (line,) = record.add([file])
        items[slug] = line["item"]
    return items


def written(world: World, items: dict[str, str]) -> Iterator[Fields]:
    for line in world.lines(items):
        if line["kind"] == "passage":
            text, start = world.texts[world.things[line["id"]]["item"]], world.things[line["id"]]["start"]
            line["nth"] = len(re.findall(f"(?={re.escape(line['quote'])})", text[:start])) + 1
        if line["kind"] == "publication":
            line["text"] = line["text"] or "Nothing was said."
        yield line


def cited_statements(world: World) -> list[str]:
    return [id for id, fields in world.things.items() if fields["kind"] == "statement"]


def build(record: Record, world: World, cited: list[str]) -> dict[str, Any]:
    text = "\n\n".join(f"It was said.[[{slug}]]" for slug in cited)
    record.put(lines({"kind": "publication", "id": "dossier", "text": text, "reason": "another choice"}))
    return record.publish("dossier", record.path.parent / "out")


def settled(record: Record, world: World) -> tuple[dict[str, Any], list[str]]:
    """Publish, leaving out what is refused, until something is built or nothing is left."""
    cited = cited_statements(world)
    while cited:
        result = build(record, world, cited)
        if not result["refused"]:
            return result, cited
        refused = {row["thing"] for row in result["refused"]}
        kept = [slug for slug in cited if record.get(slug)["id"] not in refused]
        cited = kept if len(kept) < len(cited) else cited[:-1]
    return {}, []


@settings(max_examples=60)
@given(worlds())
def test_no_file_of_any_build_holds_a_closed_name_or_a_closed_statement(world: World) -> None:
    look_through(world)


@pytest.mark.slow
@settings(max_examples=1500)
@given(worlds())
def test_no_file_of_very_many_builds_holds_one_either(world: World) -> None:
    look_through(world)


def look_through(world: World) -> None:
    """Build what may be built, and look for what may not stand there in every file."""
    with recorded(world) as record:
        result, cited = settled(record, world)
        event(f"built with {len(cited)} of {len(cited_statements(world))} statements")
        if not result:
            return
        assert all(statement_may_go(world, slug) for slug in cited)
        out = Path(result["out"])
        files = {file: file.read_bytes().decode("utf-8") for file in out.rglob("*") if file.is_file()}
        never = set.intersection(*(set(must_not_stand(world, slug)) for slug in cited))
        for file, text in files.items():
            shown = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)
            assert not [name for name in never if holds(shown, name)], file
            assert not [id for id in ids_of(record, world) if id in text], file
        for slug, citation in zip(cited, json.loads(files[out / "manifest.json"])["citations"], strict=True):
            said = f"{citation['words']} {citation['who']}"
            assert not [name for name in must_not_stand(world, slug) if holds(said, name)], slug
        assert onrecord.verify(out)["ok"]


def ids_of(record: Record, world: World) -> list[str]:
    return [record.get(slug)["id"] for slug in world.things if world.things[slug]["kind"] != "item"]


@settings(max_examples=40)
@given(worlds())
def test_a_closed_statement_is_never_built_however_it_is_asked_for(world: World) -> None:
    closed = [slug for slug in cited_statements(world) if not statement_may_go(world, slug)]
    with recorded(world) as record:
        for slug in closed:
            assert build(record, world, [slug])["refused"], slug
        assert not (record.path.parent / "out").exists()


# ---- one case, many ways out ------------------------------------------------------------------------

TEXT = "Dana Levi shut the gate at seven.\n\nThe wall fell. Dana Levi’s brother saw it."
OPEN = dict.fromkeys(("media", "words", "name", "place"), "yes")


@pytest.fixture
def case(record: Record, tmp_path: Path) -> Record:
    """One open statement about a gate, and a person whose name is closed and described."""
    file = tmp_path / "notes.txt"
    file.write_text(TEXT, encoding="utf-8")
    (line,) = record.add([file])
    item = line["item"]
    record.put(lines(
        {"kind": "actor", "id": "dana", "type": "person", "names": ["Dana Levi"]},
        {"kind": "actor", "id": "guard", "type": "person", "names": ["Omar Haddad"]},
        {"kind": "event", "id": "gate", "title": "The gate", "sides": {"north": ["guard"], "south": ["dana"]}},
        {"kind": "passage", "id": "p1", "item": item, "quote": "Dana Levi shut the gate at seven."},
        {"kind": "passage", "id": "p2", "item": item, "quote": "The wall fell."},
        {"kind": "statement", "id": "s1", "speaker": "guard", "passages": ["p1"], "about": ["gate"], "said_at": "2019-05-14"},
        {"kind": "statement", "id": "s2", "speaker": "dana", "passages": ["p2"], "about": ["gate"], "said_at": "2019-05-20"},
        {"kind": "claim", "id": "c1", "statement": "s1", "subject": "gate", "property": "done_by", "value": {"ref": "dana"}},
        {"kind": "claim", "id": "c2", "statement": "s2", "subject": "gate", "property": "done_by", "value": {"ref": "dana"}, "negated": True},
        {"kind": "terms", "id": "open", "over": [item], "agreed_with": "a public paper", "uses": OPEN},
        {"kind": "terms", "id": "shy", "over": ["dana"], "uses": {"name": "no"}, "attribution": {"form": "described as", "text": "a neighbour"}},
        {"kind": "publication", "id": "pub", "title": "The gate", "audience": "public", "text": "It was shut.[[s1]] Not so.[[s2]]"},
    ))  # fmt: skip
    return record


def patched(case: Record, **fields: Any) -> dict[str, Any]:
    case.put(lines({"kind": "publication", "id": "pub", "reason": "another try", **fields}))
    return case.publish("pub", case.path.parent / "out")


def everything(result: dict[str, Any]) -> str:
    return "".join(
        file.read_text(encoding="utf-8") for file in Path(result["out"]).rglob("*") if file.is_file()
    )


def test_a_closed_name_is_described_in_words_speakers_windows_and_values(case: Record) -> None:
    result = case.publish("pub", case.path.parent / "out")
    assert result["refused"] == []
    assert "Levi" not in everything(result)
    manifest = json.loads(Path(result["manifest"]).read_text(encoding="utf-8"))
    assert manifest["citations"][0]["words"] == "[a neighbour] shut the gate at seven."
    assert manifest["citations"][1]["who"] == "a neighbour"


def test_a_name_taken_apart_by_markup_in_our_own_text_is_refused(case: Record) -> None:
    (row,) = patched(case, text="D**an**a Levi did it.[[s1]]")["refused"]
    assert row["use"] == "name"
    assert not (case.path.parent / "out").exists()


@pytest.mark.parametrize("field", ["title", "standfirst", "publisher"])
def test_a_closed_name_in_a_title_or_beside_it_is_refused(case: Record, field: str) -> None:
    (row,) = patched(case, **{field: "What Levi did"})["refused"]
    assert field in row["mend"]


def test_a_closed_name_in_the_name_of_a_side_is_refused(case: Record) -> None:
    case.put(
        lines({"kind": "event", "id": "gate", "sides": {"Levi’s people": ["guard"]}, "reason": "their name"})
    )
    rows = case.publish("pub", case.path.parent / "out")["refused"]
    assert any("name of a side" in row["mend"] for row in rows)


def test_an_original_that_holds_a_closed_name_may_not_go_whole(case: Record) -> None:
    item = next(case.items())["item"]
    rows = patched(case, contents=[item])["refused"]
    assert any("the original's text" in row["why"] for row in rows)


def test_an_original_that_may_go_goes_with_its_hash_and_verifies(case: Record, tmp_path: Path) -> None:
    file = tmp_path / "order.txt"
    file.write_text("By order, the gate is shut from seven.", encoding="utf-8")
    (line,) = case.add([file])
    case.put(lines({"kind": "terms", "over": [line["item"]], "uses": OPEN}))
    result = patched(case, contents=[line["item"]])
    assert result["refused"] == []
    (released,) = (Path(result["out"]) / "originals").iterdir()
    assert released.read_bytes() == file.read_bytes()
    assert onrecord.verify(Path(result["out"]))["ok"]


def test_a_sealed_name_or_number_anywhere_in_what_leaves_is_refused(case: Record) -> None:
    sealed = {"real": {"first": "Zahra Qandil"}, "telephone": "0599 123 456", "note": "met by the river"}
    case.put(lines({"kind": "actor", "id": "w9", "names": ["Witness 9"], "sealed": sealed}))
    assert patched(case, title="What Zahra Qandil saw")["refused"]
    assert patched(case, title="The gate", text="Call 0599 123 456.[[s1]]")["refused"]
    assert patched(case, text="They met by the river.[[s1]]")["refused"] == []


def test_where_a_sealed_identity_cannot_be_opened_nothing_is_built(case: Record, tmp_path: Path) -> None:
    case.put(lines({"kind": "actor", "id": "w9", "names": ["Witness 9"], "sealed": "Zahra Qandil"}))
    stranger = Settings(home=tmp_path / "another home", handle="noam", zone="UTC")
    with onrecord.open(case.path, settings=stranger) as elsewhere:
        (row,) = elsewhere.publish("pub", case.path.parent / "out")["refused"]
    assert row["term"] == "sealed"


def test_only_the_statements_it_contains_stand_in_its_windows(case: Record) -> None:
    result = patched(case, text="It was shut.[[s1]]")
    assert result["refused"] == []
    assert "The wall fell" not in re.sub(r"<span class=\"context\">.*?</span>", "", everything(result))


def test_a_claim_that_is_closed_by_its_own_terms_is_in_no_window(case: Record) -> None:
    case.put(lines({"kind": "terms", "over": ["c1"], "uses": {"media": "no"}}))
    result = case.publish("pub", case.path.parent / "out")
    assert result["refused"] == []
    assert ">Done by<" in everything(result)
    case.put(lines({"kind": "terms", "over": ["c2"], "uses": {"media": "no"}}))
    again = case.publish("pub", case.path.parent / "out2")
    assert ">Done by<" not in everything(again)


def test_publishing_twice_counts_versions_and_a_failed_build_leaves_no_trace(case: Record) -> None:
    first = case.publish("pub", case.path.parent / "one")
    second = case.publish("pub", case.path.parent / "two")
    versions = [json.loads(Path(one["manifest"]).read_bytes())["version"] for one in (first, second)]
    assert versions == [1, 2]
    before = case.verify()["entries"]
    with patch("onrecord.publishing.publish.render", side_effect=RuntimeError), pytest.raises(RuntimeError):
        case.publish("pub", case.path.parent / "three")
    assert case.verify()["entries"] == before
    assert [path.name for path in case.path.parent.iterdir() if "three" in path.name] == []


def test_a_folder_that_holds_something_is_not_built_into(case: Record, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep me")
    with pytest.raises(OutputExists):
        case.publish("pub", tmp_path / "full")
    with pytest.raises(OutputNotWritten):
        case.publish("pub", case.path / "inside")


def test_statements_about_parts_of_an_event_stand_in_the_windows_of_the_whole(case: Record) -> None:
    case.put(lines(
        {"kind": "event", "id": "bolt", "title": "The bolt is drawn", "part_of": "gate"},
        {"kind": "statement", "id": "s1", "about": ["bolt"], "reason": "more exactly"},
        {"kind": "statement", "id": "s2", "about": ["bolt"], "reason": "more exactly"},
        {"kind": "event", "id": "gate", "title": "The whole morning", "reason": "a better title"},
    ))  # fmt: skip
    page = everything(case.publish("pub", case.path.parent / "out"))
    assert "The whole morning" in page
    assert ">north<" in page and ">south<" in page


# ---- names that hide --------------------------------------------------------------------------------


def taken(case: Record, text: str, name: str = "other.txt") -> str:
    """A further original that is open to all; its item."""
    file = case.path.parent / name
    file.write_text(text, encoding="utf-8")
    (line,) = case.add([file])
    case.put(lines({"kind": "terms", "over": [line["item"]], "agreed_with": "a public paper", "uses": OPEN}))
    return str(line["item"])


def said(case: Record, slug: str, speaker: str, item: str, quote: str) -> None:
    passage = f"p-{slug}"
    case.put(lines(
        {"kind": "passage", "id": passage, "item": item, "quote": quote},
        {"kind": "statement", "id": slug, "speaker": speaker, "passages": [passage]},
    ))  # fmt: skip


def unnamed(case: Record, thing: str) -> None:
    attribution = {"form": "unnamed", "text": "a man"}
    case.put(lines({"kind": "terms", "over": [thing], "uses": {"name": "no"}, "attribution": attribution}))


ESCAPED = ["L%65vi", "L%2565vi", "https://example.org/levi", "#levi", "levi@example.org", "L\\\\u0065vi"]


@pytest.mark.parametrize("written", ESCAPED)
def test_a_closed_name_in_an_address_or_in_signs_is_refused(case: Record, written: str) -> None:
    assert patched(case, text=f"See {written} for more.[[s1]]")["refused"]


def test_a_closed_name_that_a_link_turns_into_signs_is_refused(case: Record) -> None:
    case.put(lines({"kind": "actor", "id": "dana", "names": ["Dana Levi", "דנה לוי"], "reason": "both"}))
    assert patched(case, text="See [here](https://example.org/דנה_לוי).[[s1]]")["refused"]


def test_a_closed_name_in_signs_inside_a_quote_is_masked(case: Record) -> None:
    quote = "He shared https://example.org/L%65vi and {L&#101;vi} and \\u004cevi."
    said(case, "t1", "guard", taken(case, quote), quote)
    result = patched(case, text="He did.[[t1]]")
    (citation,) = json.loads(Path(result["manifest"]).read_bytes())["citations"]
    masked = "He shared https://example.org/[a neighbour] and {[a neighbour]} and [a neighbour]."
    assert citation["words"] == masked


@pytest.mark.parametrize("kind", ["publication", "statement", "side"])
def test_a_name_given_as_a_language_does_not_leave(case: Record, kind: str) -> None:
    sides = [
        {"name": "north", "language": "Levi", "actors": ["guard"]},
        {"name": "south", "actors": ["dana"]},
    ]
    changed: dict[str, Fields] = {
        "publication": {"id": "pub", "language": "Levi"},
        "statement": {"id": "s1", "language": "en-Levi"},
        "side": {"id": "gate", "sides": sides},
    }
    case.put(lines({"kind": kind.replace("side", "event"), "reason": "a language", **changed[kind]}))
    result = case.publish("pub", case.path.parent / "out")
    assert result["refused"] or "Levi" not in everything(result)


def test_a_name_that_somebody_had_before_is_looked_for_too(case: Record) -> None:
    case.put(lines({"kind": "actor", "id": "dana", "names": ["Source 5"], "reason": "a safer name"}))
    result = case.publish("pub", case.path.parent / "out")
    assert result["refused"] == []
    assert "Levi" not in everything(result)


def test_a_sealed_number_is_looked_for_as_it_is_written(case: Record) -> None:
    sealed = {"telephone": 599123456, "age": 14}
    case.put(lines({"kind": "actor", "id": "w9", "names": ["Witness 9"], "sealed": sealed}))
    assert patched(case, text="Call 599123456.[[s1]]")["refused"]
    assert patched(case, text="All 14 came.[[s1]]")["refused"] == []


def test_signs_in_our_text_that_stand_for_a_citation_are_only_signs(case: Record) -> None:
    assert patched(case, text="One &#xfdd0;9&#xfdd1; and &#xe000;x&#xe001;.[[s1]]")["refused"] == []


# ---- what one source keeps back and another would tell ----------------------------------------------


def test_a_property_in_the_teams_own_words_names_nobody_closed(case: Record) -> None:
    case.put(lines({"kind": "claim", "id": "c1", "property": "Betrayed by Levi", "reason": "their word"}))
    assert "levi" not in everything(case.publish("pub", case.path.parent / "out")).lower()


def test_a_value_names_nobody_whom_its_own_claim_keeps_back(case: Record) -> None:
    value = {"ref": "guard"}
    case.put(lines(
        {"kind": "claim", "id": "c9", "statement": "s2", "subject": "gate", "property": "ordered_by", "value": value},
        {"kind": "terms", "over": ["c9"], "uses": {"name": "no"}},
    ))  # fmt: skip
    result = patched(case, text="Not so.[[s2]]")
    assert result["refused"] == []
    assert "Haddad" not in everything(result)


def test_a_value_that_two_hold_tells_only_what_both_may(case: Record) -> None:
    claim = {"kind": "claim", "subject": "gate", "property": "count", "value": "5"}
    case.put(lines(
        {"kind": "actor", "id": "rami", "type": "person", "names": ["Rami Khoury"]},
        {**claim, "id": "k1", "statement": "s1"},
        {**claim, "id": "k2", "statement": "s2", "population": "the men of Rami Khoury"},
        {"kind": "terms", "over": ["p2"], "agreed_with": "a family", "uses": {"name": "no"}},
    ))  # fmt: skip
    assert "Khoury" not in everything(case.publish("pub", case.path.parent / "out"))


def test_a_statement_named_twice_is_told_by_the_strictest(case: Record) -> None:
    case.put(lines({"kind": "claim", "id": "k1", "statement": "s1", "subject": "gate", "property": "count", "value": "5"}))  # fmt: skip
    unnamed(case, "k1")
    result = patched(case, text="It was.[[k1]] So.[[s1]]")
    assert result["refused"] == []
    assert "Haddad" not in everything(result)


@pytest.fixture
def wept(case: Record) -> Record:
    """Two statements in one original; the second's speaker may not be named in it."""
    case.put(lines({"kind": "actor", "id": "rami", "type": "person", "names": ["Rami Khoury"]}))
    item = taken(case, "The gate was shut. Then Rami Khoury wept loudly. He went home.")
    case.put(lines({"kind": "item", "id": item, "title": "Talk with Rami Khoury", "reason": "a title"}))
    said(case, "t1", "guard", item, "The gate was shut.")
    said(case, "t2", "rami", item, "Then Rami Khoury wept loudly.")
    said(case, "t3", "rami", item, "He went home.")
    unnamed(case, "t2")
    return case


def test_the_words_around_go_by_the_terms_of_those_who_said_them(wept: Record) -> None:
    text = everything(patched(wept, text="It was shut.[[t1]]"))
    assert '<span class="context"> Then [a man] wept loudly.' in text
    assert "Khoury wept" not in text


def test_an_originals_title_names_nobody_whom_another_source_in_it_keeps_back(wept: Record) -> None:
    assert "Khoury" not in everything(patched(wept, text="It was shut.[[t1]] He wept.[[t2]]"))


def test_our_text_names_nobody_whom_a_cited_claim_keeps_back(wept: Record) -> None:
    wept.put(lines({"kind": "claim", "id": "k2", "statement": "t2", "subject": "gate", "property": "count", "value": "5"}))  # fmt: skip
    assert patched(wept, text="Rami Khoury wept.[[k2]] He went.[[t3]]")["refused"]


def test_a_norm_that_may_not_be_quoted_is_refused(case: Record) -> None:
    case.put(lines(
        {"kind": "norm", "id": "order", "title": "Order 5", "passage": "p2"},
        {"kind": "terms", "over": ["order"], "uses": {"media": "yes", "words": "no"}},
    ))  # fmt: skip
    assert [row["use"] for row in patched(case, text="By order.[[order]]")["refused"]] == ["words"]


# ---- originals --------------------------------------------------------------------------------------


def test_a_name_in_a_pages_source_keeps_the_original_back(case: Record) -> None:
    page = "<html><head><meta name='author' content='Dana Levi'></head><body><p>The gate was shut today.</p></body></html>"
    rows = patched(case, contents=[taken(case, page, "page.html")])["refused"]
    assert any("the original's file" in row["why"] for row in rows)


def test_a_name_that_a_camera_wrote_into_a_picture_keeps_it_back(case: Record, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe1" + b"\x00\x9c" * 50 + b"Artist\0Dana Levi\0")
    (line,) = case.add([file])
    case.put(lines({"kind": "terms", "over": [line["item"]], "uses": {**OPEN, "image": "yes"}}))
    assert patched(case, contents=[line["item"]])["refused"]


def test_a_document_without_text_is_kept_back_where_names_are_closed(case: Record, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.4\n")
    (line,) = case.add([file])
    case.put(lines({"kind": "terms", "over": [line["item"]], "uses": OPEN}))
    assert [row["term"] for row in patched(case, contents=[line["item"]])["refused"]] == ["no text layer"]


def test_a_surname_in_small_letters_in_a_file_name_is_a_name(case: Record) -> None:
    assert patched(case, contents=[taken(case, "The gate was shut.", "Interview levi.txt")])["refused"]


# ---- where a dossier is put -------------------------------------------------------------------------


def test_a_link_another_dossier_and_the_folder_one_stands_in_are_no_place_for_a_dossier(
    case: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path / "real")
    case.publish("pub", tmp_path / "one")
    entries = case.verify()["entries"]
    for place in (tmp_path / "link", tmp_path / "one" / "deep" / "two", Path()):
        with pytest.raises(OutputExists):
            case.publish("pub", place)
    assert case.verify()["entries"] == entries


def test_what_somebody_else_put_beside_is_never_removed_and_a_stopped_build_is(
    case: Record, tmp_path: Path
) -> None:
    beside = tmp_path / ".out.part"
    beside.mkdir()
    (beside / "diary.txt").write_text("mine")
    with pytest.raises(OutputExists):
        case.publish("pub", tmp_path / "out")
    (beside / "diary.txt").rename(beside / "index.html")
    assert onrecord.verify(Path(case.publish("pub", tmp_path / "out")["out"]))["ok"]
    assert not beside.exists()


def test_two_sources_in_one_original_share_no_entry_that_would_tell_so(case: Record) -> None:
    result = case.publish("pub", case.path.parent / "out")
    first, second = json.loads(Path(result["manifest"]).read_text(encoding="utf-8"))["citations"]
    entries = [{entry["leaf"] for entry in citation["entries"]} for citation in (first, second)]
    assert not entries[0] & entries[1]


def against(result: dict[str, Any]) -> dict[int, set[int]]:
    """For each source of a page, the sources that it says stand against it."""
    page = (Path(result["out"]) / "index.html").read_text(encoding="utf-8")
    found = {}
    for n, shown in re.findall(
        r'<li id="source-(\d+)" class="source">(.*?)</li>\s*(?=<li id="source|</ol>)', page, re.S
    ):
        row = re.search(r"<dt>Against it</dt><dd>(.*?)</dd>", shown, re.S)
        found[int(n)] = {int(one) for one in re.findall(r"#source-(\d+)", row.group(1))} if row else set()
    return found


def test_a_denial_stands_against_what_it_denies_and_against_nobody_else(case: Record) -> None:
    claim = {"kind": "claim", "subject": "gate", "property": "done_by"}
    case.put(lines(
        {"kind": "actor", "id": "porter", "type": "person", "names": ["Sami Nasr"]},
        {"kind": "actor", "id": "dana-again", "type": "person", "names": ["D. L."]},
        {"kind": "assessment", "id": "one", "about": ["dana", "dana-again"], "judgement": "same as", "reason": "x"},
        {"kind": "statement", "id": "s3", "speaker": "guard", "passages": ["p2"], "about": ["gate"]},
        {**claim, "id": "c3", "statement": "s3", "value": {"ref": "porter"}},
        {"kind": "statement", "id": "s4", "speaker": "porter", "passages": ["p2"], "about": ["gate"]},
        {**claim, "id": "c4", "statement": "s4", "value": {"ref": "porter"}, "negated": True},
        {"kind": "statement", "id": "s5", "speaker": "porter", "passages": ["p2"], "about": ["gate"]},
        {**claim, "id": "c5", "statement": "s5", "value": {"ref": "dana-again"}},
    ))  # fmt: skip
    text = " ".join(f"Said.[[s{n}]]" for n in range(1, 6))
    assert against(patched(case, text=text)) == {1: {2}, 2: {1, 5}, 3: {4}, 4: {3}, 5: {2}}
