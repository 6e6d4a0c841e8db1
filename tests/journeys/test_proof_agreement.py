"""The page that checks proofs and the stand-alone verifier say the same of proofs altered in every way."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.proof_files import (
    LATER,
    SUPERSEDED,
    holds,
    misshapen,
    mutations,
    revocation,
    sample,
    stamped,
    with_calendar,
    written,
)
from tests.journeys.reader import HOLDS, Doubter
from tests.journeys.test_proof_page import NAMED
from tests.vectors.authority import authority


def apart(
    doubter: Doubter, program: Any, file: Path, altered: Iterable[tuple[str, dict[str, Any]]]
) -> list[str]:
    """Where the page and the program do not say the same. A page that cannot tell does not say that it holds."""
    found = []
    for where, proof in altered:
        file.write_bytes(written(proof))
        if (doubter.gives(written(proof)) == HOLDS) != holds(program, file):
            found.append(where)
    return found


@pytest.mark.parametrize(
    ("name", "step"), [("rsa.json", 97), ("ecdsa.json", 41), ("without-checkpoint.json", 83)]
)
def test_the_page_and_the_stand_alone_verifier_agree_on_every_altered_byte(
    doubter: Doubter, program: Any, tmp_path: Path, name: str, step: int
) -> None:
    assert apart(doubter, program, tmp_path / "proof.json", mutations(sample(name), step)) == []
    assert doubter.complaints == []


def test_the_page_and_the_stand_alone_verifier_agree_on_every_part_of_another_kind(
    doubter: Doubter, program: Any, tmp_path: Path
) -> None:
    clock = authority("listed", "ec")
    kept = revocation(clock.signer, clock.chain[1], LATER, SUPERSEDED)
    proof = with_calendar(stamped(clock, crls=[kept]))
    assert doubter.gives(proof) == HOLDS
    assert apart(doubter, program, tmp_path / "proof.json", misshapen(proof)) == []
    assert doubter.complaints == []


@pytest.mark.parametrize("part", NAMED)
def test_the_program_also_refuses_what_the_page_names(program: Any, tmp_path: Path, part: str) -> None:
    proof, _ = NAMED[part]
    (tmp_path / "proof.json").write_bytes(proof if isinstance(proof, bytes) else written(proof))
    assert not holds(program, tmp_path / "proof.json")
