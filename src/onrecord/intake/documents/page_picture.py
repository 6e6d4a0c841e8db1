"""A program of its own, run confined: the pages of a PDF, or a picture, as pictures that words can be recognised in.

The file comes on standard input, after a line with what is asked in JSON, where a password may be, which no command line may hold.
`{"list": true}` prints how many pages there are and which have no text; `{"page": n, "dpi": d}` prints page n as PNG;
`{"picture": true}` prints a picture, upright, as PNG.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

MOST_PIXELS = 60_000_000
MOST_PAGES = 5_000
FEW_LETTERS = 20


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    made = _upright(content) if asked.get("picture") else _of_pdf(content, asked)
    sys.stdout.buffer.write(made)


def _of_pdf(content: bytes, asked: dict[str, Any]) -> bytes:
    from pypdfium2 import PdfDocument

    with PdfDocument(content, password=asked.get("password")) as document:
        return _listed(document) if asked.get("list") else _drawn(document, asked["page"], asked["dpi"])


def _listed(document: Any) -> bytes:
    without = []
    for at in range(min(len(document), MOST_PAGES)):
        page = document[at]
        words = page.get_textpage()
        if words.count_chars() < FEW_LETTERS:
            without.append(at + 1)
        words.close()
        page.close()
    return json.dumps({"pages": len(document), "without": without}).encode("ascii")


def _drawn(document: Any, number: int, dpi: int) -> bytes:
    """A page in grey. One that would be too large is drawn smaller."""
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(dpi / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    return _png(page.render(scale=scale, grayscale=True).to_pil(), round(scale * 72))


def _upright(content: bytes) -> bytes:
    """A photograph states which way up it was taken."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = 2 * MOST_PIXELS
    with Image.open(io.BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("L")
        return _png(upright, None)


def _png(picture: Any, dpi: int | None) -> bytes:
    made = io.BytesIO()
    more = {"dpi": (dpi, dpi)} if dpi else {}
    picture.save(made, "PNG", compress_level=1, **more)
    return made.getvalue()


if __name__ == "__main__":
    main()
