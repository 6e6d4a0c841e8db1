"""Telling documents that are text by their first bytes. Nothing heavy is loaded here."""

from __future__ import annotations

import re

_HOCR = re.compile(rb"""<meta[^>]{0,200}?name=["']ocr-(?:system|capabilities)["']|class=["']ocr_page["']""")


def looks_like_hocr(beginning: bytes, name: str) -> bool:
    """Whether a page is hOCR: words that a program recognised in pictures, with their places."""
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and bool(_HOCR.search(beginning[:4096]))
