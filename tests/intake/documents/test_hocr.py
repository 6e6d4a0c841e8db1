"""hOCR: recognised words as text, each line with its page and its place in the picture."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.documents import hocr
from onrecord.intake.documents.sniff import looks_like_hocr
from onrecord.intake.media import media_type
from onrecord.intake.reading import Reading, Source

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><meta name='ocr-system' content='tesseract 5.3.0' /></head><body>"""


def word(text: str, sure: int = 96) -> str:
    return f"<span class='ocrx_word' title='bbox 1 2 3 4; x_wconf {sure}'>{text}</span>\n"


def line(*words: str, box: str = "10 20 110 50", kind: str = "ocr_line") -> str:
    return f'<span class="{kind}" title="bbox {box}; baseline 0 -3">{"".join(words)}</span>'


def page(*paragraphs: str, number: int = 0) -> str:
    inner = "".join(f"<p class='ocr_par'>{one}</p>" for one in paragraphs)
    return f"<div class='ocr_page' title='image \"stdin\"; bbox 0 0 900 900; ppageno {number}'>{inner}</div>"


def read(source: str) -> Reading:
    content = source.encode()
    (reading,) = hocr.read(Source(io.BytesIO(content), len(content), "text/vnd.hocr+html", "a.hocr"))
    return reading


def test_lines_have_their_page_and_their_place_in_pixels() -> None:
    reading = read(
        HEAD
        + page(line(word("The"), word("gate")) + line(word("השער")), number=2)
        + page(line(word("السوق"), box="1 1 9 9"), number=6)
    )
    assert reading.layer_text == "The gate\nהשער\n\nالسوق"
    assert [one.about for one in reading.segments] == [
        {"page": 3, "region": [10, 20, 100, 30]},
        {"page": 3, "region": [10, 20, 100, 30]},
        {"page": 7, "region": [1, 1, 8, 8]},
    ]
    assert reading.parameters == {"region": "pixels of the picture of the page"}


def test_paragraphs_and_captions_stand_apart() -> None:
    reading = read(HEAD + page(line(word("One")), line(word("Two"), kind="ocr_caption")))
    assert reading.layer_text == "One\n\nTwo"


def test_how_sure_the_program_was_is_said() -> None:
    reading = read(HEAD + page(line(word("The"), word("gaze", sure=31))))
    assert reading.notes == ("a program recognised these words; it was unsure of 1 of 2",)


def test_a_page_on_which_nothing_was_recognised_has_no_text() -> None:
    reading = read(HEAD + page(line(word(" "))))
    assert (reading.layer_text, reading.why_none) == (None, "no words were recognised")


def test_hocr_is_told_from_other_pages() -> None:
    beginning = (HEAD + page()).encode()
    assert looks_like_hocr(beginning, "a.html") and media_type(beginning, "a") == "text/vnd.hocr+html"
    assert media_type(b"<html><body class='page'>ocr_page</body></html>", "a.html") == "text/html"
    assert not looks_like_hocr(b"%PDF-1.7 <div class='ocr_page'>", "a.pdf")


@given(st.text())
def test_whatever_it_is_given_it_ends_with_a_reading(source: str) -> None:
    reading = read(HEAD + page(line(source)) + source)
    for segment in reading.segments:
        assert (reading.layer_text or "")[segment.start : segment.end].strip()
