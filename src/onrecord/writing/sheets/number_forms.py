"""Numbers as they stand in sheets. One whose marks can be read two ways is not read until its form is said."""

from __future__ import annotations

import re

from onrecord.writing.sheets.digits import plain_digits

NUMBER_FORMS = {
    "1234.5": ("", r"\."),
    "1234,5": ("", ","),
    "1,234.5": (",", r"\."),
    "1.234,5": (r"\.", ","),
    "1 234,5": ("[ \u00a0\u2009\u202f]", ","),
    "1 234.5": ("[ \u00a0\u2009\u202f]", r"\."),
    "1'234.5": ("['\u2019]", r"\."),
}
"""How a number of thousands and a fraction looks: the signs between thousands, and before the fraction."""

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_TWO_WAYS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_ARABIC = re.compile(r"-?[0-9]+(?:\u066c[0-9]{3})*(?:\u066b[0-9]+)?")
_LIMIT = 2**53


def _pattern(thousands: str, point: str) -> re.Pattern[str]:
    grouped = rf"[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+|" if thousands else ""
    return re.compile(rf"(-?)({grouped}[0-9]+)(?:{point}([0-9]+))?")


_PATTERNS = {form: _pattern(*signs) for form, signs in NUMBER_FORMS.items()}


def read_number(text: str, forms: tuple[str, ...]) -> int | str | None:
    """The number a text stands for in one of these forms, or in plain digits without them; None where it cannot be told.

    A fraction is decimal text with the digits given.
    """
    plain = plain_digits(text)
    if plain is None:
        return None
    plain = plain.replace("\u2212", "-")
    if forms:
        found = {number for form in forms if (number := _in_form(plain, form)) is not None}
        return found.pop() if len(found) == 1 else None
    if "\u066b" in plain or "\u066c" in plain:
        plain = plain.replace("\u066c", "").replace("\u066b", ".") if _ARABIC.fullmatch(plain) else ""
    elif _TWO_WAYS.fullmatch(plain):
        return None
    return _number(plain) if _PLAIN.fullmatch(plain) else None


def _in_form(plain: str, form: str) -> int | str | None:
    found = _PATTERNS[form].fullmatch(plain)
    if found is None:
        return None
    whole = re.sub("[^0-9]", "", found[2])
    return _number(f"{found[1]}{whole}.{found[3]}" if found[3] else f"{found[1]}{whole}")


def _number(plain: str) -> int | str | None:
    if len(plain) > 60:
        return None
    if "." in plain:
        return plain
    number = int(plain)
    return number if abs(number) < _LIMIT else plain


def same_digits(shown: str, kept: str) -> bool:
    """Whether a cell shows the very digits that the file keeps, with marks between them."""
    plain = plain_digits(shown)
    digits = "".join(re.findall("[0-9]", plain or ""))
    return (
        bool(_PLAIN.fullmatch(kept))
        and digits == "".join(re.findall("[0-9]", kept))
        and not re.search(r"[^\W\d_]|%", plain or "")
    )


def is_kept_number(kept: str) -> bool:
    return _PLAIN.fullmatch(kept) is not None
