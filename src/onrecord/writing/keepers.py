"""What only a keeper may do."""

from __future__ import annotations

from onrecord.record.errors import AdmissionRefused
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore


def require_keeper(store: RecordStore, writer: LogWriter) -> None:
    """Raises `AdmissionRefused` where a laptop is not that of a keeper who is let in."""
    person = store.db.as_now().get(writer.person)
    if person is None or person.fields.get("role") != "keeper" or not store.membership().counts(writer.log):
        raise AdmissionRefused(
            "this laptop", "only a keeper may do this, and its person is none", "Ask a keeper to do it."
        )
