"""The program's own code against the published test vectors, which any implementation can run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onrecord.record.canonical import encode, is_canonical
from onrecord.record.checkpoint import (
    NoteInvalid,
    fingerprint,
    open_note,
    parse_verifier_key,
    verifier_key,
)
from onrecord.record.entries import Draft, body_bytes, commitment, head_bytes
from onrecord.record.merkle import Frontier, Tree, leaf_hash, root_from_path

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def test_canonical_json_is_written_as_published() -> None:
    for case in vectors("canonical")["good"]:
        assert encode(case["value"]).hex() == case["hex"], case["why"]


@pytest.mark.parametrize("case", vectors("canonical")["bad"], ids=lambda case: case["why"])
def test_what_is_not_canonical_json_is_told(case: dict[str, str]) -> None:
    assert not is_canonical(bytes.fromhex(case["hex"]))


def test_commitments_are_as_published() -> None:
    for case in vectors("commitments"):
        made = commitment(bytes.fromhex(case["salt"]), case["body"].encode("utf-8"))
        assert made == case["commitment"]


def test_leaves_of_heads_are_as_published() -> None:
    for case in vectors("heads")["good"]:
        assert leaf_hash(case["head"].encode("ascii")).hex() == case["leaf"]


def test_heads_are_written_as_published() -> None:
    for case in vectors("heads")["good"]:
        head = json.loads(case["head"])
        kind = {"content": "actor", "control": "record"}.get(head["class"], head["class"])
        made = head_bytes(head["log"], head["seq"], kind, head["commit"], head.get("of"))
        assert made.decode("ascii") == case["head"]


def test_bodies_are_written_as_published() -> None:
    for case in vectors("bodies")["good"]:
        body = json.loads(case["body"])
        draft = Draft(
            body["kind"],
            body["thing"],
            body["fields"],
            body.get("slug"),
            tuple(body.get("supersedes", ())),
            body.get("reason"),
        )
        assert body_bytes(draft, body["author"], body["clock"]).decode("utf-8") == case["body"]


def test_roots_and_paths_are_as_published() -> None:
    told = vectors("trees")
    assert [leaf_hash(f"leaf {n}".encode()).hex() for n in range(len(told["leaves"]))] == told["leaves"]
    roots = {case["size"]: bytes.fromhex(case["root"]) for case in told["roots"]}
    for size, root in roots.items():
        frontier = Frontier()
        for at in range(size):
            frontier.append(leaf_hash(f"leaf {at}".encode()))
        assert frontier.root() == root, size
    for case in told["paths"]:
        held = [leaf_hash(f"leaf {at}".encode()) for at in range(case["size"])]
        path = [bytes.fromhex(step) for step in case["path"]]
        assert Tree(held).path(case["index"]) == path
        assert root_from_path(held[case["index"]], case["index"], case["size"], path) == Tree(held).root()


def test_verifier_keys_and_fingerprints_are_as_published() -> None:
    for case in vectors("keys")["good"]:
        origin, public = parse_verifier_key(case["line"])
        assert (origin, public.hex()) == (f"onrecord/{case['record']}/{case['log']}", case["public"])
        assert verifier_key(origin, public) == case["line"]
        assert fingerprint(public) == case["fingerprint"]


def test_checkpoints_open_as_published_and_no_other_note_does() -> None:
    told = vectors("checkpoints")
    origin, public = parse_verifier_key(told["vkey"])
    for case in told["good"]:
        opened = open_note(case["note"].encode("utf-8"), origin, public)
        assert (opened.size, opened.root.hex()) == (told["size"], told["root"]), case["why"]
    for case in told["bad"]:
        with pytest.raises(NoteInvalid):
            open_note(case["note"].encode("utf-8"), origin, public)
            pytest.fail(case["why"])
