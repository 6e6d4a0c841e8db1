"""OpenTimestamps: a calendar promises, and later names the block of Bitcoin. It stands on the loopback here."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.verifying import time_checks
from tests.authorities import serving

pytest.importorskip("opentimestamps")

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import Timestamp

Take = Callable[[str], str]
HEIGHT = 358_391


class Calendar:
    """Promises for every digest; once `confirmed`, knows the block that each came to stand in."""

    def __init__(self) -> None:
        self.address = ""
        self.confirmed = False
        self.digests: list[bytes] = []
        self.commitments: dict[str, bytes] = {}

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        if path == "/digest":
            self.digests.append(body)
            stamp = Timestamp(body)
            leaf = stamp.ops.add(OpAppend(b"salt")).ops.add(OpSHA256())
            leaf.attestations.add(PendingAttestation(self.address))
            self.commitments[leaf.msg.hex()] = leaf.msg
            return 200, written(stamp)
        commitment = self.commitments.get(path.rpartition("/")[2])
        if commitment is None or not self.confirmed:
            return 404, b"Pending confirmation in Bitcoin blockchain"
        stamp = Timestamp(commitment)
        block = stamp.ops.add(OpPrepend(b"other")).ops.add(OpSHA256())
        block.attestations.add(BitcoinBlockHeaderAttestation(HEIGHT))
        return 200, written(stamp)


def written(stamp: Timestamp) -> bytes:
    context = BytesSerializationContext()
    stamp.serialize(context)
    raw: bytes = context.getbytes()
    return raw


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    made = Calendar()
    with serving(made.answer) as address:
        made.address = address
        yield made


def kept(record: Record) -> dict[str, Any]:
    (thing,) = record._store.db.as_now().of_kind("stamp")
    return dict(thing.heads[0].fields)


def merkle_root(listing: str) -> str:
    """By hand, where the calendar of these tests leads."""
    commitment = sha256(sha256(listing.encode()).digest() + b"salt").digest()
    return sha256(b"other" + commitment).digest()[::-1].hex()


def test_the_calendar_gets_the_record_root_and_its_promise_is_kept(
    record: Record, calendar: Calendar
) -> None:
    told = record.stamp([], [calendar.address])
    assert calendar.digests == [bytes.fromhex(told["root"])]
    assert told["calendars"] == [{"calendar": calendar.address, "state": "pending"}]
    (day,) = record.stamps()
    assert day["stamped"] is False and day["blocks"][0]["height"] is None


def test_nothing_changes_until_a_block_is_known(record: Record, calendar: Calendar) -> None:
    record.stamp([], [calendar.address])
    told = record.stamp()
    assert (told["stamp"], told["upgraded"], told["failed"]) == (None, [], [])


def test_a_block_that_is_known_by_now_is_kept_in_a_further_version(
    record: Record, calendar: Calendar
) -> None:
    record.stamp([], [calendar.address])
    before = kept(record)
    calendar.confirmed = True
    assert record.stamp()["upgraded"] == [{"calendar": calendar.address, "blocks": [HEIGHT]}]
    after = kept(record)
    assert after["listing"] == before["listing"] and after["calendars"] != before["calendars"]
    (day,) = record.stamps()
    heights = {block["height"]: block["merkle_root"] for block in day["blocks"]}
    assert heights[HEIGHT] == merkle_root(after["listing"])


def test_without_a_bitcoin_node_it_says_plainly_what_to_compare(record: Record, calendar: Calendar) -> None:
    checks = time_checks()
    record.stamp([], [calendar.address])
    calendar.confirmed = True
    record.stamp()
    fields = kept(record)
    proof = base64.b64decode(fields["calendars"][0]["proof"])
    block, promise = checks.check_calendar(proof, fields["listing"].encode())
    told = checks.told_of(block)
    assert f"height {HEIGHT}, merkle root {merkle_root(fields['listing'])}" in told
    assert "block header to compare" in told
    assert checks.told_of(promise).startswith("pending")


def test_a_promise_does_not_stop_authorities_where_the_extra_is_gone(
    record: Record, calendar: Calendar, rsa_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onrecord.record.errors import AuthorityMissing

    record.stamp([], [calendar.address])
    monkeypatch.setitem(sys.modules, "opentimestamps.core.timestamp", None)
    with pytest.raises(AuthorityMissing, match="bitcoin"):
        record.stamp()
    record.settings = replace(record.settings, authorities=(rsa_address,))
    assert len(record.stamp()["tokens"]) == 1


def test_a_calendar_that_does_not_answer_is_told_and_asked_again(record: Record, calendar: Calendar) -> None:
    told = record.stamp([], ["http://127.0.0.1:9"])
    assert told["stamp"] is None and "could not be reached" in told["failed"][0]["why"]
    assert record.stamp()["failed"][0]["authority"] == "http://127.0.0.1:9"


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff" * 50, b"\xf0\x01a" * 300, b"\xf0" + b"\xff" * 9])
def test_an_answer_that_is_no_proof_is_not_kept(record: Record, raw: bytes) -> None:
    with serving(lambda path, body: (200, raw)) as address:
        told = record.stamp([], [address])
    assert told["stamp"] is None and len(told["failed"]) == 1


def test_a_proof_over_another_text_leads_nowhere(record: Record, calendar: Calendar) -> None:
    checks = time_checks()
    record.stamp([], [calendar.address])
    proof = base64.b64decode(kept(record)["calendars"][0]["proof"])
    with pytest.raises(checks.Untrue, match="another text"):
        checks.check_calendar(proof, b"another text")
    for end in range(len(proof)):
        with pytest.raises(checks.Untrue):
            checks.check_calendar(proof[:end], kept(record)["listing"].encode())
    with pytest.raises(checks.Untrue, match="more at its end"):
        checks.check_calendar(proof + b"\x00", kept(record)["listing"].encode())


def test_a_proof_of_an_entry_carries_the_calendars_word(
    record: Record, calendar: Calendar, letter: Take, tmp_path: Path
) -> None:
    item = letter("a letter")
    record.stamp([], [calendar.address])
    calendar.confirmed = True
    record.stamp()
    told = record.prove(item, tmp_path / "proof.json", with_body=False)
    assert told["blocks"] == [HEIGHT]
    found = onrecord.verify(tmp_path / "proof.json")
    assert found["ok"] and any("block header to compare" in note for note in found["notes"])


def test_branches_in_a_proof_are_all_followed(record: Record) -> None:
    """As the library writes several ways from one message."""
    from opentimestamps.core.timestamp import DetachedTimestampFile

    listing = b"x"
    stamp = Timestamp(sha256(listing).digest())
    for n in range(3):
        for m in range(2):
            end = stamp.ops.add(OpAppend(bytes([n]))).ops.add(OpPrepend(bytes([m]))).ops.add(OpSHA256())
            end.attestations.add(BitcoinBlockHeaderAttestation(10 * n + m))
            end.attestations.add(PendingAttestation("https://calendar.example"))
    context = BytesSerializationContext()
    DetachedTimestampFile(OpSHA256(), stamp).serialize(context)
    found = time_checks().check_calendar(context.getbytes(), listing)
    assert [anchor.height for anchor in found] == [0, 1, 10, 11, 20, 21, *[None] * 6]
