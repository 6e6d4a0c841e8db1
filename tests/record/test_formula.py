"""Formulas of derived figures: what they may say, what they come to, and where they stop making sense."""

from __future__ import annotations

import contextlib
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from onrecord.record.errors import FormulaInvalid
from onrecord.record.formula import LONGEST, parse

INPUTS = {"a": Decimal(6), "b": Decimal(3), "c": Decimal("0.5")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", "6"),
        ("a + b", "9"),
        ("a - b - c", "2.5"),
        ("a / b / b", "0.6666666666666666666666666666666666666666666666666667"),
        ("a + b * c", "7.5"),
        ("(a + b) * c", "4.5"),
        ("a / (a + b) * 100", "66.66666666666666666666666666666666666666666666667"),
        ("-a + b", "-3"),
        ("a * -b", "-18"),
        ("--a", "6"),
        ("-a * b", "-18"),
        ("2*(a-1.50)", "9.00"),
        ("  a\n+\tb ", "9"),
        ("0.1 + 0.2", "0.3"),
    ],
)
def test_a_formula_is_worked_out_in_decimal(text: str, value: str) -> None:
    assert abs(parse(text).evaluate(INPUTS) - Decimal(value)) < Decimal("1e-45")


def test_a_formula_lists_its_inputs_once_in_order() -> None:
    assert parse("b + a * b + x_1").names == ("b", "a", "x_1")


@pytest.mark.parametrize(
    ("text", "is_sum"),
    [
        ("a + b", True),
        ("(a + b) + (c)", True),
        ("a", False),
        ("a + 1", False),
        ("a - b", False),
        ("a + -b", False),
        ("a * b", False),
    ],
)
def test_only_additions_of_inputs_are_a_sum(text: str, is_sum: bool) -> None:
    assert parse(text).is_sum is is_sum


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("a +", "at character 4, it ends where a name or a number is missing"),
        ("+ a", "at character 1, a name or a number is missing before +"),
        ("a b", "at character 3, an operator is missing before b"),
        ("2a", "at character 2, an operator is missing before a"),
        ("a (b)", "at character 3, an operator is missing before ("),
        ("(a + b", "at character 1, this bracket is never closed"),
        ("a + b)", "at character 6, this bracket was never opened"),
        ("()", "at character 2, a name or a number is missing before )"),
        ("a ** b", "at character 4, a name or a number is missing before *"),
        ("a × b", "at character 3, '×' cannot stand in a formula. Write *."),
        ("1,000 + a", "at character 2, ',' cannot stand in a formula"),
        ("1e5", "at character 2, an operator is missing before e5"),
        (".5", "at character 1, '.' cannot stand in a formula"),
        ("__import__('os')", "at character 11, an operator is missing before ("),
        ("a.b", "at character 2, '.' cannot stand in a formula"),
        ("a; b", "at character 2, ';' cannot stand in a formula"),
        ("٣ + a", "at character 1, '٣' cannot stand in a formula"),
        ("a" * (LONGEST + 1), f"{LONGEST} are the most"),
    ],
)
def test_a_refusal_names_the_character(text: str, says: str) -> None:
    with pytest.raises(FormulaInvalid) as refused:
        parse(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [("a / (b - b)", "it divides by zero"), ("0 / 0", "divides by zero"), ("a + d", "no input d")],
)
def test_what_cannot_be_worked_out_is_said(text: str, says: str) -> None:
    with pytest.raises(FormulaInvalid, match=says):
        parse(text).evaluate(INPUTS)


def test_a_result_beyond_all_figures_is_refused() -> None:
    with pytest.raises(FormulaInvalid, match="too large"):
        parse("a * a").evaluate({"a": Decimal("1e900000")})


def test_deep_nesting_is_only_long() -> None:
    assert parse("(" * 900 + "a" + ")" * 900).evaluate(INPUTS) == 6
    assert parse("-" * 1_000 + "a").evaluate(INPUTS) == 6


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a + b", 3, 7),
        ("a - b", -3, 1),
        ("a * b", 2, 12),
        ("a / b", Fraction(1, 4), Fraction(3, 2)),
        ("-a", -3, -1),
        ("a * 2 - 1", 1, 5),
        ("-a * b", -12, -2),
    ],
)
def test_ranges_run_from_the_least_to_the_greatest(text: str, low: Fraction, high: Fraction) -> None:
    ranges = {"a": (Decimal(1), Decimal(3)), "b": (Decimal(2), Decimal(4))}
    assert tuple(map(Fraction, parse(text).evaluate_range(ranges))) == (low, high)


def test_a_range_that_may_divide_by_zero_or_runs_backwards_is_refused() -> None:
    with pytest.raises(FormulaInvalid, match="may divide by zero"):
        parse("1 / a").evaluate_range({"a": (Decimal(-1), Decimal(1))})
    with pytest.raises(FormulaInvalid, match="runs from 2 down to 1"):
        parse("a").evaluate_range({"a": (Decimal(2), Decimal(1))})


NUMBERS = st.integers(-999, 999).map(lambda whole: Decimal(whole) / 10)
FORMULAS = st.recursive(
    st.sampled_from(["a", "b", "c", "2", "0.5"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        inner.map(lambda text: f"-{text}"),
    ),
    max_leaves=8,
)


@given(FORMULAS, st.fixed_dictionaries(dict.fromkeys("abc", NUMBERS)))
def test_a_formula_comes_to_what_exact_fractions_say(text: str, inputs: dict[str, Decimal]) -> None:
    names = {name: Fraction(value) for name, value in inputs.items()}
    try:
        exact = eval(
            text.replace("2", "two").replace("0.5", "half"),
            {},
            names | {"two": Fraction(2), "half": Fraction(1, 2)},
        )
    except ZeroDivisionError:
        assume(False)
    found = parse(text).evaluate(inputs)
    assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 10**30) + Fraction(1, 10**30)


@given(FORMULAS, st.fixed_dictionaries({name: st.tuples(NUMBERS, NUMBERS, NUMBERS) for name in "abc"}))
@example(
    "(2 / b)",
    {"a": (Decimal(0),) * 3, "b": (Decimal("0.1"), Decimal("0.3"), Decimal("0.3")), "c": (Decimal(0),) * 3},
)
def test_a_range_always_includes_what_its_inputs_may_come_to(
    text: str, three: dict[str, tuple[Decimal, Decimal, Decimal]]
) -> None:
    formula = parse(text)
    inside = {name: sorted(values) for name, values in three.items()}
    try:
        low, high = formula.evaluate_range({name: (least, most) for name, (least, _, most) in inside.items()})
    except FormulaInvalid:
        assume(False)
    found = formula.evaluate({name: middle for name, (_, middle, _) in inside.items()})
    with localcontext(prec=100):  # the usual 28 digits would round the bounds past what is compared
        slack = abs(found) * Decimal("1e-40")
        assert low - slack <= found <= high + slack


@given(st.text(alphabet="ab1.+-*/() ,", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaInvalid as refused:
        assert refused.mend
    else:
        assert all(name in text for name in formula.names)
        with contextlib.suppress(FormulaInvalid):
            formula.evaluate(dict.fromkeys(formula.names, Decimal(1)))
