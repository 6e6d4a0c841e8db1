"""What a PDF states of itself: title, author, the programs that made it, and when, as written there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from pypdfium2 import PdfDocument

from onrecord.intake.documents.pdf_line import clean
from onrecord.intake.reading import Observation

OF = "PDF"
_LONGEST = 2_000
_TIMES = ("CreationDate", "ModDate")
_TIME = re.compile(
    r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d)?(?:'?(\d\d)'?|'00'|')?)?)?)?",
    re.ASCII,
)


def facts_of(document: PdfDocument, pages: int) -> tuple[Observation, ...]:
    return (*_stated(document), Observation(OF, "pages", str(pages), pages))


def title_of(facts: Sequence[Observation]) -> str | None:
    return next((fact.value for fact in facts if fact.name == "Title"), None)


def _stated(document: PdfDocument) -> Iterator[Observation]:
    for name in document.METADATA_KEYS:
        value = clean(document.get_metadata_value(name).replace("\n", " "))
        if value:
            shown = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
            yield Observation(OF, name, shown, in_edtf(value) if name in _TIMES else None)


def in_edtf(value: str) -> str | None:
    """A PDF's time (ISO 32000-1, 7.9.4) in EDTF, as far as it is given; None where it is no possible time."""
    found = _TIME.fullmatch(value.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, zone, zone_minutes = found.groups()
    try:
        dt.datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0)
        )
    except ValueError:
        return None
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return date
    offset = zone if zone in (None, "Z") else f"{zone}:{zone_minutes or '00'}"
    return f"{date}T{hour}:{minute}:{second or '00'}{offset or ''}"
