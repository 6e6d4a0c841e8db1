"""Which members' laptops an exchange folder holds nothing of, as where their part was deleted or lost."""

from __future__ import annotations

from onrecord.exchange.catalogue import Catalogue
from onrecord.exchange.devices import devices, handle_of
from onrecord.record.ids import device_of
from onrecord.store.record_store import RecordStore


def absent(store: RecordStore, found: Catalogue) -> list[dict[str, str]]:
    """The devices that are let in, other than this one, and that neither wrote there nor are carried there."""
    there = {key.device for key in store.keys.log_keys()} | {device_of(log) for log in found.prefixes}
    for prefix in found.prefixes.values():
        there |= {device_of(name.log) for name, _ in prefix.segments()}
    missing = (one for one in devices(store) if one.counts and not one.revoked and one.id not in there)
    return [{"device": one.id, "handle": handle_of(store, one)} for one in missing]
