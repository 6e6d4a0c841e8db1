"""Who has confirmed which orders: each device in its own log; of exchange folders and packed files, somebody for them."""

from __future__ import annotations

from onrecord.erasing.copies import Copy, copies, said
from onrecord.record.entries import Draft
from onrecord.record.errors import SlugAmbiguous, ThingUnknown
from onrecord.record.ids import device_of, mint, split_entry
from onrecord.store.record_store import RecordStore

_LEAST_LETTERS = 4


def confirmed_by_device(store: RecordStore) -> dict[str, dict[str, str]]:
    """For each device the orders that it says it carried out, each with the entry that says so."""
    return _confirmed(store, folders=False)


def confirmed_by_folder(store: RecordStore) -> dict[str, dict[str, str]]:
    """For each exchange folder the orders of which its writer says that it no longer holds what they name."""
    return _confirmed(store, folders=True)


def _confirmed(store: RecordStore, folders: bool) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for thing in store.db.as_now().of_kind("erasure"):
        for told in thing.heads:
            folder = told.fields.get("folder")
            if bool(folder) == folders and not told.erased:
                who = str(folder) if folders else device_of(split_entry(told.name)[0])
                orders = map(str, told.fields.get("orders") or ())
                found.setdefault(who, {}).update(dict.fromkeys(orders, told.name))
    return found


def carried_out(store: RecordStore) -> dict[str, set[str]]:
    """For each order the entries in which a device says that it carried it out."""
    found: dict[str, set[str]] = {}
    for thing in store.db.as_now().of_kind("erasure"):
        for told in thing.heads:
            for order in () if told.erased or told.fields.get("folder") else told.fields.get("orders") or ():
                found.setdefault(str(order), set()).add(told.name)
    return found


def confirm_destroyed(store: RecordStore, named: str) -> Copy:
    """Enter that an exchange folder, or a packed file, no longer exists. `named` is its place, its id, or how that begins.

    Raises `ThingUnknown`, or `SlugAmbiguous` where several are meant.
    """
    orders = {store.db.name_of(e) for (e,) in store.db.connection.execute("SELECT entry FROM ordered")}
    copy = _only(store, named, orders)
    if orders:
        with store.writing() as writer:
            writer.append(Draft("erasure", mint(), {"folder": copy.folder, "orders": sorted(orders)}))
    return copy


def _only(store: RecordStore, named: str, orders: set[str]) -> Copy:
    done = confirmed_by_folder(store)
    begins = named.removesuffix("…")
    found = [
        one
        for one in copies(store)
        if named in (one.folder, one.place)
        or (len(begins) >= _LEAST_LETTERS and one.folder.startswith(begins))
    ]
    found = [one for one in found if orders - set(done.get(one.folder, ()))] or found
    if not found:
        mend = "onrecord erase --list shows those that have not confirmed."
        reason = "nothing was sent to a folder, or packed into a file, of this name"
        raise ThingUnknown(repr(named), reason, mend)
    if len(found) > 1:
        mend = f"Say which by its id: {'; '.join(said(store, one) for one in found)}."
        raise SlugAmbiguous(repr(named), "more than one lay there", mend)
    return found[0]
