"""The index on real FTS5: whatever was put, changed and joined, it answers as one made afresh would."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from onrecord.api import Record
from onrecord.record.ideas import KINDS
from onrecord.search.index import LINE, forget_layer, index_layer, index_thing
from onrecord.settings import Settings
from onrecord.store.schema import DERIVED
from tests.branches import merge

WORDS = [
    "gate",
    "gates",
    "wall",
    "البوابة",
    "بوابة",
    "السوق",
    "השער",
    "שער",
    "don't",
    'צה"ל',
    "a\x00b",
    "_",
    "ظلّ",
]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


def terms(connection: sqlite3.Connection) -> Counter[tuple[str, str, str | None, str, int]]:
    """Every term in the index with the place it belongs to, whatever the rows' numbers."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.listed USING fts5vocab(main, words, instance)"
    )
    query = (
        "SELECT thing, coalesce(entry, start), layer, term, offset FROM listed"
        " LEFT JOIN paragraph ON paragraph.row = listed.doc"
    )
    return Counter(connection.execute(query).fetchall())


def made_afresh(record: Record) -> sqlite3.Connection:
    """An index made from nothing but the head versions and the layers."""
    store = record._store
    fresh = sqlite3.connect(":memory:")
    fresh.executescript(DERIVED)
    for kind in KINDS.values():
        for thing in store.db.as_now().of_kind(kind.name):
            for version in thing.heads:
                index_thing(fresh, thing.id, store.db.entry_of(version.name), kind.words(version.fields))
            layer = store.layers.of(thing.fields["sha256"]) if kind.name == "item" else None
            if layer and layer.hash:
                places = [(part["start"], part["end"]) for part in store.layers.segments(layer.hash)]
                for place in places:
                    index_layer(fresh, thing.id, layer.hash, store.layers.text(layer.hash), [place])
    return fresh


@st.composite
def scripts(draw: st.DrawFn) -> list[tuple[str, int, str]]:
    """Steps: put a new actor, change one, or join a branch in which one was changed otherwise."""
    step = st.tuples(st.sampled_from(["new", "change", "change", "null", "branch"]), st.integers(0, 3), TEXTS)
    return draw(st.lists(step, min_size=2, max_size=10))


def change(record: Record, slug: str, text: str | None) -> None:
    heads = [head["version"] for head in record.history(slug)["heads"]]
    line: dict[str, Any] = {
        "kind": "event",
        "id": slug,
        "title": text,
        "reason": "read again",
        "supersedes": heads,
    }
    record.put([line])


def run(record: Record, script: list[tuple[str, int, str]], folder: Path) -> None:
    slugs: list[str] = []
    for number, (step, which, text) in enumerate(script):
        if step == "new" or not slugs:
            slugs.append(f"e{number}")
            record.put([{"kind": "event", "id": slugs[-1], "title": text, "names": [text, text]}])
        elif step == "branch":
            branch(record, slugs[which % len(slugs)], text, folder / str(number))
        else:
            change(record, slugs[which % len(slugs)], text if step == "change" else None)


def branch(record: Record, slug: str, text: str, folder: Path) -> None:
    import shutil

    shutil.copytree(record.path, folder)
    change(record, slug, text)
    with onrecord.open(folder, settings=record.settings) as copy:
        change(copy, slug, text[::-1])
    merge(record, folder)


@settings(max_examples=30)
@given(scripts())
def test_the_index_answers_exactly_as_one_made_afresh(script: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        laptop = Settings(home=Path(name) / "home", handle="mira", zone="UTC")
        onrecord.new(Path(name) / "record", settings=laptop)
        with onrecord.open(Path(name) / "record", settings=laptop) as record:
            file = Path(name) / "letter.txt"
            file.write_text(LINE.join(text for _, _, text in script), encoding="utf-8")
            list(record.add([file]))
            run(record, script, Path(name))
            assert terms(record._store.db.connection) == terms(made_afresh(record))
            record._store.db.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_words_that_were_changed_are_no_longer_found(record: Record) -> None:
    record.put([{"kind": "actor", "id": "a", "names": ["Rosa Quill"]}])
    record.put([{"kind": "actor", "id": "a", "names": ["Dina Marsh"], "reason": "misheard"}])
    assert list(record.search("Rosa")) == []
    assert [hit["exact"] for hit in record.search("Dina")] == ["Dina"]


def test_the_newest_is_found_first(record: Record) -> None:
    for slug in ("a", "b", "c"):
        record.put([{"kind": "actor", "id": slug, "names": ["Rosa"]}])
    newest = [record.get(slug)["id"] for slug in ("c", "b", "a")]
    assert [hit["id"] for hit in record.search("rosa")] == newest


@pytest.mark.parametrize(
    "query", ["", " ", '"', "*", "AND", "NEAR(a b)", "(", "{}", "a:b", "-x", "\x00", "\ud800", "'" * 9]
)
def test_any_query_can_be_asked(record: Record, query: str) -> None:
    record.put([{"kind": "actor", "names": ["Rosa"]}])
    assert list(record.search(query)) == []


def test_a_paragraph_that_is_a_book_is_found_in_and_forgotten_like_others(
    record: Record, letter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.search.index.LONGEST_ROW", 50)
    monkeypatch.setattr("onrecord.search.index._PORTION_ROWS", 2)
    text = " ".join(["the ford"] * 40 + ["השער"] + ["the weir"] * 40 + ["x" * 120])
    item = letter(text)
    assert [found["id"] for found in record.search("השער")] == [item]
    connection = record._store.db.connection
    rows = connection.execute(
        "SELECT start, end FROM paragraph WHERE layer IS NOT NULL ORDER BY start"
    ).fetchall()
    assert "".join(text[start:end] for start, end in rows) == text
    assert len(rows) > 10 and all(end - start <= 50 for start, end in rows)
    layer = record._store.layers.of(record.get(item)["sha256"])
    assert layer and layer.hash
    forget_layer(connection, item, layer.hash, text)
    assert not any(term in ("ford", "weir") for _, _, _, term, _ in terms(connection))
