"""Formulas of derived figures: `+ - * / ( )` over input names and decimal numbers, and nothing else.

A formula is read once into steps for a stack, so that neither nesting nor length can exhaust the interpreter.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import NoReturn, TypeVar

from onrecord.record.errors import FormulaInvalid

LONGEST = 2_000
DIGITS = 50
Range = tuple[Decimal, Decimal]
T = TypeVar("T")

_SIGN = re.compile(
    r"[ \t\n]*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>[-+*/()]))"
)
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "negate": 3}
_INSTEAD = {
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    ",": "no commas inside numbers",
    "^": "a * a",
    "%": "/ 100",
}


def _context(rounding: str) -> Context:
    traps = [InvalidOperation, DivisionByZero, Overflow]
    return Context(prec=DIGITS, rounding=rounding, Emax=999_999, Emin=-999_999, traps=traps)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: an input name, a number, or an operation on what stands on the stack."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read. `names` are its input names in order of first use."""

    text: str
    steps: tuple[Step, ...]
    names: tuple[str, ...]

    @property
    def is_sum(self) -> bool:
        """Whether it adds up two or more inputs and does nothing else."""
        operations = [step.text for step in self.steps if step.kind == "operation"]
        return (
            bool(operations) and set(operations) == {"+"} and not any(s.kind == "number" for s in self.steps)
        )

    def evaluate(self, inputs: Mapping[str, Decimal]) -> Decimal:
        """The value, to 50 digits. Raises `FormulaInvalid` for a missing input or a division by zero."""
        context = _context(ROUND_HALF_EVEN)
        stack: list[Decimal] = []
        for step in self.steps:
            if step.kind != "operation":
                stack.append(self._operand(step, inputs))
            elif step.text == "negate":
                stack.append(stack.pop().copy_negate())
            else:
                right, left = stack.pop(), stack.pop()
                stack.append(self._calculate(context, step.text, left, right))
        return stack.pop()

    def evaluate_range(self, inputs: Mapping[str, Range]) -> Range:
        """Least and greatest value while each input lies in its range (low, high).

        Never narrower than the truth; wider where a name stands more than once, as interval arithmetic treats
        each place apart. Raises `FormulaInvalid` as `evaluate` does, also where a divisor's range includes zero.
        """
        stack: list[Range] = []
        for step in self.steps:
            if step.kind == "name":
                stack.append(self._ordered(step.text, inputs))
            elif step.kind == "number":
                stack.append((Decimal(step.text), Decimal(step.text)))
            elif step.text == "negate":
                low, high = stack.pop()
                stack.append((high.copy_negate(), low.copy_negate()))
            else:
                right, left = stack.pop(), stack.pop()
                stack.append(self._calculate_range(step.text, left, right))
        return stack.pop()

    def _operand(self, step: Step, inputs: Mapping[str, Decimal]) -> Decimal:
        return Decimal(step.text) if step.kind == "number" else _given(self.text, step.text, inputs)

    def _ordered(self, name: str, inputs: Mapping[str, Range]) -> Range:
        low, high = _given(self.text, name, inputs)
        if low > high:
            _fail(
                self.text,
                f"the range of {name} runs from {low} down to {high}",
                "Give the lower number first.",
            )
        return low, high

    def _calculate(self, context: Context, operation: str, left: Decimal, right: Decimal) -> Decimal:
        try:
            return _OPERATIONS[operation](context, left, right)
        except (DivisionByZero, InvalidOperation, Overflow):
            if operation == "/" and not right:
                _fail(self.text, "it divides by zero", "Look at its inputs again.")
            _fail(self.text, "its result is too large to work out", "Look at its inputs again.")

    def _calculate_range(self, operation: str, left: Range, right: Range) -> Range:
        if operation == "/" and right[0] <= 0 <= right[1]:
            _fail(self.text, "it may divide by zero", "Look at the ranges of its inputs again.")
        if operation in ("+", "-"):
            pairs = [(left[0], right[operation == "-"]), (left[1], right[operation == "+"])]
        else:
            pairs = [(a, b) for a in left for b in right]
        down, up = _context(ROUND_FLOOR), _context(ROUND_CEILING)
        return (
            min(self._calculate(down, operation, a, b) for a, b in pairs),
            max(self._calculate(up, operation, a, b) for a, b in pairs),
        )


_OPERATIONS = {"+": Context.add, "-": Context.subtract, "*": Context.multiply, "/": Context.divide}


def parse(text: str) -> Formula:
    """Read a formula. Raises `FormulaInvalid`, which says at which character it stops making sense."""
    if len(text) > LONGEST:
        _fail(
            text,
            f"it has {len(text)} characters, and {LONGEST} are the most",
            "Split it over several claims.",
        )
    steps = tuple(_in_order_of_work(text))
    if not steps:
        _fail(text, "it is empty", "Write it over the names of its inputs, such as a + b.")
    names = tuple(dict.fromkeys(step.text for step in steps if step.kind == "name"))
    return Formula(text, steps, names)


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    text: str
    place: int


def _signs(text: str) -> Iterator[_Sign]:
    place, end = 0, len(text.rstrip(" \t\n"))
    while place < end:
        found = _SIGN.match(text, place)
        if not found:
            at = place + len(text[place:]) - len(text[place:].lstrip(" \t\n"))
            _unreadable(text, at)
        kind = str(found.lastgroup)
        yield _Sign(kind, found[kind], found.start(kind))
        place = found.end()


def _in_order_of_work(text: str) -> Iterator[Step]:
    """The steps in the order in which a stack does them (Dijkstra's shunting yard)."""
    waiting: list[_Sign] = []
    wants_value = True
    for sign in _signs(text):
        if wants_value:
            wants_value = _is_before_a_value(text, sign, waiting)
            if not wants_value:
                yield Step(sign.kind, sign.text)
        else:
            wants_value = yield from _after_a_value(text, sign, waiting)
    if wants_value and (waiting or text.strip()):
        _stop(text, len(text.rstrip()), "it ends where a name or a number is missing")
    for sign in reversed(waiting):
        if sign.text == "(":
            _stop(text, sign.place, "this bracket is never closed")
        yield Step("operation", sign.text)


def _is_before_a_value(text: str, sign: _Sign, waiting: list[_Sign]) -> bool:
    """Take in a bracket or a leading minus; False if the sign is itself the value."""
    if sign.kind != "mark":
        return False
    if sign.text == "-":
        waiting.append(_Sign("mark", "negate", sign.place))
    elif sign.text == "(":
        waiting.append(sign)
    else:
        _stop(text, sign.place, f"a name or a number is missing before {sign.text}")
    return True


def _after_a_value(text: str, sign: _Sign, waiting: list[_Sign]) -> Generator[Step, None, bool]:
    if sign.kind != "mark" or sign.text == "(":
        _stop(text, sign.place, f"an operator is missing before {sign.text}")
    if sign.text == ")":
        while waiting and waiting[-1].text != "(":
            yield Step("operation", waiting.pop().text)
        if not waiting:
            _stop(text, sign.place, "this bracket was never opened")
        waiting.pop()
        return False
    while waiting and _BINDS.get(waiting[-1].text, 0) >= _BINDS[sign.text]:
        yield Step("operation", waiting.pop().text)
    waiting.append(sign)
    return True


def _given(text: str, name: str, inputs: Mapping[str, T]) -> T:
    if name not in inputs:
        _fail(text, f"it has no input {name}", f"Name the claim that {name} stands for in inputs.")
    return inputs[name]


def _unreadable(text: str, place: int) -> NoReturn:
    sign = text[place]
    instead = _INSTEAD.get(sign)
    mend = f"Write {instead}." if instead else "Use names, numbers and + - * / ( )."
    _stop(text, place, f"{sign!r} cannot stand in a formula", mend)


def _stop(text: str, place: int, reason: str, mend: str = "Use names, numbers and + - * / ( ).") -> NoReturn:
    _fail(text, f"at character {place + 1}, {reason}", mend)


def _fail(text: str, reason: str, mend: str) -> NoReturn:
    shown = text if len(text) <= 60 else text[:59] + "…"
    raise FormulaInvalid(f"formula “{shown}”", reason, mend)
