"""What other laptops saw of each log when they merged or stamped it, against what is here."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from .grammar import log_of, must
from .rows import Row, holds_what_was_seen
from .statements import Witnessed
from .tree import Fact, between, first_rewritten

if TYPE_CHECKING:
    from .record import Record


class Witnesses:
    """The heads that entries of this record saw of its logs."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report
        self.problem = record.report.problem

    def judge(self) -> None:
        """What other laptops saw of each log when they merged it, against what is here."""
        by_log: dict[str, list[Witnessed]] = {}
        for one in self.record.witnessed:
            self.check_cosignature(one)
            by_log.setdefault(one.log, []).append(one)
        for log, seen in sorted(by_log.items()):
            if log in self.record.rows:
                self.judge_seen(self.record.rows[log], seen)
                continue
            whole = self.record.rows.get(log_of(log))
            absent = [
                one
                for one in seen
                if whole is None or not any(holds_what_was_seen(tip, one) for tip in whole.tips())
            ]
            if absent:
                self.judge_absent(log, absent)

    def check_cosignature(self, one: Witnessed) -> None:
        key = self.record.keys.get(one.at.log)
        if key is not None and one.cosigned:
            origin = f"onrecord/{key.record}/{log_of(one.log)}"
            text = f"{origin}\n{one.size}\n{base64.b64encode(one.root).decode()}\n"
            seconds = int.from_bytes(one.cosigned[:8], "big")
            message = f"cosignature/v1\ntime {seconds}\n{text}".encode("ascii")
            with self.record.saying(one.at):
                good = key.signed(message, one.cosigned[8:])
                must(good, f"has a bad cosignature over {one.log} at {one.size} entries")

    def judge_absent(self, log: str, seen: list[Witnessed]) -> None:
        one = max(seen, key=lambda one: self.record.rows[one.at.row].here)
        if self.record.rows[one.at.row].here:
            self.problem(log, f"is missing: {one.at.name} says that it was held here")
        else:
            self.report.notes.append(f"The log {log}, which {one.at.name} saw, has not arrived here yet.")

    def judge_seen(self, row: Row, seen: list[Witnessed]) -> None:
        """One problem for what differs, by the witness that saw least of it, and one for what is missing."""
        tips = row.tips()
        longest = max(tip.tree.size for tip in tips)
        short = [one for one in seen if one.size > longest]
        held = [one for one in seen if one.size <= longest]
        if short:
            self.tell_short(row, longest, short)
        differs = [one for one in held if not any(holds_what_was_seen(tip, one) for tip in tips)]
        for one in [one for one in differs if self.knew_of_fork(one)]:
            differs.remove(one)
            self.report.notes.append(
                f"The log {row.name} is not what {one.at.name} saw at {one.size} entries: "
                "that is of another branch, which is not here."
            )
        if differs:
            self.tell_rewritten(row, tips, held, differs)

    def knew_of_fork(self, one: Witnessed) -> bool:
        """Whether the witness itself says that this log was signed twice, before what it saw."""
        return any(
            fork.at.log == one.at.log and fork.log == log_of(one.log) and fork.first < one.size
            for fork in self.record.forks
        )

    def tell_short(self, row: Row, longest: int, short: list[Witnessed]) -> None:
        """Entries that were received here, or written here, cannot be on their way."""
        one = max(short, key=lambda one: (self.record.rows[one.at.row].here, one.size))
        if self.record.rows[one.at.row].here or any(tip.here for tip in row.tips()):
            what = f"has {longest} entries, and {one.at.name} saw {one.size}: its end was cut off"
            self.problem(row.name, what)
        else:
            self.report.notes.append(
                f"The log {row.name} goes on to {one.size} entries, as {one.at.name} saw; "
                "they have not arrived here yet."
            )

    def tell_rewritten(
        self, row: Row, tips: list[Row], held: list[Witnessed], differs: list[Witnessed]
    ) -> None:
        facts = [Fact(0, one.size, one.root) for one in held]
        tip = max(tips, key=lambda tip: sum(holds_what_was_seen(tip, one) for one in held))
        found = first_rewritten(tip.tree, [fact for fact in facts if fact.high <= tip.tree.size])
        first = min(differs, key=lambda one: one.size)
        what = f"is not what {first.at.name} saw at {first.size} entries"
        if not any(
            self.record.members.stands(one.at) or self.record.rows[one.at.row].here for one in differs
        ):
            self.report.notes.append(f"The log {row.name} {what}, but that log does not count.")
            return
        where = f"{row.name}/{found[0]}" if found and found[0] == found[1] else row.name
        self.problem(where, f"{what}: {between(row.name, found)}" if found else what)
