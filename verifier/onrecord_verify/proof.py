"""A proof of one entry (format, proof.md): from its head up to what a log's key and time authorities signed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import times
from .canonical import canonical, members
from .entries import Head, read_body, read_head
from .files import hash_of, read_small
from .grammar import IS_ENTRY, IS_HASH, IS_ID, Broken, log_of, must, utf8
from .inclusion import leaf_hash, root_of_path
from .listing import read_listing
from .notes import Checkpoint, Key, read_checkpoint, read_key
from .report import Report, show

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_PROOF = 48 << 20
MOST_STAMPS = 64
PROOF: dict[str, type] = {
    **dict.fromkeys(("body", "checkpoint", "entry", "format", "head", "record", "salt", "vkey"), str),
    **{"path": list, "stamps": list},
}
STAMP = {"calendars": list, "listing": str, "tokens": list}
TOKEN = {
    **dict.fromkeys(("authority", "request", "response", "time"), str),
    **{"certificates": list, "crls": list},
}
CALENDAR = {"calendar": str, "proof": str}
FINGERPRINT = re.compile("[0-9a-f]{4}").findall

COMPARE = "The fingerprint of the log's key. Compare it with what its keepers gave you another way:"


def check_token(kept: dict[str, Any], listing: str, roots: Iterable[bytes] = ()) -> times.Token:
    """What a token shows about its listing. Raises `Broken`."""
    try:
        return times.check_kept(kept, utf8(listing), roots)
    except times.Untrue as wrong:
        raise Broken(str(wrong)) from None


class Proof:
    """One entry, proven from its head up to what a log's key and time authorities signed."""

    def __init__(self, file: Path, report: Report, original: Path | None, roots: Iterable[bytes]) -> None:
        self.file, self.report, self.original = file, report, original
        self.roots = list(roots)
        report.compare = COMPARE
        self.body: dict[str, Any] | None = None
        self.signed = False

    def verify(self) -> None:
        report = self.report
        with report.at("the proof"):
            held = self.read()
            log, seq = held["entry"].split("/")
            head = read_head(utf8(held["head"]))
            must((head.log, head.seq) == (log_of(log), int(seq)), "has a head that names another entry")
            self.read_body(held, head)
            key = read_key(held["vkey"])
            must((key.record, key.log) == (held["record"], head.log), "has the key of another record or log")
            trees = self.trees(held, key, head)
            self.follow(held, head, trees)
            report.entries = 1
            self.compare_original()
            for n, stamp in enumerate(held["stamps"], 1):
                self.read_stamp(stamp, f"stamp {n}", head, trees[0][1])
            self.describe(held, key)

    def read(self) -> dict[str, Any]:
        must(self.file.stat().st_size <= LARGEST_PROOF, "is too large")
        optional = frozenset(("body", "checkpoint", "salt"))
        held = members(canonical(read_small(self.file, LARGEST_PROOF)), PROOF, optional)
        must(held["format"] == "onrecord proof 1", "is of another format than onrecord proof 1")
        must(
            IS_ID(held["record"]) is not None and IS_ENTRY(held["entry"]) is not None,
            "names no record or no entry",
        )
        must(("body" in held) == ("salt" in held), "has a body without its salt, or a salt without its body")
        must("checkpoint" in held or bool(held["stamps"]), "has neither a checkpoint nor a stamp")
        must(len(held["stamps"]) <= MOST_STAMPS, "has too many stamps")
        self.report.record = str(held["record"])
        return held

    def read_body(self, held: dict[str, Any], head: Head) -> None:
        if "body" in held:
            must(IS_HASH(held["salt"]) is not None, "has a salt that is not 32 bytes")
            self.body = read_body(utf8(held["body"]), bytes.fromhex(held["salt"]), head)

    def trees(self, held: dict[str, Any], key: Key, head: Head) -> list[tuple[str, Checkpoint]]:
        """The tree the path has to lead into: the one signed, or those that the first listing states for the log."""
        if "checkpoint" in held:
            self.signed = True
            return [(head.log, read_checkpoint(utf8(held["checkpoint"]), key))]
        first = members(held["stamps"][0], STAMP, frozenset(("calendars",)))
        found = [row for row in read_listing(first["listing"], held["record"]) if log_of(row[0]) == head.log]
        must(bool(found), "has a listing that does not name the entry's log")
        return found

    def follow(self, held: dict[str, Any], head: Head, trees: list[tuple[str, Checkpoint]]) -> None:
        """Leaves in `trees` the one that the path leads to."""
        steps = held["path"]
        fits = len(steps) <= 64 and all(type(step) is str and IS_HASH(step) for step in steps)
        must(fits, "has an inclusion proof that is not hashes")
        path, leaf = [bytes.fromhex(step) for step in steps], leaf_hash(utf8(held["head"]))
        wrong = "is not in its log as the checkpoint or the listing states it"
        for tree in list(trees):
            try:
                found = root_of_path(leaf, head.seq, tree[1].size, path) == tree[1].root
            except Broken as said:
                found, wrong = False, str(said)
            if not found:
                trees.remove(tree)
        must(bool(trees), wrong)

    def compare_original(self) -> None:
        if self.original is None:
            return
        with self.report.at(str(self.original)):
            fields = self.body["fields"] if self.body else {}
            must(self.body is not None, "cannot be compared: the proof leaves out what the entry says")
            must(type(fields.get("sha256")) is str, "cannot be compared: the entry is about no file")
            digest, size = hash_of(self.original)
            fits = (digest, size) == (fields["sha256"], fields.get("size", size))
            must(fits, "is not the original that the entry is about, or was altered")
            self.report.items = 1

    def read_stamp(self, stamp: Any, where: str, head: Head, tree: Checkpoint) -> None:
        with self.report.at(where):
            stamp = members(stamp, STAMP, frozenset(("calendars",)))
            rows = read_listing(stamp["listing"], self.report.record)
            stated = [held for log, held in rows if log_of(log) == head.log]
            must(
                tree in stated,
                "has a listing that states another size or root of the log than the path leads to",
            )
            tokens, calendars = stamp["tokens"], stamp.get("calendars", [])
            must(len(tokens) + len(calendars) <= MOST_STAMPS, "has too many tokens")
            for n, token in enumerate(tokens, 1):
                with self.report.at(f"{where} token {n}"):
                    self.read_token(members(token, TOKEN, frozenset(("crls",))), stamp["listing"])
            for n, calendar in enumerate(calendars, 1):
                with self.report.at(f"{where} calendar {n}"):
                    self.read_calendar(members(calendar, CALENDAR), stamp["listing"])

    def read_token(self, kept: dict[str, Any], listing: str) -> None:
        token = check_token(kept, listing, self.roots)
        self.report.notes += [show(note) for note in token.notes]
        stated = {"authority": token.authority, "root": token.root, "root_name": token.root_name}
        self.report.times.append(
            {"time": token.time, "url": kept["authority"], "complete": token.complete, **stated}
        )

    def read_calendar(self, kept: dict[str, Any], listing: str) -> None:
        try:
            anchors = times.check_calendar(times.unpack(kept["proof"]), utf8(listing))
        except times.Untrue as wrong:
            raise Broken(str(wrong)) from None
        self.report.notes += [f"OpenTimestamps, {times.told_of(anchor)}" for anchor in anchors]

    def describe(self, held: dict[str, Any], key: Key) -> None:
        report, body = self.report, self.body
        report.key(key)
        report.lines.append(f"Proof of the entry {held['entry']} of the record {held['record']}.")
        if body:
            report.lines += [
                f"It is of the kind {show(body['kind'])}, and says:",
                f"    {show(held['body'])}",
            ]
        for stated in report.times:
            report.lines += ["", f"It existed by {stated['time']}, says {show(stated['authority'])}."]
            what = "" if stated["complete"] else " (its own issuer is not here)"
            report.lines.append(
                f"The SHA-256 of the certificate {show(stated['root_name'])}{what}; compare it with what the authority publishes:"
            )
            report.lines.append("    " + " ".join(FINGERPRINT(stated["root"])))
        report.proven = [
            ("Proven, if the fingerprints are the right ones:", self.proven()),
            ("What this does not show:", self.not_shown()),
        ]

    def proven(self) -> list[str]:
        times, points = [stated["time"] for stated in self.report.times], []
        if self.signed:
            points.append("The entry stands in this log, as the log's key signed it.")
        if times:
            points.append(f"It existed by {min(times)}.")
        if self.body:
            points.append("The entry says exactly what is shown above, its salt and its number included.")
        if self.report.items:
            points.append("The file is the one that the entry is about, byte for byte.")
        return points

    def not_shown(self) -> list[str]:
        points = ["That what was said is true."]
        if not self.body:
            points.insert(
                0, "What the entry says: that was left out. The proof shows only that something existed."
            )
        if not self.report.times:
            points.append("When it was written: no time authority's word was checked.")
        if not self.signed:
            points.append("Who wrote it: no signature of the log stands in this proof.")
        return [*points, "That it was not superseded or withdrawn since."]
