"""What is wrong with a date as people commonly write it, and how it could be written. Proposes, never decides."""

from __future__ import annotations

import re
from datetime import date

_KEEP = "keep the words in as_written."
_ABSENCES = ("unknown", "not asked", "refused", "withheld", "none seen")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-]?)([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_BOTH_QUALIFIERS = re.compile(r"(.*)(\?~|~\?)")
_OTHER_DIGITS = re.compile(r"[^\x00-\x7F]")


def mend_for(text: str) -> tuple[str, str] | None:
    """Why a text is not a date and how to mend it, or None where nothing particular is known to be wrong."""
    for look in (_blank, _absence, _two_ways, _short_year, _month_year, _year_first, _both, _digits):
        found = look(text)
        if found:
            return found
    return None


def _blank(text: str) -> tuple[str, str] | None:
    if not text.strip():
        return "is empty", 'Leave the time out, or say why: {"none": "not asked"}.'
    if text != text.strip():
        return "has spaces around it", f"Write {text.strip()}"
    return None


def _absence(text: str) -> tuple[str, str] | None:
    if text.lower() in _ABSENCES:
        return "is not a date", f'If there is none, write {{"none": "{text.lower()}"}}.'
    return None


def _two_ways(text: str) -> tuple[str, str] | None:
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        return None
    first, second, year = (int(part) for part in found.groups())
    readings = sorted({day for day in (_day(year, first, second), _day(year, second, first)) if day})
    if not readings:
        return "is not a day of any calendar we read", f"Look at the source again, and {_KEEP}"
    if len(readings) == 2:
        return "can be read two ways", f"Write {readings[0]} or {readings[1]}, and {_KEEP}"
    return "is not written year first", f"Write {readings[0]}, and {_KEEP}"


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _short_year(text: str) -> tuple[str, str] | None:
    if not _SHORT_YEAR.fullmatch(text):
        return None
    return "has a year of two digits", f"Write all four digits, year first, such as 2010-07-12, and {_KEEP}"


def _month_year(text: str) -> tuple[str, str] | None:
    found = _MONTH_YEAR.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= 12:
        return None
    return "is not written year first", f"Write {found[2]}-{int(found[1]):02}, and {_KEEP}"


def _year_first(text: str) -> tuple[str, str] | None:
    found = _YEAR_FIRST.fullmatch(text)
    if not found:
        return None
    year, between, month, day = found.groups()
    if between == "" and len(text) != 8:
        return "can be read in several ways", f"Write it like 2010-07 or 2010-07-12, and {_KEEP}"
    if between == "-" and len(month) == 2 and (day is None or len(day) == 2):
        return None
    if not _day(int(year), int(month), int(day or 1)):
        return "is not a day of any calendar we read", f"Look at the source again, and {_KEEP}"
    mended = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    return "is not written with two digits and hyphens", f"If that is meant, write {mended}, and {_KEEP}"


def _both(text: str) -> tuple[str, str] | None:
    found = _BOTH_QUALIFIERS.fullmatch(text)
    return ("has two marks at its end", f"For both uncertain and about, write {found[1]}%") if found else None


def _digits(text: str) -> tuple[str, str] | None:
    if not _OTHER_DIGITS.search(text):
        return None
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    if plain != text and re.fullmatch(r"[0-9X?~%/.TZ:+-]+", plain):
        return "is written in other digits than 0 to 9", f"Write {plain}, and {_KEEP}"
    return None
