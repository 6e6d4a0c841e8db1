"""Whom an erasure protects is not named in the reason or the authority, which stay for good."""

from __future__ import annotations

import pytest

from onrecord.api import Record
from onrecord.record.errors import FieldInvalid
from tests.conftest import lines

PEOPLE = ("Noam, editor",)
SEALED = {
    "kind": "actor",
    "id": "witness",
    "type": "person",
    "names": ["Witness 3"],
    "sealed": {"name": "Zeinab Qarawi", "telephone": "0599 123 456"},
}


@pytest.fixture
def witness(record: Record) -> Record:
    record.put(
        lines(
            SEALED,
            {"kind": "statement", "id": "s", "speaker": "witness", "text": "They came at noon."},
            {"kind": "place", "id": "yard", "names": ["Qalandar yard"]},
        )
    )
    return record


@pytest.mark.parametrize(
    "reason", ["zeinab qarawi is in danger", "ZEINAB asked for it", "call 0599 123 456", "Qarawi, Zeinab"]
)
def test_the_name_that_is_erased_is_not_given_as_the_reason(witness: Record, reason: str) -> None:
    with pytest.raises(FieldInvalid, match="reason: it names somebody") as raised:
        witness.erase("witness", reason, PEOPLE)
    assert "einab" not in str(raised.value)
    assert "sealed" in witness.get("witness")


def test_nor_as_who_decided(witness: Record) -> None:
    with pytest.raises(FieldInvalid, match="authority: it names somebody"):
        witness.erase("s", "she is in danger", ["Zeinab Qarawi"])
    assert witness.get("s")["text"]


def test_a_name_in_clear_that_goes_is_not_given_either(witness: Record) -> None:
    with pytest.raises(FieldInvalid, match="reason"):
        witness.erase("yard", "Qalandar yard is watched", PEOPLE)
    witness.erase("yard", "it is watched", PEOPLE)


def test_a_name_that_stays_in_clear_may_be_given(witness: Record) -> None:
    assert witness.erase("witness", "Witness 3 is in danger", PEOPLE)["order"]


def test_who_decided_may_share_a_first_name_with_whom_it_protects(witness: Record) -> None:
    assert witness.erase("witness", "she is in danger", ["Zeinab Haddad, editor"])["order"]


def test_what_was_sealed_is_not_named_when_it_is_opened(witness: Record) -> None:
    with pytest.raises(FieldInvalid, match="reason"):
        witness.unseal("witness", "the court asked whether she is Zeinab Qarawi")
    assert not list(witness._store.db.as_now().of_kind("custody"))
    assert witness.unseal("witness", "the court asked who she is")["sealed"]


def test_nor_when_a_laptop_is_revoked(witness: Record) -> None:
    with pytest.raises(FieldInvalid, match="reason"):
        witness.revoke("aaaaaaaaaaaaaaaa", "Zeinab Qarawi took it")


def test_under_a_passphrase_nothing_is_opened_for_it(witness: Record) -> None:
    witness.passphrase(ask_new=lambda _: "seven quiet herons crossing water")
    assert witness.erase("s", "Zeinab Qarawi asked", PEOPLE)["order"]
