"""Things and their versions, and how to look them up. A thing with two head versions is in conflict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Version:
    """One whole version of one thing, as one body states it. Times are milliseconds since 1970 UTC."""

    thing: str
    kind: str
    name: str
    fields: Mapping[str, Any]
    slug: str | None = None
    author: str = ""
    clock: int = 0
    received: int = 0
    supersedes: tuple[str, ...] = ()
    reason: str | None = None
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing and its unsuperseded versions, newest last. `heads` is never empty."""

    id: str
    kind: str
    heads: tuple[Version, ...]

    @property
    def in_conflict(self) -> bool:
        return len(self.heads) > 1

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.heads[-1].fields

    @property
    def slug(self) -> str | None:
        return self.heads[-1].slug


class Things(Protocol):
    """Where rules look things up, whatever store holds them."""

    def get(self, id: str) -> Thing | None: ...

    def of_kind(self, kind: str) -> Iterator[Thing]: ...

    def pointing_at(self, id: str, kind: str | None = None, field: str | None = None) -> Iterator[Thing]:
        """Things with a head version that refers to `id`, in any field or in this one."""
        ...


class MemoryThings:
    """Things held in memory: for tests, and for rules run over things that are not stored."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = {thing.id: thing for thing in things}
        self._pointers: dict[str, dict[tuple[str, str], None]] = {}
        for thing in self._things.values():
            for version in thing.heads:
                for field, target in references(version.fields):
                    self._pointers.setdefault(target, {})[thing.id, field] = None

    @classmethod
    def of(cls, things: Mapping[str, Mapping[str, Any]]) -> MemoryThings:
        """Make things from `{"id": {"kind": …, field: value}}`, one version each."""
        made = []
        for number, (id, stated) in enumerate(things.items()):
            fields = {name: value for name, value in stated.items() if name != "kind"}
            version = Version(id, stated["kind"], f"memory.1/{number}", fields, slug=id)
            made.append(Thing(id, stated["kind"], (version,)))
        return cls(made)

    def get(self, id: str) -> Thing | None:
        return self._things.get(id)

    def of_kind(self, kind: str) -> Iterator[Thing]:
        return (thing for thing in self._things.values() if thing.kind == kind)

    def pointing_at(self, id: str, kind: str | None = None, field: str | None = None) -> Iterator[Thing]:
        met = set()
        for pointer, through in self._pointers.get(id, {}):
            thing = self._things[pointer]
            if pointer in met or (kind and thing.kind != kind) or (field and through != field):
                continue
            met.add(pointer)
            yield thing


def references(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (field, text) in a version's fields that may name a thing, at any depth."""
    for field, value in fields.items():
        for text in _texts(value):
            yield field, text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def listed(value: Any) -> tuple[str, ...]:
    """The ids in a field that holds one, a list of them, or `{"ref": id}`."""
    if isinstance(value, Mapping):
        value = value.get("ref")
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()
