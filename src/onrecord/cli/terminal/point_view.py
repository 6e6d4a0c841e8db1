"""The points of the windows: what both say, what they dispute, what one side alone tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import PROSE_WIDTH, Page
from onrecord.cli.terminal.sides import Block, Sides, note, stacked
from onrecord.cli.terminal.statement_view import Statement, footing, other_sides
from onrecord.cli.terminal.values import time_said

ELSEWHERE = "elsewhere"
HAPPENED = "happened"
TIME = "time"
WHETHER = "whether it happened"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PointView:
    """Shows points of one event's windows."""

    sides: Sides
    event: str
    known: Mapping[str, Statement]
    label: Callable[[str], str] = str

    @property
    def page(self) -> Page:
        return self.sides.page

    def told(self, row: Row) -> None:
        """A point with one answer, and who gives it."""
        self.page.line()
        self._answer(self._told(row), row)

    def disputed(self, row: Row) -> None:
        """A point with every answer that stands against another, each with its holders."""
        self.page.line()
        self.page.line(f"  {self.page.bold(self.page.shown(self.point(row)))}")
        against = [value for value in row["values"] if value.get("contested", True)]
        beside = [value for value in row["values"] if value not in against]
        for value in against:
            self._answer(f"• {self._value(row, value)}", value)
        self._beside(row, [*beside, *row.get("shared", ())])
        if row.get("why"):
            rules = "; ".join(dict.fromkeys(str(reason["rule"]) for reason in row["why"]))
            self.page.line(self.page.dim(f"  Set against each other because: {rules}"))
        if row.get("same_as"):
            read = ", ".join(self.label(id) for id in row["same_as"])
            self.page.line(self.page.dim(f"  Counted as one by {self.page.shown(read)}"))

    def _beside(self, point: Row, values: Sequence[Row]) -> None:
        """Values of a disputed point that nothing stands against."""
        if values:
            self.page.line("  Also said, and set against nothing:")
        for value in values:
            by = self._by(value) if "by" in value else "by all sides"
            self.page.paragraph(f"◦ {self._value(point, value)}, {by}", indent=2)
            self._show_written(value, 4)

    def listing(self, rows: Sequence[Row]) -> Block | None:
        """Points with their answers, as a block in a side's column."""
        blocks = [
            block
            for row in rows
            for block in (note(f"• {self._told(row)}, {self._by(row)}"), *self._written(row, 2))
        ]
        return stacked(blocks) if blocks else None

    def points(self, rows: Sequence[Row]) -> Block | None:
        """The names of points alone."""
        named = "; ".join(dict.fromkeys(self.page.shown(self.point(row)) for row in rows))
        return note(named) if named else None

    def point(self, row: Row) -> str:
        """What is spoken of: the property, and the subject where it is not the event itself."""
        told = WHETHER if row["property"] == HAPPENED else str(row["property"]).replace("_", " ")
        if row.get("subject") in (self.event, None):
            return told.capitalize()
        return f"{row.get('subject_name') or row['subject']}: {told}"

    def _told(self, row: Row) -> str:
        value = self._value(row, row)
        if happening(row["property"], row) is None:
            return f"{self.page.shown(self.point(row))}: {value}"
        if row.get("subject") in (self.event, None):
            return value.capitalize()
        return f"{self.page.shown(str(row.get('subject_name') or row['subject']))}: {value}"

    def _value(self, point: Row, value: Row) -> str:
        happened = happening(point["property"], value)
        if happened is not None:
            return "it happened" if happened else "it did not happen"
        said = time_said(value["value"]) if point["property"] == TIME and value.get("value") else None
        return self.page.shown(value_said({**value, "name": said} if said else value))

    def _answer(self, text: str, row: Row) -> None:
        by: Mapping[str, Sequence[str]] = row["by"]
        self.page.paragraph(f"{text} ({_counting(row)})", indent=2)
        if set(by) & set(self.sides.names):
            self.sides.row([self._held(by.get(name)) for name in self.sides.names], indent=4)
        for where, statements in self._elsewhere(by.get(ELSEWHERE) or ()).items():
            self.page.paragraph(f"{where}: {self._holding(statements)}", indent=4)
        self._show_written(row, 4)

    def _elsewhere(self, statements: Sequence[str]) -> dict[str, list[str]]:
        """Statements made on no side that is shown, by where their speakers do sit."""
        seats: dict[str, list[str]] = {}
        for id in statements:
            where = (other_sides(self.known[id]) if id in self.known else None) or "on no side"
            seats.setdefault(where, []).append(id)
        return seats

    def _show_written(self, row: Row, indent: int) -> None:
        for block in self._written(row, indent):
            self.page.lines(line.rstrip() for line in block(min(self.page.width, PROSE_WIDTH)))

    def _written(self, row: Row, indent: int) -> Iterator[Block]:
        """The ways in which one value is written, where they are several."""
        forms = list(dict.fromkeys(self._form(form) for form in row.get("as_written") or ()))
        if len(forms) > 1:
            yield note(f"written: {'; '.join(forms)}", indent, self.page.dim)

    def _form(self, form: Any) -> str:
        reference = isinstance(form, Mapping) and "ref" in form
        return self.page.shown(self.label(form["ref"]) if reference else value_said({"value": form}))

    def _held(self, statements: Sequence[str] | None) -> Block | None:
        if not self.sides.in_columns:
            return note(self._holding(statements)) if statements else None
        if statements:
            return note(self._holding(statements), 4)
        return note("nobody on this side", 4, style=self.page.dim)

    def _holding(self, statements: Sequence[str]) -> str:
        return "; ".join(dict.fromkeys(footing(self.known[id]) for id in statements if id in self.known))

    def _by(self, row: Row) -> str:
        return "by " + "; ".join(
            self._holding(ids) if seat != ELSEWHERE else self._by_others(ids)
            for seat, ids in row["by"].items()
        )

    def _by_others(self, statements: Sequence[str]) -> str:
        """Holders on no side shown; of those who sit on another side it is said which."""
        told = self._elsewhere(statements).items()
        return "; ".join(
            self._holding(ids) + (f", {where}" if self.sides.names and where != "on no side" else "")
            for where, ids in told
        )


def happening(property: str, value: Row) -> bool | None:
    """Whether a value says that the thing happened; None where it says something else."""
    if property != HAPPENED or value.get("value") not in ("yes", "no"):
        return None
    said_yes = str(value["value"]) == "yes"
    return said_yes != bool(value.get("negated"))


def value_said(row: Row) -> str:
    """A value as a person reads it, `not` before one that is denied."""
    value = row.get("name") or row.get("value")
    if isinstance(value, Mapping):
        value = value.get("none") or value.get("ref") or time_said(value)
    said = str(value) if value is not None else _range_said(row)
    counted = f" {row.get('counted') or row.get('unit') or ''}".rstrip()
    population = f" ({row['population']})" if row.get("population") else ""
    when = f", {time_said(row['when'])}" if row.get("when") else ""
    return f"{'not ' if row.get('negated') else ''}{said}{counted}{population}{when}"


def absence_said(row: Row) -> Row:
    """A stated absence as a row with its reason for a value."""
    return {**row, "value": row["none"]}


def _range_said(row: Row) -> str:
    low, high = row.get("low"), row.get("high")
    if low is not None and high is not None:
        return str(low) if low == high else f"{low} to {high}"
    if low is not None:
        return f"at least {low}"
    return f"at most {high}" if high is not None else "no value given"


def _counting(row: Row) -> str:
    reports = row.get("reports", sum(len(ids) for ids in row["by"].values()))
    said = counted(reports, "report")
    return f"{said}, {counted(row['origins'], 'origin')}" if row.get("origins") is not None else said
