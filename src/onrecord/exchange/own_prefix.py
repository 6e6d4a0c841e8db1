"""This laptop's own part of an exchange folder: what of it is still good, and whether it fits what is held here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from onrecord.exchange.catalogue import Catalogue
from onrecord.exchange.holdings import Holding
from onrecord.exchange.orders import Orders
from onrecord.exchange.place import Place, Sink
from onrecord.exchange.prefix import INVITATION, Prefix
from onrecord.exchange.ring import Ring
from onrecord.exchange.segment import SegmentName, read_segment
from onrecord.record.checkpoint import Checkpoint, NoteInvalid, Signer, open_note
from onrecord.record.errors import ExchangeRefused
from onrecord.store.branches import Chain
from onrecord.store.device import KeyFolder
from onrecord.store.record_store import RecordStore
from onrecord.store.tiles import root_of

_AHEAD = (
    "it holds entries of this laptop that this record does not have, as after it was restored from a backup"
)
_MERGE = "Merge it first: onrecord merge {0}. Then send again."
_LOST = "Send to an empty folder, and let a colleague merge this one."


@dataclass(frozen=True, slots=True)
class OwnPrefix:
    """`former` is what stands there, None where nothing of use does. `begun_again`: its files can be read by nobody."""

    former: Prefix | None
    ring: Ring
    begun_again: bool = False

    @property
    def folder(self) -> str | None:
        return self.former.hello.folder if self.former else None


def own_prefix(
    keys: KeyFolder,
    place: Place,
    found: Catalogue,
    held: Holding,
    signer: Signer,
    to: set[str],
    purpose: str,
) -> OwnPrefix:
    """What stands in this laptop's prefix, checked. Raises `ExchangeRefused` where it holds what was lost here.

    A ring that this laptop did not write last is none of ours: whoever has the folder can encrypt one to us, with keys
    of their own in it, or put an older one back, whose keys somebody has who was left out since.
    """
    former = found.prefixes.get(held.log)
    if former is None:
        return OwnPrefix(None, Ring.fresh(to, purpose), begun_again=True)
    _require_purpose(place, former, purpose)
    _require_fit(place, former, held, signer)
    if former.ring is None or former.ring.digest not in keys.rings(former.hello.folder):
        return OwnPrefix(former, Ring.fresh(to, purpose), begun_again=True)
    ring = former.ring.readdressed(to)
    if {INVITATION} & (former.files.keys() | former.sizes.keys()):
        # Whoever has the code of an invitation that ended reads nothing that is sent later.
        ring = ring.renewed()
    if ring.purpose != purpose:
        return OwnPrefix(
            former,
            Ring((*Ring.fresh(to, purpose).identities, *ring.identities), ring.names, ring.to, purpose),
            True,
        )
    return OwnPrefix(former, ring)


def readdress_former(store: RecordStore, place: Place, found: Catalogue, own: str, now: Ring) -> None:
    """Let those whom this laptop sends to read what it sent there under its earlier logs, instead of sending it again.

    Nothing is encrypted to those keys any more, so nobody is left out of them either. What may hold something that was
    erased since is opened to nobody else.
    """
    erased = Orders.of(store).names
    earlier = ({key.log for key in store.keys.log_keys()} - {own}) & found.prefixes.keys()
    for prefix in (found.prefixes[log] for log in earlier):
        ring = prefix.ring
        if ring is None or ring.purpose != now.purpose or erased - ring.erased or ring.to >= now.to:
            continue
        wider = replace(ring, to=ring.to | now.to)
        with suppress(OSError):
            place.write(f"{prefix.log}/ring.age", partial(_pour, wider.to_bytes()))
            prefix.ring = wider


def _pour(data: bytes, sink: Sink) -> None:
    sink.write(data)


def _require_purpose(place: Place, former: Prefix, purpose: str) -> None:
    if former.ring and former.ring.purpose == "team" and purpose == "travel":
        raise ExchangeRefused(
            place.shown,
            "this laptop sent everything there before, sealed fields too",
            "Take another folder for travel.",
        )


def _require_fit(place: Place, former: Prefix, held: Holding, signer: Signer) -> None:
    stated = _last_stated(place, former, signer)
    if stated is None:
        return
    if stated.size > held.beyond or root_at(held.chain, stated.size) != stated.root:
        mend = _MERGE.format(place.shown) if former.ring else _LOST
        raise ExchangeRefused(f"{place.shown}/{held.log}", _AHEAD, mend)


def _last_stated(place: Place, former: Prefix, signer: Signer) -> Checkpoint | None:
    """The last checkpoint of this log that its prefix holds."""
    notes = [former.listed.notes[former.log]] if former.listed and former.log in former.listed.notes else []
    if not notes:
        notes = _notes_of_last_segment(place, former)
    for note in reversed(notes):
        try:
            return open_note(note, signer.origin, signer.public)
        except NoteInvalid:
            continue
    return None


def _notes_of_last_segment(place: Place, former: Prefix) -> list[bytes]:
    own = [found for found, _ in former.segments() if found.row == former.log]
    if not own or former.ring is None:
        return []
    last = max(own, key=lambda found: found.last)
    return _notes(place, former, last)


def _notes(place: Place, former: Prefix, name: SegmentName) -> list[bytes]:
    assert former.ring  # noqa: S101 - for the type checker
    try:
        source = place.open(f"{former.log}/{name.within(former.log)}")
    except OSError:
        return []
    try:
        return read_segment(source, former.ring.opening(), former.hello.record, name).notes
    except ValueError:
        return []
    finally:
        source.close()


class _Nowhere:
    """Takes decrypted bytes and keeps none."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        pass


def is_readable(place: Place, former: Prefix, name: str) -> bool:
    """Whether an encrypted file of ours decrypts to its end."""
    import pyrage

    if former.ring is None or (not name.endswith(".seg") and "/" not in name):
        return False
    try:
        source = place.open(f"{former.log}/{name}")
    except OSError:
        return False
    try:
        pyrage.decrypt_io(source, _Nowhere(), former.ring.opening())
    except (OSError, pyrage.DecryptError):
        return False
    finally:
        source.close()
    return True


def root_at(chain: Chain, size: int) -> bytes:
    """The root of a history's tree at an earlier size."""
    if len(chain.rows) == 1:
        return root_of(chain.connection, chain.tip.number, 0, size)
    return chain.frontier(size).root()


__all__ = ["OwnPrefix", "own_prefix", "readdress_former", "root_at"]
