"""Finds where a text says which day of the week a date was, in English, Arabic and Hebrew.

Only what is certain: a full date beside a weekday's name. A date that may be read in two ways, an abbreviation that
is also a word, a day that the month does not have: none of these is read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise

from .fold import Folded, fold, fold_mapped

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


# Sun is left out: it is more often a newspaper.
_ENGLISH_DAYS = _numbered(
    """
    Monday Mon
    Tuesday Tues Tue
    Wednesday Wed
    Thursday Thurs Thur Thu
    Friday Fri
    Saturday Sat
    Sunday
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


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))


_WEEKDAYS = _compiled(
    rf"(?<![\w-])(?P<name>{_any_of(_ENGLISH_DAYS)})(?!\w)(?:(?<!day)\.)?",
    rf"(?<!\w)[وفبل]?(?:يوم\s+)?(?P<name>{_any_of(_ARABIC_DAYS)})(?!\w)",
    rf"(?<!\w)[ובהלמש]{{0,2}}(?P<name>{_any_of(_HEBREW_DAYS)})(?!\w)",
)
# The night or eve of a day may belong to the day before.
_EVE = re.compile(r"(?<!\w)(?:[ובלכمو]?(?:eve of|night of|ערב|ליל|ليله|ليل|عشيه))\s+$")
_LONGEST_EVE = 20

_DAY = r"(?<!\d)(?<!\d[/.,-])(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})(?!\w|[/.-]\d)"
_GAP = r"(?:\s*,\s*|\s+)"
_ENGLISH_MONTH = rf"(?P<month>{_any_of(_ENGLISH_MONTHS)})(?!\w)\.?"
_ARABIC_MONTH = rf"(?P<month>{_any_of(_ARABIC_MONTHS)})(?!\w)"
_ARABIC_MONTH_AGAIN = rf"(?:\s*[/(]\s*(?P<again>{_any_of(_ARABIC_MONTHS)})(?!\w)\s*\)?)?"
_HEBREW_MONTH = rf"(?P<month>{_any_of(_HEBREW_MONTHS)})(?!\w)"
_DATES = _compiled(
    rf"{_DAY}(?:st|nd|rd|th)?\s+(?:day\s+)?(?:of\s+)?{_ENGLISH_MONTH}{_GAP}{_YEAR}",
    rf"(?<!\w){_ENGLISH_MONTH}\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?{_GAP}{_YEAR}",
    rf"{_DAY}\s+(?:من\s+)?{_ARABIC_MONTH}{_ARABIC_MONTH_AGAIN}{_GAP}{_YEAR}",
    rf"{_DAY}\s+(?:ב-?)?{_HEBREW_MONTH}{_GAP}{_YEAR}",
    rf"{_DAY}(?P<sign>[/.-])(?P<number>\d{{1,2}})(?P=sign){_YEAR}",
    r"(?<!\d)(?<!\d[/.,-])(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?!\w|[/.-]\d)",
)

_PARTS_OF_DAY = _any_of(
    map(fold, ("morning", "afternoon", "evening", "صباحا", "مساء", "בבוקר", "בערב", "בצהריים"))
)
_LEADS_TO = re.compile(
    rf"(?:\s+{_PARTS_OF_DAY})?{_GAP}(?:the\s+|(?:الموافق|المصادف)\s*:?\s*(?:ل\s*-?\s*)?|في\s+|[הב]\s*-?\s*)?"
)
_FOLLOWED_BY = re.compile(r"\s*\(\s*(?:an?\s+)?|\s*,?\s+an?\s+")
_CLOSING = re.compile(r"\s*\)")


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Weekday(_Place):
    number: int


@dataclass(frozen=True, slots=True)
class _Date(_Place):
    date: date


def weekday_claims(text: str) -> list[WeekdayClaim]:
    """Every weekday named beside its full date, in the order of the text."""
    folded = fold_mapped(text)
    dates = sorted(_dates(folded.text), key=lambda found: found.start)
    if not dates:
        return []
    weekdays = sorted(_weekdays(folded, text), key=lambda found: found.start)
    return [_claim(weekday, day, folded, text) for weekday, day in _beside(weekdays, dates, folded.text)]


def _weekdays(folded: Folded, text: str) -> Iterator[_Weekday]:
    for match in chain.from_iterable(pattern.finditer(folded.text) for pattern in _WEEKDAYS):
        name = re.sub(r"\s+", " ", match["name"])
        # "sat", "wed" and their like are words; only with a capital are they days.
        is_word = (
            name.isascii() and not name.endswith("day") and text[folded.starts[match.start("name")]].islower()
        )
        if not is_word and not _EVE.search(folded.text, max(0, match.start() - _LONGEST_EVE), match.start()):
            yield _Weekday(*match.span(), _DAYS[name])


def _dates(folded: str) -> Iterator[_Date]:
    for match in chain.from_iterable(pattern.finditer(folded) for pattern in _DATES):
        found = _date(match)
        if found:
            yield _Date(*match.span(), found)


def _date(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    day, month = int(match["day"]), int(groups.get("number") or 0)
    if groups.get("sign") and day <= 12 and day != month:
        return None
    if not month:
        month = _month(match["month"])
        if groups.get("again") and _month(match["again"]) != month:
            return None
    try:
        found = date(int(match["year"]), month, day)
    except ValueError:
        return None
    return found if found.year >= _FIRST_YEAR else None


def _month(name: str) -> int:
    return _MONTHS[re.sub(r"\s+", " ", name)]


def _beside(weekdays: list[_Weekday], dates: list[_Date], folded: str) -> Iterator[tuple[_Weekday, _Date]]:
    """Each weekday with the date it leads to, or that it follows in brackets or as an apposition."""
    places: list[_Weekday | _Date] = sorted([*weekdays, *dates], key=lambda place: place.start)
    for first, second in pairwise(places):
        between = folded[first.end : second.start]
        if between.count("\n") > 1:
            continue
        if isinstance(first, _Weekday) and isinstance(second, _Date):
            if _LEADS_TO.fullmatch(between):
                yield first, second
        elif isinstance(first, _Date) and isinstance(second, _Weekday) and _FOLLOWED_BY.fullmatch(between):
            closing = _CLOSING.match(folded, second.end) if "(" in between else None
            if closing or "(" not in between:
                yield _Weekday(second.start, closing.end() if closing else second.end, second.number), first


def _claim(weekday: _Weekday, day: _Date, folded: Folded, text: str) -> WeekdayClaim:
    start, end = folded.span(min(weekday.start, day.start), max(weekday.end, day.end))
    return WeekdayClaim(start, end, text[start:end], weekday.number, day.date)
