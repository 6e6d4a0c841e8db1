"""Who began the record: one log, and no other may say that it did.

A copy that waits learns it from its first merge. Where two logs claim it, only people can tell, by fingerprints.
"""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.exchange.place import Place
from onrecord.record.canonical import decode
from onrecord.record.checkpoint import fingerprint, parse_verifier_key
from onrecord.record.errors import ExchangeRefused
from onrecord.record.ids import split_entry
from onrecord.store.record_store import RecordStore
from onrecord.store.run import Run, Sent


@dataclass(slots=True)
class Beginning:
    """The log that began the record, and its key line where it was learned just now."""

    place: Place
    log: str | None
    vkey: str | None = None

    @classmethod
    def of(cls, store: RecordStore, place: Place) -> Beginning:
        thing = next(store.db.as_now().of_kind("record"), None)
        return cls(place, split_entry(thing.heads[0].name)[0] if thing else None)

    def refusal(self, run: Run) -> str | None:
        """Why a run is not taken: it says that it began a record which another log began.

        Raises `ExchangeRefused` where nothing here says which of the two did.
        """
        claims = [run.first + place for place, sent in enumerate(run.entries) if _claims(sent)]
        if self.log is None and claims == [0]:
            self.log, self.vkey = run.log, run.vkey
        if not claims or (claims == [0] and run.log == self.log):
            return None
        if self.vkey is None:
            return f"{run.log}/{claims[0]} says that the record began there, and it did not"
        raise ExchangeRefused(
            self.place.shown,
            f"two laptops say that they began this record: {self.log} ({_print(self.vkey)}) and {run.log} ({_print(run.vkey)})",
            "Ask who began it for the fingerprint, and take the folder of the other one away. Nothing was taken.",
        )


def _claims(sent: Sent) -> bool:
    if sent.body is None or b'"kind":"record"' not in sent.body:
        return False
    try:
        stated = decode(sent.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(stated, dict) and stated.get("kind") == "record"


def _print(vkey: str) -> str:
    return fingerprint(parse_verifier_key(vkey)[1])
