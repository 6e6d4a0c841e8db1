"""The text of a PDF of 1,000 pages with the rectangle of every line, against PDFium's own text and rectangles alone."""

from __future__ import annotations

import io
import statistics
import tempfile
from collections.abc import Callable, Iterator

from pypdfium2 import PdfDocument, PdfTextPage
from tests.intake.documents.pdfs import Sheet, pdf, seen, words

from benchmarks.measure import cost_of, say
from onrecord.intake.documents import pdf as reader
from onrecord.intake.reading import Reading, Source
from onrecord.intake.reads import read_original

PAGES, LINES, ROUNDS, BAR = 1_000, 40, 3, 0.8
SAID = "The gate by the weir was shut at 07:15 that morning, and the ford was dry until noon."
SPOKEN = "השער ליד הסכר נסגר בשעה 07:15 בבוקר, והמעבר היה יבש עד הצהריים."


def latin() -> bytes:
    return pdf(*(Sheet(_page(f"{SAID} {number}")) for number in range(PAGES)))


def hebrew() -> bytes:
    by_eye = " ".join(word if word[0].isdigit() else word[::-1] for word in reversed(SPOKEN.split()))
    drawn = "".join(seen(by_eye, y=760 - 18 * line) for line in range(LINES))
    return pdf(*(Sheet(drawn) for _ in range(PAGES)))


def _page(said: str) -> str:
    return "".join(words(said, y=760 - 18 * line) for line in range(LINES))


def apart(content: bytes) -> None:
    """The least that pypdfium2 gives: each page's text, and beside it all its rectangles."""
    for text in _pages(content):
        text.get_text_range()
        for number in range(text.count_rects()):
            text.get_rect(number)


def together(content: bytes) -> None:
    """What pypdfium2 gives for words with their place: the text inside each rectangle."""
    for text in _pages(content):
        for number in range(text.count_rects()):
            text.get_text_bounded(*text.get_rect(number))


def _pages(content: bytes) -> Iterator[PdfTextPage]:
    with PdfDocument(content) as document:
        for page in document:
            text = page.get_textpage()
            yield text
            text.close()
            page.close()


def ours(content: bytes) -> None:
    *_, reading = reader.read(Source(io.BytesIO(content), len(content), "application/pdf", "a.pdf"))
    assert isinstance(reading, Reading) and len(reading.segments) == PAGES * LINES


def confined(content: bytes) -> None:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(content)
        file.seek(0)
        answer = read_original(file, len(content), "application/pdf", "a.pdf")
    assert len(answer.reading.segments) == PAGES * LINES, answer.reading.why_none


def main() -> None:
    for script, content in (("Latin", latin()), ("Hebrew", hebrew())):
        confined(content)
        ways = (ours, confined, together, apart)
        rounds = [tuple(_wall(way, content) for way in ways) for _ in range(ROUNDS)]
        here, away, with_places, least = (statistics.median(times) for times in zip(*rounds, strict=True))
        what = f"a PDF of {PAGES:,} {script} pages"
        # Letters from right to left have to be put in order one by one, which PDFium alone does not do.
        bar = BAR if script == "Latin" else 0
        said = f"{bar}x" if bar else "none"
        say(f"{what}, against its text and its rectangles", _told(here, least), said, least / here >= bar)
        say(
            f"{what}, against words each with its place",
            _told(here, with_places),
            said,
            with_places / here >= bar,
        )
        say(f"{what}, confined, against words with places", _told(away, with_places), "none", True)


def _told(cost: float, peer: float) -> str:
    return f"{cost:.2f} s, {peer / cost:.2f}x PDFium's {peer:.2f} s"


def _wall(way: Callable[[bytes], None], content: bytes) -> float:
    return cost_of(lambda: way(content)).wall


if __name__ == "__main__":
    main()
