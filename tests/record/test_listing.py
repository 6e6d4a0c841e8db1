"""The listing of a record's logs, and its hash."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record.listing import Listed, Listing, ListingInvalid, parse_listing, record_root

RECORD, FIRST, SECOND = "a" * 16, "b" * 16 + ".1", "c" * 16 + ".2"
TEXT = (
    f"onrecord record root v1\n{RECORD}\n"
    f"{FIRST} 5 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    f"{FIRST}~0123456789abcdef 7 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
    f"{SECOND} 12 AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n"
)
LOGS = (
    Listed(FIRST, 5, bytes(32)),
    Listed(f"{FIRST}~0123456789abcdef", 7, bytes([1]) * 32),
    Listed(SECOND, 12, bytes([2]) * 32),
)


def test_a_listing_has_a_line_for_every_log_sorted_by_name() -> None:
    assert Listing.of(RECORD, reversed(LOGS)).text == TEXT


def test_the_record_root_is_the_hash_of_the_listing() -> None:
    assert Listing.of(RECORD, LOGS).root == record_root(TEXT) == sha256(TEXT.encode()).hexdigest()


def test_a_listing_is_read_back() -> None:
    assert parse_listing(TEXT) == Listing(RECORD, LOGS)


@given(
    st.lists(st.tuples(st.integers(1, 2**40), st.binary(min_size=32, max_size=32)), min_size=1, max_size=5)
)
def test_any_listing_is_read_back(rows: list[tuple[int, bytes]]) -> None:
    listing = Listing.of(RECORD, [Listed(f"{'d' * 16}.{at}", *row) for at, row in enumerate(rows, 1)])
    assert parse_listing(listing.text) == listing


@pytest.mark.parametrize(
    "bad",
    [
        "",
        TEXT[:-1],
        TEXT + "\n",
        TEXT.replace("v1", "v2"),
        TEXT.replace(RECORD, "A" * 16),
        TEXT.replace(" 5 ", " 05 "),
        TEXT.replace(" 5 ", " 0 "),
        TEXT.replace(" 5 ", " ٥ "),
        TEXT.replace(" 5 ", "  5 "),
        TEXT.replace("AAA=", "AA=="),
        TEXT.replace("AAA=", "AAB="),
        TEXT.replace(SECOND, FIRST),
        f"onrecord record root v1\n{RECORD}\n",
        "\n".join(TEXT.split("\n")[:2] + TEXT.split("\n")[2:5][::-1]) + "\n",
    ],
)
def test_another_spelling_is_refused(bad: str) -> None:
    with pytest.raises(ListingInvalid):
        parse_listing(bad)
