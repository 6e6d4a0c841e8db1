"""Closed names inside released words become visible brackets. What has no agreed words to stand there is refused.

A name is looked for in a wider stretch than is released, so that a cut never leaves part of a name standing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from onrecord.publishing.known_names import KnownName, KnownNames
from onrecord.publishing.naming import NOT_GIVEN, Carrier, Naming, Status
from onrecord.publishing.refusal import Refusal, Refusals
from onrecord.publishing.roll import Mention, Roll, StatusOf

AROUND = 240
"""Code points on each side of a stretch in which a name that reaches into it is still found."""

_POSSESSIVE = re.compile(r"(?<=\w)['’]s$")


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
    """A stretch of text to be covered, and the names that touch it."""

    start: int
    end: int
    mentions: list[Mention] = field(default_factory=list)


class Masking:
    """Finds what may not be named in a text, within the thing that carries it, and covers it."""

    def __init__(self, names: KnownNames, naming: Naming, refusals: Refusals) -> None:
        self._names = names
        self._naming = naming
        self._refusals = refusals
        self._rolls: dict[Hashable, Roll] = {}
        self._alike: dict[tuple[tuple[KnownName, ...], ...], Roll] = {}

    def roll(self, key: Hashable, status: Callable[[], StatusOf]) -> Roll:
        """Which names may stand in a place, called once for each key; places alike share one."""
        if key not in self._rolls:
            called = Roll.call(self._names.names, status())
            self._rolls[key] = self._alike.setdefault((called.closed, called.unopened), called)
        return self._rolls[key]

    def within(self, id: Carrier | None) -> Roll:
        """Which names may stand in what a thing carries, in what several carry alike, or by themselves."""
        if isinstance(id, tuple):
            return self._within_all(id)
        basis = self._naming.basis(id)
        return self.roll(("within", basis), lambda: self._status_within(basis))

    def status(self, name: KnownName, within: Carrier | None) -> Status:
        """Whether a name may stand there. Another audience's pseudonym may not, unless the name itself may."""
        if name.cover == "sealed":
            return "closed"
        said = self._naming.status(name.id, within)
        if name.cover == "pseudonym" and said != "open":
            here = self._naming.substitute(name.id, within)
            return "open" if here and here.text.casefold() == name.text.casefold() else "closed"
        return said

    def mask(self, text: str, start: int, end: int, within: Carrier, *, must_describe: bool = True) -> Masked:
        """`text[start:end]` with closed names in brackets; refused where there are no words for a bracket.

        Where `must_describe` is false the bracket says that the name is not given.
        """
        low, high = max(0, start - AROUND), min(len(text), end + AROUND)
        mentions = self.within(within).mentions(text[low:high])
        stretches = _stretches(mentions, text[low:high], start - low, end - low)
        masked = self._covered(text[low:high], start - low, end - low, stretches, within, must_describe)
        left = tuple(self._left(masked, within))
        return masked if not left else Masked(masked.text, masked.masks, (*masked.refusals, *left))

    def describes(self, id: str, within: Carrier | None) -> str | None:
        """The agreed words for a name, unless they hold a closed name themselves."""
        substitute = self._naming.substitute(id, within)
        if substitute is None or self.within(within).mentions(substitute.text):
            return None
        return substitute.text

    def _within_all(self, ids: tuple[str, ...]) -> Roll:
        """What stands in several things at once: only what may stand in each of them."""
        rolls = list({id(roll): roll for roll in map(self.within, ids)}.values())
        if len(rolls) == 1:
            return rolls[0]
        return self.roll(frozenset(map(id, rolls)), lambda: _strictest(rolls))

    def _status_within(self, id: str | None) -> StatusOf:
        """Most names were never agreed about: they stand or fall together, so that is asked once for each kind."""
        concerned = self._naming.concerned(id) if id else frozenset()
        rest: Mapping[bool, Status] = {
            place: self._naming.status_of_others(place, id) for place in (False, True)
        }

        def status(name: KnownName) -> Status:
            if name.cover or name.id in concerned or self._naming.is_agreed_about(name.id):
                return self.status(name, id)
            return rest[self._naming.kind(name.id) == "place"]

        return status

    def _covered(
        self,
        text: str,
        start: int,
        end: int,
        stretches: Sequence[_Stretch],
        within: Carrier,
        must_describe: bool,
    ) -> Masked:
        parts: list[str] = []
        masks: list[Mask] = []
        refusals: list[Refusal] = []
        at, length = start, 0
        for stretch in stretches:
            words, refused = self._bracket(text, stretch, within)
            parts += [text[at : stretch.start], words]
            length += stretch.start - at
            masks.append(Mask(length, length + len(words), tuple(sorted({m.id for m in stretch.mentions}))))
            length += len(words)
            at = stretch.end
            refusals += refused if must_describe else ()
        return Masked("".join([*parts, text[at:end]]), tuple(masks), tuple(dict.fromkeys(refusals)))

    def _bracket(self, text: str, stretch: _Stretch, within: Carrier) -> tuple[str, tuple[Refusal, ...]]:
        """What stands in the bracket. Where it may be any of several people, it does not say which."""
        meant = self._meant(text, stretch, within)
        words = {id: self._words_for(id, stretch, within) for id in meant}
        told = {said for said in words.values() if said is not None}
        if len(told) == 1 and all(words.values()) and not self._may_be_open(text, stretch, within):
            return f"[{told.pop()}]", ()
        kinds = {self._naming.kind(id) for id in meant}
        bracket = f"[{NOT_GIVEN['place' if kinds == {'place'} else 'actor']}]"
        return bracket, () if told or kinds == {"place"} else (self._undescribed(sorted(meant)[0], within),)

    def _meant(self, text: str, stretch: _Stretch, within: Carrier) -> list[str]:
        """Everyone closed whose name takes up the whole stretch; failing that, everyone found in it."""
        owners = self._names.owners(text, (stretch.start, stretch.end))
        may_stand = self.within(within).open_ids
        found = {mention.id for mention in stretch.mentions}
        whole = {id for id, span in owners.items() if span[0] <= stretch.start and stretch.end <= span[1]}
        return sorted({id for id in whole if id in found or id not in may_stand} or found)

    def _may_be_open(self, text: str, stretch: _Stretch, within: Carrier) -> bool:
        owners = self._names.owners(text, (stretch.start, stretch.end))
        roots = {self._naming.root(mention.id) for mention in stretch.mentions}
        return any(
            span[0] <= stretch.start and stretch.end <= span[1]
            for id, span in owners.items()
            if id in self.within(within).open_ids and self._naming.root(id) not in roots
        )

    def _words_for(self, id: str, stretch: _Stretch, within: Carrier) -> str | None:
        """The agreed words; a sealed name gives way to the open name of the same actor, if that is open."""
        covered = any(mention.cover and mention.id == id for mention in stretch.mentions)
        if covered and self._naming.status(id, within) == "open":
            return self._names.first(id)
        return self.describes(id, within)

    def _left(self, masked: Masked, within: Carrier) -> Iterator[Refusal]:
        """Closed names that still stand outside the brackets; there should be none."""
        for mention in self.within(within).mentions(masked.text) if masked.masks else ():
            if not any(mask.start < mention.start and mention.end < mask.end for mask in masked.masks):
                yield self._undescribed(mention.id, within)

    def _undescribed(self, id: str, within: Carrier) -> Refusal:
        person = self._refusals.label(id)
        bars = self._naming.bars(id, within)
        mend = (
            f"describe: put an agreed description of {person} in the terms, or a pseudonym for this audience; "
            "or leave these words out."
        )
        why = "the words hold a name that may not go, and nothing was agreed to stand in its place"
        thing = within if isinstance(within, str) else within[0]
        return Refusal(person, thing, "name", bars[0].term if bars else "sealed", mend, why)


def _strictest(rolls: Sequence[Roll]) -> StatusOf:
    closed = frozenset(name for roll in rolls for name in roll.closed)
    unopened = frozenset(name for roll in rolls for name in roll.unopened)
    return lambda name: "closed" if name in closed else "unopened" if name in unopened else "open"


def _stretches(mentions: Iterable[Mention], text: str, start: int, end: int) -> tuple[_Stretch, ...]:
    """What to cover between `start` and `end`; overlapping names become one stretch. A possessive stays outside."""
    stretches: list[_Stretch] = []
    for mention in mentions:
        possessive = _POSSESSIVE.search(text, mention.start, mention.end)
        low, high = max(mention.start, start), min(possessive.start() if possessive else mention.end, end)
        if low >= high:
            continue
        if not stretches or low >= stretches[-1].end:
            stretches.append(_Stretch(low, high))
        stretches[-1].end = max(stretches[-1].end, high)
        stretches[-1].mentions.append(mention)
    return tuple(stretches)
