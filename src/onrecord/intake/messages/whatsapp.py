"""Chats as WhatsApp exports them: a line begins with day, time and, but for notices, a name; further lines go on with it.

Phones write day and time in their own order, digits and words; here they stay as written. A message can itself hold lines
that look like the beginning of another one; from the file alone these cannot be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from onrecord.intake.messages.told import MARKS, Told, trimmed, unmarked

_M = f"[{MARKS}]{{0,4}}"
_S = r"[ \u00a0\u202f]"
_DATE = rf"\d{{1,4}}{_M}[./-]{_M}{_S}?\d{{1,2}}{_M}[./-]{_M}{_S}?\d{{1,4}}{_M}\.?"
_HALF = r"(?:[AaPp]\.?[\u00a0\u202f ]?[Mm]\.?|ص|م|צ|לפנה[\"״]צ|אחה[\"״]צ|לפנות בוקר|בבוקר|בצהריים|בערב|בלילה)"
_TIME = rf"\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?{_M}(?:{_S}?{_M}{_HALF})?{_M}"
_WHEN = rf"(?P<when>{_DATE}[,،]?{_S}(?:{_S}|{_M}){_TIME})"
# What iPhones write, and what Android phones write.
BEGINNING = re.compile(
    rf"^{_M}(?:\[{_M}{_WHEN}\]{_S}?|{_WHEN.replace('when', 'at')}{_S}[-–]{_S})", re.MULTILINE
)
_SENDER = re.compile(r"([^\n]{1,100}?):(?:[ \n]|$)")
_QUOTES = re.compile('["“”„«»]')
_FILE = r"[^\n<>:\"|?*]{1,200}?\.[A-Za-z0-9]{2,5}"
_ATTACHED = (
    re.compile(
        rf"^{_M}({_FILE}){_M} \({_M}(?:file attached|[^()\n]{{0,40}}(?:مرفق|צורף|מצורף)[^()\n]{{0,40}}){_M}\)",
        re.MULTILINE,
    ),
    re.compile(
        rf"^{_M}((?:IMG|VID|AUD|PTT|STK|DOC)-\d{{8}}-WA\d{{1,6}}\.\w{{2,5}}){_M} \([^()\n]{{2,40}}\)",
        re.MULTILINE,
    ),
    re.compile(rf"<{_M}(?:attached|[^<>:\n]{{0,40}}(?:مرفق|צורף)[^<>:\n]{{0,40}}){_M}: ?{_M}({_FILE}){_M}>"),
)
_LEFT_OUT = re.compile(
    rf"{_M}(?:<[^<>:\n]{{3,60}}>|\u200e(?:image|video|audio|document|sticker|GIF|Contact card) omitted)"
)


def whatsapp_messages(text: str) -> Iterator[Told]:
    """Every message and notice, in the order of the file."""
    found = list(BEGINNING.finditer(text))
    ends = [after.start() for _, after in pairwise(found)] + [len(text)]
    for beginning, end in zip(found, ends, strict=True):
        yield _told(text, beginning, trimmed(text, beginning.start(), end))


def _told(text: str, beginning: re.Match[str], end: int) -> Told:
    words_at = min(beginning.end(), end)
    sender = _sender(text, words_at, end)
    body = text[sender.end() if sender else words_at : end]
    names = dict.fromkeys(unmarked(found[1]) for shape in _ATTACHED for found in shape.finditer(body))
    when = unmarked(beginning["when"] or beginning["at"])
    left_out = bool(sender and _LEFT_OUT.fullmatch(body.strip()))
    return Told(beginning.start(), end, unmarked(sender[1]) if sender else None, when, tuple(names), left_out)


def _sender(text: str, start: int, end: int) -> re.Match[str] | None:
    """What stands before the first colon; a notice about a quoted name or subject has none."""
    found = _SENDER.match(text, start, end)
    if not found or _QUOTES.search(found[1]) or not unmarked(found[1]):
        return None
    return found


def possible_orders(times: list[str]) -> tuple[str, ...]:
    """In which orders of day and month all of these dates can be read."""
    orders = {"day, month, year": (0, 1), "month, day, year": (1, 0), "year, month, day": (2, 1)}
    dates = {tuple(re.findall(r"\d+", time)[:3]) for time in times}
    return tuple(
        name
        for name, (day, month) in orders.items()
        if all(len(date) == 3 and _fits(date, day, month) for date in dates)
    )


def _fits(date: tuple[str, ...], day: int, month: int) -> bool:
    year = date[3 - day - month]
    if len(year) not in (2, 4) or any(len(date[at]) > 2 for at in (day, month)):
        return False
    return 1 <= int(date[month]) <= 12 and 1 <= int(date[day]) <= 31
