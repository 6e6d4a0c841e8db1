"""Taking in entries of other laptops: everything is verified before it is used, and taken up to the last whole checkpoint.

One merge is one transaction. It ends with a `merge` entry in this laptop's own log, which says what was received and
cosigns it, so that this laptop is a witness of the others.
"""

from __future__ import annotations

import base64
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.record.bodies import EntryInvalid, read_body, read_head
from onrecord.record.checkpoint import checkpoint_text, origin_of
from onrecord.record.entries import GOVERNING_KINDS, Draft
from onrecord.record.ids import entry_name, log_of, mint
from onrecord.record.stating import Unsound, check_stub
from onrecord.store.branches import Branches, Chain, chains, split
from onrecord.store.checking import (
    Beginnings,
    bodies_of,
    check_cosignatures,
    good_notes,
    leaves_of,
    public_key,
)
from onrecord.store.folding import Receipts, changes_meaning
from onrecord.store.incarnation import OwnLogElsewhere
from onrecord.store.log import LogWriter
from onrecord.store.ordering import Ordering, answer_orders
from onrecord.store.part import write_durably
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines
from onrecord.store.run import Fit, Run, Sent, Took, attach
from onrecord.store.schema import entry_number
from onrecord.store.settling import Settled, settle
from onrecord.store.standing import founding_log
from onrecord.store.tiles import extend_tiles
from onrecord.store.views import govern

_BODILESS = (
    "SELECT head.entry FROM head LEFT JOIN body ON body.entry = head.entry"
    " WHERE head.entry >= ? AND head.entry < ? AND body.entry IS NULL"
)
_CHECKPOINT = (
    "INSERT INTO checkpoint (entry, size, note, kept, peaks) VALUES (?, ?, ?, 1, ?)"
    " ON CONFLICT (entry) DO UPDATE SET kept = 1"
)
_NOTE_BEYOND = "SELECT note FROM checkpoint WHERE entry >= ? AND entry < ? AND size > ? ORDER BY size LIMIT 1"


@dataclass(frozen=True, slots=True)
class Received:
    """What a merge brought. `waiting` are orders of erasure whose bodies are still here."""

    entries: int
    forks: tuple[dict[str, str], ...]
    waiting: tuple[str, ...]
    settled: Settled
    merge: str | None


_NOTHING = Received(0, (), (), Settled(()), None)


@dataclass(slots=True)
class _Grown:
    row: str
    base: int
    size: int
    root: bytes


class Receiving:
    """One merge, inside the writing transaction. Set `awaited` and `arrived` before `finish`."""

    def __init__(self, store: RecordStore, writer: LogWriter) -> None:
        self._store = store
        self._writer = writer
        self._db: sqlite3.Connection = store.db.connection
        self._keys = key_lines(store.folder.keys)
        self._beginnings = Beginnings(store.id, founding_log(self._db), frozenset(store.db.log_numbers()))
        self._new_keys: dict[str, str] = {}
        self._grown: list[_Grown] = []
        self._ranges: list[tuple[int, int]] = []
        self._filled: list[int] = []
        self._stubs: dict[int, dict[str, Any]] = {}
        self._forks: list[dict[str, Any]] = []
        self.awaited: list[dict[str, Any]] = []
        self.arrived: list[str] = []
        self.dropped = False
        """Once it is finished: whether bodies came that an order took out again."""

    def take(self, run: Run) -> Took:
        """Take in what is new of a run, up to its last checkpoint that holds. Never raises for what the run holds."""
        public = public_key(run, self._store.id, self._keys.get(run.log))
        if isinstance(public, str):
            return Took(run.log, 0, self._held(run.log), public)
        leaves, why = leaves_of(run)
        fit = self._best(run, leaves, good_notes(run, self._store.id, public))
        if fit is None:
            held = self._held(run.log)
            return Took(run.log, 0, held, f"entries {held} to {run.first - 1} have not come")
        self._fill(run, fit)
        return self._take_new(run, leaves, fit, why)

    def _held(self, log: str) -> int:
        return max((chain.size for chain in chains(self._db, log)), default=0)

    def _best(self, run: Run, leaves: list[bytes], notes: Mapping[int, tuple[bytes, bytes]]) -> Fit | None:
        """How the run fits the history of its log that it agrees with furthest."""
        held = chains(self._db, run.log)
        if not held:
            return attach(run, None, leaves, notes, self._db) if run.first == 0 else None
        fits = [attach(run, chain, leaves, notes, self._db) for chain in held if run.first <= chain.size]
        return max(
            fits, key=lambda fit: (fit.differs is None, fit.base, max(fit.good, default=0)), default=None
        )

    def _take_new(self, run: Run, leaves: list[bytes], fit: Fit, why: str | None) -> Took:
        clock = fit.chain.clock(fit.base) if fit.chain else 0
        last = max(fit.good, default=fit.base)
        bodies, sound, wrong = bodies_of(run, fit.base, last, clock, self._beginnings, self._store.id)
        why = wrong or why
        size = max((size for size in fit.good if size <= sound), default=fit.base)
        if fit.chain is None and size and self._beginnings.own(run.log) not in bodies:
            return Took(run.log, 0, 0, "the entries that say whose it is have not come")
        held = fit.chain.size if fit.chain else 0
        if size <= fit.base:
            return Took(run.log, 0, held, self._why_nothing(run, fit, why))
        if run.log == self._writer.log:
            raise OwnLogElsewhere(run.log)
        if fit.differs is not None and fit.differs <= self._beginnings.own(run.log):
            return Took(run.log, 0, held, "it was signed twice from its beginning on; what came is refused")
        number, row = self._row_for(run, fit, leaves)
        self._insert(run, fit, bodies, number, row, size)
        if run.end > size and why is None:
            why = f"no whole checkpoint covers entries {size} to {run.end - 1}"
        fork = entry_name(run.log, fit.differs) if fit.differs is not None else None
        return Took(run.log, size - fit.base, size, why, fork)

    def _why_nothing(self, run: Run, fit: Fit, why: str | None) -> str | None:
        if why or run.end <= fit.base:
            return why
        if fit.wrong is not None:
            return f"its entries do not fit its checkpoint at {fit.wrong}"
        return f"no whole checkpoint covers entries {fit.base} to {run.end - 1}"

    def _row_for(self, run: Run, fit: Fit, leaves: list[bytes]) -> tuple[int, str]:
        """The row that the new entries go to: the log's own, or one for a branch that begins with them."""
        if fit.chain is None:
            self._new_keys[run.log] = self._keys[run.log] = run.vkey
            self._beginnings.took(run.log)
            return self._store.db.add_log(run.log, here=False), run.log
        if fit.differs is None:
            return fit.chain.tip.number, fit.chain.tip.name
        ours = self._note_beyond(fit.chain, fit.differs)
        theirs = min(size for size in fit.good if size > fit.differs)
        evidence = [ours.decode(), fit.good[theirs][1].decode()] if ours else [fit.good[theirs][1].decode()]
        self._forks.append({"log": run.log, "at": fit.differs, "notes": evidence})
        number, moved = split(self._db, fit.chain, fit.differs, leaves[fit.differs - run.first])
        self._ranges = [part for one in self._ranges for part in moved.applied(one)]
        self._filled = [moved.number(entry) for entry in self._filled]
        self._stubs = {moved.number(entry): stub for entry, stub in self._stubs.items()}
        return number, self._store.db.log_name(number)

    def _note_beyond(self, chain: Chain, seq: int) -> bytes | None:
        for row in chain.rows:
            bounds = entry_number(row.number, 0), entry_number(row.number + 1, 0)
            found = self._db.execute(_NOTE_BEYOND, (*bounds, seq)).fetchone()
            if found:
                return bytes(found[0])
        return None

    def _insert(
        self, run: Run, fit: Fit, bodies: Mapping[int, dict[str, Any]], number: int, row: str, size: int
    ) -> None:
        base, run_of = fit.base, self._db.executemany
        places = [(seq, entry_number(number, seq), run.entries[seq - run.first]) for seq in range(base, size)]
        run_of(
            "INSERT INTO head (entry, bytes) VALUES (?, ?)", ((entry, sent.head) for _, entry, sent in places)
        )
        kept = [(entry, sent.salt, sent.body) for seq, entry, sent in places if seq in bodies]
        run_of("INSERT INTO body (entry, salt, bytes) VALUES (?, ?, ?)", kept)
        for seq, body in bodies.items():
            if seq < size and body["kind"] in GOVERNING_KINDS and not _orders(run, seq):
                govern(self._db, entry_number(number, seq), body["kind"])
        for seq, entry, sent in places:
            if seq not in bodies:
                self._stubs[entry] = _stub(sent)
        for at, (_, note, peaks) in sorted(fit.good.items()):
            if base < at <= size:
                self._db.execute(_CHECKPOINT, (entry_number(number, at - 1), at, note, peaks))
        if row == run.log:
            extend_tiles(self._db, number, base, size)
        self._grown.append(_Grown(row, base, size, fit.good[size][0]))
        self._ranges.append((entry_number(number, base), entry_number(number, size)))

    def _fill(self, run: Run, fit: Fit) -> None:
        """Take bodies for heads that are held without one, unless an order says that they are gone."""
        if fit.chain is None:
            return
        for row in fit.chain.rows:
            low, high = max(row.start, run.first), min(row.end, fit.base, run.end)
            if low >= high:
                continue
            bounds = entry_number(row.number, low), entry_number(row.number, high)
            for (entry,) in self._db.execute(_BODILESS, bounds).fetchall():
                self._fill_one(run, fit.chain, entry, entry - entry_number(row.number, 0))

    def _fill_one(self, run: Run, chain: Chain, entry: int, seq: int) -> None:
        sent = run.entries[seq - run.first]
        if sent.body is None or sent.salt is None:
            return
        try:
            head = read_head(sent.head, run.log, seq)
            body = read_body(sent.body, sent.salt, head, chain.clock(seq))
            if body["kind"] == "merge" and head.of is None:
                check_cosignatures(run, self._store.id, body["fields"])
        except EntryInvalid:
            return
        if body["clock"] > chain.next_clock(seq):
            return
        self._db.execute(
            "INSERT INTO body (entry, salt, bytes) VALUES (?, ?, ?)", (entry, sent.salt, sent.body)
        )
        if body["kind"] in GOVERNING_KINDS and not _orders(run, seq):
            govern(self._db, entry, body["kind"])
        self._filled.append(entry)

    def finish(self) -> Received:
        """Write what was received into this laptop's own log, and bring the views in step."""
        if not self._has_news():
            return _NOTHING
        for log, line in self._new_keys.items():
            write_durably(self._store.folder.key_file(log), (line + "\n").encode("ascii"))
        self._writer.flush()
        self._writer.fold = self._store.db.fold(self._store.db.log_numbers())
        ordering = Ordering(self._store, self._writer.fold.resolve, self._ranges)
        self._filled = ordering.drop(self._ranges, self._filled)
        self.dropped = bool(ordering.dropped)
        claimed = self._claimed(ordering)
        self._stubs |= claimed
        if not (claimed or self._has_news()):
            return _NOTHING
        merge = self._enter(ordering)
        filled = self._filled
        again = bool(self._forks) or self._grew_forked() or changes_meaning(self._db, filled)
        settled = settle(self._writer, self._db, self._store.id, self._keys, self._ranges, again, filled)
        return Received(
            sum(one.size - one.base for one in self._grown) + len(self._filled),
            tuple({"log": one["log"], "entry": entry_name(one["log"], one["at"])} for one in self._forks),
            answer_orders(self._store, self._writer, self._ranges),
            settled,
            merge,
        )

    def _has_news(self) -> bool:
        return bool(self._grown or self._filled or self.arrived or self._forks)

    def _grew_forked(self) -> bool:
        """Whether a log that was signed twice went on: names that meant nothing until now may mean its entries."""
        forked = Branches(self._db).forked
        return any(log_of(one.row) in forked for one in self._grown)

    def _claimed(self, ordering: Ordering) -> dict[int, dict[str, Any]]:
        """What bodies that did not stay said of themselves, unless that is known here already."""
        if not ordering.dropped:
            return {}
        known = Receipts(self._db)
        return {
            entry: said
            for entry, said in ordering.dropped.items()
            if known.said_of(self._store.db.name_of(entry)) != said
        }

    def _enter(self, ordering: Ordering) -> str:
        """The merge entry, what came with it, and the evidence of logs that were signed twice."""
        fields: dict[str, Any] = {"heads": [self._seen(one) for one in self._grown]}
        stubs = [
            {**stub, "entry": self._store.db.name_of(entry)} for entry, stub in sorted(self._stubs.items())
        ]
        left_out = [stub for stub in stubs if len(stub) > 1 or stub["entry"] not in ordering.names]
        for name, given in (("awaited", self.awaited), ("arrived", self.arrived), ("withheld", left_out)):
            if given:
                fields[name] = list(given)
        merge = self._writer.append(Draft("merge", mint(), fields))
        by = self._writer.last_entry
        received = [(*bounds, by) for bounds in self._ranges]
        self._db.executemany("INSERT INTO received (first, beyond, by) VALUES (?, ?, ?)", received)
        for fork in self._forks:
            self._writer.append(Draft("fork", mint(), fork))
        self._writer.flush()
        return merge

    def _seen(self, one: _Grown) -> dict[str, Any]:
        text = checkpoint_text(origin_of(self._store.id, log_of(one.row)), one.size, one.root)
        cosigned = self._writer.signer.cosign(text, int(time.time()))
        root = base64.b64encode(one.root).decode()
        return {"cosigned": cosigned, "from": one.base, "log": one.row, "root": root, "size": one.size}


def _stub(sent: Sent) -> dict[str, Any]:
    """What whoever sent an entry without its body says of it, if that can be kept. Nobody signed it."""
    try:
        stub = {name: value for name, value in (sent.withheld or {}).items() if name != "entry"}
        check_stub(stub)
    except (Unsound, AttributeError):
        return {}
    return stub


def _orders(run: Run, seq: int) -> bool:
    return b'"of":' in run.entries[seq - run.first].head
