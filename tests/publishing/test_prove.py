"""`prove`: one entry by itself, past the gate, checked by the stand-alone verifier."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.errors import InConflict, KindWrong, OutputExists, ThingUnknown
from onrecord.record.ids import mint
from onrecord.settings import Settings
from onrecord.stamping.histories import listing_of
from tests.branches import merge
from tests.vectors.authority import authority

Take = Callable[[str], str]
WORDS = "The gate was shut at 07:15 and Dana Levi saw it."
OPEN = dict.fromkeys(
    ("team", "partner", "court", "un", "media", "words", "name", "place", "image", "voice"), "yes"
)


def accounts(record: Record, item: str, **terms: Any) -> dict[str, str]:
    """A statement in an interview, with what was agreed over each of its parts."""
    lines: list[dict[str, Any]] = [
        {"kind": "actor", "id": "guard", "type": "person", "names": [{"text": "Yusuf Haddad"}]},
        {"kind": "passage", "id": "words", "item": item, "quote": "The gate was shut at 07:15"},
        {"kind": "statement", "id": "said", "speaker": "guard", "act": "asserts", "basis": "saw", "passages": ["words"]},
        {"kind": "terms", "id": "agreed", "over": [item, "guard", "said"], "agreed_with": "guard",
         "attribution": {"form": "named"}, "uses": {**OPEN, **terms}},
    ]  # fmt: skip
    return {row["slug"]: row["id"] for row in record.put(lines)}


ID = re.compile("(?<![A-Za-z0-9+/=])[a-z2-7]{16}(?![A-Za-z0-9+/=])")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def proof_at(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    assert text == json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return read


def stamped_by_vectors(record: Record) -> None:
    """A stamp by the authority of the test vectors, as `stamp` writes one."""
    with record._store.writing(keep_checkpoint=True) as writer:
        writer.checkpoint(keep=True)
        listing = listing_of(record._store.db.connection, record.id)
    at = datetime(2024, 5, 1, 12, 0, tzinfo=timezone.utc)  # noqa: UP017
    token = authority("hourglass", "ec").stamp(bytes.fromhex(listing.root), 7, at)
    with record._store.writing() as writer:
        writer.append(
            Draft("stamp", mint(), {"listing": listing.text, "root": listing.root, "tokens": [token]})
        )


def test_a_statement_is_proven_with_what_it_says(record: Record, letter: Take, tmp_path: Path) -> None:
    ids = accounts(record, letter(WORDS))
    stamped_by_vectors(record)
    told = record.prove("said", tmp_path / "proof.json")
    assert told["refused"] == [] and told["times"][0]["time"] == "2024-05-01T12:00:00Z"
    found = onrecord.verify(tmp_path / "proof.json")
    assert found["ok"] and [one["time"] for one in found["times"]] == ["2024-05-01T12:00:00Z"]
    assert json.loads(proof_at(tmp_path / "proof.json")["body"])["thing"] == ids["said"]


def test_an_original_is_compared_with_the_file_at_hand(record: Record, letter: Take, tmp_path: Path) -> None:
    item = letter("The gate was shut at 07:15")
    accounts(record, item)
    assert record.prove(item, tmp_path / "proof.json")["refused"] == []
    assert onrecord.verify(tmp_path / "proof.json", original=tmp_path / "letter.txt")["ok"]
    (tmp_path / "other.txt").write_text("another file")
    assert not onrecord.verify(tmp_path / "proof.json", original=tmp_path / "other.txt")["ok"]


def test_without_the_body_it_always_passes_and_says_that_it_shows_only_that_something_existed(
    record: Record, letter: Take, tmp_path: Path
) -> None:
    item = letter(WORDS)
    assert record.prove(item, tmp_path / "no.json")["refused"]
    assert record.prove(item, tmp_path / "proof.json", with_body=False)["refused"] == []
    proof = proof_at(tmp_path / "proof.json")
    assert "body" not in proof and "salt" not in proof
    found = onrecord.verify(tmp_path / "proof.json")
    assert any("only that something existed" in point for _, points in found["proven"] for point in points)


def test_nothing_else_is_told(record: Record, letter: Take, tmp_path: Path) -> None:
    """No id that the body does not say itself, but those of the record and its logs; no name, no word."""
    ids = accounts(record, letter(WORDS))
    stamped_by_vectors(record)
    logs = set(record._store.db.log_numbers())
    record.prove("said", tmp_path / "with.json")
    record.prove("said", tmp_path / "without.json", with_body=False)
    for name in ("with.json", "without.json"):
        proof = proof_at(tmp_path / name)
        text = "\n".join(_strings(proof))
        allowed = {record.id, *(log.partition(".")[0] for log in logs), *ID.findall(proof.get("body", ""))}
        assert set(ID.findall(text)) == allowed
        for secret in ("Yusuf", "gate", "Dana", "guard", ids["agreed"], "letter.txt", "mira"):
            assert secret not in text


def test_closed_words_are_refused_with_the_mend(record: Record, letter: Take, tmp_path: Path) -> None:
    accounts(record, letter(WORDS), court="no")
    told = record.prove("said", tmp_path / "proof.json")
    assert told["out"] is None and not (tmp_path / "proof.json").exists()
    assert told["refused"] and all("--without-body" in row["mend"] for row in told["refused"])
    assert {"thing", "term", "mend"} <= told["refused"][0].keys()
    assert record.prove("said", tmp_path / "team.json", audience="team")["refused"] == []


def test_no_terms_means_closed(record: Record, letter: Take, tmp_path: Path) -> None:
    item = letter(WORDS)
    for name in (item, record._store.id):
        assert record.prove(name, tmp_path / "proof.json")["refused"]


def test_a_closed_name_in_what_it_says_is_refused(record: Record, letter: Take, tmp_path: Path) -> None:
    item = letter("The gate was shut at 07:15")
    accounts(record, item)
    record.put([
        {"kind": "actor", "id": "levi", "type": "person", "names": [{"text": "Dana Levi"}]},
        {"kind": "terms", "over": ["levi"], "uses": {"name": "no", "court": "no"}},
        {"kind": "statement", "id": "said", "hedge": "so Dana Levi had told him", "reason": "heard again"},
    ])  # fmt: skip
    refused = record.prove("said", tmp_path / "proof.json")["refused"]
    assert any("what the entry says" in row["mend"] for row in refused)
    first = record.history("said")["versions"][0]["version"]
    assert record.prove(first, tmp_path / "earlier.json")["refused"] == []


def test_a_closed_name_in_the_reason_or_the_slug_is_refused(
    record: Record, letter: Take, tmp_path: Path
) -> None:
    accounts(record, letter("The gate was shut at 07:15"))
    record.put([
        {"kind": "actor", "id": "x", "type": "person", "names": [{"text": "Dana Levi"}]},
        {"kind": "terms", "over": ["x"], "uses": {"name": "no"}},
        {"kind": "statement", "id": "said", "hedge": "perhaps", "reason": "Dana Levi said so"},
    ])  # fmt: skip
    assert record.prove("said", tmp_path / "proof.json")["refused"]


def test_the_hash_of_a_text_goes_only_where_its_original_may(
    record: Record, letter: Take, tmp_path: Path
) -> None:
    """A passage names the hash of the text it stands in, which tells one copy from another."""
    item = letter(WORDS)
    accounts(record, item)
    record.put([
        {"kind": "actor", "id": "levi", "type": "person", "names": [{"text": "Dana Levi"}]},
        {"kind": "terms", "over": ["levi"], "uses": {"name": "no"}},
        {"kind": "terms", "over": ["words"], "uses": OPEN},
    ])  # fmt: skip
    refused = record.prove("words", tmp_path / "proof.json")["refused"]
    assert any("the original" in row["mend"] for row in refused)


def test_a_sealed_field_does_not_leave_even_encrypted(record: Record, tmp_path: Path) -> None:
    record.put([
        {"kind": "actor", "id": "w3", "type": "person", "names": [{"text": "Witness 3"}],
         "sealed": {"names": [{"text": "Dana Levi"}]}},
        {"kind": "terms", "over": ["w3"], "uses": OPEN},
    ])  # fmt: skip
    refused = record.prove("w3", tmp_path / "proof.json")["refused"]
    assert any(row["term"] == "sealed" for row in refused)


def test_a_thing_in_conflict_is_not_chosen_for_you_and_each_branch_is_proven(
    record: Record, letter: Take, tmp_path: Path, home: Path
) -> None:
    """A laptop restored whole, keys and all, and written on: both branches of its log are kept."""
    accounts(record, letter(WORDS))
    stamped_by_vectors(record)
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    shutil.copytree(home, tmp_path / "home-then")
    then = Settings(home=tmp_path / "home-then", handle="mira", zone="UTC")
    with onrecord.open(tmp_path / "copy", settings=then) as copy:
        copy.put([{"kind": "statement", "id": "said", "hedge": "there", "reason": "r"}])
    with onrecord.open(record.path, settings=record.settings) as here:
        here.put([{"kind": "statement", "id": "said", "hedge": "here", "reason": "r"}])
        merge(here, tmp_path / "copy")
        stamped_by_vectors(here)
        versions = [version["version"] for version in here.history("said")["versions"]]
        assert sum("~" in version for version in versions) == 2
        with pytest.raises(InConflict, match=re.escape(versions[-1])):
            here.prove("said", tmp_path / "proof.json")
        for number, version in enumerate(versions):
            told = here.prove(version, tmp_path / f"{number}.json", with_body=False)
            assert told["entry"] == version and len(told["times"]) == 1
            assert onrecord.verify(tmp_path / f"{number}.json")["ok"]
        assert [day["stamped"] for day in here.stamps()] == [True]


def test_what_rests_is_proven_without_its_body_only(record: Record, letter: Take, tmp_path: Path) -> None:
    accounts(record, letter(WORDS))
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    theirs = Settings(home=tmp_path / "other", handle="noa", zone="UTC")
    with onrecord.open(tmp_path / "copy", settings=theirs) as copy:
        copy.put([{"kind": "statement", "id": "said", "hedge": "theirs", "reason": "r"}])
        version = copy.history("said")["versions"][-1]["version"]
    with onrecord.open(record.path, settings=record.settings) as ours:
        merge(ours, tmp_path / "copy")
        assert ours.prove(version, tmp_path / "bare.json", with_body=False)["refused"] == []
        assert onrecord.verify(tmp_path / "bare.json")["ok"]
        refused = ours.prove(version, tmp_path / "proof.json")["refused"]
        assert [row["term"] for row in refused] == ["it rests: not admitted"]


def test_the_earliest_stamp_that_covers_it_is_taken(record: Record, letter: Take, tmp_path: Path) -> None:
    accounts(record, letter(WORDS))
    stamped_by_vectors(record)
    letter("another", "b.txt")
    stamped_by_vectors(record)
    record.prove("said", tmp_path / "first.json", with_body=False)
    proof = proof_at(tmp_path / "first.json")
    sizes = [
        thing.heads[0].fields["listing"].split(" ")[-2]
        for thing in record._store.db.as_now().of_kind("stamp")
    ]
    assert len(proof["stamps"]) == 1 and proof["stamps"][0]["listing"].split(" ")[-2] == min(sizes, key=int)
    assert proof["checkpoint"].split("\n")[1] == min(sizes, key=int)


def test_an_entry_after_the_last_stamp_is_proven_without_a_time(
    record: Record, letter: Take, tmp_path: Path
) -> None:
    stamped_by_vectors(record)
    item = letter("later")
    told = record.prove(item, tmp_path / "proof.json", with_body=False)
    assert told["times"] == [] and onrecord.verify(tmp_path / "proof.json")["ok"]


def test_every_entry_of_a_record_can_be_proven(record: Record, letter: Take, tmp_path: Path) -> None:
    accounts(record, letter(WORDS))
    stamped_by_vectors(record)
    (log,) = record._store.db.log_numbers()
    for seq in range(12):
        out = tmp_path / f"{seq}.json"
        try:
            record.prove(f"{log}/{seq}", out, with_body=False)
        except ThingUnknown:
            assert seq > 8
            break
        assert onrecord.verify(out)["ok"]


@pytest.mark.parametrize(
    "name", ["nothing", "a" * 16, "a" * 16 + ".1/0", "{log}/99999", "{log}~0123456789abcdef/0"]
)
def test_what_is_not_there_is_not_proven(record: Record, name: str, tmp_path: Path) -> None:
    (log,) = record._store.db.log_numbers()
    with pytest.raises(ThingUnknown):
        record.prove(name.format(log=log), tmp_path / "proof.json")


def test_nothing_is_written_over_and_nothing_into_the_record(
    record: Record, letter: Take, tmp_path: Path
) -> None:
    item = letter(WORDS)
    (tmp_path / "there").write_text("mine")
    for out in (tmp_path / "there", tmp_path / "no" / "folder.json", tmp_path):
        with pytest.raises(OutputExists):
            record.prove(item, out, with_body=False)
    assert (tmp_path / "there").read_text() == "mine"


def test_an_audience_that_is_none_is_refused(record: Record, letter: Take, tmp_path: Path) -> None:
    with pytest.raises(KindWrong, match="audience"):
        record.prove(letter(WORDS), tmp_path / "proof.json", audience="everyone")
