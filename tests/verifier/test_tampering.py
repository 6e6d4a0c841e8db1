"""Whatever is changed in a record without its keys is found, and named by its place."""

from __future__ import annotations

from pathlib import Path

from onrecord_verify.checking import verify
from tests.verifier.tampering import Tampering


def missed(tampering: Tampering, wanted: int, signed: object = None) -> tuple[int, list[str]]:
    """How many changes were made, and those that no problem names the place of."""
    made, unseen = 0, []
    while made < wanted:
        change = tampering.change()
        if change:
            made += 1
            problems = verify(tampering.folder).problems
            places = [*(one["where"] for one in problems)]
            near = (change.where, "record.db", "keys/")
            if not any(place.startswith(near) for place in places):
                unseen.append(f"{change}: {problems}")
        tampering.restore()
    return made, unseen


def test_the_record_is_sound_before_and_after(tmp_path: Path) -> None:
    tampering = Tampering(tmp_path / "record", 1)
    assert verify(tampering.folder).problems == []
    for _ in range(40):
        tampering.change()
        tampering.restore()
    assert verify(tampering.folder).problems == []


def test_every_change_is_found_and_named(tmp_path: Path) -> None:
    assert missed(Tampering(tmp_path / "record", 2), 150) == (150, [])
