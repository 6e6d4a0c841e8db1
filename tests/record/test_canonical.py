import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record.canonical import check, encode, is_canonical
from onrecord.record.errors import FieldInvalid

names = st.text(st.characters(max_codepoint=127), max_size=6)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
)


@given(values)
def test_what_is_encoded_is_canonical_and_comes_back_the_same(value: object) -> None:
    check(value, "value")
    assert json.loads(encode(value)) == value
    assert is_canonical(encode(value))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_is_never_normalised(text: str) -> None:
    assert json.loads(encode(text)) == text


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1.5}',
        b'{"a":1}\n',
        b'"\\u0061"',
        b"9007199254740992",
        b'{"a":1,"a":1}',
    ],
)
def test_other_ways_to_write_the_same_are_not_canonical(data: bytes) -> None:
    assert not is_canonical(data)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1.5, "fraction"),
        (2**53, "too large"),
        ({"שם": 1}, "ASCII"),
        ("\ud800", "surrogate"),
        ({"a": {1, 2}}, "cannot be kept"),
    ],
)
def test_what_canonical_json_cannot_hold_is_refused_with_a_mend(value: object, word: str) -> None:
    with pytest.raises(FieldInvalid, match=word):
        check({"field": value}, "line")
