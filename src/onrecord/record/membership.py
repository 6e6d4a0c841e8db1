"""Who may write: which logs count, and how many of each log's entries stand (docs/format section 7).

Everything follows from entries alone, in whatever order they came, so every laptop with the same entries agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from onrecord.record.checkpoint import VOUCH, NoteInvalid, parse_verifier_key, signed_by
from onrecord.record.ids import device_of, log_of, split_entry

_REVOCATION = "onrecord revocation v1"
_RECOVERY = "onrecord-recovery"
NOT_ADMITTED = "not admitted"
QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """An entry about a log and its key: the log's own, or one that lets it in."""

    entry: str
    about: str
    vkey: str
    vouched_by: str = ""
    vouched: str = ""


@dataclass(frozen=True, slots=True)
class Revocation:
    """A member's word, or the recovery key's, that a device no longer writes for us."""

    entry: str
    person: str
    device: str
    seen: tuple[tuple[str, int, str], ...]
    signed: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """The public half of the key that a team keeps offline, in shares."""

    entry: str
    clock: int
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


@dataclass(frozen=True, slots=True)
class Membership:
    """Which logs count, and from where on what a revoked device wrote does not stand."""

    counting: frozenset[str]
    cuts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def counts(self, log: str) -> bool:
        return log_of(log) in self.counting

    def revoked(self, log: str) -> bool:
        return device_of(log) in self.cuts

    def stands(self, log: str) -> int | None:
        """How many of a log's entries stand: None for all of them."""
        if not self.counts(log):
            return 0
        return cut_of(self.cuts, log_of(log))

    def why_not(self, log: str) -> str:
        return QUARANTINED if self.revoked(log) else NOT_ADMITTED


def membership(governance: Governance) -> Membership:
    """Judge in two rounds: what the recovery key revoked, then, of those who are left, what two members revoked."""
    offline = _cuts(one for one in governance.revocations if one.signed and _signed_offline(governance, one))
    counting = _counting(governance, offline)
    stands = _standing(counting, offline)
    by_members = _cuts(_by_two(one for one in governance.revocations if stands(one.entry)))
    cuts = {**by_members, **offline}
    return Membership(_counting(governance, cuts), cuts)


def revocation_text(record: str, device: str, seen: Iterable[tuple[str, int, str]]) -> bytes:
    """What the recovery key signs: the device, and what had been seen of each of its logs (log, size, root)."""
    lines = [_REVOCATION, record, device, *(f"{log} {size} {root}" for log, size, root in sorted(seen))]
    return ("\n".join(lines) + "\n").encode()


def recovery_origin(record: str) -> str:
    return f"{_RECOVERY}/{record}"


def cut_of(cuts: Mapping[str, Mapping[str, int]], log: str) -> int | None:
    """How many entries of a log stand, if its device was revoked."""
    seen = cuts.get(device_of(log))
    return None if seen is None else seen.get(log, 0)


def _cuts(revocations: Iterable[Revocation]) -> dict[str, dict[str, int]]:
    """By device and log, the largest size that one of its revocations states."""
    cuts: dict[str, dict[str, int]] = {}
    for one in revocations:
        sizes = cuts.setdefault(one.device, {})
        for log, size, _ in one.seen:
            if device_of(log) == one.device:
                sizes[log] = max(size, sizes.get(log, 0))
    return cuts


def _by_two(revocations: Iterable[Revocation]) -> Iterable[Revocation]:
    """Those of devices that two different persons revoked, neither from the device itself."""
    by_device: dict[str, list[Revocation]] = {}
    for one in revocations:
        if device_of(one.entry) != one.device:
            by_device.setdefault(one.device, []).append(one)
    return [one for same in by_device.values() if len({each.person for each in same}) > 1 for one in same]


def _standing(counting: frozenset[str], cuts: Mapping[str, Mapping[str, int]]) -> Callable[[str], bool]:
    def stands(entry: str) -> bool:
        row, seq = split_entry(entry)
        cut = cut_of(cuts, log_of(row))
        return log_of(row) in counting and (cut is None or seq < cut)

    return stands


def _counting(governance: Governance, cuts: Mapping[str, Mapping[str, int]]) -> frozenset[str]:
    """The founding log, and every log that one of these lets in by an entry that stands, or vouches for as its own."""
    lets_in: dict[str, set[str]] = {}
    for device in governance.devices:
        if governance.keys.get(device.about) != device.vkey:
            continue
        row, seq = split_entry(device.entry)
        cut = cut_of(cuts, log_of(row))
        if cut is None or seq < cut:
            lets_in.setdefault(log_of(row), set()).add(device.about)
        if _vouched(governance, device) and _seen_or_free(cuts, device.about):
            lets_in.setdefault(device.vouched_by, set()).add(device.about)
    counting: set[str] = set()
    reached = {governance.first} - {""}
    while reached:
        counting |= reached
        reached = {log for by in reached for log in lets_in.get(by, ())} - counting
    return frozenset(counting)


def _seen_or_free(cuts: Mapping[str, Mapping[str, int]], log: str) -> bool:
    """A revoked device's later incarnations are not let in by its own word, but where they had been seen."""
    cut = cut_of(cuts, log)
    return cut is None or cut > 0


def _vouched(governance: Governance, device: DeviceEntry) -> bool:
    """Whether another log of the same device signed for this key."""
    line = governance.keys.get(device.vouched_by)
    if line is None or device_of(device.vouched_by) != device_of(device.about):
        return False
    return signed_by(parse_verifier_key(line)[1], VOUCH + device.vkey.encode("ascii") + b"\n", device.vouched)


def _signed_offline(governance: Governance, revocation: Revocation) -> bool:
    """Whether the recovery key signed it: the first one that a log which counts has named."""
    counting = _counting(governance, {})
    named = [one for one in governance.recoveries if log_of(split_entry(one.entry)[0]) in counting]
    if not named:
        return False
    key = min(named, key=lambda one: (one.clock, split_entry(one.entry)))
    try:
        origin, public = parse_verifier_key(key.vkey)
    except NoteInvalid:
        return False
    text = revocation_text(governance.record, revocation.device, revocation.seen)
    return origin == recovery_origin(governance.record) and signed_by(public, text, revocation.signed)
