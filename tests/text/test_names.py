from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.names import Found, Name, NameFinder

CASEMENT = Path(__file__).resolve().parents[2] / "../shared/data/casement/casement-1904.txt"


def found(text: str, *names: str, personal: bool = True) -> list[str]:
    finder = NameFinder(Name(name, name, personal) for name in names)
    return [text[name.start : name.end] for name in finder.find(text)]


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("Nadia Haddad", "then Nadia Haddad came", "Nadia Haddad"),
        ("Nadia Haddad", "then NADIA\n  HADDAD came", "NADIA\n  HADDAD"),
        ("Nadia Haddad", "then Nadia-Haddad came", "Nadia-Haddad"),
        ("Nadia Haddad", "nadia_haddad.jpg", "nadia_haddad"),
        ("Nadia Haddad", "NadiaHaddad2009.jpg", "NadiaHaddad"),
        ("Nadia Haddad", "Na\u200bdia\u00a0Had\u00addad", "Na\u200bdia\u00a0Had\u00addad"),
        ("Nadia Haddad", "Ná\u0301dia Haḍḍād", "Ná\u0301dia Haḍḍād"),
        ("Nadia Haddad", "Nadia Had-\ndad", "Nadia Had-\ndad"),
        ("Nadia Haddad", "Nadia Haddad’s house", "Nadia Haddad"),
        ("Nadia Haddad", "the Haddads' house", "Haddads"),
        ("Nadia Haddad", "Haddad, Nadia (36)", "Haddad, Nadia"),
        ("Nadia Haddad", "Nadia K. Haddad", "Nadia K. Haddad"),
        ("Nadia Haddad", "N. Haddad", "N. Haddad"),
        ("O'Malley", "O’Malley", "O’Malley"),
        ("O'Malley", "OMalley", "OMalley"),
        ("O'Malley", "O`Malley's", "O`Malley"),
        ("Omar al-Khatib", "Mr. al-Khatib", "al-Khatib"),
        ("Omar al-Khatib", "Alkhatib said", "Alkhatib"),
        ("Rev. J. T. Finch", "J. T. Finch", "J. T. Finch"),
        ("Rev. J. T. Finch", "the Reverend Finch", "Finch"),
        ("Jan van der Berg", "Mr van der Berg", "van der Berg"),
        ("نادية حداد", "قالت نادِيَة حـدّاد أمس", "نادِيَة حـدّاد"),
        ("نادية حداد", "وناديه حداد", "ناديه حداد"),
        ("نادية حداد", "لنادية الحداد", "نادية الحداد"),
        ("نادية حداد", "بيت الحداد", "حداد"),
        ("عمر الخطيب", "للخطيب", "لخطيب"),
        ("عمر الخطيب", "والخطيب", "الخطيب"),
        ("عبد الله سالم", "عبدالله سالم", "عبدالله سالم"),
        ("عبدالله سالم", "عبد الله سالم", "عبد الله سالم"),
        ("علي حسن", "قال على حسن", "على حسن"),
        ("علي حسن", "رأيت علياً", "علياً"),
        ("سمعان", "ﺳﻤﻌﺎﻥ", "ﺳﻤﻌﺎﻥ"),
        ("דינה לביא", "אמרה דִּינָה לביא", "דִּינָה לביא"),
        ("דינה לביא", "לדינה לביא", "דינה לביא"),
        ("דינה לביא", "שללביא", "לביא"),
        ("דינה בן־צור", "ובן צור", "בן צור"),
        ("Dina", "של-Dina ולDina", "Dina"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, text: str, seen: str) -> None:
    assert found(text, name)[0] == seen


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Amin Rose", "I am in a garden where a rose grew"),
        ("Nadia Haddad", "Nadiah Haddadian"),
        ("Nadia Haddad", "nadia came; Haddam"),
        ("Omar al-Khatib", "al-Quds"),
        ("Jan van der Berg", "a van stood there"),
        ("علي حسن", "على الطاولة وعلى الأرض، عليه، المحكمة العليا"),
        ("عبد الله سالم", "بسم الله"),
        ("صلاح الدين", "رجال الدين"),
        ("Witness 12", "Witness 121 and another Witness"),
        ("the boy in the red shirt near the well", "The boy had a Red shirt. Near it was a well"),
    ],
)
def test_other_words_are_left_alone(name: str, text: str) -> None:
    assert found(text, name) == []


def test_a_part_in_small_letters_is_found_where_nobody_uses_capitals() -> None:
    assert found("then haddad said", "Nadia Haddad") == ["haddad"]


def test_a_name_that_is_not_personal_has_no_parts() -> None:
    assert found("Lulonga Company and the Company", "La Lulonga Company", personal=False) == []
    assert found("La Lulonga\nCompany", "La Lulonga Company", personal=False) == ["La Lulonga\nCompany"]


def test_before_a_comma_stands_a_name_and_after_it_a_description() -> None:
    name = "J. T. Finch, missionary at Oakham"
    assert found("J. T. Finch; Finch; a missionary; Oakham", name) == ["J. T. Finch", "Finch"]


def test_of_a_long_name_only_what_cannot_be_a_description_is_found() -> None:
    capitals = "Maria da Luz Sousa Costa Almeida Pinto Reis"
    assert found("then Almeida and Luz came", capitals) == ["Almeida", "Luz"]
    without = "نادية سمير يوسف إبراهيم كامل حداد"
    assert found("قالت نادية حداد، ونادية سمير؛ إبراهيم", without) == ["نادية حداد", "نادية سمير"]


def test_a_name_with_letters_left_out_is_taken_sign_by_sign() -> None:
    assert found("at R**, and לR**; R***; r**; R.", "R**", personal=False) == ["R**", "R**"]
    assert found("Mr. B—— and Mr. B.", "Mr. B——") == ["Mr. B——"]


def test_names_of_single_letters_keep_their_case_and_their_count() -> None:
    assert found("K K and K\nK’s and k k", "K K") == ["K K", "K\nK"]
    assert found("T T and T T T, then T. T.", "T T") == ["T T", "T. T"]
    assert found("T T T", "T T", "T T T") == ["T T T"]


def test_the_longest_of_several_names_stands() -> None:
    finder = NameFinder([Name("a", "Nadia"), Name("b", "Nadia Haddad"), Name("c", "Haddad Street")])
    assert finder.find("Nadia Haddad") == [Found(0, 12, "b")]
    assert finder.find("Nadia") == [Found(0, 5, "a")]


def test_of_names_that_overlap_nothing_shows() -> None:
    text = "at Nadia Haddad Street now"
    finder = NameFinder([Name("a", "Nadia Haddad"), Name("c", "Haddad Street")])
    assert [text[name.start : name.end] for name in finder.find(text)] == ["Nadia Haddad Street"]


def test_a_whole_name_goes_before_a_part_of_another() -> None:
    finder = NameFinder([Name("a", "Nadia Haddad", True), Name("b", "Nadia", True)])
    assert [name.key for name in finder.find("Nadia came")] == ["b"]


def test_an_empty_name_is_found_nowhere() -> None:
    assert found("some text", "", "  ", "\u200b") == []
    assert NameFinder([]).find("some text") == []


def test_the_consuls_report_is_searched_in_seconds() -> None:
    if not CASEMENT.exists():
        pytest.skip("the development data is not beside the repository")
    text = CASEMENT.read_text(encoding="utf-8")
    finder = NameFinder(
        [
            Name("boy", "I I", True),
            Name("village", "R**"),
            Name("boy", "Epondo", True),
            Name("sentry", "K K", True),
        ]
    )
    started = time.perf_counter()
    names = finder.find(text)
    assert time.perf_counter() - started < 10
    assert {text[name.start : name.end] for name in names} >= {"I I", "R**", "Epondo", "K K", "K\nK"}


NAMES = st.sampled_from(
    ["Nadia Haddad", "O'Malley", "J. T. Finch", "Jean-Luc Aubert", "K K", "نادية حداد", "عبد الله سالم", "علي حسن", "דינה לביא", "R**"]
)  # fmt: skip
NOISE = {
    "latin": ["\u200b", "\u200d", "\u00ad", "\u2060", "\u202e", "\u0301", "\u0323", "\ufe0f", "\x07"],
    "arabic": ["\u200c", "\u0640", "\u064e", "\u0651", "\u0670", "\u061c", "\u200f"],
    "hebrew": ["\u200f", "\u05b7", "\u05bc", "\u0591", "\u2066"],
}
APOSTROPHES = "'’‘`´ʼ′＇"


def _noise(char: str) -> list[str]:
    if "א" <= char <= "ת":
        return NOISE["hebrew"]
    return NOISE["arabic"] if "ء" <= char <= "ي" else NOISE["latin"]


@st.composite
def disguised(draw: st.DrawFn, name: str) -> str:
    """A name with signs put in that change its bytes and not how it is read."""
    pieces: list[str] = []
    for char in name:
        if char == " ":
            pieces.append(draw(st.sampled_from([" ", "  ", "\n", "\u00a0", "\t", "\u2003", " \u200b "])))
        elif char == "'":
            pieces.append(draw(st.sampled_from(APOSTROPHES)))
        else:
            pieces.append(char + draw(st.sampled_from(["", "", *_noise(char)])))
    return "".join(pieces)


@given(
    st.text(), NAMES.flatmap(lambda name: st.tuples(st.just(name), disguised(name))), st.text(), st.booleans()
)
def test_a_disguised_name_is_found_in_any_text(
    before: str, name: tuple[str, str], after: str, personal: bool
) -> None:
    given_name, written = name
    text = f"{before} ; {written} ; {after}"
    start = len(before) + 3
    letters = [place for place in range(start, start + len(written)) if text[place].isalpha()]
    names = NameFinder([Name("x", given_name, personal)]).find(text)
    assert any(name.start <= letters[0] and letters[-1] < name.end for name in names)


@given(st.text(), st.lists(st.tuples(st.text(max_size=12), st.booleans()), max_size=4))
def test_found_names_stay_in_their_text_and_apart(text: str, names: list[tuple[str, bool]]) -> None:
    last = 0
    for name in NameFinder(Name(written, written, personal) for written, personal in names).find(text):
        assert last <= name.start < name.end <= len(text)
        last = name.end


@given(st.text(min_size=1), st.booleans())
def test_every_name_is_found_in_itself(name: str, personal: bool) -> None:
    finder = NameFinder([Name("x", name, personal)])
    if any(char.isascii() and char.isalpha() for char in name):
        assert finder.find(name)
        assert finder.find(f"; {name} ;")


def test_a_description_in_place_of_a_name_is_found_whole_and_not_by_its_words() -> None:
    finder = NameFinder([Name("m", "the messenger at the clinic window", personal=True)])
    assert [one.key for one in finder.find("She saw The messenger at the clinic window.")] == ["m"]
    assert finder.find("everyone at the clinic by noon, by the window") == []
    written_small = NameFinder([Name("n", "nadia haddad", personal=True)])
    assert written_small.find("Then Haddad came.") != []
