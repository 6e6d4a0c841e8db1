"""What is asked when a card is handed over: an answer that cannot be meant is asked for again, and never dropped."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from onrecord.api import Record
from onrecord.cli.handing_over import Said, ask_once, clock_check
from onrecord.cli.terminal.page import Page
from onrecord.record.errors import FieldInvalid


def asked(*answers: str) -> tuple[Said, str]:
    said = Said({}, None)

    @click.command()
    def ask() -> None:
        ask_once(Page(80), said)

    result = CliRunner().invoke(ask, input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    return said, result.output


def test_what_was_said_is_kept_as_it_was_said() -> None:
    said, _ = asked("the family", "2026-05-14 10:07", "2026-05-14T08:05", "2")
    assert said.facts["received_from"] == "the family"
    assert said.facts["clock"] == {"shown": "2026-05-14T10:07", "right": "2026-05-14T08:05"}
    assert said.terms is not None and said.terms["uses"] == {"keep": "yes", "team": "yes"}


def test_nothing_is_kept_of_questions_left_open() -> None:
    said, _ = asked("", "", "")
    assert said.facts == {} and said.terms is None


def test_an_answer_that_is_none_of_the_choices_is_asked_for_again() -> None:
    said, shown = asked("", "", "yes", "1")
    assert "“yes” is none of these." in shown
    assert said.terms is not None and said.terms["uses"] == {"keep": "yes"}


def test_a_time_of_day_without_a_day_is_asked_for_again() -> None:
    said, shown = asked("", "10:07", "2026-05-14T10:07", "2026-05-14T08:05", "")
    assert "“10:07” is no moment." in shown
    assert said.facts["clock"]["shown"] == "2026-05-14T10:07"


@pytest.mark.parametrize("given", ["yesterday", "2019=2020", "2026-05-14T10:07+03:00=2026-05-14T08:05"])
def test_a_clock_that_would_correct_nothing_is_refused(given: str) -> None:
    with pytest.raises(FieldInvalid):
        clock_check(given)


def test_a_look_beforehand_checks_what_is_said_of_a_folder(record: Record, tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    (tmp_path / "card" / "note.txt").write_text("The gate was shut.", encoding="utf-8")
    with pytest.raises(FieldInvalid):
        list(record.look_at([tmp_path / "card"], terms={"uses": {"media": "perhaps"}}))
    assert not list(record.items())
