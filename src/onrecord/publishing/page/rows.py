"""The windows of one event as rows that are read across: a point in the spine, and what each side says to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A row: "shared", "disputed", "only" some sides, or "said" (what stands under no point). `apart`: held by no side.

    Shared points that the same statements hold stand in one row; every other row has one point at most.
    """

    kind: str
    points: tuple[PointView, ...]
    cells: tuple[Cell, ...]
    apart: tuple[tuple[ValueView, tuple[Holder, ...]], ...] = ()


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
                printed |= {statement.n, *(other.n for other in (*statement.later, *statement.earlier))}
                yield statement


@dataclass(frozen=True, slots=True)
class Arranged:
    """The rows, and what people on no side say."""

    rows: tuple[WindowRow, ...]
    elsewhere: tuple[StatementView, ...]


def arrange(windows: WindowsView) -> Arranged:
    """Every point and every statement of the windows, each statement printed once, at the first point it speaks to."""
    shown = _Shown()
    kinds = (
        ("shared", _by_holders(windows.shared)),
        ("disputed", [(point,) for point in windows.disputed]),
        ("only", [(point,) for point in windows.only]),
    )
    rows = [_row(kind, points, windows, shown) for kind, grouped in kinds for points in grouped]
    elsewhere = tuple(shown.rest(SideView("", windows.elsewhere)))
    return Arranged((*rows, *_said(windows, shown)), elsewhere)


def _by_holders(shared: Iterable[PointView]) -> list[tuple[PointView, ...]]:
    grouped: dict[frozenset[Holder], list[PointView]] = defaultdict(list)
    for point in shared:
        grouped[frozenset(holder for value in point.values for holder in value.holders)].append(point)
    return [tuple(points) for points in grouped.values()]


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
    names = {side.name for side in windows.sides}
    apart = tuple(
        (value, outside)
        for value in point.values
        if (outside := tuple(holder for holder in value.holders if holder.side not in names))
    )
    return WindowRow(kind, points, cells, apart)


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
