"""Who has confirmed which orders: each device in its own log, and each exchange folder through its writer."""

from __future__ import annotations

from onrecord.record.ids import device_of, split_entry
from onrecord.store.record_store import RecordStore


def confirmed_by_device(store: RecordStore) -> dict[str, dict[str, str]]:
    """For each device the orders that it says it carried out, each with the entry that says so."""
    return _confirmed(store, folders=False)


def confirmed_by_folder(store: RecordStore) -> dict[str, dict[str, str]]:
    """For each exchange folder the orders of which its writer says that it no longer holds what they name."""
    return _confirmed(store, folders=True)


def _confirmed(store: RecordStore, folders: bool) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for thing in store.db.as_now().of_kind("erasure"):
        for said in thing.heads:
            folder = said.fields.get("folder")
            if bool(folder) == folders and not said.erased:
                who = str(folder) if folders else device_of(split_entry(said.name)[0])
                orders = map(str, said.fields.get("orders") or ())
                found.setdefault(who, {}).update(dict.fromkeys(orders, said.name))
    return found
