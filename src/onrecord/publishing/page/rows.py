"""The windows of one event as rows that are read across: a point in the spine, and what each side says to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from onrecord.publishing.page.content import (
    Holder,
    PointView,
    SideView,
    SilenceView,
    StatementView,
    ValueView,
    WindowsView,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A value in one side's cell: the statements that first say it here, and who else on this side holds it."""

    value: ValueView
    statements: tuple[StatementView, ...]
    others: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row. With nothing held and nothing said the side is silent, for the reason given if there is one."""

    side: SideView
    held: tuple[Held, ...] = ()
    statements: tuple[StatementView, ...] = ()
    silence: SilenceView | None = None

    @property
    def silent(self) -> bool:
        return not self.held and not self.statements

    @property
    def printed(self) -> Iterator[StatementView]:
        yield from (one for held in self.held for one in held.statements)
        yield from self.statements


@dataclass(frozen=True, slots=True)
class Apart:
    """Values that the same people hold who sit on no side."""

    values: tuple[ValueView, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A row: "shared", "disputed", "only" some sides, or "said" (what stands under no point). `apart`: held by no side.

    Shared points that the same statements hold stand in one row; every other row has one point at most. `further`
    are rows of which all statements are printed in this one already.
    """

    kind: str
    points: tuple[PointView, ...]
    cells: tuple[Cell, ...]
    apart: tuple[Apart, ...] = ()
    further: tuple[WindowRow, ...] = ()

    @property
    def tally(self) -> ValueView | None:
        """A value with the counts of all values in the row, where they are the same."""
        values = [value for point in self.points for value in point.values]
        counts = {(value.reports, value.origins) for value in values}
        return values[0] if len(counts) == 1 else None

    @property
    def told_by(self) -> int:
        """How many sides hold a value here."""
        return sum(1 for cell in self.cells if cell.held)


@dataclass(slots=True)
class _Shown:
    """What stands in each side's column already, also beside a statement it goes against: each is printed once there."""

    numbers: dict[str, set[int | None]] = field(default_factory=lambda: defaultdict(set))

    def first(self, side: SideView, holders: Iterable[Holder]) -> Iterator[StatementView]:
        wanted = {holder.n for holder in holders if holder.n is not None}
        return self._print(side, (one for one in side.statements if one.n in wanted))

    def rest(self, side: SideView) -> Iterator[StatementView]:
        return self._print(side, side.statements)

    def _print(self, side: SideView, statements: Iterable[StatementView]) -> Iterator[StatementView]:
        printed = self.numbers[side.name]
        for statement in statements:
            if statement.n is None or statement.n not in printed:
                printed |= _numbers(statement)
                yield statement


@dataclass(frozen=True, slots=True)
class Arranged:
    """The rows; what people on no side say; and the points that nobody else tells of."""

    rows: tuple[WindowRow, ...]
    elsewhere: tuple[StatementView, ...]
    unsided: tuple[WindowRow, ...] = ()


def arrange(windows: WindowsView) -> Arranged:
    """Every point and every statement of the windows, each statement printed once, at the first point it speaks to."""
    shown = _Shown()
    kinds = (
        ("shared", _by_holders(windows.shared)),
        ("disputed", [(point,) for point in windows.disputed]),
        ("only", [(point,) for point in _by_question(windows.only)]),
    )
    rows = [_row(kind, points, windows, shown) for kind, grouped in kinds for points in grouped]
    elsewhere = tuple(shown.rest(SideView("", windows.elsewhere)))
    unsided = tuple(row for row in rows if _on_no_side(row))
    folded = _folded(row for row in rows if row not in unsided)
    return Arranged((*folded, *_said(windows, shown)), elsewhere, unsided)


def _by_holders(shared: Iterable[PointView]) -> list[tuple[PointView, ...]]:
    grouped: dict[frozenset[Holder], list[PointView]] = defaultdict(list)
    for point in shared:
        grouped[frozenset(holder for value in point.values for holder in value.holders)].append(point)
    return [tuple(points) for points in grouped.values()]


def _by_question(points: Iterable[PointView]) -> list[PointView]:
    """Values that different sides alone tell, to one question, stand beside each other."""
    asked: dict[tuple[str, str | None], PointView] = {}
    for point in points:
        first = asked.setdefault((point.property, point.subject), point)
        if first is not point:
            asked[point.property, point.subject] = replace(first, values=(*first.values, *point.values))
    return list(asked.values())


def _on_no_side(row: WindowRow) -> bool:
    return not row.told_by and not any(cell.silence for cell in row.cells)


def _folded(rows: Iterable[WindowRow]) -> list[WindowRow]:
    """Rows without words of their own go into the first one that prints all the statements which hold them."""
    kept: list[WindowRow] = []
    for row in rows:
        numbers = {holder.n for cell in row.cells for held in cell.held for holder in held.others}
        words = any(True for cell in row.cells for _ in cell.printed)
        home = None if words or None in numbers else _home(numbers, kept)
        if home is None:
            kept.append(row)
        else:
            kept[home] = replace(kept[home], further=(*kept[home].further, row))
    return kept


def _home(numbers: set[int | None], rows: Iterable[WindowRow]) -> int | None:
    for place, row in enumerate(rows):
        here = set().union(*(_numbers(one) for cell in row.cells for one in cell.printed))
        if numbers and numbers <= here:
            return place
    return None


def _numbers(statement: StatementView) -> set[int | None]:
    """The numbers of a statement and of those printed beside it."""
    return {statement.n, *(other.n for other in (*statement.later, *statement.earlier))}


def _said(windows: WindowsView, shown: _Shown) -> Iterator[WindowRow]:
    rest = [tuple(shown.rest(side)) for side in windows.sides]
    if not any(rest):
        return
    cells = tuple(
        Cell(side, statements=left, silence=None if side.statements else _silence(windows, side, None))
        for side, left in zip(windows.sides, rest, strict=True)
    )
    yield WindowRow("said", (), cells)


def _row(kind: str, points: tuple[PointView, ...], windows: WindowsView, shown: _Shown) -> WindowRow:
    point = points[0]
    cells = tuple(
        Cell(side, tuple(_held(side, point, shown)), silence=_silence(windows, side, point))
        for side in windows.sides
    )
    return WindowRow(kind, points, cells, _apart(point, {side.name for side in windows.sides}))


def _apart(point: PointView, sides: set[str]) -> tuple[Apart, ...]:
    values: dict[tuple[Holder, ...], list[ValueView]] = defaultdict(list)
    for value in point.values:
        outside = tuple(holder for holder in value.holders if holder.side not in sides)
        if outside:
            values[outside].append(value)
    return tuple(Apart(tuple(held), holders) for holders, held in values.items())


def _held(side: SideView, point: PointView, shown: _Shown) -> Iterator[Held]:
    for value in point.values:
        holders = [holder for holder in value.holders if holder.side == side.name]
        if holders:
            statements = tuple(shown.first(side, holders))
            here = {statement.n for statement in statements}
            yield Held(value, statements, tuple(one for one in holders if one.n not in here))


def _silence(windows: WindowsView, side: SideView, point: PointView | None) -> SilenceView | None:
    """The reason given for this point, else the one given for the whole event."""
    given = [silence for silence in windows.silent if silence.side == side.name]
    if point is not None:
        for silence in given:
            if (silence.property, silence.subject) == (point.property, point.subject):
                return silence
    return next((silence for silence in given if silence.property is None), None)
