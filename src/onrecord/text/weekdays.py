"""Finds where a text says which day of the week a date was, in English, Arabic and Hebrew.

Only what is certain: a full date beside a weekday's name. A date that may be read in two ways, an abbreviation that
is also a word, a day that the month does not have: none of these is read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .fold import fold, fold_mapped

# The first whole year of the Gregorian calendar; before it weekdays were counted by another.
_FIRST_YEAR = 1583


@dataclass(frozen=True, slots=True)
class WeekdayClaim:
    """The text says at `[start:end]`, in the words `exact`, that `date` was a `weekday` (0 is Monday)."""

    start: int
    end: int
    exact: str
    weekday: int
    date: date


def _numbered(lines: str, first: int) -> dict[str, int]:
    """Each word of each line, folded, with the number of its line; an underscore stands for a space."""
    return {
        fold(word).replace("_", " "): number
        for number, line in enumerate(lines.strip().splitlines(), first)
        for word in line.split()
    }


_ENGLISH_DAYS = _numbered(
    """
    Monday Mon
    Tuesday Tues Tue
    Wednesday Wed
    Thursday Thurs Thur Thu
    Friday Fri
    Saturday Sat
    Sunday Sun
    """,
    0,
)
_ARABIC_DAYS = _numbered(
    """
    الإثنين الاثنين الأثنين الاتنين
    الثلاثاء الثلثاء الثلاثا
    الأربعاء الاربعا
    الخميس
    الجمعة
    السبت
    الأحد
    """,
    0,
)
_HEBREW_DAYS = _numbered(
    """
    יום_שני יום_ב'
    יום_שלישי יום_ג'
    יום_רביעי יום_ד'
    יום_חמישי יום_ה'
    יום_שישי יום_ששי יום_ו'
    יום_שבת שבת
    יום_ראשון יום_א'
    """,
    0,
)
_ENGLISH_MONTHS = _numbered(
    """
    January Jan
    February Feb
    March Mar
    April Apr
    May
    June Jun
    July Jul
    August Aug
    September Sept Sep
    October Oct
    November Nov
    December Dec
    """,
    1,
)
_ARABIC_MONTHS = _numbered(
    """
    كانون_الثاني يناير جانفي
    شباط فبراير فيفري
    آذار مارس
    نيسان أبريل إبريل أفريل
    أيار مايو ماي
    حزيران يونيو يونيه جوان
    تموز يوليو يوليه يوليوز جويلية
    آب أغسطس غشت أوت
    أيلول سبتمبر شتنبر
    تشرين_الأول أكتوبر
    تشرين_الثاني نوفمبر نونبر
    كانون_الأول ديسمبر دجنبر
    """,
    1,
)
_HEBREW_MONTHS = _numbered(
    """
    ינואר
    פברואר
    מרץ מרס
    אפריל
    מאי
    יוני
    יולי
    אוגוסט
    ספטמבר
    אוקטובר
    נובמבר
    דצמבר
    """,
    1,
)
_DAYS = _ENGLISH_DAYS | _ARABIC_DAYS | _HEBREW_DAYS
_MONTHS = _ENGLISH_MONTHS | _ARABIC_MONTHS | _HEBREW_MONTHS


def _any_of(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) + ")"


_GAP = r"(?:\s*,\s*|\s+)"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})(?!\w|[-/.]\d)"
_NUMERIC = rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d)(?!\w|[-/.]\d)|{_DAY}(?P<sign>[/.-])(?P<number>\d{{1,2}})(?P=sign){_YEAR})"
_NUMERIC = _NUMERIC.replace("?P<day>", "?P<numeric_day>").replace("?P<year>", "?P<numeric_year>")

_ENGLISH_MONTH = rf"(?P<month>{_any_of(_ENGLISH_MONTHS)})\b\.?"
_ORDINAL = rf"{_DAY}(?:st|nd|rd|th)?"
_MONTH_FIRST = _ENGLISH_MONTH.replace("?P<month>", "?P<month_first>")
_DAY_SECOND = rf"\s+(?:the\s+)?{_ORDINAL}{_GAP}{_YEAR}".replace("?P<day>", "?P<day_second>").replace(
    "?P<year>", "?P<year_last>"
)
_ENGLISH_DATE = rf"(?:{_ORDINAL}\s+(?:day\s+)?(?:of\s+)?{_ENGLISH_MONTH}{_GAP}{_YEAR}|{_MONTH_FIRST}{_DAY_SECOND}|{_NUMERIC})"
_ARABIC_MONTH = rf"(?P<month>{_any_of(_ARABIC_MONTHS)})(?:\s*[/(]\s*(?P<also>{_any_of(_ARABIC_MONTHS)})\s*\)?)?"
_ARABIC_DATE = rf"(?:{_DAY}\s*(?:من\s+)?{_ARABIC_MONTH}{_GAP}{_YEAR}|{_NUMERIC})"
_HEBREW_DATE = rf"(?:{_DAY}\s*ב?-?(?P<month>{_any_of(_HEBREW_MONTHS)}){_GAP}{_YEAR}|{_NUMERIC})"


def _either_way(day: str, link: str, date_form: str, back: str) -> tuple[re.Pattern[str], ...]:
    """A weekday before its date, and after it in brackets or as an apposition."""
    return (
        re.compile(rf"{day}{link}{date_form}"),
        re.compile(rf"(?<![\w/.-]){date_form}{back}"),
    )


_ENGLISH_DAY = rf"(?<![\w-])(?P<weekday>{_any_of(_ENGLISH_DAYS)})\b\.?"
_ARABIC_DAY = rf"(?<!\w)[وفبل]?(?:يوم\s+)?(?P<weekday>{_any_of(_ARABIC_DAYS)})"
_HEBREW_DAY = rf"(?<!\w)[ובהלמש]{{0,2}}(?P<weekday>{_any_of(_HEBREW_DAYS)})"
_PATTERNS = (
    *_either_way(
        _ENGLISH_DAY,
        rf"{_GAP}(?:the\s+)?",
        _ENGLISH_DATE,
        rf"(?:\s*\(\s*(?:an?\s+)?{_ENGLISH_DAY}\s*\)|,?\s+an?\s+{_ENGLISH_DAY.replace('weekday', 'apposed')})",
    ),
    *_either_way(
        _ARABIC_DAY,
        rf"{_GAP}(?:(?:الموافق|المصادف)\s*:?\s*(?:ل\s*-?\s*)?|في\s+)?",
        _ARABIC_DATE,
        rf"\s*\(\s*{_ARABIC_DAY}\s*\)",
    ),
    *_either_way(
        _HEBREW_DAY,
        rf"{_GAP}(?:[הב]\s*-?\s*)?",
        _HEBREW_DATE,
        rf"\s*\(\s*{_HEBREW_DAY}\s*\)",
    ),
)
