"""Which of the known names may stand in one place of a release, and where in a text those stand that may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from onrecord.publishing.known_names import Cover, Finder, KnownName, Span
from onrecord.publishing.naming import Status

StatusOf = Callable[[KnownName], Status]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `[start:end]` of a text that may not stand there, and one whose name it is."""

    start: int
    end: int
    id: str
    name: str
    cover: Cover = ""


class Roll:
    """The known names parted into those closed by what somebody said, those nobody opened, and those open.

    Each part has a finder of its own, so that no closed name can hide behind an open one that reads the same.
    """

    def __init__(
        self, closed: Sequence[KnownName], unopened: Sequence[KnownName], open: Sequence[KnownName]
    ) -> None:
        self.closed = tuple(closed)
        self.unopened = tuple(unopened)
        self.open = tuple(open)

    @classmethod
    def call(cls, names: Iterable[KnownName], status: StatusOf) -> Roll:
        parts: dict[Status, list[KnownName]] = {"closed": [], "unopened": [], "open": []}
        for name in names:
            parts[status(name)].append(name)
        return cls(parts["closed"], parts["unopened"], parts["open"])

    @cached_property
    def open_ids(self) -> frozenset[str]:
        return frozenset(name.id for name in self.open)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Where names that may not stand there stand in a text. They may overlap.

        Part of a closed name inside a longer open one is no mention; a whole closed name always is one. A name that
        merely nobody opened gives way to an open one that reads the same.
        """
        found = [*self._closed_in(text), *self._unopened_in(text)]
        return tuple(
            sorted(found, key=lambda mention: (mention.start, mention.end, mention.id, mention.cover))
        )

    def whole(self, text: str) -> tuple[Mention, ...]:
        """Closed names that stand whole in a text."""
        return tuple(
            _mention(self.closed, found.key, (found.start, found.end))
            for found in self._closed_whole.find(text)
        )

    def _closed_in(self, text: str) -> Iterable[Mention]:
        found = self._closed.find(text)
        if not found:
            return
        whole, may_stand = self.whole(text), self._open_spans(text)
        for one in found:
            span = (one.start, one.end)
            in_part = not any(part.start < one.end and one.start < part.end for part in whole)
            if not (in_part and any(_covers(other, span) and other != span for other in may_stand)):
                yield _mention(self.closed, one.key, span)

    def _unopened_in(self, text: str) -> Iterable[Mention]:
        found = self._unopened.find(text)
        may_stand = self._open_spans(text) if found else ()
        for one in found:
            span = (one.start, one.end)
            if not any(_covers(other, span) for other in may_stand):
                yield _mention(self.unopened, one.key, span)

    def _open_spans(self, text: str) -> tuple[Span, ...]:
        return tuple((found.start, found.end) for found in self._open_whole.find(text))

    @cached_property
    def _closed(self) -> Finder:
        return Finder(self.closed)

    @cached_property
    def _closed_whole(self) -> Finder:
        return Finder(self.closed, in_part=False)

    @cached_property
    def _unopened(self) -> Finder:
        return Finder(self.unopened)

    @cached_property
    def _open_whole(self) -> Finder:
        return Finder(self.open, in_part=False)


def _mention(names: Sequence[KnownName], key: str, span: Span) -> Mention:
    name = names[int(key)]
    return Mention(*span, name.id, name.text, name.cover)


def _covers(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
