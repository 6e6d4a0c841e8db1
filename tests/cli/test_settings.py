"""What the surroundings say, read once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from onrecord.settings import Settings


def test_nothing_has_to_be_set() -> None:
    settings = Settings.from_environment({})
    assert settings.home.name == "onrecord"
    assert (settings.record, settings.handle, settings.zone, settings.width) == (None, None, None, None)
    assert not settings.plain


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "ONRECORD_HOME": "/keys",
            "ONRECORD": "/case",
            "ONRECORD_HANDLE": "mira",
            "ONRECORD_ZONE": "Europe/Athens",
            "COLUMNS": "120",
            "ONRECORD_PASSPHRASE": "kettle orbit",
            "ONRECORD_NEW_PASSPHRASE": "orbit kettle",
            "NO_COLOR": "1",
        }
    )
    where = Settings(Path("/keys"), Path("/case"), "mira", "Europe/Athens", 120)
    assert settings == replace(where, passphrase="kettle orbit", new_passphrase="orbit kettle", plain=True)


def test_a_passphrase_does_not_stand_in_what_the_settings_show_of_themselves() -> None:
    read = Settings.from_environment({"ONRECORD_PASSPHRASE": "kettle", "ONRECORD_NEW_PASSPHRASE": "orbit"})
    assert read.passphrase == "kettle"
    assert "kettle" not in repr(read) and "orbit" not in repr(read)


def test_an_empty_variable_counts_as_not_set() -> None:
    settings = Settings.from_environment(
        {"ONRECORD": "", "NO_COLOR": "", "COLUMNS": "", "ONRECORD_HOME": "/keys"}
    )
    assert settings == Settings(Path("/keys"))


def test_a_width_that_is_no_number_is_left_out() -> None:
    assert Settings.from_environment({"COLUMNS": "wide", "ONRECORD_HOME": "/keys"}).width is None
    assert Settings.from_environment({"COLUMNS": "0", "ONRECORD_HOME": "/keys"}).width is None


def test_the_login_stands_in_for_a_handle() -> None:
    assert Settings.from_environment({"USER": "noam", "ONRECORD_HOME": "/keys"}).handle == "noam"


def test_a_dumb_terminal_gets_plain_lines() -> None:
    assert Settings.from_environment({"TERM": "dumb", "ONRECORD_HOME": "/keys"}).plain
