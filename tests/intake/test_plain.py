"""Plain text: every script and encoding gives the same words, and how the encoding was told is said."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake import plain
from onrecord.intake.plain import read_plain
from onrecord.intake.reading import Reading, Source

ARABIC = "قال الشاهد إن الجنود وصلوا إلى القرية في الصباح الباكر وأخذوا ثلاثة رجال.\nثم سكت."
HEBREW = "העד אמר שהחיילים הגיעו לכפר מוקדם בבוקר ולקחו שלושה גברים.\nאחר כך שתק."
FRENCH = "Le témoin a déclaré que les soldats étaient arrivés tôt – « très tôt » – et qu’il s’est tu."
RUSSIAN = "Свидетель сказал, что солдаты пришли в деревню рано утром и увели троих мужчин."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ARABIC, "windows-1256"),
        (ARABIC, "iso-8859-6"),
        (HEBREW, "windows-1255"),
        (FRENCH, "windows-1252"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
    ],
)
def test_an_encoding_told_by_its_letters_is_reported_as_that(text: str, encoding: str) -> None:
    reading = read_plain(text.encode(encoding))
    assert reading.layer_text == text
    assert reading.encoding == encoding
    assert "does not say its encoding" in reading.notes[0]


def test_hebrew_in_the_older_standard_gives_the_same_words() -> None:
    assert read_plain(HEBREW.encode("iso8859-8")).layer_text == HEBREW


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [ARABIC, HEBREW, FRENCH])
def test_unicode_needs_no_guess_and_its_mark_is_not_in_the_layer(text: str, encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    reading = read_plain(marks.get(encoding, b"") + text.encode(encoding))
    assert reading.layer_text == text
    assert (reading.encoding or "").startswith("utf-")
    assert not reading.notes


def test_an_encoding_a_person_chose_wins() -> None:
    reading = read_plain(HEBREW.encode("windows-1255"), encoding="windows-1252")
    assert reading.layer_text == HEBREW.encode("windows-1255").decode("windows-1252", "replace")
    assert reading.parameters == {"encoding": "windows-1252"}
    assert read_plain(b"x", encoding="rot13").why_none == "'rot13' is no encoding known here"


def test_line_ends_become_line_feeds_and_nothing_else_changes() -> None:
    text = "one\r\ntwo\rthree\n\n  four\t \u00a0e\u0301 \u200f\ufeff"
    assert read_plain(text.encode()).layer_text == "one\ntwo\nthree\n\n  four\t \u00a0e\u0301 \u200f\ufeff"


def test_a_few_broken_bytes_do_not_cost_the_layer_and_are_counted() -> None:
    content = HEBREW.encode() + b"\xd7 \xff\xfe" + HEBREW.encode()[:-1]
    reading = read_plain(content)
    assert reading.encoding == "utf-8"
    assert (reading.layer_text or "").startswith(HEBREW)
    assert "not valid utf-8 and stand as U+FFFD, the first at byte" in reading.notes[0]


@pytest.mark.parametrize("content", [b"\0" * 100, bytes(range(128, 256)) * 20, b"a\0b"])
def test_bytes_that_are_no_text_give_no_layer_but_a_reason(content: bytes) -> None:
    reading = read_plain(content)
    assert reading.layer_text is None
    assert reading.why_none


def test_paragraphs_stand_between_blank_lines() -> None:
    reading = read_plain("\n\n  one\nstill one  \n \t \r\ntwo\n\n\n\nשלוש\n".encode())
    assert parts(reading) == ["one\nstill one", "two", "שלוש"]


def parts(reading: Reading) -> list[str]:
    return [(reading.layer_text or "")[part.start : part.end] for part in reading.segments]


def test_long_white_space_takes_no_long_time() -> None:
    assert parts(read_plain(b"a" + b" " * 1_000_000 + b"\n" * 1_000_000 + b"\t" * 1_000_000 + b"b")) == [
        "a",
        "b",
    ]


@given(st.binary(max_size=400))
def test_no_bytes_raise_an_error_and_the_result_can_always_be_kept(content: bytes) -> None:
    reading = read_plain(content)
    assert reading == read_plain(content)
    assert (reading.layer_text is None) == bool(reading.why_none)
    if reading.layer_text is not None:
        reading.layer_text.encode("utf-8")
        assert all(part.strip() for part in parts(reading))


@given(
    st.binary(max_size=200),
    st.sampled_from(["utf-8", "utf-16", "windows-1255", "shift_jis", "big5", "ibm864"]),
)
def test_an_encoding_with_its_name_kept_redoes_the_layer(content: bytes, encoding: str) -> None:
    first = read_plain(content, encoding)
    assert first.layer_text is not None
    assert read_plain(content, first.parameters["encoding"]).layer_text == first.layer_text


@given(st.text(alphabet="ab \n\t\r\u05d0", max_size=60))
def test_no_word_stands_outside_the_paragraphs(text: str) -> None:
    reading = read_plain(text.encode())
    assert " ".join(parts(reading)).split() == (reading.layer_text or "").split()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_of_a_very_large_text_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(plain, "LARGEST_TEXT_BYTES", 4_000)
    content = ("ליד השער עמד סכר\n" * 1_000).encode(encoding)
    (reading,) = plain.read(Source(io.BytesIO(content), len(content), "text/plain", "a.txt"))
    text = reading.layer_text or ""
    assert set(text.rstrip().split("\n")[:-1]) == {"ליד השער עמד סכר"}
    assert 1_000 < len(text.encode(encoding)) <= 4_000 and "\ufffd" not in text
    assert reading.notes[-1].endswith("the rest is not read")


def test_a_very_long_line_is_cut_between_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "LARGEST_TEXT_BYTES", 1_001)
    content = ("ש" * 5_000).encode()
    (reading,) = plain.read(Source(io.BytesIO(content), len(content), "text/plain", "a.txt"))
    assert reading.layer_text == "ש" * 500
