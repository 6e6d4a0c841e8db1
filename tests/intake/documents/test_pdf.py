"""PDF: every line with its page and rectangle, in the order in which it is read; what is missing is said."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.intake.documents import pdf as reader
from onrecord.intake.reading import Member, Reading, Skipped, Source
from tests.intake.documents.pdfs import ARABIC, GATE, HEBREW, Sheet, pdf, seen, spoken, words

PRESENTED = "ﺑﻮﺎﻟ"


def parts(content: bytes, password: str | None = None) -> list[Member | Skipped | Reading]:
    source = Source(io.BytesIO(content), len(content), "application/pdf", "a.pdf", password=password)
    found = []
    for part in reader.read(source):
        held = b"".join(part.chunks) if isinstance(part, Member) else b""
        found.append(Member(part.name, [held]) if isinstance(part, Member) else part)
    return found


def read(content: bytes, password: str | None = None) -> Reading:
    reading = parts(content, password)[-1]
    assert isinstance(reading, Reading)
    return reading


def lines(reading: Reading) -> list[str]:
    return [(reading.layer_text or "")[one.start : one.end] for one in reading.segments]


def numbers(region: list[int | str]) -> list[float]:
    return [float(number) for number in region]


def test_every_line_has_its_page_and_its_place_from_the_top_left() -> None:
    first = Sheet(words(GATE, 72, 700) + words("The ford was dry.", 72, 685))
    reading = read(pdf(first, Sheet(words("The weir held.", 72, 400))))
    assert reading.layer_text == f"{GATE}\nThe ford was dry.\n\nThe weir held."
    assert [one.about["page"] for one in reading.segments] == [1, 1, 2]
    x, y, width, height = numbers(reading.segments[0].about["region"])
    assert x == pytest.approx(72, abs=1.5) and y + height == pytest.approx(800 - 700, abs=4)
    assert 100 < width < 200 and 6 < height < 14
    assert {one.kind for one in reading.segments} == {"line"}


@pytest.mark.parametrize(
    ("rotate", "corner"), [(0, (72, 92)), (90, (700, 72)), (180, (380, 700)), (270, (92, 380))]
)
def test_places_are_those_of_the_page_as_it_is_shown(rotate: int, corner: tuple[int, int]) -> None:
    reading = read(pdf(Sheet(words(GATE, 72, 700), rotate=rotate)))
    assert lines(reading) == [GATE]
    x, y, width, height = numbers(reading.segments[0].about["region"])
    assert (width > height) == (rotate % 180 == 0)
    assert (x, y) == pytest.approx(corner, abs=12)


def test_places_are_counted_from_the_part_of_the_page_that_is_shown() -> None:
    whole, cropped = (
        numbers(read(pdf(Sheet(words(GATE, 100, 700), more=more))).segments[0].about["region"])
        for more in ("", "/CropBox [50 100 500 750]")
    )
    assert whole[0] - cropped[0] == pytest.approx(50, abs=0.2)
    assert whole[1] - cropped[1] == pytest.approx(50, abs=0.2)


def test_words_that_are_turned_on_the_page_are_read_too() -> None:
    reading = read(pdf(Sheet(words(GATE, 300, 200, turned="0 1 -1 0"))))
    assert lines(reading) == [GATE]
    _, _, width, height = numbers(reading.segments[0].about["region"])
    assert height > width


@pytest.mark.parametrize("text", [ARABIC, HEBREW, "السد جاف، والبوابة مغلقة.", "הסכר יבש, והשער סגור."])
def test_right_to_left_words_are_in_the_order_of_reading_however_the_file_keeps_them(text: str) -> None:
    text = text.replace("،", ",")
    by_eye = _as_seen(text)
    assert lines(read(pdf(Sheet(seen(by_eye))))) == [text]
    one_by_one = "".join(seen(letter, 72 + 6 * place) for place, letter in enumerate(by_eye) if letter != " ")
    assert lines(read(pdf(Sheet(one_by_one)))) == [text]


def test_right_to_left_letters_put_down_as_they_are_spoken_are_read_so() -> None:
    text = "البوابة مغلقة والسد جاف"
    assert lines(read(pdf(Sheet(spoken(text))))) == [text]


def _as_seen(text: str) -> str:
    """From left to right: the words turned round, the numbers not."""
    pieces = [word if word[:1].isdigit() else word[::-1] for word in text.split(" ")]
    return " ".join(reversed(pieces))


def test_brackets_and_quotation_marks_close_what_they_open() -> None:
    assert lines(read(pdf(Sheet(seen("(" + "סגור"[::-1] + ") " + "השער"[::-1]))))) == ["השער (סגור)"]
    assert lines(read(pdf(Sheet(seen("«" + "مغلق"[::-1] + "» " + "السوق"[::-1]))))) == ["السوق «مغلق»"]


def test_latin_words_inside_right_to_left_ones_stay_as_they_are() -> None:
    line = "היה"[::-1] + " The weir " + "ליד"[::-1]
    assert lines(read(pdf(Sheet(seen(line))))) == ["ליד The weir היה"]


def test_letters_kept_as_shapes_become_ordinary_letters() -> None:
    reading = read(pdf(Sheet(seen(PRESENTED))))
    assert lines(reading) == ["لاوب"]
    assert reading.parameters["presentation forms"] == "as ordinary letters"


def test_a_word_divided_at_the_end_of_a_line_keeps_its_hyphen_and_its_line() -> None:
    reading = read(pdf(Sheet(words("The gatekeep-", 72, 700) + words("er saw it.", 72, 686))))
    assert reading.layer_text == "The gatekeep-\ner saw it."
    assert all("region" in one.about for one in reading.segments)


def test_a_wide_gap_begins_a_paragraph() -> None:
    drawn = "".join(words(f"Line {n}.", 72, y) for n, y in enumerate((700, 686, 672, 630, 616)))
    assert read(pdf(Sheet(drawn))).layer_text == "Line 0.\nLine 1.\nLine 2.\n\nLine 3.\nLine 4."


def test_a_scan_says_that_its_pages_are_pictures() -> None:
    reading = read(pdf(Sheet(picture=True), Sheet(picture=True)))
    assert reading.layer_text is None
    assert reading.why_none == "the pages are pictures without a text layer"
    assert reading.notes == ("pages 1 to 2 have no text layer; it may be a scan",)


def test_a_document_with_some_scanned_pages_names_them() -> None:
    reading = read(pdf(Sheet(words(GATE)), Sheet(picture=True), Sheet(words(GATE))))
    assert lines(reading) == [GATE, GATE]
    assert reading.notes == ("page 2 has no text layer; it may be a scan",)


def test_an_empty_page_is_no_scan() -> None:
    assert read(pdf(Sheet())).why_none == "the pages hold no text"
    assert not read(pdf(Sheet(), Sheet(words(GATE)))).notes


def test_a_locked_document_opens_with_its_password_only() -> None:
    content = pdf(Sheet(words(GATE)), locked=("ford", "weir"))
    assert read(content).why_none == "it is locked with a password"
    assert (
        read(content, "gate").why_none == "it is locked with a password, and the one given does not open it"
    )
    opened = read(content, "ford")
    assert lines(opened) == lines(read(content, "weir")) == [GATE]
    assert "ford" not in repr(opened.recipe) + repr(opened.notes)


def test_a_document_that_only_its_owner_locked_is_read() -> None:
    assert lines(read(pdf(Sheet(words(GATE)), locked=("", "weir")))) == [GATE]


def test_what_a_document_states_of_itself_is_observed() -> None:
    about = {
        "Title": "The weir",
        "Author": "מירה",
        "CreationDate": "D:20190514071500+03'00'",
        "ModDate": "May 2019",
    }
    reading = read(pdf(Sheet(words(GATE)), about=about))
    told = {one.name: (one.value, one.reads) for one in reading.observations}
    assert told["Title"] == ("The weir", None) and told["Author"] == ("מירה", None)
    assert told["CreationDate"] == ("D:20190514071500+03'00'", "2019-05-14T07:15:00+03:00")
    assert told["ModDate"] == ("May 2019", None) and told["pages"] == ("1", 1)
    assert reading.title == "The weir" and {one.of for one in reading.observations} == {"PDF"}


def test_attached_files_come_out_as_members() -> None:
    found = parts(pdf(Sheet(words(GATE)), attached={"السد.txt": b"dry", "gate.csv": b"a,b"}))
    assert [(one.name, b"".join(one.chunks)) for one in found if isinstance(one, Member)] == [
        ("السد.txt", b"dry"),
        ("gate.csv", b"a,b"),
    ]
    assert isinstance(found[-1], Reading)


def test_notes_on_a_page_are_read_with_their_place() -> None:
    note = "/Annots [<< /Type /Annot /Subtype /Text /Rect [100 600 120 620] /Contents (Who shut it?) >>]"
    reading = read(pdf(Sheet(words(GATE), more=note)))
    assert reading.layer_text == f"{GATE}\n\nWho shut it?"
    assert reading.segments[-1].kind == "note"
    assert reading.segments[-1].about == {"page": 1, "region": [100, 180, 20, 20]}


def test_what_is_filled_in_a_form_is_read() -> None:
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Gate) /V (shut at 06:40) /Rect [10 10 90 30] >>"
    reading = read(pdf(Sheet(words(GATE), more=f"/Annots [{field}]")))
    assert (reading.segments[-1].kind, lines(reading)[-1]) == ("field", "shut at 06:40")


def test_more_pages_than_are_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_PAGES", 2)
    reading = read(pdf(*[Sheet(words(GATE))] * 3))
    assert len(reading.segments) == 2 and reading.notes == ("only the first 2 of 3 pages are read",)


def test_a_million_pages_that_are_one_page_end() -> None:
    content = pdf(Sheet(words(GATE))).replace(b"/Kids [6 0 R] /Count 1", b"/Kids [6 0 R] /Count 999999")
    reading = read(content)
    assert reading.layer_text and reading.layer_text.startswith(GATE)


def test_a_page_tree_that_holds_itself_ends() -> None:
    content = pdf(Sheet(words(GATE))).replace(b"/Kids [6 0 R] /Count 1", b"/Kids [2 0 R 6 0 R] /Count 9")
    assert isinstance(read(content), Reading)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_document_still_ends_with_a_reading(data: st.DataObject) -> None:
    content = bytearray(pdf(Sheet(words(GATE)), Sheet(seen(_as_seen(ARABIC)))))
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(1, len(content)))])
    reading = read(cut)
    assert (reading.layer_text is None) == (reading.why_none is not None)
    (reading.layer_text or "").encode("utf-8")


def test_reading_twice_gives_the_same() -> None:
    content = pdf(Sheet(words(GATE) + seen(_as_seen(HEBREW), y=650)))
    assert read(content) == read(content)


SAMPLE = f"""<html><body style="font-family: 'Noto Naskh Arabic', 'Noto Serif Hebrew', serif"><p>{GATE}</p>
<p dir=rtl>السوق مغلق منذ الصباح، والبوابة أغلقت في الساعة 07:15 يوم 14 أيار 2019 (الأحد).</p>
<p dir=rtl>השער נסגר בשעה 07:15 בבוקר, ב-14 במאי 2019 (יום שלישי) ליד המעבר.</p>
<p dir=rtl>مُحَمَّدٌ قال: «The weir was dry» أمس، ولا أحد رأى الأبواب.</p></body></html>"""
SPOKEN = [
    GATE,
    "السوق مغلق منذ الصباح، والبوابة أغلقت في الساعة 07:15 يوم 14 أيار 2019 (الأحد).",
    "השער נסגר בשעה 07:15 בבוקר, ב-14 במאי 2019 (יום שלישי) ליד המעבר.",
    "مُحَمَّدٌ قال: «The weir was dry» أمس، ولا أحد رأى الأبواب.",
]


def _by_browser(page: Path, out: Path) -> None:
    browser = shutil.which("chromium")
    if not browser:
        pytest.skip("no browser here prints")
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--print-to-pdf={out}",
    ]
    subprocess.run([*command, str(page)], check=True, capture_output=True, timeout=120)


def _by_weasyprint(page: Path, out: Path) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    weasyprint.HTML(filename=str(page)).write_pdf(str(out))


@pytest.mark.parametrize("printing", [_by_browser, _by_weasyprint])
def test_a_page_printed_in_three_scripts_is_read_as_it_was_written(
    printing: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    page, out = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(f"<meta charset=utf-8>{SAMPLE}", encoding="utf-8")
    printing(page, out)
    assert lines(read(out.read_bytes())) == SPOKEN


DRAWN = [
    "تقرير البوّابة",
    "أُغلقت البوّابة الساعة السادسة والنصف صباحًا بحسب شاهدة من المخاضة.",
    "הַשַּׁעַר נִנְעַל בְּשָׁעָה 07:15, לפי (אנשי הסכר).",
    "٢ דבורה מזרחי 15/05/2019 הסכר",
    "قال الحارس إنّه لم يرَ أحدًا عند المعبر حتّى المساء.",
]


def test_lines_whose_letters_are_drawn_as_shapes_stay_lines_and_words(tmp_path: Path) -> None:
    """As a browser prints a font that it does not embed: PDFium then takes lines apart and puts others together."""
    page, out = tmp_path / "page.html", tmp_path / "page.pdf"
    style = "font-size: 18pt; line-height: 1.2; font-family: FreeSans, FreeSerif, serif"
    drawn = "".join(f"<p>{line}</p>" for line in DRAWN)
    page.write_text(f'<meta charset=utf-8><body dir=rtl style="{style}">{drawn}', encoding="utf-8")
    _by_browser(page, out)
    assert lines(read(out.read_bytes())) == DRAWN
