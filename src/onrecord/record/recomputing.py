"""Working out a derived figure again from its inputs, and comparing it with what is stated.

A figure is a range; a plain number is a range of one. What cannot be recomputed is said, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any

from onrecord.record.errors import FormulaInvalid
from onrecord.record.formula import Formula, parse
from onrecord.record.things import Thing, Things

_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_LOWEST, _HIGHEST = Decimal("-Infinity"), Decimal("Infinity")
_SHOWN_DECIMALS = 6


class NotComputable(Exception):
    """Why a figure cannot be recomputed, in plain words."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or a range from low to high, with the digits given."""

    low: Decimal
    high: Decimal

    @property
    def is_point(self) -> bool:
        return self.low == self.high

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        return self.low, self.high

    def __str__(self) -> str:
        if self.is_point:
            return shown(self.low)
        if self.high == _HIGHEST:
            return f"at least {shown(self.low)}"
        if self.low == _LOWEST:
            return f"at most {shown(self.high)}"
        return f"{shown(self.low)} to {shown(self.high)}"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a derived figure says, what its formula gives, and whether the two agree."""

    formula: Formula
    stated: Figure
    result: Figure

    @property
    def agrees(self) -> bool:
        if self.stated.is_point and self.result.is_point:
            return _rounds_to(self.result.low, self.stated.low)
        half = _half_a_digit(self.stated.low) if self.stated.is_point else Decimal(0)
        return self.stated.low - half <= self.result.high and self.result.low <= self.stated.high + half


def recompute(fields: Mapping[str, Any], things: Things) -> Recomputed:
    """Work out a derived figure again. Raises `NotComputable` or, for its formula, `FormulaInvalid`."""
    formula = parse(str(fields["formula"]))
    stated = _named("the figure itself", fields)
    given = fields.get("inputs") or {}
    inputs = {name: input_figure(name, given.get(name), things) for name in formula.names}
    if all(figure.is_point for figure in inputs.values()):
        value = formula.evaluate({name: figure.low for name, figure in inputs.items()})
        return Recomputed(formula, stated, Figure(value, value))
    return Recomputed(
        formula,
        stated,
        Figure(*formula.evaluate_range({name: figure.ends for name, figure in inputs.items()})),
    )


def input_figure(name: str, claim: Any, things: Things) -> Figure:
    """The figure an input stands for. Raises `NotComputable`."""
    called = f"input {name}"
    if not isinstance(claim, str):
        raise NotComputable(f"{called} names no claim")
    thing = things.get(claim)
    if thing is None or thing.kind != "claim":
        raise NotComputable(f"{called} names a claim that is not in the record")
    figures = {_of_head(called, version.fields, version.erased) for version in thing.heads}
    if len(figures) > 1:
        raise NotComputable(f"{called} is in conflict, and its versions give different figures")
    (figure,) = figures
    if figure.low == _LOWEST or figure.high == _HIGHEST:
        raise NotComputable(f"{called} is {figure}, which leaves one end open")
    return figure


def is_derived(thing: Thing) -> bool:
    return any(isinstance(version.fields.get("formula"), str) for version in thing.heads)


def shown(number: Decimal) -> str:
    """A number in plain digits; one with many decimals is cut, and says so."""
    text = f"{number:f}"
    whole, point, decimals = text.partition(".")
    if len(decimals) <= _SHOWN_DECIMALS:
        return text
    trimmed = decimals.rstrip("0")
    if len(trimmed) <= _SHOWN_DECIMALS:
        return f"{whole}{point if trimmed else ''}{trimmed}"
    return f"{whole}.{decimals[:_SHOWN_DECIMALS]}…"


def _of_head(called: str, fields: Mapping[str, Any], erased: bool) -> Figure:
    if erased:
        raise NotComputable(f"{called} was erased")
    if fields.get("negated"):
        raise NotComputable(f"{called} is a denial, not a figure")
    return _named(called, fields)


def _named(called: str, fields: Mapping[str, Any]) -> Figure:
    value, low, high = (_number(fields.get(name)) for name in ("value", "low", "high"))
    if low is None and high is None:
        if value is None:
            raise NotComputable(f"{called} {_why_no_number(fields.get('value'))}")
        return Figure(value, value)
    least = low if low is not None else value if value is not None else _LOWEST
    most = high if high is not None else value if value is not None else _HIGHEST
    if least > most:
        raise NotComputable(f"{called} runs from {shown(least)} down to {shown(most)}")
    return Figure(least, most)


def _number(stored: Any) -> Decimal | None:
    if isinstance(stored, bool) or not isinstance(stored, int | str):
        return None
    return Decimal(stored) if isinstance(stored, int) or _PLAIN.fullmatch(stored) else None


def _why_no_number(stored: Any) -> str:
    if stored is None:
        return "states no value"
    if isinstance(stored, Mapping) and "none" in stored:
        return f"has no value ({stored['none']})"
    if isinstance(stored, str):
        return f"is “{stored}”, which is not a number in plain digits"
    return "is not a number"


def _rounds_to(result: Decimal, stated: Decimal) -> bool:
    """Whether the result, rounded to the decimals stated, is what is stated; halves may go up or to even."""
    exact = Context(prec=max(1, result.adjusted() - _exponent(stated) + 2))
    quantum = Decimal(1).scaleb(_exponent(stated))
    ways = (ROUND_HALF_UP, ROUND_HALF_EVEN)
    return any(result.quantize(quantum, rounding, exact) == stated for rounding in ways)


def _half_a_digit(stated: Decimal) -> Decimal:
    return Decimal(5).scaleb(_exponent(stated) - 1) if stated.is_finite() else Decimal(0)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


__all__ = [
    "Figure",
    "FormulaInvalid",
    "NotComputable",
    "Recomputed",
    "input_figure",
    "is_derived",
    "recompute",
]
