"""What an item lay in when it came, and what was said of that when it was handed over, as far as it may be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.publishing.custody.facts import Clock, Container, Inside, Version
from onrecord.publishing.custody.moments import stated
from onrecord.publishing.custody.telling import Telling, told
from onrecord.publishing.page.messages import Messages
from onrecord.record.containing import lay_in
from onrecord.record.fields import is_stated
from onrecord.record.things import Thing, Things
from onrecord.writing.adding.handover import INVENTORY_TYPE

HANDED_OVER = ("received_from", "received_at", "place", "clock")
_MOST = 100


@dataclass(frozen=True, slots=True)
class LayIn:
    """Looks up, for one item, everything that it lay in, at any depth and each time that its bytes came."""

    things: Things
    telling: Telling
    words: Messages
    version: Callable[[Thing], Version]

    def of(self, item: Thing) -> Inside:
        shown, said, withheld, hidden = list[Container](), set[str](), 0, False
        for thing, paths in self._containers(item):
            said |= {name for name in HANDED_OVER if is_stated(thing.fields.get(name))}
            if not self.telling.shows(thing.id):
                withheld += 1
                continue
            may = [path for path in paths if self.telling.path(path)]
            hidden = hidden or len(may) < len(paths)
            shown.append(self._container(thing, may))
        return Inside(tuple(shown), frozenset(said), withheld, hidden)

    def clock(self, fields: Mapping[str, Any]) -> Clock | None:
        """The check of a device's clock that these fields state, if it says both times."""
        check = fields.get("clock")
        if not isinstance(check, Mapping):
            return None
        shown, right = (stated(check.get(name), self.words) for name in ("shown", "right"))
        if not shown or not right:
            return None
        return Clock(shown, right, told(check.get("how"), self.telling, self.words))

    def _container(self, thing: Thing, paths: list[str]) -> Container:
        fields = thing.fields
        return Container(
            version=self.version(thing),
            listed=fields.get("media_type") == INVENTORY_TYPE,
            path="; ".join(paths) or None,
            received_from=told(fields.get("received_from"), self.telling, self.words),
            received_at=stated(fields.get("received_at"), self.words),
            place=told(fields.get("place"), self.telling, self.words, place=True),
            clock=self.clock(fields),
        )

    def _containers(self, item: Thing) -> Iterator[tuple[Thing, tuple[str, ...]]]:
        """Everything it lay in, the nearest first, each with the paths of what lay there."""
        met, waiting = {item.id}, [item]
        while waiting and len(met) <= _MOST:
            here = waiting.pop(0)
            for id, paths in lay_in(self.things, here.id).items():
                thing = self.things.get(id)
                if id not in met and thing is not None and thing.kind == "item" and "sha256" in thing.fields:
                    met.add(id)
                    waiting.append(thing)
                    yield thing, paths
