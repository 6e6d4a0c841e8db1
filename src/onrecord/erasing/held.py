"""Every version that is held here, whether it stands or rests: an erasure leaves neither out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from onrecord.record.entries import version_of
from onrecord.record.ids import is_id
from onrecord.record.things import Version, references
from onrecord.store.record_store import RecordStore

_NAMING = (
    "SELECT version.entry, link.field, version.until FROM link JOIN version ON version.entry = link.entry"
    " WHERE link.target = ? ORDER BY version.entry"
)
_RESTING = "SELECT body.entry, body.bytes FROM resting JOIN body ON body.entry >= resting.first AND body.entry < resting.beyond"


@dataclass(frozen=True, slots=True)
class Naming:
    """A version that refers to something, in which field, and whether it is a head version."""

    version: Version
    field: str
    head: bool


class Held:
    """Versions with a body, by thing and by what they refer to, as they are while this is used."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._naming: dict[str, list[Naming]] = {}

    def versions(self, thing: str) -> list[tuple[Version, bool]]:
        """Every version of a thing, each with whether it is a head version. Those without a body are left out."""
        found = [(version, until is None) for version, until in self._store.db.versions(thing)]
        resting = [(version, True) for version in self._by_thing.get(thing, ())]
        return [one for one in (*found, *resting) if not one[0].erased]

    def heads(self, thing: str) -> list[Version]:
        return [version for version, head in self.versions(thing) if head]

    def kind_of(self, thing: str) -> str:
        return self._store.db.kind_of(thing) or next(v.kind for v in self._resting if v.thing == thing)

    def naming(self, thing: str, kind: str | None = None, field: str | None = None) -> list[Naming]:
        """Every version that refers to a thing."""
        if thing not in self._naming:
            self._naming[thing] = [*self._standing(thing), *self._by_target.get(thing, ())]
        return [
            one
            for one in self._naming[thing]
            if kind in (None, one.version.kind) and field in (None, one.field)
        ]

    def _standing(self, thing: str) -> Iterator[Naming]:
        for entry, field, until in self._store.db.connection.execute(_NAMING, (thing,)).fetchall():
            version = self._store.db.version_at(entry)
            if version and not version.erased:
                yield Naming(version, field, until is None)

    def naming_things(self, thing: str, kind: str, field: str) -> list[str]:
        """The things of a kind that refer to this one in a head version."""
        found = self.naming(thing, kind, field)
        return list(dict.fromkeys(one.version.thing for one in found if one.head))

    def things_of(self, kind: str) -> list[str]:
        """Every thing of a kind."""
        query = "SELECT DISTINCT thing FROM version WHERE kind = ?"
        found = [thing for (thing,) in self._store.db.connection.execute(query, (kind,))]
        resting = (version.thing for version in self._resting if version.kind == kind)
        return list(dict.fromkeys([*found, *resting]))

    def items_with(self, sha256: str) -> list[str]:
        """The items with these bytes."""
        query = "SELECT item FROM held WHERE sha256 = ?"
        found = [item for (item,) in self._store.db.connection.execute(query, (sha256,))]
        resting = (
            version.thing
            for version in self._resting
            if version.kind == "item" and version.fields.get("sha256") == sha256
        )
        return list(dict.fromkeys([*found, *resting]))

    @cached_property
    def _resting(self) -> list[Version]:
        """What rests is in no view, so all of it is read, once. There is seldom any."""
        db = self._store.db
        rows = db.connection.execute(_RESTING).fetchall()
        return [version_of(db.name_of(entry), body, 0) for entry, body in rows]

    @cached_property
    def _by_thing(self) -> dict[str, list[Version]]:
        found: dict[str, list[Version]] = {}
        for version in self._resting:
            found.setdefault(version.thing, []).append(version)
        return found

    @cached_property
    def _by_target(self) -> dict[str, list[Naming]]:
        found: dict[str, list[Naming]] = {}
        for version in self._resting:
            for field, target in references(version.fields):
                if is_id(target):
                    found.setdefault(target, []).append(Naming(version, field, True))
        return found
