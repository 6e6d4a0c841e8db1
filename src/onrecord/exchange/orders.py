"""Orders of erasure as sending keeps to them: what must no longer lie in this laptop's part of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onrecord.erasing.confirming import confirmed_by_folder
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.store.record_store import RecordStore

_DONE = (
    "SELECT ordered.name, ordered.entry FROM ordered JOIN log ON log.name = substr(ordered.name, 1, instr(ordered.name, '/') - 1)"
    " WHERE NOT EXISTS (SELECT 1 FROM body WHERE body.entry ="
    " (log.number << 40) + CAST(substr(ordered.name, instr(ordered.name, '/') + 1) AS INTEGER))"
)


@dataclass(frozen=True, slots=True)
class Orders:
    """The entries whose bodies are gone here by order, with the orders."""

    by: Mapping[str, str]

    @classmethod
    def of(cls, store: RecordStore) -> Orders:
        rows = store.db.connection.execute(_DONE).fetchall()
        return cls({str(name): store.db.name_of(entry) for name, entry in rows})

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.by)

    def asks(self, store: RecordStore, folder: str) -> bool:
        """Whether nobody has said yet of some of these orders that a part of a folder holds nothing of it."""
        return bool(set(self.by.values()) - set(confirmed_by_folder(store).get(folder, {})))

    def confirm(self, store: RecordStore, folder: str) -> None:
        """Enter that this laptop's part of a folder no longer holds what these orders name, where that is not said yet."""
        said = confirmed_by_folder(store).get(folder, {})
        orders = sorted(set(self.by.values()) - set(said))
        if orders:
            with store.writing() as writer:
                writer.append(Draft("erasure", mint(), {"folder": folder, "orders": orders}))
