"""Two branches of a record, joined: conflicts stay visible until a person resolves them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import PutRefused, SlugAmbiguous
from onrecord.settings import Settings
from onrecord.store.refold import view_problems
from tests.branches import admit, merge

Joined = Callable[[list[dict[str, Any]], list[dict[str, Any]]], Record]


@pytest.fixture
def joined(record: Record, laptop: Settings, tmp_path: Path) -> Joined:
    """Put some lines here and others in a copy, then join the copy."""

    def join(here: list[dict[str, Any]], there: list[dict[str, Any]]) -> Record:
        shutil.copytree(record.path, tmp_path / "copy")
        record.put(here)
        with onrecord.open(tmp_path / "copy", settings=laptop) as copy:
            copy.put(there)
        merge(record, tmp_path / "copy")
        return record

    return join


ANNA: dict[str, Any] = {"kind": "actor", "id": "w", "names": ["Mira"]}


def renamed(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "actor", "id": "w", "names": [name], "reason": "misheard", **more}


def heads_of(record: Record, slug: str) -> list[str]:
    return [head["version"] for head in record.history(slug)["heads"]]


def found(record: Record, query: str) -> list[str]:
    return [hit["exact"] for hit in record.search(query)]


def test_two_changes_of_one_version_are_a_conflict_that_shows_both(record: Record, joined: Joined) -> None:
    record.put([ANNA])
    joined([renamed("Anna")], [renamed("Hana")])
    fetched = record.get("w")
    assert fetched["in_conflict"] and "names" not in fetched
    assert {head["fields"]["names"][0]["text"] for head in fetched["heads"]} == {"Anna", "Hana"}
    told = record.history("w")
    assert told["in_conflict"] and len(told["heads"]) == 2 and len(told["versions"]) == 3
    assert record.verify(views=True)["problems"] == []


def test_a_conflict_is_resolved_only_by_naming_every_head(record: Record, joined: Joined) -> None:
    record.put([ANNA])
    joined([renamed("Anna")], [renamed("Hana")])
    heads = heads_of(record, "w")
    for supersedes in (None, heads[:1], [heads[0], heads[0]], [*heads, "x"]):
        with pytest.raises(PutRefused):
            record.put([renamed("Hanna") | ({"supersedes": supersedes} if supersedes else {})])
    record.put([renamed("Hanna", supersedes=heads)])
    assert record.get("w")["names"] == [{"text": "Hanna"}]
    assert record.verify(views=True)["problems"] == []


def test_the_index_has_both_sides_of_a_conflict_and_afterwards_only_the_outcome(
    record: Record, joined: Joined
) -> None:
    record.put([ANNA])
    joined([renamed("Anna")], [renamed("Hana")])
    assert (found(record, "anna"), found(record, "hana")) == (["Anna"], ["Hana"]), (
        "of one length, yet kept apart"
    )
    record.put([renamed("Hanna", supersedes=heads_of(record, "w"))])
    assert (found(record, "anna"), found(record, "hana"), found(record, "hanna")) == ([], [], ["Hanna"])


def test_what_both_sides_of_a_conflict_agree_on_carries_over(record: Record, joined: Joined) -> None:
    record.put([ANNA | {"type": "person"}])
    joined([renamed("Anna", note="tall")], [renamed("Hana", note="short")])
    record.put([renamed("Hanna", supersedes=heads_of(record, "w"))])
    fetched = record.get("w")
    assert fetched["type"] == "person" and "note" not in fetched


def test_one_slug_given_to_two_things_in_two_branches_is_asked_about(record: Record, joined: Joined) -> None:
    joined([{"kind": "actor", "id": "w", "names": ["A"]}], [{"kind": "actor", "id": "w", "names": ["B"]}])
    with pytest.raises(SlugAmbiguous) as wrong:
        record.get("w")
    choices = wrong.value.mend.removeprefix("Say which: ").removesuffix(".").split(", ")
    assert sorted(record.get(choice)["names"][0]["text"] for choice in choices) == ["A", "B"]
    with pytest.raises(PutRefused, match="lines"):
        record.put([{"kind": "statement", "speaker": "w", "text": "x"}])


def test_one_slug_on_two_devices_is_told_apart_by_device(record: Record, tmp_path: Path) -> None:
    shutil.copytree(record.path, tmp_path / "copy")
    record.put([{"kind": "actor", "id": "s1", "names": ["A"]}])
    stranger = Settings(home=tmp_path / "another home", handle="noam", zone="UTC")
    with onrecord.open(tmp_path / "copy", settings=stranger) as copy:
        copy.put([{"kind": "actor", "id": "s1", "names": ["B"]}])
    merge(record, tmp_path / "copy")
    (guest,) = (log for log in record._store.db.log_numbers() if not record._store.membership().counts(log))
    admit(record, guest)
    with pytest.raises(SlugAmbiguous) as wrong:
        record.get("s1")
    choices = wrong.value.mend.removeprefix("Say which: ").removesuffix(".").split(", ")
    assert all(choice.startswith("s1@") for choice in choices)
    assert sorted(record.get(choice)["names"][0]["text"] for choice in choices) == ["A", "B"]


def test_a_version_that_arrives_after_what_supersedes_it_does_not_revive(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    record.put([ANNA])
    shutil.copytree(record.path, tmp_path / "behind")
    record.put([renamed("Anna")])
    shutil.copytree(record.path, tmp_path / "ahead")
    with onrecord.open(tmp_path / "behind", settings=laptop) as behind:
        behind.put([{"kind": "actor", "names": ["a new branch"]}])
        (newer,) = (log for log in behind._store.db.log_numbers() if not log.endswith(".1"))
        thing = behind.get("w")["id"]
        _take_only_what_supersedes(behind, f"{newer}/9", thing, heads_of(record, "w"))
        merge(behind, tmp_path / "ahead")
        (head,) = behind.get("w")["heads"]
        assert head["fields"]["names"] == [{"text": "Later"}]


def _take_only_what_supersedes(record: Record, name: str, thing: str, heads: list[str]) -> None:
    """As when one laptop's log arrives before the one it refers to."""
    from onrecord.store.views import Fold

    store = record._store
    older = [version.name for version, _ in store.db.versions(thing)]
    body = {
        "kind": "actor",
        "thing": thing,
        "fields": {"names": [{"text": "Later"}]},
        "supersedes": [*older, *heads],
    }
    with store.db.transaction():
        stated = (
            b'{"author":"x","clock":1,"fields":{"names":[{"text":"Later"}]},"kind":"actor","thing":"'
            + thing.encode()
            + b'"}'
        )
        store.db.connection.execute(
            "INSERT INTO body VALUES (?, ?, ?)", (store.db.entry_of(name), b"s" * 32, stated)
        )
        fold = Fold(store.db.connection, store.db.log_numbers())
        fold.take(store.db.entry_of(name), name.partition("/")[0], body, 1)
        fold.flush()


def test_windows_show_an_event_whose_statement_is_in_conflict(record: Record, joined: Joined) -> None:
    record.put(
        [
            {"kind": "actor", "id": "w", "names": ["W"]},
            {"kind": "event", "id": "e", "title": "E", "sides": {"one": ["w"]}},
            {"kind": "statement", "id": "s", "speaker": "w", "about": ["e"], "text": "It fell."},
        ]
    )
    change = {"kind": "statement", "id": "s", "reason": "read again"}
    joined([{**change, "text": "It was shut."}], [{**change, "text": "It burned."}])
    told = record.windows("e")
    (side,) = told["sides"]
    assert [one["id"] for one in side["statements"]]


def test_the_views_of_joined_branches_are_what_the_log_makes(record: Record, joined: Joined) -> None:
    record.put([ANNA])
    joined([renamed("Anna")], [renamed("Hana"), {"kind": "actor", "id": "x", "names": ["X"]}])
    assert list(view_problems(record._store.folder.database)) == []
