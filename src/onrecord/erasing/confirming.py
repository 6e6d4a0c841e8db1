"""Who has confirmed which orders: each device in its own log; of exchange folders and packed files, somebody for them."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.record.entries import Draft
from onrecord.record.errors import SlugAmbiguous, ThingUnknown
from onrecord.record.ids import device_of, mint, split_entry
from onrecord.record.things import Version
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


def sent_entries(store: RecordStore) -> Iterator[Version]:
    """What says that a folder was first sent to, or a file packed."""
    for thing in store.db.as_now().of_kind("sent"):
        yield from thing.heads


def confirm_destroyed(store: RecordStore, named: str) -> str:
    """Enter that an exchange folder, or a packed file, no longer exists; its id. `named` is that or its place.

    Raises `ThingUnknown`, or `SlugAmbiguous` where the place is that of several.
    """
    found = {
        str(sent.fields.get("folder"))
        for sent in sent_entries(store)
        if named in (sent.fields.get("folder"), sent.fields.get("place"))
    }
    if not found:
        mend = "onrecord erase --list shows those that have not confirmed."
        raise ThingUnknown(
            repr(named), "nothing was sent to a folder, or packed into a file, of this name", mend
        )
    if len(found) > 1:
        raise SlugAmbiguous(repr(named), "more than one lay there", f"Say which: {', '.join(sorted(found))}.")
    (folder,) = found
    orders = [store.db.name_of(e) for (e,) in store.db.connection.execute("SELECT entry FROM ordered")]
    if orders:
        with store.writing() as writer:
            writer.append(Draft("erasure", mint(), {"folder": folder, "orders": sorted(orders)}))
    return folder
