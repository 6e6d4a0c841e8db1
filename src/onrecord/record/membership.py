"""Who may write: which logs count, and how many of each log's entries stand (docs/format section 7).

Everything follows from entries alone, in whatever order they came, so every laptop with the same entries agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from onrecord.record.checkpoint import VOUCH, NoteInvalid, parse_verifier_key, signed_by
from onrecord.record.ids import device_of, log_of, split_entry

_REVOCATION = "onrecord revocation v1"
_RECOVERY = "onrecord-recovery"
NOT_ADMITTED = "not admitted"
QUARANTINED = "quarantined"


Fits = Callable[[str, int, str], bool]
Cuts = Mapping[str, frozenset[tuple[str, int, str]]]
"""By device that was revoked, what had been seen of its logs: log, size and root."""


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """An entry about a log and its key: the log's own, or one that lets it in."""

    entry: str
    about: str
    vkey: str
    vouched_by: str = ""
    vouched: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Revocation:
    """A member's word, or the recovery key's, that a device no longer writes for us."""

    entry: str
    device: str
    seen: tuple[tuple[str, int, str], ...]
    signed: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """The public half of the key that a team keeps offline, in shares."""

    entry: str
    thing: str
    recipient: str
    vkey: str


@dataclass(frozen=True, slots=True)
class Governance:
    """All that decides who may write. `keys` has the line of each log's key file, `first` the founding log."""

    record: str
    first: str
    keys: Mapping[str, str]
    devices: tuple[DeviceEntry, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    recoveries: tuple[RecoveryKey, ...] = ()
    fits: Fits = field(default=lambda row, size, root: True)
    """Whether a branch goes through a root at a size: of a log that was signed twice, only what was seen stands."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Which logs count, and from where on what a revoked device wrote does not stand."""

    counting: frozenset[str]
    cuts: Cuts = field(default_factory=dict)
    fits: Fits = field(default=lambda row, size, root: True)
    vouched: tuple[tuple[str, str, bool], ...] = ()
    """Which log signed for the key of which other of the same device, and whether that other one says so itself."""
    recovery: RecoveryKey | None = None
    effective: tuple[Revocation, ...] = ()

    def counts(self, log: str) -> bool:
        return log_of(log) in self.counting

    def revoked(self, log: str) -> bool:
        return device_of(log) in self.cuts

    def stands(self, log: str) -> int | None:
        """How many entries of a log, or up to where those of a branch, stand: None for all of them."""
        if not self.counts(log):
            return 0
        return cut_of(self.cuts, log, self.fits)

    def why_not(self, log: str) -> str:
        return QUARANTINED if self.revoked(log) else NOT_ADMITTED


def membership(governance: Governance) -> Membership:
    """Judge in two rounds: what the recovery key revoked, then, of those who are left, what two members revoked."""
    vouched = tuple(_vouched(governance))
    key = _recovery(governance, _counting(governance, {}, vouched), vouched)
    signed = tuple(_signed(governance, key))
    offline = _cuts(signed)
    members = tuple(_by_members(governance, offline, vouched))
    cuts = {**_cuts(members), **offline}
    counting = _counting(governance, cuts, vouched)
    return Membership(counting, cuts, governance.fits, vouched, key, (*signed, *members))


def revocation_text(record: str, device: str, seen: Iterable[tuple[str, int, str]]) -> bytes:
    """What the recovery key signs: the device, and what had been seen of each of its logs (log, size, root)."""
    lines = [_REVOCATION, record, device, *(f"{log} {size} {root}" for log, size, root in sorted(seen))]
    return ("\n".join(lines) + "\n").encode()


def recovery_origin(record: str) -> str:
    return f"{_RECOVERY}/{record}"


def cut_of(cuts: Cuts, row: str, fits: Fits) -> int | None:
    """Up to where the entries of a log or branch stand, if its device was revoked: as far as it was seen."""
    seen = cuts.get(device_of(row))
    if seen is None:
        return None
    return max(
        (size for log, size, root in seen if log_of(log) == log_of(row) and fits(row, size, root)), default=0
    )


def _cuts(revocations: Iterable[Revocation]) -> Cuts:
    """By device, all that one of its revocations says was seen of it."""
    cuts: dict[str, frozenset[tuple[str, int, str]]] = {}
    for one in revocations:
        cuts[one.device] = cuts.get(one.device, frozenset()).union(one.seen)
    return cuts


def _by_members(
    governance: Governance, offline: Cuts, vouched: Iterable[tuple[str, str, bool]]
) -> Iterator[Revocation]:
    """Those on which two members agree; and those by which a log takes back what it alone let in, where nobody else is
    left who could agree."""
    stands = _standing(_counting(governance, offline, vouched), offline, governance.fits)
    persons = _persons(governance)
    standing = [
        one for one in governance.revocations if stands(one.entry) and device_of(one.entry) != one.device
    ]
    for one in standing:
        same = [_log(other.entry) for other in standing if other.device == one.device]
        if any(_are_two(persons, _log(one.entry), other) for other in same):
            yield one
        elif _let_in_by(governance, one.device, offline, vouched) == {_log(one.entry)}:
            left = _counting(governance, offline, vouched, without=one.device)
            if len({persons.get(log, log) for log in left}) == 1:
                yield one


def _let_in_by(
    governance: Governance, device: str, cuts: Cuts, vouched: Iterable[tuple[str, str, bool]]
) -> set[str]:
    """The logs that let a device in, and that count without it: whom it let in itself cannot speak for it."""
    without = _counting(governance, cuts, vouched, without=device)
    stands = _standing(without, cuts, governance.fits)
    return {
        _log(one.entry)
        for one in governance.devices
        if device_of(one.about) == device and _is_keyed(governance, one) and stands(one.entry)
    }


def _persons(governance: Governance) -> dict[str, str]:
    """Whose each log is, as its own first `device` entry says."""
    own = [one for one in governance.devices if _log(one.entry) == one.about and _is_keyed(governance, one)]
    first = sorted(own, key=lambda one: (split_entry(one.entry)[::-1], one.person), reverse=True)
    return {one.about: one.person for one in first}


def _are_two(persons: Mapping[str, str], one: str, other: str) -> bool:
    """Whether two logs are of different devices of different persons."""
    known = one in persons and other in persons
    return known and device_of(one) != device_of(other) and persons[one] != persons[other]


def _log(entry: str) -> str:
    return log_of(split_entry(entry)[0])


def _standing(counting: frozenset[str], cuts: Cuts, fits: Fits) -> Callable[[str], bool]:
    def stands(entry: str) -> bool:
        row, seq = split_entry(entry)
        cut = cut_of(cuts, row, fits)
        return log_of(row) in counting and (cut is None or seq < cut)

    return stands


def _counting(
    governance: Governance, cuts: Cuts, vouched: Iterable[tuple[str, str, bool]], without: str = ""
) -> frozenset[str]:
    """The founding log, and every log that one of these lets in by an entry that stands, or vouches for as its own.

    `without` names a device that is left aside, with whom only it let in."""
    lets_in: dict[str, set[str]] = {}
    for device in governance.devices:
        row, seq = split_entry(device.entry)
        cut = cut_of(cuts, row, governance.fits)
        if _is_keyed(governance, device) and (cut is None or seq < cut):
            lets_in.setdefault(log_of(row), set()).add(device.about)
    for by, about, _ in vouched:
        if (
            cut_of(cuts, about, governance.fits) != 0
        ):  # once revoked, its own word is good for what had been seen
            lets_in.setdefault(by, set()).add(about)
    counting: set[str] = set()
    aside = {log for log in governance.keys if device_of(log) == without} | {""}
    reached = {governance.first} - aside
    while reached:
        counting |= reached
        reached = {log for by in reached for log in lets_in.get(by, ())} - counting - aside
    return frozenset(counting)


def _is_keyed(governance: Governance, device: DeviceEntry) -> bool:
    return governance.keys.get(device.about) == device.vkey


def _vouched(governance: Governance) -> Iterator[tuple[str, str, bool]]:
    """Which log signed for the key of which other one of the same device."""
    for device in governance.devices:
        by, about = device.vouched_by, device.about
        line = governance.keys.get(by)
        if line is None or device_of(by) != device_of(about) or not _is_keyed(governance, device):
            continue
        message = VOUCH + device.vkey.encode("ascii") + b"\n"
        if signed_by(parse_verifier_key(line)[1], message, device.vouched):
            yield by, about, log_of(split_entry(device.entry)[0]) == about


def _recovery(
    governance: Governance, counting: frozenset[str], vouched: Iterable[tuple[str, str, bool]]
) -> RecoveryKey | None:
    """The first that the founding log names, or one that goes on from it; else one that two members name."""
    founders = _going_on_from(governance.first, vouched) & counting
    founding = [one for one in governance.recoveries if _log(one.entry) in founders]
    if founding:
        key = min(founding, key=lambda one: _order(one.entry, governance.first))
    else:
        agreed = list(_agreed(governance, counting))
        if not agreed:
            return None
        key = min(agreed, key=lambda one: (one.vkey, one.recipient, split_entry(one.entry)))
    return key if _is_sound(governance.record, key) else None


def _going_on_from(log: str, vouched: Iterable[tuple[str, str, bool]]) -> set[str]:
    """A log, and those of the same device for which it vouches, at once or by another."""
    found: set[str] = set()
    reached = {log}
    while reached:
        found |= reached
        reached = {about for by, about, _ in vouched if by in reached} - found
    return found


def _order(entry: str, first: str) -> tuple[bool, str, int, str]:
    row, seq = split_entry(entry)
    return log_of(row) != first, log_of(row), seq, row


def _agreed(governance: Governance, counting: frozenset[str]) -> Iterator[RecoveryKey]:
    """The recovery keys that two different persons name, in logs that count."""
    persons = _persons(governance)
    named = [one for one in governance.recoveries if _log(one.entry) in counting]
    for one in named:
        same = (other for other in named if (other.recipient, other.vkey) == (one.recipient, one.vkey))
        if any(_are_two(persons, _log(one.entry), _log(other.entry)) for other in same):
            yield one


def _is_sound(record: str, key: RecoveryKey) -> bool:
    try:
        return parse_verifier_key(key.vkey if key.vkey.isascii() else "")[0] == recovery_origin(record)
    except NoteInvalid:
        return False


def _signed(governance: Governance, key: RecoveryKey | None) -> Iterator[Revocation]:
    """What the recovery key revoked."""
    if key is None:
        return
    _, public = parse_verifier_key(key.vkey)
    for one in governance.revocations:
        text = revocation_text(governance.record, one.device, one.seen)
        if one.signed and signed_by(public, text, one.signed):
            yield one
