"""What somebody kept of a record elsewhere: a checkpoint, a listing, a root file, a proof, a dossier, another copy."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from .canonical import canonical, members, unpack
from .files import read_small
from .grammar import IS_ENTRY, Broken, log_of, must
from .inclusion import leaf_hash, root_of_path
from .listing import LISTING, read_listing
from .notes import ORIGIN, read_checkpoint, read_key, stated_in
from .record import Record
from .report import Report

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

    def __init__(self, path: Path) -> None:
        self.path = path
        self.record = ""
        self.claims: list[Claim] = []
        self.keys: dict[str, str] = {}
        self.copy = False
        self.read()

    def read(self) -> None:
        if self.path.is_dir():
            return self.read_folder()
        raw = read_small(self.path, LARGEST_KEPT)
        if raw.startswith(b"onrecord record root v1\n"):
            return self.read_listing(raw.decode("ascii", "replace"))
        if raw.startswith(b"onrecord/"):
            return self.read_note(raw)
        must(raw.startswith(b"{"), "is nothing that a record can be compared with")
        value = canonical(raw.rstrip(b"\n"))
        readers = {
            "onrecord root 1": self.read_root,
            "onrecord proof 1": self.read_proof,
            "onrecord proofs 1": self.read_proofs,
        }
        reader = readers.get(value.get("format"))
        if reader is None:
            raise Broken("is nothing that a record can be compared with")
        return reader(value)

    def read_folder(self) -> None:
        if (self.path / "record.db").exists():
            return self.read_copy()
        raw = read_small(self.path / "proofs.json", LARGEST_KEPT)
        return self.read_proofs(canonical(raw))

    def read_listing(self, text: str) -> None:
        parts = LISTING(text)
        if parts is None:
            raise Broken("is not a listing")
        self.record = parts.group(1)
        for log, stated in read_listing(text, self.record):
            self.claims.append(Claim(log, stated.size, [(0, stated.size, stated.root)]))

    def read_note(self, raw: bytes) -> None:
        """A checkpoint by itself: the key that it has to be signed with is the record's own."""
        origin = ORIGIN(raw.split(b"\n", 1)[0].decode("ascii", "replace"))
        if origin is None:
            raise Broken("is not a checkpoint")
        self.record = origin.group(1)
        stated = stated_in(raw)
        self.claims.append(Claim(origin.group(2), stated.size, [(0, stated.size, stated.root)], note=raw))

    def signed(self, log: str, vkey: str, note: str) -> tuple[int, bytes]:
        """Size and root that a checkpoint states, signed with the key that was kept with it."""
        key = read_key(vkey)
        must(key.log == log_of(log), "has the key of another log")
        self.record = self.record or key.record
        must(key.record == self.record, "is of two records")
        stated = read_checkpoint(note.encode("utf-8"), key)
        self.keys[key.log] = vkey
        return stated.size, stated.root

    def read_root(self, value: dict[str, Any]) -> None:
        value = members(value, ROOT_FILE)
        self.read_listing(value["listing"])
        must(self.record == value["record"], "has the listing of another record")
        fits = sha256(value["listing"].encode("ascii")).hexdigest() == value["root"]
        must(fits, "has another record root than its listing gives")
        for one in value["logs"]:
            one = members(one, LISTED_LOG)
            size, root = self.signed(one["log"], one["vkey"], one["checkpoint"])
            leaves = unpack(one["leaves"])
            fits = len(leaves) == FEWEST_BYTES * size
            must(fits, "has more or fewer leaves than its checkpoint covers")
            facts = [(0, size, root)]
            self.claims.append(Claim(one["log"], size, facts, leaves, FEWEST_BYTES))

    def read_proof(self, value: dict[str, Any]) -> None:
        entry, listings = value["entry"], [one["listing"] for one in value["stamps"]]
        must(IS_ENTRY(entry) is not None, "names no entry")
        self.record = value["record"]
        for listing in listings:
            self.read_listing(listing)
        log, _, seq = entry.partition("/")
        if "checkpoint" in value:
            size, root = self.signed(log, value["vkey"], value["checkpoint"])
            self.claims.append(self.included(log, int(seq), size, root, value["head"], value["path"]))
        else:
            self.keys[log_of(log)] = value["vkey"]
            for claim in [one for one in self.claims if log_of(one.log) == log_of(log)]:
                root = claim.facts[0][2]
                self.claims.append(
                    self.included(claim.log, int(seq), claim.size, root, value["head"], value["path"])
                )

    def read_proofs(self, value: dict[str, Any]) -> None:
        stated = {}
        for one in value["logs"]:
            stated[one["log"]] = self.signed(one["log"], one["vkey"], one["checkpoint"])
        for leaf in value["leaves"]:
            must(IS_ENTRY(leaf["entry"]) is not None, "names no entry")
            log, _, seq = leaf["entry"].partition("/")
            self.claims.append(self.included(log, int(seq), *stated[log], leaf["head"], leaf["path"]))

    def included(self, log: str, seq: int, size: int, root: bytes, head: str, path: list[str]) -> Claim:
        """An entry and its inclusion proof, which names the roots of all else that its tree is made of."""
        steps, leaf = [bytes.fromhex(step) for step in path], leaf_hash(head.encode("utf-8"))
        fits = root_of_path(leaf, seq, size, steps) == root
        must(fits, "has an inclusion proof that does not lead to its root")
        spans = beside(seq, size)
        facts = [(low, high, step) for (low, high), step in zip(spans, steps)]  # noqa: B905 - Python 3.8
        return Claim(log, size, [(0, size, root), (seq, seq + 1, leaf), *facts])

    def read_copy(self) -> None:
        """Another copy of the record: every head up to its last good checkpoint."""
        other = Record(self.path, Report("record"))
        other.read(False)
        self.copy, self.record = True, other.report.record
        for row in other.rows.values():
            good = [size for size in row.good if size <= row.tree.size]
            size = max((size for size in good if size > row.first), default=0)
            if size:
                leaves = row.tree.levels[0][: 32 * size]
                self.claims.append(Claim(row.name, size, [(0, size, row.tree.root(size))], leaves))
        self.keys = {log: key.line for log, key in other.keys.items()}
        must(bool(self.claims), "is a copy in which nothing is signed")


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
