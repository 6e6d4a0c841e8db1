"""The quick way to find a body canonical takes nothing that writing it again would not."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from independent import canonical, fixed_id

from onrecord_verify.canonical import encode, scan
from onrecord_verify.grammar import Broken
from onrecord_verify.plain import SHAPES, tight

words = st.text('ab{}[]":\\ ,-0é\u05d0\u2028\n', max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
fields = st.dictionaries(st.sampled_from(["a", "b", "c", "é", 'x":']), values, max_size=4)


def body(held: dict[str, Any]) -> dict[str, Any]:
    base = {"author": fixed_id("keeper"), "clock": 1, "kind": "statement", "thing": fixed_id("x")}
    return {**base, "fields": held}


def agrees(text: str) -> None:
    try:
        said, end = scan(text, 0)
    except (ValueError, StopIteration, Broken):
        return
    shaped = isinstance(said, dict) and tuple(said) in SHAPES and isinstance(said["fields"], dict)
    if shaped and end == len(text) and tight(text, said):
        assert encode(said) == text


@settings(max_examples=400, deadline=None)
@given(fields)
def test_what_is_canonical_is_found_so_or_written_again(held: dict[str, Any]) -> None:
    agrees(canonical(body(held)))


@settings(max_examples=1500, deadline=None)
@given(
    fields, st.integers(0, 10**4), st.sampled_from(["", " ", "\t", "-", "0", "\\u0061", '"a":1,', "1", "é"])
)
@example({"a": 0}, 60, "-")
def test_no_other_way_to_write_it_is_taken(held: dict[str, Any], at: int, put: str) -> None:
    text = canonical(body(held))
    at %= len(text)
    agrees(text[:at] + put + text[at:])
    agrees(text[:at] + text[at + 1 :])
    agrees(json.dumps(body(held), ensure_ascii=False, separators=(",", ":")))
