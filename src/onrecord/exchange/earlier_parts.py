"""What this laptop wrote into a folder under an earlier log of its own, as before it was restored from a backup.

Nobody else may touch it, and this laptop adds nothing to it any more. Once an order of erasure is for what lies there,
the next sending writes all of it anew into the part of the log that is written now, and the earlier part goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onrecord.exchange import holdings
from onrecord.exchange.catalogue import Catalogue
from onrecord.exchange.histories import agrees, stated_in
from onrecord.exchange.orders import Orders
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix
from onrecord.exchange.purpose import TEAM
from onrecord.exchange.stream import Stream, streams
from onrecord.record.ids import device_of
from onrecord.store.record_store import RecordStore


@dataclass(frozen=True, slots=True)
class EarlierParts:
    """The parts that go with this sending."""

    prefixes: tuple[Prefix, ...] = ()

    @classmethod
    def of(cls, store: RecordStore, place: Place, found: Catalogue, log: str, purpose: str) -> EarlierParts:
        orders = Orders.of(store)
        going = (
            prefix
            for prefix in _own_earlier(store, found, log)
            if orders.asks(store, prefix.hello.folder)
            and (purpose == TEAM or not _was_for_team(store, prefix))
            and _is_all_here(store, place, prefix)
        )
        return cls(tuple(going))

    @property
    def logs(self) -> frozenset[str]:
        return frozenset(prefix.log for prefix in self.prefixes)

    def remove(self, store: RecordStore, place: Place) -> None:
        """Take them away, and say that they hold nothing any more. The hello goes last: a stop before leaves it to
        the next sending to find the rest. Raises `OSError`."""
        for prefix in self.prefixes:
            for name in sorted(place.files(prefix.log), key=lambda name: (name == "hello.json", name)):
                place.delete(f"{prefix.log}/{name}")
            place.drop(prefix.log)
            Orders.of(store).confirm(store, prefix.hello.folder)


def _own_earlier(store: RecordStore, found: Catalogue, log: str) -> Iterator[Prefix]:
    """The parts of other logs of this device whose keys this laptop has."""
    for key in store.keys.log_keys():
        prefix = found.prefixes.get(key.log)
        if prefix is not None and key.log != log and key.device == device_of(log):
            yield prefix


def _was_for_team(store: RecordStore, prefix: Prefix) -> bool:
    sent = (head for thing in store.db.as_now().of_kind("sent") for head in thing.heads)
    return any(
        one.fields.get("folder") == prefix.hello.folder and one.fields.get("for") == TEAM for one in sent
    )


def _is_all_here(store: RecordStore, place: Place, prefix: Prefix) -> bool:
    """Whether this record holds every entry that lies there, and every file that may lie there."""
    found = list(streams(place, prefix))
    return all(_is_held(store, prefix, stream) for stream in found) and not any(_awaited(store, prefix))


def _is_held(store: RecordStore, prefix: Prefix, stream: Stream) -> bool:
    stated = stated_in(store, prefix, stream.row)
    return stated is not None and stated.size >= stream.beyond and agrees(store, stream.log, stated)


def _awaited(store: RecordStore, prefix: Prefix) -> Iterator[str]:
    """Originals and layers that are missing here and may lie there."""
    yield from _missing(prefix, "originals", holdings.named_originals(store), holdings.originals(store))
    yield from _missing(prefix, "layers", holdings.named_layers(store), holdings.layers(store))


def _missing(prefix: Prefix, folder: str, named: Iterable[str], here: Iterable[str]) -> Iterator[str]:
    for digest in sorted(set(named) - set(here)):
        if prefix.ring is None or prefix.holds(folder, digest):
            yield digest
