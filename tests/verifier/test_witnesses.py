"""Colleagues' merges inside the record are witnesses: who rewrites a log with its own key is found by them."""

from __future__ import annotations

import base64
import json
import tempfile
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from independent import canonical, commitment
from letting_in import THIRD
from tiny import FIRST, RECORD, SECOND

from onrecord_verify.checking import verify
from tests.verifier import kept
from tests.verifier.test_against import named


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 40))
def test_the_first_rewritten_entry_lies_between_two_merges(grown: list[int], at: int) -> None:
    made, sizes = kept.team(2), [0]
    for count in grown:
        made.say(SECOND, *(f"{len(sizes)} {n}" for n in range(count))).merge(FIRST, SECOND)
        sizes.append(len(made.logs[SECOND].heads))
    at = 1 + at % (sizes[-1] - 1)
    kept.rewrite(made.logs[SECOND], at)
    with tempfile.TemporaryDirectory() as folder:
        first, last = named(verify(kept.lay_out(made, Path(folder) / "record")))
    assert first == max(size for size in sizes if size <= at)
    assert last == min(size for size in sizes if size > at) - 1


def test_what_was_rewritten_after_the_last_merge_no_witness_shows(tmp_path: Path) -> None:
    made = kept.team(8).merge(FIRST, SECOND).say(SECOND, "after")
    kept.rewrite(made.logs[SECOND], 8)
    assert verify(kept.lay_out(made, tmp_path / "record")).problems == []


def test_a_log_that_was_written_here_is_not_shorter_than_others_saw_it(tmp_path: Path) -> None:
    made = kept.team(8).merge(FIRST, SECOND)
    made.logs[SECOND].here = 1
    del made.logs[SECOND].heads[6:], made.logs[SECOND].bodies[6:]
    (problem,) = verify(kept.lay_out(made, tmp_path / "record")).problems
    assert problem["where"] == SECOND and "cut off" in problem["what"]


def test_a_listing_that_was_stamped_is_a_witness(tmp_path: Path) -> None:
    made = kept.team(8)
    text = kept.listing_text(made)
    stamp = {"listing": text, "root": sha256(text.encode()).hexdigest(), "tokens": []}
    made.logs[FIRST].add("stamp", "a stamp", stamp)
    kept.rewrite(made.logs[SECOND], 3)
    assert named(verify(kept.lay_out(made, tmp_path / "record"))) == (0, 7)


def test_a_witness_cannot_be_bent_without_its_key(tmp_path: Path) -> None:
    """An insider who also rewrites the merge that saw it needs the other laptop's key for the cosignature."""
    made = kept.team(8).merge(FIRST, SECOND)
    kept.rewrite(made.logs[SECOND], 3)
    witness = made.logs[FIRST]
    salt, body = deepcopy(witness.bodies[-1]) or (b"", "")
    stated = json.loads(body)
    stated["fields"]["heads"][0]["root"] = kept.text_of(made.logs[SECOND])
    assert len(base64.b64decode(stated["fields"]["heads"][0]["cosigned"])) == 72
    bent = canonical(stated)
    witness.heads[-1] = witness.heads[-1].replace(commitment(salt, body), commitment(salt, bent))
    witness.bodies[-1] = salt, bent
    (problem,) = verify(kept.lay_out(made, tmp_path / "record")).problems
    assert problem["where"] == f"{FIRST}/{len(witness.heads) - 1}"
    assert "bad cosignature" in problem["what"]


def test_nobody_excuses_a_rewriting_by_a_fork_entry_of_their_own(tmp_path: Path) -> None:
    made = kept.team(8).merge(FIRST, SECOND)
    log = made.logs[SECOND]
    before = log.key.note(log.leaves())
    kept.rewrite(log, 3)
    log.add("fork", "an excuse", {"at": 1, "log": SECOND, "notes": [before, log.key.note(log.leaves())]})
    assert named(verify(kept.lay_out(made, tmp_path / "record"))) == (0, 7)


def test_a_guest_who_writes_nonsense_makes_no_problem_for_others(tmp_path: Path) -> None:
    made = kept.team(3)
    made.begin(THIRD)
    made.logs[THIRD].add("item", "nonsense", {"sha256": "none"})
    made.logs[THIRD].add("merge", "nonsense", {"heads": [{"log": "nowhere"}]})
    report = verify(kept.lay_out(made, tmp_path / "record"))
    assert report.problems == []
    assert [f"{THIRD}/1 rests" in note for note in report.notes].count(True) == 1
    assert [f"{THIRD}/2 rests" in note for note in report.notes].count(True) == 1


def test_a_guest_cannot_begin_the_record_anew(tmp_path: Path) -> None:
    made = kept.team(3)
    made.begin(THIRD)
    log = made.logs[THIRD]
    log.heads.clear()
    log.bodies.clear()
    log.add("record", "record", {"format": 1, "record": RECORD, "zone": "UTC"})
    for number in (0, 30):
        log.number = number
        record = kept.lay_out(made, tmp_path / str(number))
        assert any("second beginning" in one["what"] for one in verify(record).problems)
