"""How a sheet shows a number by the format of its cell (ECMA-376 part 1, 18.8.30 and 18.8.31).

What is not understood here, and what depends on the system it is shown on, is never guessed: the answer is then None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise

from onrecord.intake.sheets.moments import MONTHS, Moment, moment_of

GENERAL = "General"
# Formats 14 and 22 are "as your system writes short dates", which is another order of day and month for another reader.
SYSTEM_DATE = "yyyy\\-mm\\-dd"
BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: SYSTEM_DATE,
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: SYSTEM_DATE + " h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
_LONGEST_FORMAT, _LONGEST_NUMBER = 255, 400
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[+-]?[0-9]{1,4})?", re.IGNORECASE)
_CONTEXT = Context(prec=400, rounding=ROUND_HALF_UP)
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<half>AM/PM|A/P)|(?P<general>General)|(?P<exponent>E[+-])|(?P<moment>y+|m+|d+|h+|s+|e+|b+|g+)"
    r"|(?P<digits>[0#?]+)|(?P<sign>[.,%@/;])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_COLOURS = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2})", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)(?:-([0-9A-F]{1,8}))?", re.IGNORECASE)
_ELAPSED = re.compile(r"h{1,2}|m{1,2}|s{1,2}", re.IGNORECASE)
_SYSTEM_LONG_DATE, _SYSTEM_TIME = "F800", "F400"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a format: "text" as it stands, "moment", "elapsed", "half" (AM/PM), "digits", "exponent", "general" or a sign."""

    kind: str
    text: str


Section = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format understood: its sections for positive, negative and zero numbers, of which there may be one or two."""

    sections: tuple[Section, ...]

    def shown(self, raw: str, from_1904: bool = False) -> str | None:
        """What a cell with this number shows, or None where that cannot be told."""
        number = _number(raw)
        if number is None:
            return None
        section, number = self._section(number)
        kinds = {token.kind for token in section}
        if kinds & {"moment", "elapsed"}:
            moment = moment_of(number, _fraction_digits(section), from_1904)
            return _as_moment(section, moment) if moment else None
        if "general" in kinds or "@" in kinds:
            words = general(number)
            return "".join(words if token.kind in ("general", "@") else token.text for token in section)
        return _as_number(section, number)

    def _section(self, number: Decimal) -> tuple[Section, Decimal]:
        """The section for a number, and the number to show in it: a section for negative ones writes its own sign."""
        if number < 0 and len(self.sections) > 1:
            return self.sections[1], -number
        if number == 0 and len(self.sections) > 2:
            return self.sections[2], number
        return self.sections[0], number


def number_format(code: str) -> NumberFormat | None:
    """A format by its code, or None where it is not understood: conditions, fractions, calendars and digits of a country."""
    if len(code) > _LONGEST_FORMAT:
        return None
    sections: list[list[Token]] = [[]]
    english = True
    for found in _TOKEN.finditer(code):
        kind, text = str(found.lastgroup), found[found.lastgroup or 0]
        if kind == "sign" and text == ";":
            sections.append([])
            continue
        if kind == "bracket":
            token = _bracket(text)
            country = _country(text)
            english = english and country in ("", "09")
            if country in (_SYSTEM_LONG_DATE, _SYSTEM_TIME):
                return number_format(SYSTEM_DATE if country == _SYSTEM_LONG_DATE else "hh:mm:ss")
        else:
            token = _token(kind, text)
        if token is None:
            return None
        sections[-1].append(token)
    made = tuple(_settled(section) for section in sections[:3])
    if not english and any(
        token.kind == "moment" and _is_named(token.text) for part in made for token in part
    ):
        return None
    return NumberFormat(made) if all(map(_is_sound, made)) else None


def general(number: Decimal) -> str:
    """A number in full, with the fifteen digits that sheets hold, and in powers of ten only where it is very large or small."""
    number = number.normalize(_CONTEXT)
    if number == 0:
        return "0"
    if -10 <= number.adjusted() <= 20:
        return f"{number:f}"
    digits, _, power = f"{number:E}".partition("E")
    return f"{digits}E{int(power):+03d}"


def _number(raw: str) -> Decimal | None:
    if len(raw) > _LONGEST_NUMBER or not _NUMBER.fullmatch(raw):
        return None
    number = Decimal(raw)
    return _FIFTEEN.plus(number) if abs(number.adjusted()) <= 308 else None


def _token(kind: str, text: str) -> Token | None:
    if kind in ("quoted", "escaped", "plain"):
        return Token("text", text)
    if kind in ("space", "fill"):
        return Token("text", " " if kind == "space" else "")
    if kind == "moment":
        return None if text[0] in "eEbBgG" else Token("moment", text.lower())
    return Token(text if kind == "sign" else kind, text)


def _bracket(text: str) -> Token | None:
    """What stands in square brackets: a colour, a currency, hours beyond a day; a condition is not understood."""
    if _ELAPSED.fullmatch(text):
        return Token("elapsed", text.lower())
    if _COLOURS.fullmatch(text):
        return Token("text", "")
    currency = _CURRENCY.fullmatch(text)
    country = _country(text)
    if currency and (len(country) <= 2 or country in (_SYSTEM_LONG_DATE, _SYSTEM_TIME)):
        return Token("text", currency[1])
    return None


def _country(text: str) -> str:
    """The language of a `[$…-409]`, as its two last hex digits; whole where it says more, such as other digits."""
    found = _CURRENCY.fullmatch(text)
    stated = (found[2] or "").upper().lstrip("0") if found else ""
    if len(stated) > 4 or stated in (_SYSTEM_LONG_DATE, _SYSTEM_TIME):
        return stated
    return stated[-2:]


def _settled(section: list[Token]) -> Section:
    """With each `m` told apart as month or minute: it is a minute after hours or before seconds."""
    places = [place for place, token in enumerate(section) if token.kind in ("moment", "elapsed")]
    for number, place in enumerate(places):
        if section[place].text[0] != "m" or len(section[place].text) > 2 or section[place].kind == "elapsed":
            continue
        before = section[places[number - 1]].text[0] if number else ""
        after = section[places[number + 1]].text[0] if number + 1 < len(places) else ""
        if before == "h" or after == "s":
            section[place] = Token("moment", "i" * len(section[place].text))
    return tuple(section)


def _is_named(text: str) -> bool:
    return text[0] in "md" and len(text) > 2


def _is_sound(section: Section) -> bool:
    kinds = [token.kind for token in section]
    if "moment" in kinds or "elapsed" in kinds:
        return not {"exponent", "%", "@", "general"} & set(kinds)
    return "/" not in kinds and kinds.count("exponent") <= 1 and kinds.count(".") <= 1 and "half" not in kinds


def _fraction_digits(section: Section) -> int:
    """How many digits of a second a format shows."""
    for dot, digits in pairwise(section):
        if dot.kind == "." and digits.kind == "digits":
            return min(len(digits.text), 6)
    return 0


def _as_moment(section: Section, moment: Moment) -> str:
    halves = any(token.kind == "half" for token in section)
    shown = []
    dotted = False
    for token in section:
        if token.kind == "moment":
            shown.append(_part(token.text, moment, halves))
        elif token.kind == "elapsed":
            shown.append(str(moment.elapsed(token.text[0])).rjust(len(token.text), "0"))
        elif token.kind == "half":
            shown.append(_half(token.text, moment))
        elif token.kind == "digits" and dotted:
            shown.append(moment.fraction[: len(token.text)])
        else:
            shown.append(token.text)
        dotted = token.kind == "."
    return "".join(shown)


def _half(text: str, moment: Moment) -> str:
    return text.split("/")[moment.hour >= 12]


def _part(text: str, moment: Moment, halves: bool) -> str:
    sign, long = text[0], len(text)
    if sign == "y":
        return f"{moment.year:04d}" if long > 2 else f"{moment.year % 100:02d}"
    if sign == "m" and long > 2:
        name = MONTHS[moment.month - 1]
        return name[:3] if long == 3 else name[:1] if long == 5 else name
    if sign == "d" and long > 2:
        return moment.weekday[:3] if long == 3 else moment.weekday
    hour = (moment.hour % 12 or 12) if halves else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "i": moment.minute, "s": moment.second}[sign]
    return f"{number:02d}" if long > 1 else str(number)


def _as_number(section: Section, number: Decimal) -> str | None:
    """Digits into their places; literal text between digits, as in 000-0000, stands where it stands in the format."""
    kinds = [token.kind for token in section]
    if "digits" not in kinds:
        words = "".join(token.text for token in section if token.kind in ("text", "%"))
        return words.strip() and ("-" + words if number < 0 else words)
    if "exponent" in kinds:
        return _as_powers(section, number)
    first = kinds.index("digits")
    last = len(kinds) - 1 - kinds[::-1].index("digits")
    if "text" in kinds[first:last]:
        return None
    whole, _, after = "".join(token.text for token in section[first : last + 1]).partition(".")
    if "." in kinds[:first]:
        whole, after = "", whole
    thousands = "," in whole
    scale = 0
    while last + 1 + scale < len(kinds) and kinds[last + 1 + scale] == ",":
        scale += 1
    number = _CONTEXT.scaleb(number, 2 * kinds.count("%") - 3 * scale)
    body = _digits(abs(number), whole.replace(",", ""), after.replace(",", ""), thousands)
    before = "".join(token.text for token in section[:first] if token.kind != ".")
    behind = "".join(token.text for token in section[last + 1 :] if token.kind != ",")
    sign = "-" if number < 0 and re.search("[1-9]", body) else ""
    return f"{sign}{before}{body}{behind}".strip()


def _digits(number: Decimal, whole: str, after: str, thousands: bool) -> str:
    rounded = _CONTEXT.quantize(number, Decimal(1).scaleb(-len(after)))
    left, _, right = f"{rounded:f}".partition(".")
    least = whole.count("0")
    left = left.lstrip("0").rjust(least, "0") if least or left.strip("0") else ""
    if thousands and left:
        left = f"{int(left):,}".rjust(least, "0") if len(left.lstrip("0")) >= least else _grouped(left)
    wanted = len(after.rstrip("#?"))
    while len(right) > wanted and right.endswith("0"):
        right = right[:-1]
    return f"{left}.{right}" if after else left


def _grouped(left: str) -> str:
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", left)


def _as_powers(section: Section, number: Decimal) -> str | None:
    """The plain form 0.00E+00; the forms that keep the power a multiple of three are not understood."""
    shape = "".join(token.text for token in section)
    form = re.fullmatch(r"0(?:\.(0*))?E([+-])(0+)", shape, re.IGNORECASE)
    if not form:
        return None
    digits, _, power = f"{number:.{len(form[1] or '')}E}".partition("E")
    sign = "-" if int(power) < 0 else "+" if form[2] == "+" else ""
    return f"{digits}E{sign}{str(abs(int(power))).rjust(len(form[3]), '0')}"
