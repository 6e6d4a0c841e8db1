"""The day and hour a mail states, in EDTF. What is malformed is left as written."""

from __future__ import annotations

import re
from datetime import datetime

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"\s*(?:([a-z]{3})\s*,\s*)?([0-9]{1,2})\s+([a-z]{3})\s+([0-9]{4})\s+([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
    r"\s*([+-][0-9]{4}|GMT|UTC?|Z)\s*(?:\([^()]{0,60}\)\s*)?",
    re.IGNORECASE | re.ASCII,
)


def edtf_of(written: str) -> str | None:
    """`2019-05-14T07:15:00+03:00` of a Date header (RFC 5322); None where it is not such a date, or is no day."""
    found = _DATE.fullmatch(written[:200])
    if not found or found[3].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found[3].lower()) + 1
    try:
        when = datetime(int(found[4]), month, int(found[2]), int(found[5]), int(found[6]), int(found[7] or 0))
    except ValueError:
        return None
    if found[1] and found[1].lower() != _DAYS[when.weekday()]:
        return None
    zone = _zone(found[8])
    seconds = "seconds" if found[7] else "minutes"
    return None if zone is None else when.isoformat(timespec=seconds) + zone


def _zone(written: str) -> str | None:
    if written[0] not in "+-" or written in ("+0000", "-0000"):
        return "Z"
    hours, minutes = int(written[1:3]), int(written[3:])
    return f"{written[:3]}:{written[3:]}" if hours <= 14 and minutes < 60 else None
