#!/usr/bin/env python3
"""Compares a record with what somebody kept of it elsewhere. It stands beside verify.py, which calls it:

    python3 verify.py FOLDER --against KEPT [--against KEPT]...

KEPT is a checkpoint, a listing, a root file, a proof, a dossier's folder, or the folder of another copy of the record.
Whoever rewrites a record, with every hash and signature in it, cannot rewrite what is kept elsewhere. What agrees and
what differs is laid side by side until the first rewritten entry is known, or the fewest entries it can be among.
Python 3.8 or later and nothing else; nothing it reads is trusted.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST_KEPT = 1 << 30
FEWEST_BYTES = 8
ROOT_FILE = {"format": str, "listing": str, "logs": list, "record": str, "root": str}
LISTED_LOG = {"checkpoint": str, "leaves": str, "log": str, "vkey": str}


class Claim(NamedTuple):
    """What one piece of evidence says of one log: its tree at a size, parts of that tree, and leaves."""

    log: str
    size: int
    facts: list[tuple[int, int, bytes]]
    leaves: bytes = b""
    width: int = 32
    note: bytes = b""


class Kept:
    """One piece of evidence, read and found to hold together."""

    def __init__(self, program: Any, path: Path) -> None:
        self.program, self.path = program, path
        self.record = ""
        self.claims: list[Claim] = []
        self.keys: dict[str, str] = {}
        self.copy = False
        self.read()

    def read(self) -> None:
        if self.path.is_dir():
            return self.read_folder()
        raw = self.program.read_small(self.path, LARGEST_KEPT)
        if raw.startswith(b"onrecord record root v1\n"):
            return self.read_listing(raw.decode("ascii", "replace"))
        if raw.startswith(b"onrecord/"):
            return self.read_note(raw)
        self.program.must(raw.startswith(b"{"), "is nothing that a record can be compared with")
        value = self.program.canonical(raw.rstrip(b"\n"))
        readers = {
            "onrecord root 1": self.read_root,
            "onrecord proof 1": self.read_proof,
            "onrecord proofs 1": self.read_proofs,
        }
        reader = readers.get(value.get("format"))
        if reader is None:
            raise self.program.Broken("is nothing that a record can be compared with")
        return reader(value)

    def read_folder(self) -> None:
        if (self.path / "record.db").exists():
            return self.read_copy()
        raw = self.program.read_small(self.path / "proofs.json", LARGEST_KEPT)
        return self.read_proofs(self.program.canonical(raw))

    def read_listing(self, text: str) -> None:
        parts = self.program.LISTING(text)
        self.program.must(parts is not None, "is not a listing")
        self.record = parts.group(1)
        for log, stated in self.program.read_listing(text, self.record):
            self.claims.append(Claim(log, stated.size, [(0, stated.size, stated.root)]))

    def read_note(self, raw: bytes) -> None:
        """A checkpoint by itself: the key that it has to be signed with is the record's own."""
        origin = self.program.ORIGIN(raw.split(b"\n", 1)[0].decode("ascii", "replace"))
        self.program.must(origin is not None, "is not a checkpoint")
        self.record = origin.group(1)
        stated = self.program.stated_in(raw)
        self.claims.append(Claim(origin.group(2), stated.size, [(0, stated.size, stated.root)], note=raw))

    def signed(self, log: str, vkey: str, note: str) -> tuple[int, bytes]:
        """Size and root that a checkpoint states, signed with the key that was kept with it."""
        key = self.program.read_key(vkey)
        self.program.must(key.log == self.program.log_of(log), "has the key of another log")
        self.record = self.record or key.record
        self.program.must(key.record == self.record, "is of two records")
        stated = self.program.read_checkpoint(note.encode("utf-8"), key)
        self.keys[key.log] = vkey
        return stated.size, stated.root

    def read_root(self, value: dict[str, Any]) -> None:
        value = self.program.members(value, ROOT_FILE)
        self.read_listing(value["listing"])
        self.program.must(self.record == value["record"], "has the listing of another record")
        fits = sha256(value["listing"].encode("ascii")).hexdigest() == value["root"]
        self.program.must(fits, "has another record root than its listing gives")
        for one in value["logs"]:
            one = self.program.members(one, LISTED_LOG)
            size, root = self.signed(one["log"], one["vkey"], one["checkpoint"])
            leaves = self.program.unpack(one["leaves"])
            fits = len(leaves) == FEWEST_BYTES * size
            self.program.must(fits, "has more or fewer leaves than its checkpoint covers")
            facts = [(0, size, root)]
            self.claims.append(Claim(one["log"], size, facts, leaves, FEWEST_BYTES))

    def read_proof(self, value: dict[str, Any]) -> None:
        entry, listings = value["entry"], [one["listing"] for one in value["stamps"]]
        self.program.must(self.program.IS_ENTRY(entry) is not None, "names no entry")
        self.record = value["record"]
        for listing in listings:
            self.read_listing(listing)
        log, _, seq = entry.partition("/")
        if "checkpoint" in value:
            size, root = self.signed(log, value["vkey"], value["checkpoint"])
            self.claims.append(self.included(log, int(seq), size, root, value["head"], value["path"]))
        else:
            self.keys[self.program.log_of(log)] = value["vkey"]
            for claim in [
                one for one in self.claims if self.program.log_of(one.log) == self.program.log_of(log)
            ]:
                root = claim.facts[0][2]
                self.claims.append(
                    self.included(claim.log, int(seq), claim.size, root, value["head"], value["path"])
                )

    def read_proofs(self, value: dict[str, Any]) -> None:
        stated = {}
        for one in value["logs"]:
            stated[one["log"]] = self.signed(one["log"], one["vkey"], one["checkpoint"])
        for leaf in value["leaves"]:
            self.program.must(self.program.IS_ENTRY(leaf["entry"]) is not None, "names no entry")
            log, _, seq = leaf["entry"].partition("/")
            self.claims.append(self.included(log, int(seq), *stated[log], leaf["head"], leaf["path"]))

    def included(self, log: str, seq: int, size: int, root: bytes, head: str, path: list[str]) -> Claim:
        """An entry and its inclusion proof, which names the roots of all else that its tree is made of."""
        steps, leaf = [bytes.fromhex(step) for step in path], self.program.leaf_hash(head.encode("utf-8"))
        fits = self.program.root_of_path(leaf, seq, size, steps) == root
        self.program.must(fits, "has an inclusion proof that does not lead to its root")
        spans = beside(seq, size)
        facts = [(low, high, step) for (low, high), step in zip(spans, steps)]  # noqa: B905 - Python 3.8
        return Claim(log, size, [(0, size, root), (seq, seq + 1, leaf), *facts])

    def read_copy(self) -> None:
        """Another copy of the record: every head up to its last good checkpoint."""
        other = self.program.Record(self.path, self.program.Report("record"))
        other.read(False)
        self.copy, self.record = True, other.report.record
        for row in other.rows.values():
            good = [size for size in row.good if size <= row.tree.size]
            size = max((size for size in good if size > row.first), default=0)
            if size:
                leaves = row.tree.levels[0][: 32 * size]
                self.claims.append(Claim(row.name, size, [(0, size, row.tree.root(size))], leaves))
        self.keys = {log: key.line for log, key in other.keys.items()}
        self.program.must(bool(self.claims), "is a copy in which nothing is signed")


def beside(seq: int, size: int) -> list[tuple[int, int]]:
    """Which leaves each step of an inclusion proof stands for, from the leaf up (RFC 9162, section 2.1.3)."""
    low, high, spans = 0, size, []
    while high - low > 1:
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        if seq < middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    return spans[::-1]


class Comparison:
    """A record beside all that was kept of it."""

    def __init__(self, program: Any, record: Any) -> None:
        self.program, self.record, self.report = program, record, record.report
        self.kept: list[tuple[str, Kept]] = []

    def compare(self, paths: Iterable[Path]) -> None:
        for path in paths:
            name = str(path)
            try:
                kept = Kept(self.program, path)
                self.program.must(bool(kept.claims), "says nothing of any log")
                self.program.must(kept.record == self.report.record, "is of another record")
                self.kept.append((name, kept))
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
                self.wrong(name, "cannot be used: it is not as the format describes it")
            except self.program.Broken as wrong:
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
                    self.program.read_checkpoint(claim.note, held)
                except self.program.Broken as wrong:
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
        row = self.record.rows.get(log) or self.record.rows.get(self.program.log_of(log))
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

    def bad(self, tip: Any, fact: Any) -> bool:
        return bool(tip.tree.subtree(fact.low, fact.high)[: len(fact.hash)] != fact.hash)

    def facts(self, tip: Any, claim: Claim) -> Iterator[Any]:
        """What can be compared with a history of this length."""
        size = tip.tree.size
        for low, high, seen in claim.facts:
            if high <= size:
                yield self.program.Fact(low, high, seen)
        count = min(len(claim.leaves) // claim.width, size)
        if count > 0:
            yield from self.leaf_facts(tip.tree, claim, count)

    def leaf_facts(self, tree: Any, claim: Claim, count: int) -> Iterator[Any]:
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
        yield self.program.Fact(0, at, tree.root(at))
        if at < count:
            yield self.program.Fact(at, at + 1, theirs[width * at : width * (at + 1)])

    def tell_rewritten(self, row: Any, differing: list[tuple[str, Claim]], claims: list[Claim]) -> None:
        """The first rewritten entry of a log, in the history of it that agrees with the evidence furthest."""
        best = None
        for tip in row.tips():
            facts = [fact for _, claim in differing for fact in self.facts(tip, claim)]
            agreed = [fact for claim in claims for fact in self.facts(tip, claim) if not self.bad(tip, fact)]
            found = self.program.first_rewritten(tip.tree, [*agreed, *facts])
            if found and (best is None or found > best[0]):
                best = found, next(one for one in tip.line() if one.first <= found[0])
        names = sorted({name for name, _ in differing})
        if best is None:
            return
        found, held = best
        where = f"{held.name}/{found[0]}" if found[0] == found[1] else held.name
        what = f"is not as {self.program.named(names)} has it: {self.program.between(held.name, found)}"
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
                logs = self.program.many(len({claim.log for claim in kept.claims}), "logs")
                self.report.lines.append(
                    f"It goes on from {self.program.show(name)}, which knows {logs} of it."
                )
