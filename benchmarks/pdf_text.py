"""The text of a PDF of 1,000 pages with the rectangle of every line, against PDFium's own text and rectangles alone."""

from __future__ import annotations

import io
import statistics
import tempfile
from collections.abc import Callable

from pypdfium2 import PdfDocument
from tests.intake.documents.pdfs import Sheet, pdf, seen, words

from benchmarks.measure import cost_of, say
from onrecord.intake.documents import pdf as reader
from onrecord.intake.reading import Reading, Source
from onrecord.intake.reads import read_original

PAGES, LINES, ROUNDS, BAR = 1_000, 40, 5, 0.8
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


def plainly(content: bytes) -> None:
    """What pypdfium2 gives: each page's text, and all its rectangles."""
    with PdfDocument(content) as document:
        for page in document:
            text = page.get_textpage()
            text.get_text_range()
            for number in range(text.count_rects()):
                text.get_rect(number)
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
        rounds = [tuple(_wall(way, content) for way in (plainly, ours, confined)) for _ in range(ROUNDS)]
        alone, here, away = (statistics.median(times) for times in zip(*rounds, strict=True))
        barred = script == "Latin"
        for what, cost in (("", here), (", confined", away)):
            say(
                f"a PDF of {PAGES:,} {script} pages{what}",
                f"{cost:.2f} s, {alone / cost:.2f}x PDFium's {alone:.2f} s",
                f"{BAR}x" if barred and not what else "none",
                not barred or bool(what) or alone / cost >= BAR,
            )


def _wall(way: Callable[[bytes], None], content: bytes) -> float:
    return cost_of(lambda: way(content)).wall


if __name__ == "__main__":
    main()
