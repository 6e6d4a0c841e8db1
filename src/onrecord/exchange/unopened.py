"""Why a prefix cannot be read here, and who can mend that: a laptop that waits, one that was revoked, and any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from onrecord.exchange.devices import devices, handle_of
from onrecord.exchange.prefix import NOT_FOR_US, Prefix, Trouble
from onrecord.record.checkpoint import fingerprint
from onrecord.record.ids import device_of
from onrecord.store.record_store import RecordStore

_REVOKED = "this laptop was revoked, and what {0} sent since is not for it"
_WAITS = "this laptop is not admitted yet: ask {0} to merge what it sent, admit it, and send again"
_MISSED = (
    "{0} sent it before learning that this laptop is admitted, or after it was revoked: "
    "ask {0} to merge what this laptop sent, and to send again"
)


def unopened(store: RecordStore, prefix: Prefix) -> Iterator[Trouble]:
    """The troubles of a prefix whose keys do not open here, in words for this laptop."""
    for trouble in prefix.troubles:
        if trouble.why == NOT_FOR_US:
            yield replace(trouble, why=_why(store).format(_writer(store, prefix)))
        else:
            yield trouble


def _why(store: RecordStore) -> str:
    judged = store.membership()
    logs = [key.log for key in store.keys.log_keys()]
    if any(map(judged.revoked, logs)):
        return _REVOKED
    return _MISSED if any(map(judged.counts, logs)) else _WAITS


def _writer(store: RecordStore, prefix: Prefix) -> str:
    device = next((one for one in devices(store) if one.id == device_of(prefix.log)), None)
    return handle_of(store, device) or f"whoever has the laptop {fingerprint(prefix.hello.public)[:9]}"
