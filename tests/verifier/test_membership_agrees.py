"""The verifier and the program, which share no code, agree on who writes and how much of it stands."""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path
from typing import Any

import histories
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import LogKey, fixed_id
from tiny import RECORD

from onrecord.record import membership
from onrecord_verify.membership import Membership
from onrecord_verify.notes import read_key
from onrecord_verify.record import Record
from onrecord_verify.report import Report
from onrecord_verify.statements import Device, Place, Recovery, Revocation

DEVICES = [fixed_id(f"device {n}") for n in range(4)]
LOGS = [f"{device}.{n}" for device in DEVICES for n in (1, 2)]
KEYS = {log: LogKey(RECORD, log) for log in LOGS}
PERSONS = [fixed_id(f"person {n}") for n in range(3)]
SIZE = 6

logs, seqs = st.sampled_from(LOGS), st.integers(0, SIZE)
places = st.tuples(logs, seqs)


@st.composite
def device_entries(draw: Any) -> tuple[tuple[str, int], str, str, str, str, str]:
    place, about = draw(places), draw(logs)
    about = draw(st.sampled_from([about, place[0]]))
    by = draw(st.sampled_from(["", *LOGS]))
    signer = draw(st.sampled_from([by, by, *LOGS])) if by else ""
    key = draw(st.sampled_from([about, about, about, *LOGS]))
    vouched = KEYS[signer].vouch(KEYS[about].line()) if signer else ""
    return place, about, KEYS[key].line(), by, vouched, draw(st.sampled_from(PERSONS))


@st.composite
def revocations(draw: Any) -> tuple[tuple[str, int], str, list[tuple[str, int, str]], str]:
    device = draw(st.sampled_from(DEVICES))
    rows_seen = st.builds(lambda log, end: log + end, logs, st.sampled_from(["", "", "~0123456789abcdef"]))
    seen = sorted(draw(st.dictionaries(rows_seen, st.integers(0, SIZE), max_size=3)).items())
    stated = [(log, size, base64.b64encode(sha256(log.encode()).digest()).decode()) for log, size in seen]
    rows = "".join(f"{log} {size} {root}\n" for log, size, root in sorted(stated))
    text = f"onrecord revocation v1\n{RECORD}\n{device}\n{rows}".encode()
    signed = base64.b64encode(histories.recovery().sign(text)).decode()
    return (
        draw(places),
        device,
        stated,
        draw(st.sampled_from(["", "", signed, "A"])),
    )


recoveries = st.tuples(
    places,
    st.sampled_from(["age1one", "age1two"]),
    st.sampled_from([histories.recovery_line(), histories.recovery_line(fixed_id("another")), "none"]),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(device_entries(), min_size=3, max_size=18),
    st.lists(revocations(), max_size=6),
    st.lists(recoveries, max_size=3),
)
def test_both_judge_alike(devices: Any, revoked: Any, kept: Any) -> None:
    ours = membership.membership(
        membership.Governance(
            RECORD,
            LOGS[0],
            {log: key.line() for log, key in KEYS.items()},
            tuple(membership.DeviceEntry(f"{at[0]}/{at[1]}", *rest) for at, *rest in devices),
            tuple(
                membership.Revocation(f"{at[0]}/{at[1]}", device, tuple(seen), signed)
                for at, device, seen, signed in revoked
            ),
            tuple(membership.RecoveryKey(f"{at[0]}/{at[1]}", "", *named) for at, *named in kept),
        )
    )
    theirs = judged_alone(devices, revoked, kept)
    assert (ours.recovery is None) == (theirs.key is None)
    for log in LOGS:
        stands = ours.stands(log)
        expected = [stands is None or seq < stands for seq in range(SIZE + 1)]
        assert [theirs.stands(Place(log, seq)) for seq in range(SIZE + 1)] == expected, log


def judged_alone(devices: Any, revoked: Any, kept: Any) -> Membership:
    record = Record(Path(), Report("record"))
    record.first, record.report.record = LOGS[0], RECORD
    record.keys = {log: read_key(key.line()) for log, key in KEYS.items()}
    record.devices = [Device(Place(*at), *rest, person=person) for at, *rest, person in devices]
    record.revocations = [Revocation(Place(*at), *rest) for at, *rest in revoked]
    record.recoveries = [Recovery(Place(*at), *rest) for at, *rest in kept]
    return Membership(record)
