"""The values printed in docs/format are those of the vectors."""

from __future__ import annotations

import json
import re

import tiny
from independent import commitment, leaf, path, root

from tests.verifier.laid_out import VECTORS

PAGES = VECTORS.parents[1] / "docs" / "format"


def test_the_worked_example_is_the_vectors_fourth_entry() -> None:
    page = (PAGES / "README.md").read_text(encoding="utf-8")
    unbroken = re.sub(r"\n +", "", page)
    log = tiny.Tiny().first
    opened, heads = log.bodies[3], log.leaves()[:4]
    assert opened is not None
    salt, body = opened
    for shown in (
        body,
        salt.hex(),
        commitment(salt, body),
        log.heads[3],
        log.key.line(),
        log.key.public.hex(),
    ):
        assert shown in unbroken
    steps = [step.hex() for step in path(3, heads)]
    for shown in (leaf(heads[3]).hex(), *steps, root(heads).hex(), log.key.fingerprint()):
        assert shown in page
    note = log.checkpoints[0][1]
    assert "".join(f"    {line}\n" if line else "\n" for line in note.splitlines()) in page
    assert f"The body, {len(body.encode())} bytes" in page


def test_every_file_of_vectors_is_described() -> None:
    page = (PAGES / "vectors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+\.json)`", page, re.MULTILINE)) == {
        one.name for one in VECTORS.glob("*.json")
    }


def test_every_step_of_a_mutation_is_described() -> None:
    page = (PAGES / "vectors.md").read_text(encoding="utf-8")
    for name in ("record.json", "dossier.json"):
        cases = json.loads((VECTORS / name).read_text(encoding="utf-8"))["mutations"]
        steps = {step["step"] for case in cases for step in case["steps"]}
        assert steps <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
