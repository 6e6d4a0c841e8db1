"""The terms gate over a record, with every name it has to look for: what each way out asks."""

from __future__ import annotations

from onrecord.publishing.former_names import former_names
from onrecord.publishing.gate import Gate
from onrecord.publishing.sealed import sealed_names
from onrecord.record.things import Things
from onrecord.store.record_store import RecordStore


def gate_for(store: RecordStore, things: Things, audience: str) -> Gate:
    """The gate as it stands today, towards an audience. Opens the sealed identities that this laptop can open."""
    return Gate(
        things, audience, store.today(), sealed_names=sealed_names(store), former_names=former_names(store)
    )
