"""Which logs in an exchange folder may be used: those of writers whom the record knows, and a few of those who wait."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from onrecord.exchange.catalogue import Catalogue
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix, Trouble
from onrecord.exchange.stream import Stream, streams
from onrecord.record.ids import device_of, incarnation_of
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines

MOST_UNADMITTED = 50
CARRIED_BY_STRANGER = "it is carried by a device that nobody admitted; it is not used"
_TAKEN = (
    "a member let it in under this key, but something under the same name and another key came here first, and rests: "
    "a stranger took the name. That laptop has to join again under new keys, with an empty ONRECORD_HOME"
)
CARRIED_BY_NEW = "it is carried by a device that this merge let in; merge once more"


def usable_streams(
    store: RecordStore, place: Place, found: Catalogue, troubles: list[Trouble]
) -> Iterator[Stream]:
    """Each writer's own log first, then what is carried of others. What is not used is added to the troubles."""
    own: list[Stream] = []
    carried: list[Stream] = []
    for prefix in _usable(store, place, found, troubles):
        for stream in streams(place, prefix):
            (own if stream.row == prefix.log else carried).append(stream)
    yield from own
    known = key_lines(store.folder.keys)
    while usable := [stream for stream in carried if _may_carry(store, stream, known)]:
        # What comes in may let a carrier in.
        yield from usable
        carried = [stream for stream in carried if stream not in usable]
    for stream in carried:
        troubles.append(Trouble("folder", stream.where, CARRIED_BY_STRANGER, stream.prefix.log))


def _may_carry(store: RecordStore, stream: Stream, known: Collection[str]) -> bool:
    """Whether a writer's word for another's log is enough: a log that is known already proves itself."""
    if stream.log in known or store.waiting or store.membership().counts(stream.prefix.log):
        return True
    return _is_earlier_log_of_its_writer(stream, known)


def _usable(store: RecordStore, place: Place, found: Catalogue, troubles: list[Trouble]) -> list[Prefix]:
    """The readable prefixes whose writer is who the record knows, and not too many that nobody knows."""
    keys = key_lines(store.folder.keys)
    known: list[Prefix] = []
    unknown: list[Prefix] = []
    for log, prefix in sorted(found.prefixes.items()):
        if keys.get(log, prefix.hello.vkey) != prefix.hello.vkey:
            troubles.append(Trouble("folder", log, _of_another_key(store, prefix)))
        elif prefix.ring is not None:
            troubles += prefix.troubles
            (known if log in keys else unknown).append(prefix)
    if len(unknown) > MOST_UNADMITTED and not store.waiting:
        why = f"{len(unknown)} devices that nobody here knows have written there, more than {MOST_UNADMITTED}; they are left"
        troubles.append(Trouble("folder", place.shown, why))
        return known
    return [*known, *unknown]


def _of_another_key(store: RecordStore, prefix: Prefix) -> str:
    """Why a writer is refused under whose log's name another key is known, and whether that other one is the stranger."""
    said = (thing.fields for thing in store.db.as_now().of_kind("device"))
    let_in = any(one.get("log") == prefix.log and one.get("vkey") == prefix.hello.vkey for one in said)
    if let_in and not store.membership().counts(prefix.log):
        return _TAKEN
    return "its key is not the one that this record knows for that log; it is not used"


def _is_earlier_log_of_its_writer(stream: Stream, known: Collection[str]) -> bool:
    """Whether a device that is known here brings a log that it wrote between two that it sent: the one vouches for the
    other, so that without it the later one would rest for good."""
    device, writer = device_of(stream.log), stream.prefix.log
    earlier = device == device_of(writer) and incarnation_of(stream.log) < incarnation_of(writer)
    return earlier and any(device_of(log) == device for log in known)
