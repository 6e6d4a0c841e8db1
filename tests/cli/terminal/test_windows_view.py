"""Both windows on a terminal: wide, narrow, and in three scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from onrecord.cli.terminal.columns import cells
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.windows_view import show_windows
from onrecord.record.things import MemoryThings
from onrecord.record.windows import windows

FORD, WEIR = "أهل المخاضة", "אנשי הסכר"
Show = Callable[..., str]


def case() -> dict[str, dict[str, Any]]:
    """A vendor of the ford who said two things, a keeper of the weir, and a driver on no side."""
    return {
        "vendor": {"kind": "actor", "names": [{"text": "بائعة الخضار"}]},
        "witness": {"kind": "actor", "names": [{"text": "Witness F-02"}]},
        "keeper": {"kind": "actor", "names": [{"text": "שומר השער"}]},
        "driver": {"kind": "actor", "names": [{"text": "A driver\x1b[31m\u202e"}]},
        "same": {"kind": "assessment", "about": ["vendor", "witness"], "judgement": "same as", "reason": "She said so."},
        "morning": {
            "kind": "event", "title": "The morning at the gate", "when": "2019-05-14",
            "sides": [{"name": FORD, "actors": ["vendor", "witness"]}, {"name": WEIR, "actors": ["keeper"]}],
        },
        "p1": {"kind": "passage", "quote": "أُغلقت البوّابة حوالي السابعة إلا ثلثًا، قبل أن يفتح السوق."},
        "s1": told("vendor", "p1", basis="heard", said_at="2019-06-03"),
        "c1": claim("s1", "happened", "yes"),
        "c2": claim("s1", "cause", "شاحنة"),
        "p2": {"kind": "passage", "quote": "It was not the lorry."},
        "s2": told("witness", "p2", basis="saw", said_at="2019-08-01"),
        "c3": claim("s2", "cause", "شاحنة", negated=True),
        "p3": {"kind": "passage", "quote": "השער נסגר בשעה 07:15."},
        "s3": told("keeper", "p3", basis="unknown", hedge="as far as I know"),
        "c4": claim("s3", "happened", "yes"),
        "c5": claim("s3", "count", None, low="25", high="35", unit="people"),
        "s4": {"kind": "statement", "speaker": "driver", "act": "refuses", "about": ["morning"]},
        "c6": claim("s4", "injury", {"none": "refused"}),
    }  # fmt: skip


def told(speaker: str, passage: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "statement",
        "speaker": speaker,
        "act": "asserts",
        "passages": [passage],
        "about": ["morning"],
        **more,
    }


def claim(statement: str, property: str, value: Any, **more: Any) -> dict[str, Any]:
    return {
        "kind": "claim",
        "statement": statement,
        "subject": "morning",
        "property": property,
        "value": value,
        **more,
    }


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Show:
    def show(width: int, sides: list[str] | None = None, **more: Any) -> str:
        found = windows(MemoryThings.of(case()), "morning", sides=sides)
        show_windows(Page(width), found | more)
        return capsys.readouterr().out

    return show


def line_with(shown: str, words: str) -> str:
    return next(line for line in shown.splitlines() if words in line)


@pytest.mark.parametrize("width", [40, 72, 100, 140])
def test_every_statement_and_every_side_is_shown_whatever_the_width(show: Show, width: int) -> None:
    shown = show(width)
    for words in (FORD, WEIR, "بائعة الخضار", "Witness F-02", "שומר השער", "It was not the lorry.", "07:15"):
        assert words in shown
    for slug in ("s1", "s2", "s3", "s4"):
        assert slug in shown


@pytest.mark.parametrize("width", [60, 100, 140])
def test_no_line_is_longer_than_the_terminal(show: Show, width: int) -> None:
    assert [line for line in show(width).splitlines() if cells(line) > width] == []


def test_on_a_wide_terminal_the_sides_stand_beside_each_other(show: Show) -> None:
    heading = line_with(show(100), FORD)
    assert WEIR in heading
    assert "│" in heading


def test_on_a_narrow_terminal_the_sides_take_turns(show: Show) -> None:
    shown = show(72)
    assert "│" not in shown
    places = [shown.index(f"  {slug}") for slug in ("s1", "s3", "s2")]
    assert places == sorted(places)


def test_right_to_left_words_stand_at_the_right_of_their_column(show: Show) -> None:
    column = line_with(show(100), "07:15").split("│")[1]
    assert column.endswith("\u2069")
    assert "  \u2067השער" in column


def test_what_all_say_and_what_they_dispute_stand_apart_with_their_holders(show: Show) -> None:
    shown = show(72)
    both, disputed, alone = (
        shown.index(words) for words in ("Both say", "Disputed", "Told by one side only")
    )
    assert both < shown.index("It happened (2 reports, 2 origins)") < disputed
    assert disputed < shown.index("• \u2068not شاحنة") < alone
    assert "Set against each other because: said and denied" in shown
    assert "Count: 25 to 35 people" in shown[alone:]


def test_a_later_contrary_word_stands_beside_the_earlier_one(show: Show) -> None:
    shown = show(72)
    assert "later, as Witness F-02:" in shown
    assert "earlier, as \u2068بائعة الخضار\u2069:" in shown


def test_silence_and_refusal_are_said(show: Show) -> None:
    shown = show(72)
    assert "Count" in shown[shown.index("Silent on") :]
    assert "Injury: refused" in shown[shown.index("Asked, and no answer") :]


def test_speakers_on_no_side_are_not_dropped_and_cannot_command_the_terminal(show: Show) -> None:
    shown = show(100)
    elsewhere = shown[shown.index("Elsewhere: speakers on no side") :]
    assert "A driver\\x1b[31m\\u202e, refuses" in elsewhere
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_the_day_it_is_known_on_is_said(show: Show) -> None:
    said = "As this laptop had received it by the end of 21 June 2019 (UTC)."
    assert said in show(100, as_known=said)
    assert "had received" not in show(100)


def test_one_side_alone_fills_the_page(show: Show) -> None:
    shown = show(100, sides=[WEIR])
    assert "│" not in shown
    assert "07:15" in shown


def test_an_event_without_sides_shows_everything_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    things = case()
    del things["morning"]["sides"]
    show_windows(Page(100), windows(MemoryThings.of(things), "morning"))
    shown = capsys.readouterr().out
    assert "No sides are set for this event" in shown
    assert "It was not the lorry." in shown
