"""What may be told: through the gate for everybody outside the team, whose own people see all that is not sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from onrecord.publishing.gate import Gate
from onrecord.publishing.page.messages import Messages
from onrecord.publishing.refusal import Refusal, Refusals
from onrecord.publishing.whole_original import kept_whole
from onrecord.record.fields import is_absence
from onrecord.record.ids import is_id
from onrecord.record.things import Thing, Things
from onrecord.store.record_store import RecordStore

_MOST_BENEATH = 500
"""Of what holds more than this, the hash is left out of a report about one of them: all would have to be searched."""


class Telling(Protocol):
    """How what stands in or beside an item may be printed. What may not be is gathered in `refusals`."""

    refusals: list[Refusal]

    def words(self, text: str) -> str: ...

    def who(self, id: str) -> str: ...

    def where(self, id: str) -> str: ...

    def title(self, item: str) -> str | None: ...

    def file_name(self, item: Thing) -> str | None: ...

    def path(self, text: str) -> bool:
        """Whether the path under which a file lay in another may be told."""
        ...

    def shows(self, item: str) -> bool:
        """Whether a further item may be told of at all."""
        ...

    def hash(self, item: Thing) -> bool:
        """Whether the hash of an original may be printed: only where the whole of it may go."""
        ...


class ToTheTeam:
    """Everything as it stands. Sealed fields are never read for a report."""

    def __init__(self, things: Things) -> None:
        self.refusals: list[Refusal] = []
        self._things = things
        self._called = Refusals(things).label

    def words(self, text: str) -> str:
        return text

    def who(self, id: str) -> str:
        return self._called(id)

    def where(self, id: str) -> str:
        return self._called(id)

    def title(self, item: str) -> str | None:
        thing = self._things.get(item)
        title = thing.fields.get("title") if thing else None
        return title if isinstance(title, str) else None

    def file_name(self, item: Thing) -> str | None:
        return _name(item)

    def path(self, text: str) -> bool:
        return True

    def shows(self, item: str) -> bool:
        return True

    def hash(self, item: Thing) -> bool:
        return True


class ThroughTheGate:
    """Names that may not go are described as agreed; what has no agreed words is refused, as in a dossier."""

    def __init__(self, gate: Gate, store: RecordStore, things: Things, words: Messages, item: str) -> None:
        self.refusals: list[Refusal] = []
        self.withheld: list[Refusal] = []
        """Why the file's own hash is left out: no refusal, but something that the keepers want to know."""
        self._gate = gate
        self._store = store
        self._things = things
        self._words = words
        self._item = item

    def words(self, text: str) -> str:
        masked = self._gate.words(text, self._item)
        self.refusals += masked.refusals
        return masked.text

    def who(self, id: str) -> str:
        told = self._gate.person(id, self._item)
        return told.text if told.given else self._words.plain("not.given.name")

    def where(self, id: str) -> str:
        told = self._gate.place(id, self._item)
        return told.text if told.given else self._words.plain("not.given.place")

    def title(self, item: str) -> str | None:
        told = self._gate.reached(item, item)
        return told.text if told.given else None

    def file_name(self, item: Thing) -> str | None:
        name = _name(item)
        return name if name and self._may_stand(name, item.id) else None

    def path(self, text: str) -> bool:
        return self._may_stand(text, self._item)

    def _may_stand(self, name: str, item: str) -> bool:
        """Names of files are written without regard to case, so a closed name is looked for in both ways."""
        return not any(
            self._gate.own_text(text, "the file name", (item,), item) for text in (name, name.lower())
        )

    def shows(self, item: str) -> bool:
        return self._gate.opens(item, ())

    def hash(self, item: Thing) -> bool:
        if item.id != self._item and len(self._gate.beneath(item.id)) > _MOST_BENEATH:
            return False
        why = kept_whole(self._store, self._gate, self._things, item)
        if item.id == self._item:
            self.withheld = list(why)
        return not why


def told(value: Any, telling: Telling, words: Messages, place: bool = False) -> str | None:
    """A field that holds text, a thing or a stated absence, as it may be printed. None where nothing is stated."""
    if value is None:
        return None
    if is_absence(value):
        return words.word("none", str(value["none"]))
    thing = value.get("ref") if isinstance(value, Mapping) else value
    if isinstance(value, Mapping) or is_id(str(value)):
        return (telling.where if place else telling.who)(str(thing))
    return telling.words(str(value))


def _name(item: Thing) -> str | None:
    name = item.fields.get("name")
    return name if isinstance(name, str) else None


__all__ = ["Telling", "ThroughTheGate", "ToTheTeam", "told"]
