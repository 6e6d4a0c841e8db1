"""The published vectors: they come out of their own code unchanged, and the verifier agrees with every one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import make
import pytest

from onrecord_verify.canonical import canonical
from onrecord_verify.checking import verify
from onrecord_verify.ed25519 import signature_good
from onrecord_verify.entries import Head, commitment, read_body, read_head
from onrecord_verify.grammar import Broken
from onrecord_verify.inclusion import leaf_hash, root_of_path
from onrecord_verify.notes import fingerprint, read_checkpoint, read_key
from onrecord_verify.record import Record
from onrecord_verify.report import Report
from onrecord_verify.statements import Place
from onrecord_verify.tree import Tree
from tests.verifier.laid_out import VECTORS, lay_out_record, take_step, vector, write_files


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[one["why"] for one in cases])


def test_the_vectors_are_those_that_their_code_makes() -> None:
    made = make.vectors()
    assert {path.name for path in VECTORS.glob("*.json")} == made.keys()
    for name, value in made.items():
        assert (VECTORS / name).read_text(encoding="utf-8") == make.written(value), name


@named(vector("canonical.json")["good"])
def test_canonical_json_is_read(case: dict[str, Any]) -> None:
    assert canonical(bytes.fromhex(case["hex"])) == case["value"]


@named(vector("canonical.json")["bad"])
def test_other_json_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        canonical(bytes.fromhex(case["hex"]) * case.get("times", 1))


@pytest.mark.parametrize("case", vector("commitments.json"))
def test_commitments_agree(case: dict[str, Any]) -> None:
    assert commitment(bytes.fromhex(case["salt"]), case["body"].encode()) == case["commitment"]


def test_leaves_and_roots_agree_at_every_size() -> None:
    trees = vector("trees.json")
    roots = {one["size"]: one["root"] for one in trees["roots"]}
    leaves = b"".join(leaf_hash(f"leaf {n}".encode()) for n in range(max(roots)))
    tree = Tree(leaves)
    assert {size: tree.root(size).hex() for size in roots} == roots
    assert [leaf_hash(f"leaf {n}".encode()).hex() for n in range(3)] == trees["leaves"]


def test_inclusion_proofs_lead_to_the_root_and_altered_ones_do_not() -> None:
    trees = vector("trees.json")
    roots = {one["size"]: one["root"] for one in trees["roots"]}
    for one in trees["paths"]:
        leaf = leaf_hash(f"leaf {one['index']}".encode())
        path = [bytes.fromhex(step) for step in one["path"]]
        assert root_of_path(leaf, one["index"], one["size"], path).hex() == roots[one["size"]]
        for at in range(len(path)):
            bent = [*path[:at], bytes(32), *path[at + 1 :]]
            assert root_of_path(leaf, one["index"], one["size"], bent).hex() != roots[one["size"]]
        for wrong in (path[:-1] if path else [bytes(32)], [*path, bytes(32)]):
            with pytest.raises(Broken):
                root_of_path(leaf, one["index"], one["size"], wrong)
        with pytest.raises(Broken):
            root_of_path(leaf, one["size"], one["size"], path)


@named(vector("ed25519.json"))
def test_signatures_are_judged_strictly(case: dict[str, Any]) -> None:
    parts = (bytes.fromhex(case[part]) for part in ("public", "message", "signature"))
    assert signature_good(*parts) is case["good"]


@pytest.mark.parametrize("case", vector("keys.json")["good"])
def test_keys_are_read_and_have_their_fingerprint(case: dict[str, Any]) -> None:
    key = read_key(case["line"])
    assert (key.record, key.log, key.public.hex()) == (case["record"], case["log"], case["public"])
    assert fingerprint(key.public) == case["fingerprint"]


@named(vector("keys.json")["bad"])
def test_other_keys_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        read_key(case["line"])


@named(vector("checkpoints.json")["good"])
def test_checkpoints_are_read(case: dict[str, Any]) -> None:
    stated = vector("checkpoints.json")
    read = read_checkpoint(case["note"].encode(), read_key(stated["vkey"]))
    assert (read.size, read.root.hex()) == (stated["size"], stated["root"])


@named(vector("checkpoints.json")["bad"])
def test_other_checkpoints_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        read_checkpoint(case["note"].encode(), read_key(vector("checkpoints.json")["vkey"]))


@pytest.mark.parametrize("case", vector("heads.json")["good"])
def test_heads_are_read(case: dict[str, Any]) -> None:
    head = read_head(case["head"].encode())
    assert json.loads(case["head"])["seq"] == head.seq
    assert leaf_hash(case["head"].encode()).hex() == case["leaf"]


@named(vector("heads.json")["bad"])
def test_other_heads_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        read_head(case["head"].encode())


def body_of(case: dict[str, Any]) -> dict[str, Any]:
    body, salt = case["body"].encode(), bytes(32)
    head = Head(case["class"], commitment(salt, body), case["log"], 0, None)
    return dict(read_body(body, salt, head))


@pytest.mark.parametrize("case", vector("bodies.json")["good"])
def test_bodies_are_read(case: dict[str, Any]) -> None:
    assert body_of(case) == json.loads(case["body"])


@named(vector("bodies.json")["bad"])
def test_other_bodies_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        body_of(case)


@named(vector("dossier.json")["mutations"])
def test_a_spoilt_dossier_is_named(case: dict[str, Any], tmp_path: Path) -> None:
    write_files(vector("dossier.json")["files"], tmp_path)
    expect_problem(case, tmp_path)


@named(vector("record.json")["mutations"])
def test_a_spoilt_record_is_named(case: dict[str, Any], tmp_path: Path) -> None:
    lay_out_record(vector("record.json"), tmp_path)
    expect_problem(case, tmp_path)


def expect_problem(case: dict[str, Any], folder: Path) -> None:
    assert verify(folder).problems == []
    for step in case["steps"]:
        take_step(step, folder)
    problems = verify(folder).problems
    assert any(one["where"] == case["where"] and case["says"] in one["what"] for one in problems), problems


@named(vector("record.json")["notes"])
def test_what_a_stopped_write_left_is_a_note(case: dict[str, Any], tmp_path: Path) -> None:
    lay_out_record(vector("record.json"), tmp_path)
    for step in case["steps"]:
        take_step(step, tmp_path)
    report = verify(tmp_path)
    assert report.problems == []
    assert any(case["says"] in note for note in report.notes), report.notes


@named(vector("devices.json"))
def test_a_log_counts_only_where_one_that_counts_lets_it_in(case: dict[str, Any], tmp_path: Path) -> None:
    report = verify(lay_out_record(case, tmp_path))
    assert report.problems == []
    assert {key["log"] for key in report.keys} == {*case["counting"], *case["not_counting"]}
    assert report.notes == [
        f"The log {log} is by a device that no member has let in." for log in case["not_counting"]
    ]


@named(vector("members.json"))
def test_who_writes_and_how_much_of_it_stands(case: dict[str, Any], tmp_path: Path) -> None:
    report = Report("record")
    record = Record(lay_out_record(case, tmp_path), report)
    record.read(False)
    record.finish()
    assert report.problems == []
    assert {log: stands(record, log) for log in case["standing"]} == case["standing"]


def stands(record: Record, log: str) -> int:
    sizes = range(record.rows[log].tree.size)
    return sum(record.members.stands(Place(log, seq)) for seq in sizes)


@named(vector("histories.json"))
def test_what_was_forked_merged_withheld_or_erased(case: dict[str, Any], tmp_path: Path) -> None:
    report = verify(lay_out_record(case, tmp_path))
    assert len(report.problems) == len(case["problems"]), report.problems
    for found, stated in zip(report.problems, case["problems"], strict=True):
        assert found["where"] == stated["where"] and stated["says"] in found["what"], found
    assert len(report.notes) == len(case["notes"]), report.notes
    assert all(any(says in note for note in report.notes) for says in case["notes"]), report.notes
