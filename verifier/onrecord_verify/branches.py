"""Logs that were signed twice: which of their histories somebody meant, and what shows that there are two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .grammar import IS_ENTRY, log_of, must, utf8
from .notes import read_checkpoint
from .rows import Row
from .statements import Fork, Place

if TYPE_CHECKING:
    from .record import Record


class Branches:
    """The histories of logs that were signed twice."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report

    def resolve(self, name: str, by: Place) -> list[str]:
        """The entry that `by` names, or where its log was signed twice, all that it can have meant.

        Whoever wrote on one of the branches, had merged one of them, or went on from one meant that one.
        """
        found = IS_ENTRY(name)
        row = self.record.rows.get(found.group(1)) if found else None
        if found is None or row is None or not row.branches or int(found.group(2)) < row.tree.size:
            return [name]
        seq = int(found.group(2))
        tips = [tip for tip in row.tips() if seq < tip.tree.size]
        own = {one.name for one in self.record.rows[by.row].line()}
        for meant in (
            [tip for tip in tips if tip.name in own],
            [tip for tip in tips if self.had_seen(tip, seq, by)],
            [tip for tip in tips if self.went_on_from(tip, by)],
            tips,
        ):
            if meant:
                held = {next(one.name for one in tip.line() if one.first <= seq) for tip in meant}
                return [f"{one}/{seq}" for one in sorted(held)]
        return [name]

    def went_on_from(self, tip: Row, by: Place) -> bool:
        """Whether the log of `by` is a later one of the same device, which left off in this history."""
        for device in self.record.devices:
            after = IS_ENTRY(device.after) if device.at == (by.log, 0) else None
            if after and log_of(after.group(1)) == tip.log and int(after.group(2)) < tip.tree.size:
                return tip.tree.leaf(int(after.group(2))).hex() == device.after_leaf
        return False

    def had_seen(self, tip: Row, seq: int, by: Place) -> bool:
        """Whether a merge in the log of `by`, before it, saw this history beyond this entry."""
        own = {one.name for one in self.record.rows[by.row].line()}
        return any(
            one.at.row in own
            and one.at.seq < by.seq
            and log_of(one.log) == tip.log
            and seq < one.size <= tip.tree.size
            and tip.tree.root(one.size) == one.root
            for one in self.record.witnessed
        )

    def judge(self) -> None:
        """Logs that were signed twice. Both histories are kept, and it is no damage here."""
        for fork in self.record.forks:
            with self.record.saying(fork.at):
                self.check_fork(fork)
        told = {fork.log: fork for fork in self.record.forks}
        for row in sorted(self.record.rows.values(), key=lambda row: row.name):
            if len(row.branches) > 1:
                names = " and ".join(sorted(branch.name for branch in row.branches))
                self.report.notes.append(
                    f"The log {row.log} was signed twice from {row.log}/{row.tree.size} on: {names} are both kept."
                )
                told.pop(row.log, None)
        for log, fork in sorted(told.items()):
            self.report.notes.append(
                f"The log {log} was signed twice from {log}/{fork.first} on, as {fork.at.name} shows."
            )

    def check_fork(self, fork: Fork) -> None:
        key = self.record.keys.get(fork.log)
        if key is None:
            return
        one, *rest = sorted(read_checkpoint(utf8(note), key) for note in fork.notes)
        two = rest[0] if rest else None
        must(one.size > fork.first, "names a fork after one of its checkpoints")
        if two is None:
            return
        must(one.size != two.size or one.root != two.root, "holds one checkpoint twice, and no fork")
        for tip in self.record.rows[fork.log].tips() if fork.log in self.record.rows else ():
            if two.size <= tip.tree.size and tip.tree.root(two.size) == two.root:
                must(tip.tree.root(one.size) != one.root, "holds two checkpoints that extend each other")
