"""`put`: all lines or none, patches, conflicts, and errors that say what to do."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from onrecord.api import Record
from onrecord.record.errors import LayerMissing, PutRefused, ThingUnknown
from onrecord.record.ideas import KINDS
from tests.conftest import lines

Letter = Callable[[str], str]
TEXT = "The gate was shut.\nThe wall fell. The gate was\nshut again."


def refused(record: Record, *things: dict[str, Any] | str) -> str:
    """The errors of lines that cannot be put, joined."""
    before = record._store.db.connection.execute("SELECT count(*) FROM head").fetchone()
    with pytest.raises(PutRefused) as wrong:
        record.put(list(things))
    assert record._store.db.connection.execute("SELECT count(*) FROM head").fetchone() == before
    return "; ".join(f"{error['line']}: {error['error']}" for error in wrong.value.errors)


EVERY_KIND: list[dict[str, Any]] = [
    {"kind": "actor", "id": "mira", "type": "person", "names": [{"text": "Mira", "language": "en"}]},
    {"kind": "place", "id": "ford", "type": "crossing", "names": ["the ford"], "geometry": '{"type":"Point"}'},
    {"kind": "event", "id": "gate", "title": "The gate", "state": "held", "when": "2019-05-14", "place": "ford",
     "sides": {"ford": ["mira"]}},
    {"kind": "passage", "id": "p", "item": "@item", "quote": "The wall fell."},
    {"kind": "statement", "id": "s", "speaker": "mira", "passages": ["p"], "about": ["gate"], "act": "asserts", "basis": "saw"},
    {"kind": "claim", "id": "c", "statement": "s", "subject": "gate", "property": "count", "low": 25, "high": "35.0"},
    {"kind": "relation", "id": "r", "from": "mira", "to": "gate", "role": "present", "claims": ["c"]},
    {"kind": "norm", "id": "n", "title": "Crossing rule", "threshold": {"property": "count", "at_most": 3}, "duties": ["open it"]},
    {"kind": "proceeding", "id": "d", "title": "A reply", "about": ["gate"], "steps": [{"step": "ask", "state": "sent"}]},
    {"kind": "terms", "id": "t", "over": ["@item", "mira"], "uses": {"words": "yes", "name": "ask"}},
    {"kind": "assessment", "id": "a", "about": ["s"], "judgement": "reliable", "reason": "She was there."},
    {"kind": "custody", "id": "k", "item": "@item", "step": "opened", "by": "a clerk"},
    {"kind": "publication", "id": "b", "title": "The gate", "audience": "public", "text": "It fell.[[s]]"},
    {"kind": "property", "id": "y", "name": "colour", "holds": "one", "type": "text"},
]  # fmt: skip


def test_all_kinds_can_be_put_fetched_and_versioned(record: Record, letter: Letter) -> None:
    item = letter(TEXT)
    things = [{k: [item if x == "@item" else x for x in v] if isinstance(v, list) else item if v == "@item" else v
               for k, v in thing.items()} for thing in EVERY_KIND]  # fmt: skip
    put = record.put(lines(*things))
    assert {line["kind"] for line in put} == set(KINDS) - {"item"}
    record.put(lines({"kind": "item", "id": item, "title": "A letter", "reason": "named"}))
    for line in put:
        fetched = record.get(line["slug"])
        assert (fetched["id"], fetched["kind"], len(fetched["heads"])) == (line["id"], line["kind"], 1)
        record.put(
            lines({"kind": line["kind"], "id": line["slug"], "note": "looked at again", "reason": "a note"})
        )
        told = record.history(line["slug"])
        assert [version["superseded"] is None for version in told["versions"]] == [False, True]
        assert told["versions"][1]["fields"] == told["versions"][0]["fields"] | {
            "note": "looked at again"
        } | ({"reason": "a note"} if line["kind"] == "assessment" else {})
    assert record.verify(views=True)["ok"]


def test_references_become_ids_and_a_map_of_sides_becomes_a_list(record: Record) -> None:
    record.put(lines(EVERY_KIND[0], EVERY_KIND[1], EVERY_KIND[2]))
    event = record.get("gate")
    assert event["place"] == record.get("ford")["id"]
    assert event["sides"] == [{"name": "ford", "actors": [record.get("mira")["id"]]}]


def test_a_quote_is_found_over_line_breaks_and_its_exact_words_are_kept(
    record: Record, letter: Letter
) -> None:
    item = letter(TEXT)
    record.put(lines({"kind": "passage", "id": "p", "item": item, "quote": "The gate was shut again."}))
    passage = record.get("p")
    assert passage["quote"] == "The gate was\nshut again."
    assert record.text(item)["text"][passage["start"] : passage["end"]] == passage["quote"]
    assert passage["prefix"].endswith("The wall fell. ")


def test_a_quote_found_twice_is_refused_with_its_places_unless_nth_says_which(
    record: Record, letter: Letter
) -> None:
    item = letter(TEXT)
    said = refused(record, {"kind": "passage", "item": item, "quote": "The gate was shut"})
    assert "2 times" in said and "at 0" in said
    record.put(lines({"kind": "passage", "id": "p", "item": item, "quote": "The gate was shut", "nth": 2}))
    assert record.get("p")["start"] > 20
    assert "nth is 3" in refused(
        record, {"kind": "passage", "item": item, "quote": "The gate was shut", "nth": 3}
    )


def test_words_that_are_not_there_are_refused(record: Record, letter: Letter) -> None:
    assert "not in the item's text" in refused(
        record, {"kind": "passage", "item": letter(TEXT), "quote": "The roof fell."}
    )


def test_one_bad_line_keeps_all_the_others_out(record: Record) -> None:
    said = refused(
        record, {"kind": "actor", "id": "a", "names": ["A"]}, {"kind": "actor", "nmaes": ["B"]}, "{not json"
    )
    assert "2: nmaes: there is no such field. Did you mean 'names'?" in said
    assert "3: line: it is not JSON" in said


def test_a_reference_to_a_line_that_failed_or_comes_later_says_which(record: Record) -> None:
    said = refused(
        record,
        {"kind": "statement", "id": "s", "speaker": "later", "text": "x"},
        {"kind": "actor", "id": "broken", "names": [""]},
        {"kind": "statement", "speaker": "broken", "text": "x"},
        {"kind": "actor", "id": "later", "names": ["L"]},
    )
    assert "'later': it stands on line 4" in said
    assert "'broken': it stands on line 2" in said


def test_at_most_a_hundred_errors_are_listed_and_all_are_counted(record: Record) -> None:
    with pytest.raises(PutRefused) as wrong:
        record.put([{"kind": "nothing"}] * 250)
    assert (len(wrong.value.errors), wrong.value.total) == (100, 250)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"kind": "statment"}, "Known: actor"),
        ({}, "kind: it is missing"),
        ({"kind": "statement", "text": "x"}, "speaker: it is missing"),
        ({"kind": "statement", "speaker": "mira"}, "no statement without a passage"),
        ({"kind": "statement", "speaker": "nobody", "text": "x"}, "no thing has this id or slug"),
        ({"kind": "statement", "speaker": "gate", "text": "x"}, "is an event, and this needs an actor"),
        ({"kind": "statement", "speaker": "mira", "text": "x", "act": "assert"}, "Did you mean 'asserts'"),
        ({"kind": "event", "when": "12/07/2010"}, "two ways"),
        ({"kind": "event", "title": ""}, "empty"),
        ({"kind": "claim", "statement": "s", "subject": "gate", "property": "count", "low": "ten"}, "not a number"),
        ({"kind": "claim", "statement": "s", "subject": "gate", "property": "count", "value": {"none": "no idea"}}, "not asked"),
        ({"kind": "terms", "over": ["mira"], "uses": {"words": "maybe"}}, "yes, no, ask, not asked"),
        ({"kind": "terms", "over": ["mira"], "attribution": {"form": "described as"}}, "agreed words"),
        ({"kind": "actor", "id": "two words", "names": ["x"]}, "cannot be a slug"),
        ({"kind": "actor", "id": "aaaaaaaaaaaaaaaa", "names": ["x"]}, "no thing has this id"),
        ({"kind": "item", "title": "x"}, "made from files"),
        ({"kind": "actor", "id": "mira", "names": ["x"]}, "a change needs a reason"),
        ({"kind": "event", "id": "mira", "reason": "x"}, "keeps its kind"),
        ({"kind": "assessment", "about": ["mira"], "judgement": "sane as", "reason": "x"}, "Did you mean 'same as'"),
        ({"kind": "publication", "title": "T", "audience": "public", "text": "x [[gone]]"}, "it cites [[gone]]"),
        ('{"kind": "actor", "names": ["a"], "names": ["b"]}', "stands twice"),
        ('{"kind": "actor", "names": ["\\ud800"]}', "surrogate"),
        ('["actor"]', "not an object"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_mend(record: Record, line: dict[str, Any] | str, says: str) -> None:
    record.put(
        lines(
            EVERY_KIND[0],
            EVERY_KIND[1],
            EVERY_KIND[2],
            {"kind": "statement", "id": "s", "speaker": "mira", "text": "x"},
        )
    )
    assert says in refused(record, line)


def test_a_change_carries_over_what_it_does_not_name_and_null_removes(record: Record) -> None:
    record.put(lines(EVERY_KIND[0]))
    record.put(
        lines(
            {
                "kind": "actor",
                "id": "mira",
                "type": None,
                "note": "of the ford",
                "reason": "not sure of the type",
            }
        )
    )
    fetched = record.get("mira")
    assert "type" not in fetched
    assert (fetched["names"][0]["text"], fetched["note"]) == ("Mira", "of the ford")


def test_received_facts_of_an_item_cannot_be_changed(record: Record, letter: Letter) -> None:
    item = letter(TEXT)
    assert "never changes" in refused(record, {"kind": "item", "id": item, "size": 3, "reason": "x"})


def test_a_fraction_keeps_the_digits_it_was_given(record: Record) -> None:
    record.put(
        lines(
            EVERY_KIND[0],
            EVERY_KIND[1],
            EVERY_KIND[2],
            {"kind": "statement", "id": "s", "speaker": "mira", "text": "x"},
        )
    )
    record.put(
        [
            '{"kind": "claim", "id": "c", "statement": "s", "subject": "gate", "property": "count", "value": 0.30}'
        ]
    )
    assert record.get("c")["value"] == "0.30"


def test_a_sealed_field_never_stands_in_the_record_in_clear(record: Record) -> None:
    secret = "Zerubavela Quint"
    record.put(
        lines({"kind": "actor", "id": "w", "names": ["Witness 4"], "sealed": {"names": [{"text": secret}]}})
    )
    assert set(record.get("w")["sealed"]) == {"age", "to"}
    record.close()
    everything = b"".join(file.read_bytes() for file in record.path.rglob("*") if file.is_file())
    assert secret.encode() not in everything and b"Zerubavela" not in everything


def test_a_slug_may_be_written_in_any_script(record: Record) -> None:
    record.put(
        lines(
            {"kind": "actor", "id": "شاهد-1", "names": ["x"]}, {"kind": "actor", "id": "עד-2", "names": ["y"]}
        )
    )
    assert record.get("شاهد-1")["names"] == [{"text": "x"}]


def test_putting_nothing_writes_nothing(record: Record) -> None:
    before = record._store.db.connection.execute("SELECT count(*) FROM head").fetchone()
    assert record.put(["", "  "]) == []
    assert record._store.db.connection.execute("SELECT count(*) FROM head").fetchone() == before


def test_an_item_may_be_called_by_its_file_name_where_only_one_has_it(record: Record, letter: Letter) -> None:
    item = letter(TEXT)
    assert record.text("letter.txt")["item"] == item
    assert record.mark("letter.txt", "The wall fell.")["start"] == record.text(item)["text"].index("The wall")
    with pytest.raises(ThingUnknown, match="file name"):
        record.text("another.txt")


CLAIM = {"kind": "claim", "id": "c", "statement": "s", "subject": "gate", "property": "count"}


@pytest.fixture
def told(record: Record) -> Record:
    """A record with an actor, a place, an event and a statement in our own words."""
    statement = {"kind": "statement", "id": "s", "speaker": "mira", "text": "x"}
    record.put(lines(*EVERY_KIND[:3], statement))
    return record


@pytest.mark.parametrize("low", ["1e400", "1_000", "١٢", "+5", "NaN", " 5", "5.", True, 0.5, "9" * 5000])
def test_what_is_not_a_number_in_plain_digits_is_refused(told: Record, low: Any) -> None:
    assert "low" in refused(told, {**CLAIM, "low": low})


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 20, "1e400"])
def test_a_number_too_large_for_json_refuses_its_line_only_and_plainly(told: Record, number: str) -> None:
    said = refused(told, json.dumps({**CLAIM, "low": 1}).replace('"low": 1', f'"low": {number}'))
    assert said.startswith("1: ")


def test_a_number_that_python_cannot_write_out_is_refused(told: Record) -> None:
    assert "too large" in refused(told, {**CLAIM, "value": 10**5000})


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "statement", "speaker": "mira", "passages": {"none": "unknown"}},
        {"kind": "statement", "speaker": "mira", "passages": []},
        {"kind": "statement", "speaker": "mira", "text": {"none": "unknown"}},
        {"kind": "statement", "speaker": {"none": "unknown"}, "text": "x"},
        {**CLAIM, "statement": {"none": "unknown"}, "value": "1"},
        {"kind": "actor", "names": [{"text": {"none": "unknown"}}]},
        {"kind": "terms", "over": [], "uses": {"words": "yes"}},
        {"kind": "terms", "over": {"none": "unknown"}, "uses": {"words": "yes"}},
        {"kind": "assessment", "about": [], "judgement": "reliable", "reason": "x"},
        {"kind": "assessment", "about": ["s"], "judgement": "reliable", "reason": {"none": "unknown"}},
        {
            "kind": "event",
            "title": "E",
            "sides": [{"name": "a", "actors": []}, {"name": "a", "actors": ["mira"]}],
        },
    ],
)
def test_a_stated_absence_does_not_stand_for_what_a_thing_needs(told: Record, line: dict[str, Any]) -> None:
    assert refused(told, line)


def test_a_side_may_be_named_in_any_script(told: Record) -> None:
    told.put(lines({"kind": "event", "id": "e", "title": "E", "sides": {"العائلة": ["mira"]}}))
    assert told.get("e")["sides"][0]["name"] == "العائلة"
    assert "plain ASCII" in refused(told, {**CLAIM, "value": "1", "qualifiers": {"لون": "x"}})


@pytest.mark.parametrize("reason", ["", "  ", ["x"], 5, True, {"none": "unknown"}])
def test_a_change_needs_a_reason_in_words(told: Record, reason: Any) -> None:
    assert "reason" in refused(told, {"kind": "actor", "id": "mira", "note": "x", "reason": reason})


def test_a_needed_field_cannot_be_removed(told: Record) -> None:
    assert "speaker: it is missing" in refused(
        told, {"kind": "statement", "id": "s", "speaker": None, "reason": "x"}
    )


def test_a_line_that_is_too_large_is_named(told: Record) -> None:
    said = refused(
        told, EVERY_KIND[0] | {"id": "m2"}, {"kind": "statement", "speaker": "mira", "text": "x" * (17 << 20)}
    )
    assert said.startswith("2: ") and "16 MB" in said


def test_a_line_nested_too_deeply_is_refused_plainly(record: Record) -> None:
    assert "nested" in refused(record, '{"kind": "actor", "names": ' + "[" * 100_000 + "}")
    assert "nested" in refused(record, {"kind": "actor", "names": json.loads("[" * 60 + "]" * 60)})


def test_what_only_looks_like_a_sealed_field_is_sealed(record: Record) -> None:
    record.put(lines({"kind": "actor", "id": "w", "names": ["W"], "sealed": {"age": 33, "to": "Haifa"}}))
    sealed = record.get("w")["sealed"]
    assert "Haifa" not in json.dumps(sealed) and isinstance(sealed["to"], list)
    record.put(lines({"kind": "actor", "id": "w", "sealed": sealed, "note": "x", "reason": "as it was"}))
    assert record.get("w")["sealed"] == sealed, "what is sealed already is kept as it is"
    record.put(lines({"kind": "actor", "id": "w", "sealed": None, "reason": "not needed"}))
    assert "sealed" not in record.get("w")


def test_a_citation_keeps_its_meaning_when_something_else_of_the_publication_changes(told: Record) -> None:
    told.put(
        lines(
            {
                "kind": "publication",
                "id": "b",
                "title": "T",
                "audience": "public",
                "text": "a[[s]] b[[ s ]][[s]]",
            }
        )
    )
    before = told.get("b")["citations"]
    assert len(before) == 1
    told._store.db.connection.execute("INSERT INTO slug VALUES ('s', 'aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb')")
    told.put(lines({"kind": "publication", "id": "b", "title": "U", "reason": "shorter"}))
    assert told.get("b")["citations"] == before


def test_null_characters_are_kept_and_searched_around(record: Record) -> None:
    record.put(lines({"kind": "actor", "id": "n", "names": ["Rosa \x00 Quill"]}))
    assert record.get("n")["names"] == [{"text": "Rosa \x00 Quill"}]
    assert [hit["exact"] for hit in record.search("quill")] == ["Quill"]


@pytest.mark.parametrize(
    "name", ["\ud800", "\udcff", "", "@", "a@b@c", "x" * 5000, "\x00", "../..", "aaaaaaaaaaaaaaaa"]
)
def test_whatever_names_nothing_is_unknown(record: Record, name: str) -> None:
    for ask in (record.get, record.history, record.text, record.windows):
        with pytest.raises(ThingUnknown):
            ask(name)


def test_things_that_refer_to_themselves_are_read_without_end(told: Record) -> None:
    told.put(
        lines(
            {"kind": "event", "id": "gate", "part_of": "gate", "chain": [{"to": "gate", "link": "causes"}], "reason": "x"},
            {"kind": "statement", "id": "s", "reports": "s", "replies_to": "s", "about": ["gate"], "reason": "x"},
            {**CLAIM, "value": "3"},
        )
    )  # fmt: skip
    told.put(lines({**CLAIM, "formula": "a + 1", "inputs": {"a": "c"}, "reason": "x"}))
    assert told.windows("gate")["event"] == told.get("gate")["id"]
    assert list(told.check())


def test_an_erased_item_is_not_stated_again_and_other_verbs_go_on(record: Record, letter: Letter) -> None:
    item = letter(TEXT)
    record.put(lines(EVERY_KIND[0]))
    connection = record._store.db.connection
    for thing in (item, record.get("mira")["id"]):
        connection.execute(
            "DELETE FROM body WHERE entry IN (SELECT entry FROM version WHERE thing = ?)", (thing,)
        )
    assert "was erased" in refused(record, {"kind": "item", "id": item, "title": "x", "reason": "x"})
    assert "text" not in record.get(item) and record.history(item)["versions"][0]["erased"]
    assert [one["erased"] for one in record.items()] == [True]
    with pytest.raises(LayerMissing):
        record.text(item)
    record.put(lines({"kind": "actor", "id": "mira", "names": ["M"], "reason": "agreed again"}))
    assert record.get("mira")["names"] == [{"text": "M"}]


def test_putting_is_quick_where_many_things_refer_to_one(told: Record) -> None:
    many = [
        {"kind": "statement", "id": f"s{n}", "speaker": "mira", "text": "x", "about": ["gate"]}
        for n in range(300)
    ]
    told.put(lines(*many))
    query = "EXPLAIN QUERY PLAN " + _last_query_of(told)
    plan = " ".join(row[3] for row in told._store.db.connection.execute(query))
    assert "version_by_kind" not in plan and "SCAN" not in plan


def _last_query_of(record: Record) -> str:
    asked: list[str] = []
    connection = record._store.db.connection
    connection.set_trace_callback(asked.append)
    list(record._store.db.as_now().pointing_at(record.get("gate")["id"], "statement", "about"))
    connection.set_trace_callback(None)
    return asked[-1]


def test_a_file_put_a_second_time_changes_nothing(record: Record, letter: Letter) -> None:
    item = letter(TEXT)
    file = lines(
        {"kind": "actor", "id": "w", "names": ["Witness 4"], "sealed": {"names": [{"text": "Zahra"}]}},
        {"kind": "event", "id": "gate", "title": "The gate", "sides": {"ford": ["w"]}},
        {"kind": "passage", "id": "p", "item": item, "quote": "The gate was shut again."},
        {"kind": "statement", "id": "s", "speaker": "w", "passages": ["p"], "about": ["gate"]},
        {
            "kind": "assessment",
            "id": "a",
            "about": ["s"],
            "judgement": "reliable",
            "reason": "She was there.",
        },
        {
            "kind": "publication",
            "id": "b",
            "title": "The gate",
            "audience": "public",
            "text": "It fell.[[s]]",
        },
        {"kind": "item", "id": item, "title": "A letter", "reason": "what people call it"},
    )
    record.put(file)
    before = record.verify()["entries"]
    again = record.put([*file, *lines({"kind": "actor", "id": "new", "names": ["N"]})])
    assert [line.get("unchanged", False) for line in again] == [True] * 7 + [False]
    assert record.verify()["entries"] == before + 1


def test_a_known_thing_of_a_thing_property_may_be_named_by_its_slug(record: Record) -> None:
    record.put(
        lines(
            EVERY_KIND[0],
            EVERY_KIND[1],
            EVERY_KIND[2],
            {"kind": "statement", "id": "s", "speaker": "mira", "text": "x"},
        )
    )
    claim = {"kind": "claim", "statement": "s", "subject": "gate"}
    record.put(lines(
        {**claim, "id": "c1", "property": "done_by", "value": "mira"},
        {**claim, "id": "c2", "property": "done_by", "value": "an earlier guard"},
        {**claim, "id": "c3", "property": "cause", "value": "mira"},
        {**claim, "id": "c4", "property": "happened", "value": True},
    ))  # fmt: skip
    assert [record.get(slug)["value"] for slug in ("c1", "c2", "c3", "c4")] == [
        {"ref": record.get("mira")["id"]},
        "an earlier guard",
        "mira",
        "yes",
    ]


def test_an_item_may_be_named_by_its_file_in_a_line(record: Record, letter: Letter) -> None:
    item = letter(TEXT)
    record.put(lines({"kind": "passage", "id": "p", "item": "letter.txt", "quote": "The wall fell."}))
    assert record.get("p")["item"] == item == record.get("letter.txt")["id"]


def test_a_quote_copied_with_direction_marks_is_found(record: Record, letter: Letter) -> None:
    item = letter("قال الحارس: أُغلقت البوّابة.")
    record.put(lines({"kind": "passage", "id": "p", "item": item, "quote": "\u2067أُغلقت البوّابة.\u2069"}))
    assert record.get("p")["quote"] == "أُغلقت البوّابة."


def test_a_quote_spelt_otherwise_is_shown_as_it_stands(record: Record, letter: Letter) -> None:
    item = letter("قال الحارس: أُغلقت البوّابة.")
    said = refused(record, {"kind": "passage", "item": item, "quote": "اغلقت البوابة"})
    assert "Spelt otherwise they stand at 12: “أُغلقت البوّابة”." in said


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ({"kind": "statement", "speaker": "baker", "text": "x", "when": "2019"}, "said_at"),
        ({"kind": "terms", "over": ["baker"], "date": "2019"}, "agreed_at"),
        ({"kind": "event", "date": "2019"}, "when"),
        ({"kind": "actor", "name": "Anna"}, "names"),
        ({"kind": "statement", "by": "baker", "text": "x"}, "speaker"),
    ],
)
def test_a_field_that_is_called_otherwise_here_is_named(
    record: Record, line: dict[str, Any], meant: str
) -> None:
    record.put([{"kind": "actor", "id": "baker", "names": ["Baker"]}])
    assert f"Did you mean {meant!r}?" in refused(record, line)


def test_a_thing_that_is_not_there_is_named_apart_from_the_reason(record: Record) -> None:
    said = refused(record, {"kind": "terms", "over": ["sara"]})
    assert said.startswith("1: over[0]: 'sara': no thing has this id or slug.")


def test_a_line_without_an_id_that_is_put_again_names_what_says_the_same(record: Record) -> None:
    line = {"kind": "event", "title": "The gate", "when": "2019-05-14"}
    (first,) = record.put([line])
    (again,) = record.put([line])
    assert "like" not in first and again["like"] == first["id"] and again["id"] != first["id"]
    (other,) = record.put([{**line, "when": "2019"}])
    assert "like" not in other
    named = [{**line, "id": "gate"}]
    record.put(named)
    assert record.put(named)[0]["unchanged"]
