"""What goes with an erasure, and what stays and is touched by it."""

from __future__ import annotations

from dataclasses import dataclass, field

from onrecord.erasing.held import Held
from onrecord.record.entries import Draft
from onrecord.record.things import Version


@dataclass(frozen=True, slots=True)
class Gone:
    """One version that goes, and why."""

    version: Version
    why: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A thing that stays, and what it has to do with what goes."""

    thing: str
    kind: str
    why: str


@dataclass(slots=True)
class Closure:
    """Versions that go, by entry; things that refer to them; versions that are written anew without the words."""

    things: tuple[str, ...]
    gone: dict[str, Gone] = field(default_factory=dict)
    affected: dict[str, Touched] = field(default_factory=dict)
    staying: dict[str, Touched] = field(default_factory=dict)
    rewritten: list[Draft] = field(default_factory=list)

    def versions(self) -> list[Version]:
        return [one.version for one in self.gone.values()]

    def wholly_gone(self, held: Held) -> set[str]:
        """The things of which no version keeps its body, and none is written anew."""
        things = {one.version.thing for one in self.gone.values()} - {draft.thing for draft in self.rewritten}
        return {id for id in things if all(v.name in self.gone for v, _ in held.versions(id))}
