"""Dates as they stand in sheets, read by the form that the mapping says, or by what the file itself keeps for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from onrecord.record.errors import FieldInvalid
from onrecord.writing.sheets.digits import plain_digits

_WORDS = {
    "day": "(?P<day>[0-9]{1,2})",
    "monthname": r"(?P<name>[^\d]+?)",
    "month": "(?P<month>[0-9]{1,2})",
    "year": "(?P<year>[0-9]{2}|[0-9]{4})",
    "hour": "(?P<hour>[0-9]{1,2})",
    "minute": "(?P<minute>[0-9]{2})",
    "second": "(?P<second>[0-9]{2})",
}
_WORD = re.compile("|".join(_WORDS))
_MEND = "Write it with the words day, month, year, like day/month/year or monthname day, year."
_EPOCHS = {"from 1900": date(1899, 12, 30), "from 1904": date(1904, 1, 1)}
_LAST_SERIAL = 2_958_465
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class DayForm:
    """A form such as `day/month/year`. `months` are the numbers of months by name, `century` that of years in two digits."""

    written: str
    pattern: re.Pattern[str]
    months: Mapping[str, int]
    century: int | None

    def read(self, text: str) -> str | None:
        """The date in EDTF, or None where the text is not of this form. Nobody has looked yet whether there is such a day."""
        found = self.pattern.fullmatch(text)
        parts = found.groupdict() if found else {}
        year = self._year(parts.get("year"))
        if year is None:
            return None
        month = parts.get("month")
        if "name" in parts:
            number = self.months.get(_folded(parts["name"]))
            if number is None:
                return None
            month = str(number)
        day = "".join(f"-{int(part):02}" for part in (month, parts.get("day")) if part)
        if parts.get("hour") is None:
            return year + day
        second = f":{parts['second']}" if parts.get("second") else ""
        return f"{year}{day}T{int(parts['hour']):02}:{parts['minute']}{second}"

    def _year(self, written: str | None) -> str | None:
        if written is None or len(written) == 4:
            return written
        return None if self.century is None else f"{self.century:02}{written}"


def day_form(form: str, months: Any, century: Any, where: str) -> DayForm:
    """Read a form. Raises `FieldInvalid` naming the place in the mapping."""
    said = _WORD.findall(form)
    missing = "year" not in said or len(said) != len(set(said)) or ("hour" in said) != ("minute" in said)
    numbered = "month" in said or "monthname" in said
    if missing or ("day" in said and not numbered) or ("hour" in said and "day" not in said):
        raise FieldInvalid(f"{where}.form", f"{form!r} is not the form of a date", _MEND)
    if century is not None and century not in (19, 20):
        raise FieldInvalid(f"{where}.century", f"{century!r} is neither 19 nor 20", "For 2019 it is 20.")
    pieces, at = "", 0
    for word in _WORD.finditer(form):
        pieces += re.escape(form[at : word.start()]) + _WORDS[word[0]]
        at = word.end()
    pattern = re.compile(pieces + re.escape(form[at:]))
    return DayForm(form, pattern, _months(months, "monthname" in said, where), century)


def _months(said: Any, needed: bool, where: str) -> dict[str, int]:
    if said is None and not needed:
        return {}
    if isinstance(said, list) and len(said) == 12 and all(isinstance(one, str) for one in said):
        return {_folded(name): number for number, name in enumerate(said, 1)}
    if isinstance(said, Mapping) and all(type(one) is int and 1 <= one <= 12 for one in said.values()):
        return {_folded(name): number for name, number in said.items()}
    raise FieldInvalid(
        f"{where}.months",
        "a form with monthname needs the names",
        'A list of twelve, or like {"May": 5, "أيار": 5}.',
    )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def kept_day(shown: str, kept: str, calendar: str | None) -> str | None:
    """The date that an office sheet keeps as a number of days, where what it shows has the same year and day in figures."""
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,20})?", kept) or calendar not in _EPOCHS:
        return None
    days, rest = divmod(Decimal(kept), 1)
    seconds = int((rest * 86_400).to_integral_value(ROUND_HALF_UP))
    if not 61 <= days <= _LAST_SERIAL - 1_462 or seconds >= 86_400:
        return None
    day = _EPOCHS[calendar] + timedelta(int(days))
    figures = [int(one) for one in re.findall("[0-9]+", plain_digits(shown) or "")]
    if day.day not in figures or not {day.year, day.year % 100} & set(figures):
        return None
    if day.month not in figures and not re.search(r"[^\W\d_]{3}", shown):
        return None
    hour, minute = seconds // 3600, seconds // _MINUTE % _MINUTE
    clock = (
        f"T{hour:02}:{minute:02}" if re.search(rf"\b0?{hour}:{minute:02}", plain_digits(shown) or "") else ""
    )
    return day.isoformat() + clock
