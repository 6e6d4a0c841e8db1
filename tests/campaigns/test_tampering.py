"""Thousands of changes to a record, by people without its keys and by one who has them all. None may go unseen."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.verifier.conftest import ROOT  # the verifier and the vectors can be imported from here on

from onrecord_verify import notes  # isort: skip
from onrecord_verify.checking import verify  # isort: skip
from tiny import FIRST, SECOND  # isort: skip

from onrecord.verifying import signature_good
from tests.verifier import kept
from tests.verifier.tampering import Tampering
from tests.verifier.test_against import named
from tests.verifier.test_tampering import missed

pytestmark = pytest.mark.slow
assert ROOT


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same checks with the signature check that `onrecord verify` uses."""
    monkeypatch.setattr(notes, "signature_good", signature_good)


@pytest.mark.parametrize("seed", range(4))
def test_no_change_without_the_keys_goes_unseen(seed: int, tmp_path: Path, tally: Counter[str]) -> None:
    made, unseen = missed(Tampering(tmp_path / "record", seed), 3000)
    tally["changes"] += made
    tally["missed"] += len(unseen)
    assert unseen == []


@pytest.mark.parametrize("kind", sorted(kept.ALL))
def test_no_rewriting_with_all_keys_goes_unseen(kind: str, tmp_path: Path, tally: Counter[str]) -> None:
    chance = random.Random(kind)
    for n in range(200):
        size = chance.randrange(3, 90)
        made = kept.team(size)
        place = tmp_path / str(n)
        place.mkdir()
        evidence = kept.ALL[kind](made, place / "kept", chance.randrange(size))
        places = sorted({chance.randrange(1, size) for _ in range(chance.randrange(1, 4))})
        for at in places:
            kept.rewrite(made.logs[SECOND], at)
        made.say(SECOND, *map(str, range(chance.randrange(5))))
        record = kept.lay_out(made, place / "record")
        assert verify(record).problems == []
        first, last = named(verify(record, against=[evidence]))
        tally["rewritings"] += 1
        tally["named exactly"] += first == last
        tally["missed"] += not first <= places[0] <= last
    assert tally["missed"] == 0
    assert kind not in kept.EXACT or tally["named exactly"] == 200


def test_no_rewriting_of_what_others_merged_goes_unseen(tmp_path: Path, tally: Counter[str]) -> None:
    chance = random.Random("witnesses")
    for n in range(200):
        made, sizes = kept.team(2), [0]
        for _ in range(chance.randrange(1, 6)):
            made.say(SECOND, *map(str, range(chance.randrange(1, 9)))).merge(FIRST, SECOND)
            sizes.append(len(made.logs[SECOND].heads))
        at = chance.randrange(1, sizes[-1])
        kept.rewrite(made.logs[SECOND], at)
        first, last = named(verify(kept.lay_out(made, tmp_path / str(n))))
        tally["rewritings"] += 1
        tally["missed"] += not first <= at <= last
    assert tally["missed"] == 0
