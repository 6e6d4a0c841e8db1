"""A report as PDF, by WeasyPrint, which is an extra: a laptop without it prints the page from a browser."""

from __future__ import annotations

from onrecord.record.errors import FieldInvalid


def printed(page: str) -> bytes:
    """The PDF of a self-contained page: it fetches nothing but what the page holds.

    Raises `FieldInvalid` where WeasyPrint, or what it needs of the system, is not installed.
    """
    try:
        from weasyprint import HTML, URLFetcher
    except (ImportError, OSError):
        raise FieldInvalid(
            "--out",
            "a PDF needs the extra “print”, which is not installed here",
            "Install it with: pip install 'onrecord[print]'. Or name a file that ends in .html, and print that from a "
            "browser.",
        ) from None
    document = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols={"data"}))
    return bytes(document.write_pdf(presentational_hints=True))
