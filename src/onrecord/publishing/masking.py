"""Closed names inside released words become visible brackets. What cannot be put in brackets safely is refused.

A name is looked for in a wider stretch than is released, so that a cut never leaves part of a name standing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from onrecord.publishing.known_names import KnownNames, Mention
from onrecord.publishing.naming import NOT_GIVEN, Naming, Status
from onrecord.publishing.refusal import Refusal, Refusals

AROUND = 240
"""Code points on each side of a stretch in which a name that reaches into it is still found."""

StatusOf = Callable[[Mention], Status]


@dataclass(frozen=True, slots=True)
class Mask:
    """A bracket in released words, by code points of the released words, and whose name it covers."""

    start: int
    end: int
    whose: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Masked:
    """Words as they may be printed. With any refusal they may not be printed at all."""

    text: str
    masks: tuple[Mask, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(slots=True)
class _Stretch:
    """A stretch of text to be covered, and the names that touch it; `shared` if it may name somebody open as well."""

    start: int
    end: int
    mentions: list[Mention] = field(default_factory=list)
    shared: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    """The names in a text: those that may not stand there, and those that may."""

    closed: tuple[Mention, ...]
    open: tuple[Mention, ...]


class Masking:
    """Finds what may not be named in a text, within the thing that carries it."""

    def __init__(self, names: KnownNames, naming: Naming, refusals: Refusals) -> None:
        self._names = names
        self._naming = naming
        self._refusals = refusals

    def closed(self, text: str, within: str | None, status: StatusOf | None = None) -> tuple[Mention, ...]:
        """The names in a text that may not stand there."""
        return self._read(text, status or self._status(within)).closed

    def mask(self, text: str, start: int, end: int, within: str, *, must_describe: bool = True) -> Masked:
        """`text[start:end]` with closed names in brackets; refused where there are no words for a bracket.

        Where `must_describe` is false the bracket says that the name is not given.
        """
        low, high = max(0, start - AROUND), min(len(text), end + AROUND)
        read = self._read(text[low:high], self._status(within))
        stretches = _stretches(read, low, start, end)
        masked = self._covered(text, start, end, stretches, within, must_describe)
        left = self._left(masked, within)
        return masked if not left else Masked(masked.text, masked.masks, (*masked.refusals, *left))

    def describes(self, id: str, within: str | None) -> str | None:
        """The agreed words for a name, unless they hold a closed name themselves."""
        substitute = self._naming.substitute(id, within)
        if substitute is None or self.closed(substitute.text, within):
            return None
        return substitute.text

    def _read(self, text: str, status: StatusOf) -> _Reading:
        stated = [(mention, status(mention)) for mention in self._names.mentions(text)]
        may_stand = [mention for mention, said in stated if said == "open"]
        closed = (
            mention
            for mention, said in stated
            if said != "open" and not any(_lets_go(other, mention, said) for other in may_stand)
        )
        return _Reading(tuple(closed), tuple(may_stand))

    def _status(self, within: str | None) -> StatusOf:
        return lambda mention: self.status(mention, within)

    def status(self, mention: Mention, within: str | None) -> Status:
        """Whether this name may stand there. Another audience's pseudonym may not, unless the name itself may."""
        if mention.cover == "sealed":
            return "closed"
        said = self._naming.status(mention.id, within)
        if mention.cover == "pseudonym" and said != "open":
            here = self._naming.substitute(mention.id, within)
            return "open" if here and here.text.casefold() == mention.name.casefold() else "closed"
        return said

    def _covered(
        self, text: str, start: int, end: int, stretches: Sequence[_Stretch], within: str, must_describe: bool
    ) -> Masked:
        parts: list[str] = []
        masks: list[Mask] = []
        refusals: list[Refusal] = []
        at, length = start, 0
        for stretch in stretches:
            words, missing = self._bracket(stretch, within)
            parts += [text[at : stretch.start], words]
            length += stretch.start - at
            whose = tuple(sorted({mention.id for mention in stretch.mentions}))
            masks.append(Mask(length, length + len(words), whose))
            length += len(words)
            at = stretch.end
            if must_describe:
                refusals += [self._undescribed(id, within) for id in missing]
        return Masked("".join([*parts, text[at:end]]), tuple(masks), tuple(dict.fromkeys(refusals)))

    def _bracket(self, stretch: _Stretch, within: str) -> tuple[str, tuple[str, ...]]:
        """What stands in the bracket, and the actors for whom there are no agreed words."""
        whole = [mention for mention in stretch.mentions if mention.whole] or stretch.mentions
        words = {mention.id: self._words_for(mention, within) for mention in whole}
        missing = tuple(id for id, said in words.items() if said is None and self._naming.kind(id) != "place")
        told = set(words.values())
        if len(told) == 1 and None not in told and not stretch.shared:
            return f"[{told.pop()}]", missing
        kinds = {self._naming.kind(id) for id in words}
        return f"[{NOT_GIVEN['place' if kinds == {'place'} else 'actor']}]", missing

    def _words_for(self, mention: Mention, within: str) -> str | None:
        """A sealed name gives way to the open name of the same actor, if that is open."""
        if mention.cover and self._naming.status(mention.id, within) == "open":
            return self._names.first(mention.id)
        return self.describes(mention.id, within)

    def _left(self, masked: Masked, within: str) -> Iterable[Refusal]:
        """Closed names that still stand outside the brackets; there should be none."""
        if not masked.masks:
            return ()
        return tuple(
            self._undescribed(mention.id, within)
            for mention in self.closed(masked.text, within)
            if not any(mask.start < mention.start and mention.end < mask.end for mask in masked.masks)
        )

    def _undescribed(self, id: str, within: str) -> Refusal:
        person = self._refusals.label(id)
        bars = self._naming.bars(id, within)
        term = bars[0].term if bars else "sealed"
        mend = (
            f"describe: put an agreed description of {person} in the terms, or a pseudonym for this audience; "
            "or leave these words out."
        )
        return Refusal(
            person,
            within,
            "name",
            term,
            mend,
            "the words hold a name that may not go, and no words stand in its place",
        )


def _lets_go(open_name: Mention, mention: Mention, said: Status) -> bool:
    """Whether a text that names somebody open is no mention of this one.

    A part of a closed name inside a longer open name is not a mention; a whole closed name always is. A name that
    merely nobody opened gives way to an open one that reads the same.
    """
    if not open_name.whole or not (open_name.start <= mention.start and mention.end <= open_name.end):
        return False
    longer = open_name.end - open_name.start > mention.end - mention.start
    return (not mention.whole and (longer or open_name.id == mention.id)) or said == "unopened"


def _stretches(read: _Reading, low: int, start: int, end: int) -> tuple[_Stretch, ...]:
    """What to cover between `start` and `end`; overlapping names become one stretch. Mentions count from `low`."""
    stretches: list[_Stretch] = []
    for mention in sorted(
        read.closed, key=lambda mention: (mention.start, mention.end, mention.id, mention.cover)
    ):
        first, last = max(mention.start + low, start), min(mention.end + low, end)
        if first >= last:
            continue
        if not stretches or first >= stretches[-1].end:
            stretches.append(_Stretch(first, last))
        stretches[-1].end = max(stretches[-1].end, last)
        stretches[-1].mentions.append(mention)
    for stretch in stretches:
        named = {mention.id for mention in stretch.mentions}
        stretch.shared = any(
            mention.id not in named
            and mention.start + low <= stretch.start
            and stretch.end <= mention.end + low
            for mention in read.open
        )
    return tuple(stretches)


__all__ = ["AROUND", "Mask", "Masked", "Masking"]
