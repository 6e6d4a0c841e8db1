"""Compares a record with what somebody kept of it elsewhere.

Whoever rewrites a record, with every hash and signature in it, cannot rewrite what is kept elsewhere. What agrees and
what differs is laid side by side until the first rewritten entry is known, or the fewest entries it can be among.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .evidence import Claim, Kept
from .grammar import Broken, log_of, must
from .notes import read_checkpoint
from .record import Record
from .report import many, named, show
from .rows import Row
from .tree import Fact, Tree, between, first_rewritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Comparison:
    """A record beside all that was kept of it."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report
        self.kept: list[tuple[str, Kept]] = []

    def compare(self, paths: Iterable[Path]) -> None:
        for path in paths:
            name = str(path)
            try:
                kept = Kept(path)
                must(bool(kept.claims), "says nothing of any log")
                must(kept.record == self.report.record, "is of another record")
                self.kept.append((name, kept))
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
                self.wrong(name, "cannot be used: it is not as the format describes it")
            except Broken as wrong:
                self.wrong(name, f"cannot be used: it {wrong}")
            except OSError as wrong:
                self.wrong(name, f"cannot be read: {wrong.strerror}")
        for log in sorted({claim.log for _, kept in self.kept for claim in kept.claims}):
            self.judge(log)
        for name, kept in self.kept:
            self.compare_keys(name, kept)
        self.tell()

    def wrong(self, name: str, what: str) -> None:
        self.report.problem(name, what)
        self.report.against.append({"evidence": name, "extends": False})

    def compare_keys(self, name: str, kept: Kept) -> None:
        for log, line in sorted(kept.keys.items()):
            held = self.record.keys.get(log)
            if held is not None and held.line != line:
                self.problem(name, f"keys/{log}.vkey", f"is another key than the one in {name}")
        for claim in kept.claims:
            held = self.record.keys.get(claim.log)
            if claim.note and held is not None:
                try:
                    read_checkpoint(claim.note, held)
                except Broken as wrong:
                    what = (
                        f"{wrong}, by the key that is in keys/{claim.log}.vkey: one of the two was exchanged"
                    )
                    self.problem(name, name, what)

    def problem(self, name: str, where: str, what: str) -> None:
        self.report.problem(where, what)
        if all(one["evidence"] != name for one in self.report.against):
            self.report.against.append({"evidence": name, "extends": False})

    def judge(self, log: str) -> None:
        """Every claim about one log. What is known from all of them narrows down what one of them shows."""
        claims = [(name, one, kept) for name, kept in self.kept for one in kept.claims if one.log == log]
        row = self.record.rows.get(log) or self.record.rows.get(log_of(log))
        tips = row.tips() if row else []
        differing: list[tuple[str, Claim]] = []
        short: dict[str, tuple[int, Kept, Any]] = {}
        for name, claim, kept in sorted(claims, key=lambda one: one[1].size):
            fitting = [tip for tip in tips if not any(self.bad(tip, fact) for fact in self.facts(tip, claim))]
            if tips and not fitting:
                differing.append((name, claim))
            elif all(tip.tree.size < claim.size for tip in fitting):
                longest = max(fitting, key=lambda tip: tip.tree.size, default=None)
                short[name] = claim.size, kept, longest
        for name, (size, kept, longest) in short.items():
            self.tell_short(name, kept, log, size, longest)
        if differing:
            self.tell_rewritten(row, differing, [claim for _, claim, _ in claims])

    def bad(self, tip: Row, fact: Fact) -> bool:
        return bool(tip.tree.subtree(fact.low, fact.high)[: len(fact.hash)] != fact.hash)

    def facts(self, tip: Row, claim: Claim) -> Iterator[Fact]:
        """What can be compared with a history of this length."""
        size = tip.tree.size
        for low, high, seen in claim.facts:
            if high <= size:
                yield Fact(low, high, seen)
        count = min(len(claim.leaves) // claim.width, size)
        if count > 0:
            yield from self.leaf_facts(tip.tree, claim, count)

    def leaf_facts(self, tree: Tree, claim: Claim, count: int) -> Iterator[Fact]:
        """That leaves agree up to the first that does not, and that one."""
        width, at = claim.width, 0
        ours = tree.levels[0][: 32 * count]
        if width != 32:
            ours = b"".join([ours[place : place + width] for place in range(0, len(ours), 32)])
        theirs = claim.leaves[: width * count]
        if ours == theirs:
            at = count
        else:
            step = 1 << (count - 1).bit_length()
            while step:
                if at + step <= count and ours[: width * (at + step)] == theirs[: width * (at + step)]:
                    at += step
                step >>= 1
        yield Fact(0, at, tree.root(at))
        if at < count:
            yield Fact(at, at + 1, theirs[width * at : width * (at + 1)])

    def tell_rewritten(self, row: Any, differing: list[tuple[str, Claim]], claims: list[Claim]) -> None:
        """The first rewritten entry of a log, in the history of it that agrees with the evidence furthest."""
        best = None
        for tip in row.tips():
            facts = [fact for _, claim in differing for fact in self.facts(tip, claim)]
            agreed = [fact for claim in claims for fact in self.facts(tip, claim) if not self.bad(tip, fact)]
            found = first_rewritten(tip.tree, [*agreed, *facts])
            if found and (best is None or found > best[0]):
                best = found, next(one for one in tip.line() if one.first <= found[0])
        names = sorted({name for name, _ in differing})
        if best is None:
            return
        found, held = best
        where = f"{held.name}/{found[0]}" if found[0] == found[1] else held.name
        what = f"is not as {named(names)} has it: {between(held.name, found)}"
        for place, name in enumerate(names):
            if place == 0:
                self.problem(name, where, what)
            else:
                self.problem_of(name)

    def problem_of(self, name: str) -> None:
        if all(one["evidence"] != name for one in self.report.against):
            self.report.against.append({"evidence": name, "extends": False})

    def tell_short(self, name: str, kept: Kept, log: str, size: int, tip: Any) -> None:
        """Another copy may well be ahead in what others wrote; whatever else was kept had once been here, or should."""
        held = f"has {tip.tree.size} entries" if tip else "is missing"
        if kept.copy and not (tip and tip.here):
            self.report.notes.append(f"The log {log} {held} here; {name} has {size} of its entries.")
        else:
            self.problem(name, log, f"{held}, and {name} knows {size}: its end was cut off, or has not come")

    def tell(self) -> None:
        failed = {one["evidence"] for one in self.report.against}
        for name, kept in self.kept:
            if name not in failed:
                self.report.against.append({"evidence": name, "extends": True})
                logs = many(len({claim.log for claim in kept.claims}), "logs")
                self.report.lines.append(f"It goes on from {show(name)}, which knows {logs} of it.")
