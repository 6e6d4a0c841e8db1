"""The windows of one event as rows that are read across: a point in the spine, and what each side says to it."""

from __future__ import annotations

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
    """A row: "shared", "disputed", "only" one side, or "said" (what stands under no point). `apart`: held by no side."""

    kind: str
    point: PointView | None
    cells: tuple[Cell, ...]
    apart: tuple[tuple[ValueView, tuple[Holder, ...]], ...] = ()


@dataclass(slots=True)
class _Shown:
    """Which statements stand in an earlier row already, also beside the earlier one they go against: each is printed once."""

    numbers: set[int | None] = field(default_factory=set)

    def first(self, side: SideView, holders: Iterable[Holder]) -> Iterator[StatementView]:
        wanted = {holder.n for holder in holders if holder.n is not None}
        for statement in side.statements:
            if statement.n in wanted - self.numbers:
                self.numbers |= {statement.n, *(later.n for later in statement.later)}
                yield statement


def arrange(windows: WindowsView) -> list[WindowRow]:
    """Every point and every statement of the windows, each statement printed once, at the first point it speaks to."""
    shown = _Shown()
    kinds = (("shared", windows.shared), ("disputed", windows.disputed), ("only", windows.only))
    points = [_row(kind, point, windows, shown) for kind, pointed in kinds for point in pointed]
    rest = [
        tuple(one for one in side.statements if one.n is None or one.n not in shown.numbers)
        for side in windows.sides
    ]
    if not any(rest):
        return points
    cells = tuple(
        Cell(side, statements=left, silence=None if side.statements else _silence(windows, side, None))
        for side, left in zip(windows.sides, rest, strict=True)
    )
    return [*points, WindowRow("said", None, cells)]


def _row(kind: str, point: PointView, windows: WindowsView, shown: _Shown) -> WindowRow:
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
    return WindowRow(kind, point, cells, apart)


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
