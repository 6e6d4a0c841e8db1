"""The page that checks proofs and the stand-alone verifier say the same of proofs altered in every way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from tests.authorities import Maker, curve, rsa, serving
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
from tests.vectors.authority import authority

__all__ = ["curve", "rsa"]
OPEN = dict.fromkeys(
    ("team", "partner", "court", "un", "media", "words", "name", "place", "image", "voice"), "yes"
)


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


@pytest.fixture(params=["rsa", "curve"])
def maker(request: pytest.FixtureRequest) -> Maker:
    made: Maker = request.getfixturevalue(request.param)
    return made


def test_what_a_real_record_proves_holds_in_the_page(
    doubter: Doubter, record: Record, letter: Callable[[str], str], tmp_path: Path, maker: Maker
) -> None:
    """A letter taken in, stamped by an OpenSSL authority, proven, and compared with the file at hand."""
    item = letter("The gate was shut at 07:15.")
    agreed = {"kind": "terms", "over": [item], "agreed_with": "guard", "attribution": {"form": "named"}}
    guard = {"kind": "actor", "id": "guard", "type": "person", "names": [{"text": "Yusuf Haddad"}]}
    record.put([guard, agreed | {"uses": OPEN}])
    with serving(lambda path, query: (200, maker.reply(query))) as address:
        record.stamp([address])
    told = record.prove(item, tmp_path / "with.json")
    assert told["refused"] == []
    record.prove(item, tmp_path / "without.json", with_body=False)
    opened, letter_bytes = (tmp_path / "with.json").read_bytes(), (tmp_path / "letter.txt").read_bytes()
    assert doubter.gives(opened, letter_bytes) == HOLDS
    assert "byte for byte" in " ".join(doubter.lines("good"))
    assert doubter.gives((tmp_path / "without.json").read_bytes()) == HOLDS
    shown = doubter.page.query_selector_all(".stamp .fingerprint")
    assert shown[0].inner_text().replace(" ", "") == told["times"][0]["root"]
