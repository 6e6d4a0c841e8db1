"""What an exchange folder is for: the team, or a journey, on which nothing sealed may lie in it."""

from __future__ import annotations

from onrecord.exchange.catalogue import Catalogue
from onrecord.exchange.devices import devices, handle_of
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix
from onrecord.record.errors import ExchangeRefused
from onrecord.record.ids import device_of
from onrecord.store.record_store import RecordStore

TEAM, TRAVEL = "team", "travel"


def require_not_for_travel(store: RecordStore, place: Place, found: Catalogue) -> None:
    """Raises `ExchangeRefused` where somebody wrote there for travel, and this laptop has not written for the team."""
    own = {key.device for key in store.keys.log_keys()}
    ours = [prefix for log, prefix in found.prefixes.items() if device_of(log) in own]
    if any(prefix.ring and prefix.ring.purpose == TEAM for prefix in ours):
        return
    former = next((one for one in found.prefixes.values() if _for_travel(store, one)), None)
    if former is None:
        return
    who = "this laptop" if former in ours else _writer(store, former)
    raise ExchangeRefused(
        place.shown,
        f"this folder was written for travel by {who}, without what is sealed, and sending for the team puts "
        "what is sealed into it",
        "For the journey: onrecord send --for travel. If it is not for a journey any more: onrecord send --for team.",
    )


def _for_travel(store: RecordStore, prefix: Prefix) -> bool:
    """As its ring says or, of a ring that opens no more, this laptop's own word when it wrote there first."""
    if prefix.ring:
        return prefix.ring.purpose == TRAVEL
    sent = (thing.fields for thing in store.db.as_now().of_kind("sent") if not thing.in_conflict)
    purposes = {fields.get("for") for fields in sent if fields.get("folder") == prefix.hello.folder}
    return purposes == {TRAVEL}


def _writer(store: RecordStore, prefix: Prefix) -> str:
    device = next((one for one in devices(store) if one.id == device_of(prefix.log)), None)
    return handle_of(store, device) or prefix.log
