"""Who may write (format, section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .canonical import unpack
from .grammar import Broken, device_of, log_of
from .notes import RECOVERY_ORIGIN, Key, read_key
from .report import named
from .statements import Device, Place, Revocation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .record import Record

    Cuts = dict[str, dict[str, int]]

VOUCH = b"onrecord device v1\n"


class Membership:
    """Which logs count as a member's, and how many entries of a revoked device's logs stand."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.persons = self.whose()
        self.counting = self.count({})
        self.key = self.recovery_key()
        offline = [one for one in record.revocations if one.signed and self.by_recovery_key(one)]
        self.cuts = cuts_of(offline)
        self.counting = self.count(self.cuts)
        members = self.by_members(self.cuts)
        self.effective = [*offline, *members]
        self.counting = self.count({**cuts_of(members), **cuts_of(offline)})

    def cut(self, log: str) -> int | None:
        """How many entries of this log stand, if its device was revoked."""
        seen = self.cuts.get(device_of(log))
        return None if seen is None else seen.get(log, 0)

    def stands(self, at: Place) -> bool:
        cut = self.cut(at.log)
        return at.log in self.counting and (cut is None or at.seq < cut)

    def count(self, cuts: Cuts, without: str = "") -> set[str]:
        """The first log, and every log that one of these lets in, by an entry that stands or as its own device's.

        A device may be left aside, with whom only it let in."""
        self.cuts = cuts
        keys = self.record.keys
        lets_in: dict[str, set[str]] = {}
        for device in self.record.devices:
            if device.about not in keys or keys[device.about].line != device.line:
                continue
            cut = self.cut(device.at.log)
            if cut is None or device.at.seq < cut:
                lets_in.setdefault(device.at.log, set()).add(device.about)
            if self.cut(device.about) != 0 and self.vouched(device):
                lets_in.setdefault(device.vouched_by, set()).add(device.about)
        counting: set[str] = set()
        aside = {"", *(log for log in keys if device_of(log) == without)}
        reached = {self.record.first} - aside
        while reached:
            counting |= reached
            reached = {log for by in reached for log in lets_in.get(by, ())} - counting - aside
        return counting

    def by_members(self, cuts: Cuts) -> list[Revocation]:
        """Of devices that two members revoked, or the one log that let them in where nobody else is left."""
        others = [one for one in self.record.revocations if device_of(one.at.log) != one.device]
        others = [one for one in others if self.stands(one.at)]
        revokers: dict[str, set[str]] = {}
        for one in others:
            revokers.setdefault(one.device, set()).add(one.at.log)
        alone = {device: self.alone(device, cuts) for device in revokers}
        return [
            one
            for one in others
            if alone[one.device] == one.at.log or self.seconded(one.at.log, revokers[one.device])
        ]

    def alone(self, device: str, cuts: Cuts) -> str:
        """The one log that let a device in, where everybody who is left without it is one person."""
        by = self.let_in_by(device, cuts)
        left = {self.persons.get(log, log) for log in self.count(cuts, device)}
        return by.pop() if len(by) == 1 and len(left) == 1 else ""

    def let_in_by(self, device: str, cuts: Cuts) -> set[str]:
        """The logs that let a device in and that count without it."""
        counting, keys = self.count(cuts, device), self.record.keys
        about = [one for one in self.record.devices if device_of(one.about) == device and one.about in keys]
        sound = [one for one in about if keys[one.about].line == one.line and one.at.log in counting]
        cut_at = [(one.at, self.cut(one.at.log)) for one in sound]
        return {at.log for at, cut in cut_at if cut is None or at.seq < cut}

    def seconded(self, log: str, logs: Iterable[str]) -> bool:
        """Whether one of these logs is of another device than this one, and of another person."""
        persons = self.persons
        if log not in persons:
            return False
        others = (one for one in logs if one in persons and device_of(one) != device_of(log))
        return any(persons[one] != persons[log] for one in others)

    def whose(self) -> dict[str, str]:
        """The person of each log, as its own first `device` entry says."""
        first: dict[str, tuple[int, str, str]] = {}
        for one in self.record.devices:
            key = self.record.keys.get(one.about)
            if one.at.log == one.about and key is not None and key.line == one.line:
                said = one.at.seq, one.at.row, one.person
                first[one.about] = min(said, first.get(one.about, said))
        return {log: person for log, (_, _, person) in first.items()}

    def founders(self) -> set[str]:
        """The first log, and those of its device for which it vouches, at once or by another."""
        found: set[str] = set()
        reached = {self.record.first}
        while reached:
            found |= reached
            reached = {
                one.about
                for one in self.record.devices
                if one.vouched_by in reached
                and one.about in self.record.keys
                and self.record.keys[one.about].line == one.line
                and self.vouched(one)
            } - found
        return found

    def recovery_key(self) -> Key | None:
        """The first recovery key in the first log; where none is there, one that two members named."""
        named = [one for one in self.record.recoveries if one.at.log in self.counting]
        first, founders = self.record.first, self.founders()
        founding = [(one.at.log != first, one.at.log, one.at.seq, one.at.row, one.line) for one in named]
        lines = [line for _, log, _, _, line in sorted(founding) if log in founders]
        if not lines:
            by: dict[tuple[str, str], set[str]] = {}
            for one in named:
                by.setdefault((one.line, one.recipient), set()).add(one.at.log)
            lines = [
                line
                for (line, _), logs in sorted(by.items())
                if any(self.seconded(log, logs) for log in logs)
            ]
        try:
            return read_key(lines[0], RECOVERY_ORIGIN, self.record.report.record) if lines else None
        except Broken:
            return None

    def by_recovery_key(self, one: Revocation) -> bool:
        if self.key is None:
            return False
        lines = [f"{log} {size} {root}" for log, size, root in sorted(one.seen)]
        text = "\n".join(["onrecord revocation v1", self.record.report.record, one.device, *lines]) + "\n"
        try:
            return self.key.signed(text.encode("utf-8"), unpack(one.signed))
        except Broken:
            return False

    def vouched(self, device: Device) -> bool:
        """Whether an earlier log of the same device signed for this key."""
        by = self.record.keys.get(device.vouched_by)
        if by is None or device_of(by.log) != device_of(device.about):
            return False
        message = VOUCH + device.line.encode("ascii") + b"\n"
        try:
            return by.signed(message, unpack(device.vouched))
        except Broken:
            return False

    def describe(self) -> None:
        """Which logs and entries rest, and why."""
        if not self.record.first:
            return
        by: dict[str, list[str]] = {}
        for one in self.effective:
            by.setdefault(one.device, []).append(one.at.name)
        for log in sorted({row.log for row in self.record.rows.values()}):
            cut, longest = (
                self.cut(log),
                max(tip.tree.size for tip in self.record.rows[log].tips()) if log in self.record.rows else 0,
            )
            if log not in self.counting and cut is None:
                self.record.report.notes.append(f"The log {log} is by a device that no member has let in.")
            elif cut is not None:
                rest = (
                    f"its {longest} entries stand"
                    if cut >= longest
                    else f"the entries from {log}/{cut} on rest"
                )
                said = named(sorted(set(by[device_of(log)])))
                self.record.report.notes.append(
                    f"The log {log} is by a device that was revoked ({said}): {rest}."
                )


def cuts_of(revocations: Iterable[Revocation]) -> Cuts:
    """By device and log, the largest size that one of its revocations states."""
    cuts: Cuts = {}
    for one in revocations:
        sizes = cuts.setdefault(one.device, {})
        for row, size, _ in one.seen:
            log = log_of(row)
            if device_of(log) == one.device:
                sizes[log] = max(size, sizes.get(log, 0))
    return cuts
