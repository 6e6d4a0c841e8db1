"""Where a passphrase comes from: what was given, then whoever can be asked, three times at most."""

from __future__ import annotations

import pytest

from onrecord.record.errors import PassphraseMissing
from onrecord.store.asking import Asking, asking_after, nobody_to_ask

RIGHT = "kettle orbit cellar"
KEY = "your key in “Visits”"


def opening(passphrase: str) -> str:
    if passphrase != RIGHT:
        raise PassphraseMissing(
            KEY, "the passphrase does not open it", "Try again, letter by letter. If lost: so."
        )
    return "opened"


class Person:
    """Somebody at a terminal, who types these answers."""

    def __init__(self, *typed: str) -> None:
        self.typed = list(typed)
        self.asked: list[str] = []

    def __call__(self, thing: str) -> str:
        self.asked.append(thing)
        return self.typed.pop(0)


def test_what_was_given_is_tried_and_nobody_is_asked() -> None:
    assert Asking(given=RIGHT).opened(KEY, opening) == "opened"


def test_where_what_was_given_is_wrong_it_is_said_whose_it_is_and_somebody_is_asked() -> None:
    person = Person(RIGHT)
    assert asking_after("another", Asking(person, tries=3)).opened(KEY, opening) == "opened"
    (prompt,) = person.asked
    assert KEY in prompt and "the one in ONRECORD_PASSPHRASE does not open it" in prompt


def test_where_nobody_can_be_asked_the_message_names_the_variable_and_what_is_left_to_do() -> None:
    with pytest.raises(PassphraseMissing) as wrong:
        asking_after("another", nobody_to_ask).opened(KEY, opening)
    said = str(wrong.value)
    assert KEY in said and "the passphrase in ONRECORD_PASSPHRASE does not open it" in said
    assert "unset it" in said and "If lost: so." in said and "letter by letter" not in said


def test_a_person_has_three_tries() -> None:
    person = Person("one", "two", RIGHT)
    assert Asking(person, tries=3).opened(KEY, opening) == "opened"
    assert person.asked[0] == KEY and all("again" in prompt for prompt in person.asked[1:])
    person = Person("one", "two", "three", RIGHT)
    with pytest.raises(PassphraseMissing, match="letter by letter"):
        Asking(person, tries=3).opened(KEY, opening)
    assert person.typed == [RIGHT]


def test_who_types_nothing_the_second_time_is_not_asked_again() -> None:
    person = Person("one", "", RIGHT)
    with pytest.raises(PassphraseMissing):
        Asking(person, tries=3).opened(KEY, opening)
    assert person.typed == [RIGHT]
