"""Content credentials: what the manifest and the library state is given, and no verdict of ours."""

from __future__ import annotations

import io
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("c2pa")

from onrecord.intake.pictures import picture
from onrecord.intake.pictures.manifest import NOT_INSTALLED, has_credentials
from onrecord.intake.reading import Reading
from onrecord.intake.reads import read_confined
from tests.intake.pictures.made import looked_at, saved, scene
from tests.intake.pictures.signed import CAPTURE, with_credentials

SIGNED = with_credentials(saved(scene()))
STATE = "validation state, as the library states it"


def credentials(reading: Reading) -> dict[str, list[str]]:
    told: dict[str, list[str]] = defaultdict(list)
    for one in reading.observations:
        if one.of == "C2PA":
            told[one.name].append(one.value)
    return told


def test_a_signed_picture_states_who_signed_it_and_how_it_was_made() -> None:
    told = credentials(looked_at(SIGNED))
    assert told[STATE] == ["Valid"]
    assert told["signature issuer"] == ["The weir"]
    assert told["claim generator"] == ["The ford camera 1"]
    assert told["action"] == [f"c2pa.created; 2019-05-14T07:15:03Z; {CAPTURE}"]
    assert told["validation status"] == ["signingCredential.untrusted: signing certificate untrusted"]


def test_one_changed_byte_is_what_the_library_says_it_is() -> None:
    changed = bytearray(SIGNED)
    changed[-100] ^= 1
    told = credentials(looked_at(bytes(changed)))
    assert told[STATE] == ["Invalid"]
    assert any(status.startswith("assertion.dataHash.mismatch") for status in told["validation status"])


def test_they_are_read_in_the_confined_process_too(tmp_path: Path) -> None:
    path = tmp_path / "weir.jpg"
    path.write_bytes(SIGNED)
    told = credentials(read_confined(path, "image/jpeg", "weir.jpg"))
    assert told[STATE] == ["Valid"]


def test_without_the_library_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_CAN_READ", False)
    reading = looked_at(SIGNED)
    assert reading.notes == (NOT_INSTALLED,)
    assert not credentials(reading)
    assert reading.fingerprints


def test_the_reader_loads_where_the_library_is_not_installed() -> None:
    program = "import sys; sys.modules['c2pa'] = None; import onrecord.intake.pictures.picture"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_picture_without_them_has_none() -> None:
    assert not has_credentials(io.BytesIO(saved(scene())), 100)
    assert not credentials(looked_at(saved(scene())))


@pytest.mark.parametrize(
    ("before", "after"), [(0, 2**21), (2**20 - 8, 5), (2**20 - 16, 2**21), (2**21, 2**20 - 16), (2**21, 0)]
)
def test_they_are_found_at_both_ends_of_a_large_file(before: int, after: int) -> None:
    at = SIGNED.index(b"c2pa\x00\x11")
    content = bytes(before) + SIGNED[at : at + 16] + bytes(after)
    assert has_credentials(io.BytesIO(content), len(content))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(20, len(SIGNED) - 1), st.integers(0, 255)), max_size=30))
def test_no_change_to_a_signed_picture_stops_its_reader(changes: list[tuple[int, int]]) -> None:
    content = bytearray(SIGNED)
    for at, byte in changes:
        content[at] = byte
    assert looked_at(bytes(content)).why_none
