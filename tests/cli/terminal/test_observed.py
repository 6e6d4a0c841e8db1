"""What a file states of itself stands as it was stated, with what it means beside it."""

from __future__ import annotations

import pytest

from onrecord.cli.terminal.observed import show_about_item
from onrecord.cli.terminal.page import Page


def shown(capsys: pytest.CaptureFixture[str], **thing: object) -> str:
    show_about_item(Page(80), {"id": "abc", **thing})
    return capsys.readouterr().out


def test_the_time_of_a_camera_stands_whole_beside_that_of_the_checked_clock(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stated = {"of": "EXIF", "name": "DateTime", "value": "2019:01:01 00:04:00"}
    fact = {**stated, "by_checked_clock": "2018-12-31T22:02:00"}
    assert "2019:01:01 00:04:00 (by the checked clock 2018-12-31T22:02:00)" in shown(capsys, observed=[fact])


def test_a_position_is_told_in_degrees_too(capsys: pytest.CaptureFixture[str]) -> None:
    fact = {
        "of": "EXIF",
        "name": "GPSPosition",
        "value": "31/1 30/1 0/1 N, 34/1 24/1 0/1 E",
        "reads": "31.5, 34.4",
    }
    assert "(31.5, 34.4)" in shown(capsys, observed=[fact])


def test_what_the_reader_noted_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Note: the file breaks off" in shown(capsys, notes=["the file breaks off"])
