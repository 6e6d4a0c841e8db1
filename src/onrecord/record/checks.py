"""What does not add up in a record: weekdays, sums, derived figures, deadlines, expired terms.

A check proposes nothing and changes nothing: it says what it found, in plain words, and from what.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from onrecord.record.errors import FormulaInvalid, TimeInvalid
from onrecord.record.ideas import KINDS
from onrecord.record.recomputing import NotComputable, input_figure, is_derived, recompute
from onrecord.record.things import Things
from onrecord.record.times import bounds, display

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SETTLED = ("answered", "accepted", "done", "refused", "overtaken")

Finding = dict[str, Any]
Fields = Mapping[str, Any]


class WeekdayClaim(Protocol):
    """A weekday and a date that a text says are one day; `weekday` counts from 0, Monday."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def date(self) -> date: ...
    @property
    def weekday(self) -> int: ...


WeekdayFinder = Callable[[str], Sequence[WeekdayClaim]]


def checks(things: Things, today: date, weekday_claims: WeekdayFinder) -> Iterator[Finding]:
    """Everything that does not add up, as `{"thing", "check", "finding", "inputs"}`, in a fixed order."""
    yield from _in_order(_weekdays(things, weekday_claims))
    yield from _in_order(_derived_figures(things))
    yield from _in_order(_deadlines(things, today))
    yield from _in_order(_expired_terms(things, today))


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By check, thing and finding; the same from two versions of one thing stands once."""
    once = {json.dumps(finding, sort_keys=True): finding for finding in findings}
    order = ("check", "thing", "finding")
    return sorted(once.values(), key=lambda finding: [str(finding[part]) for part in order])


def _versions(things: Things, kind: str) -> Iterator[tuple[str, Fields]]:
    for thing in things.of_kind(kind):
        for version in thing.heads:
            if not version.erased:
                yield thing.id, version.fields


def _weekdays(things: Things, weekday_claims: WeekdayFinder) -> Iterator[Finding]:
    for kind in KINDS:
        for thing, fields in _versions(things, kind):
            for field, words in _as_written(fields, ""):
                for claim in weekday_claims(words):
                    if claim.date.weekday() != claim.weekday:
                        yield _weekday_finding(thing, field, words, claim)


def _as_written(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Every `as_written` text at any depth, with the field it stands in."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "as_written" and isinstance(inner, str):
                yield field or name, inner
            else:
                yield from _as_written(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _as_written(inner, f"{field}[{place}]")


def _weekday_finding(thing: str, field: str, words: str, claim: WeekdayClaim) -> Finding:
    real, day = WEEKDAYS[claim.date.weekday()], claim.date.isoformat()
    return {
        "thing": thing,
        "check": "weekday",
        "finding": f"“{words[claim.start : claim.end]}”: {display(day)} is a {real}, not a {WEEKDAYS[claim.weekday]}.",
        "inputs": {"field": field, "as_written": words, "date": day, "weekday": real},
    }


def _derived_figures(things: Things) -> Iterator[Finding]:
    for thing in things.of_kind("claim"):
        if is_derived(thing):
            for version in thing.heads:
                if isinstance(version.fields.get("formula"), str):
                    yield from _derived_figure(thing.id, version.fields, things)


def _derived_figure(thing: str, fields: Fields, things: Things) -> Iterator[Finding]:
    check = "derived figure"
    try:
        recomputed = recompute(fields, things)
    except (NotComputable, FormulaInvalid) as wrong:
        why = wrong.reason if isinstance(wrong, FormulaInvalid) else str(wrong)
        finding = f"Cannot be recomputed: {why}."
    else:
        if recomputed.agrees:
            return
        check = "sum" if recomputed.formula.is_sum else check
        does = "The inputs add up to" if recomputed.formula.is_sum else f"{recomputed.formula.text} gives"
        finding = f"{does} {recomputed.result}, and the figure says {recomputed.stated}."
    yield {"thing": thing, "check": check, "finding": finding, "inputs": _inputs(fields, things)}


def _inputs(fields: Fields, things: Things) -> dict[str, Any]:
    given = fields.get("inputs")
    named = given.items() if isinstance(given, Mapping) else ()
    return {str(name): {"claim": claim, "figure": _input_words(name, claim, things)} for name, claim in named}


def _input_words(name: str, claim: Any, things: Things) -> str | None:
    try:
        return str(input_figure(name, claim, things))
    except NotComputable:
        return None


def _deadlines(things: Things, today: date) -> Iterator[Finding]:
    for thing, fields in _versions(things, "proceeding"):
        steps = fields.get("steps")
        for step in steps if isinstance(steps, list) else []:
            due = step.get("due")
            if (
                due
                and step.get("state") not in SETTLED
                and not _is_stated(step.get("done"))
                and _is_past(due, today)
            ):
                yield {
                    "thing": thing,
                    "check": "deadline",
                    "finding": f"“{step.get('step')}” was due {_on(due)}, and is not marked done.",
                    "inputs": {"step": step.get("step"), "due": due},
                }


def _expired_terms(things: Things, today: date) -> Iterator[Finding]:
    for thing, fields in _versions(things, "terms"):
        expires, revoked = fields.get("expires"), fields.get("revoked_at")
        inputs = {"over": fields.get("over")}
        if _is_stated(revoked) and _has_begun(revoked, today):
            finding = f"These terms were withdrawn {_on(revoked)}."
            yield _terms_finding(thing, finding, {**inputs, "revoked_at": revoked})
        elif _is_stated(expires) and _is_past(expires, today):
            finding = f"These terms held until {display(expires)}, and have expired."
            yield _terms_finding(thing, finding, {**inputs, "expires": expires})


def _terms_finding(thing: str, finding: str, inputs: dict[str, Any]) -> Finding:
    return {"thing": thing, "check": "expired terms", "finding": finding, "inputs": inputs}


def _is_stated(time: Any) -> bool:
    return time is not None and not (isinstance(time, Mapping) and "none" in time)


def _is_past(time: Any, today: date) -> bool:
    last = _days(time)[1]
    return last is not None and last < today


def _has_begun(time: Any, today: date) -> bool:
    """A withdrawal without a readable day counts: it is safer to ask again than to print."""
    first = _days(time)[0]
    return first is None or first <= today


def _days(time: Any) -> tuple[date | None, date | None]:
    try:
        return bounds(time)
    except TimeInvalid:
        return None, None


def _on(time: Any) -> str:
    try:
        words = display(time)
    except TimeInvalid:
        return f"(“{time}”)"
    first, last = bounds(time)
    return f"on {words}" if first is not None and first == last else f"({words})"
