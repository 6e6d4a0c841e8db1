"""A record that was rewritten with all its keys verifies; what was kept of it elsewhere shows the first rewritten entry."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import FIRST, SECOND

from onrecord_verify.checking import verify
from onrecord_verify.report import Report
from tests.verifier import kept
from tests.verifier.test_stand_alone import run

every_kind = pytest.mark.parametrize("kind", sorted(kept.ALL))
EXACTLY = re.compile(rf"the first rewritten entry is {re.escape(SECOND)}/(\d+)")
AMONG = re.compile(
    rf"the first rewritten entry is one of {re.escape(SECOND)}/(\d+) to {re.escape(SECOND)}/(\d+)"
)


def compared(record: Path, *evidence: Path) -> Report:
    return verify(record, against=evidence)


def named(report: Report) -> tuple[int, int]:
    """Between which entries the only problem says that the first rewritten one lies."""
    (problem,) = report.problems
    exactly = EXACTLY.search(problem["what"])
    if exactly:
        assert problem["where"] == f"{SECOND}/{exactly.group(1)}"
        return int(exactly.group(1)), int(exactly.group(1))
    among = AMONG.search(problem["what"])
    assert among and problem["where"] == SECOND, problem
    return int(among.group(1)), int(among.group(2))


@every_kind
def test_a_record_that_went_on_extends_what_was_kept(kind: str, tmp_path: Path) -> None:
    made = kept.team(11)
    evidence = kept.ALL[kind](made, tmp_path / "kept", 5)
    made.say(SECOND, *"abc").say(FIRST, "d")
    report = compared(kept.lay_out(made, tmp_path / "record"), evidence)
    assert report.problems == []
    assert report.against == [{"evidence": str(evidence), "extends": True}]


@every_kind
@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.integers(0, 39), st.integers(0, 39), st.integers(0, 5))
def test_the_first_rewritten_entry_is_named(kind: str, size: int, at: int, held: int, more: int) -> None:
    at, held = 1 + at % (size - 1), held % size
    with tempfile.TemporaryDirectory() as folder:
        made = kept.team(size)
        evidence = kept.ALL[kind](made, Path(folder) / "kept", held)
        kept.rewrite(made.logs[SECOND], at)
        made.say(SECOND, *map(str, range(more)))
        record = kept.lay_out(made, Path(folder) / "record")
        assert verify(record).problems == []
        report = compared(record, evidence)
        assert report.against == [{"evidence": str(evidence), "extends": False}]
        first, last = named(report)
        assert first <= at <= last < size
        if kind in kept.EXACT or ("proof" in kind and at == held):
            assert first == last == at


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 40), st.integers(0, 39), st.sets(st.integers(0, 39), min_size=2, max_size=4))
def test_more_evidence_leaves_fewer_entries_among_which_it_is(size: int, at: int, held: set[int]) -> None:
    at = 1 + at % (size - 1)
    with tempfile.TemporaryDirectory() as folder:
        made, place = kept.team(size), Path(folder)
        proofs = [kept.proof(made, place / f"proof {n}", n % size) for n in sorted(held)]
        kept.rewrite(made.logs[SECOND], at)
        record = kept.lay_out(made, place / "record")
        alone = [named(compared(record, one)) for one in proofs]
        first, last = named(compared(record, *proofs))
        assert first <= at <= last
        assert first >= max(low for low, _ in alone) and last <= min(high for _, high in alone)


def test_a_proof_of_one_half_leaves_the_other_half(tmp_path: Path) -> None:
    made = kept.team(16)
    evidence = kept.proof(made, tmp_path / "proof", 3)
    kept.rewrite(made.logs[SECOND], 9)
    assert named(compared(kept.lay_out(made, tmp_path / "record"), evidence)) == (8, 15)


@every_kind
def test_a_log_that_was_cut_off_is_a_problem(kind: str, tmp_path: Path) -> None:
    made = kept.team(11)
    evidence = kept.ALL[kind](made, tmp_path / "kept", 5)
    made.logs[SECOND].here = 1
    del made.logs[SECOND].heads[8:], made.logs[SECOND].bodies[8:]
    record = kept.lay_out(made, tmp_path / "record")
    assert verify(record).problems == []
    report = compared(record, evidence)
    assert [one["where"] for one in report.problems] == [SECOND]
    assert "cut off" in report.problems[0]["what"]


def test_another_copy_may_be_ahead_in_what_others_wrote(tmp_path: Path) -> None:
    made = kept.team(11)
    other = kept.copy(made, tmp_path / "other", 0)
    del made.logs[SECOND].heads[8:], made.logs[SECOND].bodies[8:]
    report = compared(kept.lay_out(made, tmp_path / "record"), other)
    assert report.problems == []
    assert any("has 11 of its entries" in note for note in report.notes)


def test_a_whole_log_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    made = kept.team(11)
    evidence = kept.listing(made, tmp_path / "listing", 0)
    del made.logs[SECOND]
    report = compared(kept.lay_out(made, tmp_path / "record"), evidence)
    assert [one["where"] for one in report.problems] == [SECOND]


def test_a_key_that_was_exchanged_is_named(tmp_path: Path) -> None:
    from independent import LogKey
    from tiny import RECORD, device

    made = kept.team(11)
    evidence = [kept.ALL[kind](made, tmp_path / kind, 3) for kind in ("a checkpoint", "a root file")]
    log = made.logs[SECOND]
    log.key = LogKey(RECORD, SECOND, "another seed")
    (_, old), log.heads, log.bodies = log.bodies[0] or (b"", ""), log.heads[1:], log.bodies[1:]
    assert old
    rest, log.heads, log.bodies = (log.heads, log.bodies), [], []
    log.add("device", f"device of {SECOND}", device(log, log.author))
    log.heads, log.bodies = [*log.heads, *rest[0]], [*log.bodies, *rest[1]]
    record = kept.lay_out(made, tmp_path / "record")
    assert verify(record).problems == []
    where = {one["where"] for one in compared(record, *evidence).problems}
    assert where == {str(evidence[0]), f"keys/{SECOND}.vkey", f"{SECOND}/0"}


@every_kind
def test_evidence_of_another_record_or_that_was_spoilt_is_refused(kind: str, tmp_path: Path) -> None:
    made = kept.team(6)
    record = kept.lay_out(made, tmp_path / "record")
    evidence = kept.ALL[kind](made, tmp_path / "kept", 2)
    if kind == "another copy":
        (evidence / "record.db").write_bytes(b"x" * 5000)
    else:
        file = evidence / "proofs.json" if evidence.is_dir() else evidence
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(SECOND[:5], "zzzzz"), encoding="utf-8")
    report = compared(record, evidence)
    assert report.problems and report.against == [{"evidence": str(evidence), "extends": False}]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(set(kept.ALL) - {"another copy"})), st.integers(0, 10**6), st.integers(0, 7))
def test_evidence_with_a_flipped_bit_never_brings_it_down(kind: str, at: int, bit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = kept.team(4)
        evidence = kept.ALL[kind](made, Path(folder) / "kept", 2)
        file = evidence / "proofs.json" if evidence.is_dir() else evidence
        raw = bytearray(file.read_bytes())
        raw[at % len(raw)] ^= 1 << bit
        file.write_bytes(raw)
        compared(kept.lay_out(made, Path(folder) / "record"), evidence)


@pytest.mark.parametrize(
    "text", ["", "x", "{}", "[]", '{"format":"onrecord proof 1"}', "onrecord/", "[" * 9999]
)
def test_what_is_no_evidence_is_a_problem(text: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text(text, encoding="utf-8")
    report = compared(kept.lay_out(kept.team(4), tmp_path / "record"), tmp_path / "kept")
    assert [one["where"] for one in report.problems] == [str(tmp_path / "kept")]


def test_the_program_compares_with_the_standard_library_alone(tmp_path: Path) -> None:
    made = kept.team(16)
    evidence = kept.root_file(made, tmp_path / "kept", 0)
    good = run(kept.lay_out(made, tmp_path / "good"), "--against", evidence)
    assert good.returncode == 0 and "It goes on from" in good.stdout, good.stdout + good.stderr
    kept.rewrite(made.logs[FIRST], 6)
    done = run("--json", kept.lay_out(made, tmp_path / "bad"), "--against", evidence)
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"][0]["where"] == f"{FIRST}/6"


def test_only_a_record_is_compared(tmp_path: Path) -> None:
    done = run(kept.dossier(kept.team(4), tmp_path / "dossier", 1), "--against", tmp_path)
    assert done.returncode == 2 and "record" in done.stderr
