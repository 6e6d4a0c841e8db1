"""`mark`: a passage made from a quote in an item."""

from __future__ import annotations

from typing import Any

from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.store.record_store import RecordStore
from onrecord.writing.anchoring import anchor
from onrecord.writing.names import resolve_kind


def mark(store: RecordStore, name: str, quote: str, nth: int | None = None) -> dict[str, Any]:
    """Make a passage. Raises `PassageLost` or, with the places listed, `QuoteAmbiguous`."""
    given: dict[str, Any] = {"item": resolve_kind(store, name, "item"), "quote": quote}
    if nth is not None:
        given["nth"] = nth
    fields = anchor(store, {}, given)
    passage = mint()
    with store.writing() as writer:
        writer.append(Draft("passage", passage, fields))
    return {"passage": passage, "start": fields["start"], "end": fields["end"], "exact": fields["quote"]}
