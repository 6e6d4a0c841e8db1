"""The files of a record: each belongs there, and is what its entries say."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from .files import hash_of, read_small, unknown, walk
from .grammar import IS_HASH, IS_LOG, Broken, must
from .report import many, named, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .record import Record

LARGEST_LAYER = 1 << 30
BESIDE = {"README.txt", *(name + end for name in ("record.db", "desk.db") for end in ("", "-wal", "-shm"))}
ROOM = re.compile("keys|layers|originals(/[0-9a-f]{2})?").fullmatch
ORIGINAL = re.compile(r"originals/([0-9a-f]{2})/(\1[0-9a-f]{62})").fullmatch
# What a stopped write leaves: the name under which it writes before it gives the file its own.
TEMPORARY = re.compile(r"(?:keys|layers|originals)/\.taking-[1-9][0-9]{0,9}-[0-9a-f]{16}").fullmatch


class Originals:
    """One pass over the files, after that over the log."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report
        self.problem = record.report.problem
        self.idle_layers = 0
        self.unnamed: list[str] = []
        self.awaited: list[str] = []
        self.temporary: list[str] = []
        self.unused_keys: list[str] = []

    def read(self) -> None:
        if not (self.record.folder / "README.txt").exists():
            self.problem("README.txt", "is missing")
        for done, (path, is_folder) in enumerate(walk(self.record.folder, self.report)):
            self.report.progress(done, None, "files")
            if not (ROOM(path) if is_folder else self.accounted(path)):
                self.problem(path, unknown(path))
        awaited = self.still_awaited()
        for digest, (_, entry) in sorted(self.record.originals.items()):
            path = f"originals/{digest[:2]}/{digest}"
            if digest in awaited:
                self.awaited.append(path)
            else:
                self.problem(path, f"is missing, and {entry} is about it")
        for layer, quotes in sorted(self.record.quotes.items()):
            if layer in awaited:
                self.awaited.append(f"layers/{layer}")
            else:
                self.problem(f"layers/{layer}", f"is missing, and {quotes[0].entry} rests on it")

    def still_awaited(self) -> set[str]:
        """Originals that a merge into this folder said had not come with their entries, and none since."""
        last = {digest: arrived for _, _, digest, arrived in sorted(self.record.arrivals)}
        return {digest for digest, arrived in last.items() if not arrived}

    def accounted(self, path: str) -> bool:
        """Whether this file belongs where it is. What it has to hold is checked."""
        room, _, name = path.partition("/")
        if ORIGINAL(path):
            self.read_original(path, name[3:])
        elif room == "layers" and IS_HASH(name):
            self.read_layer(path, name)
        elif room == "keys" and name[-5:] == ".vkey" and IS_LOG(name[:-5]):
            self.read_unused_key(path, name[:-5])
        elif TEMPORARY(path):
            self.temporary.append(path)
        else:
            return path in BESIDE
        return True

    def read_original(self, path: str, name: str) -> None:
        stated = self.record.originals.pop(name, None)
        with self.report.at(path):
            digest, size = hash_of(self.record.folder / path)
            must(digest == name, f"is altered: the SHA-256 of its bytes is {digest}")
            if stated is None:
                self.unnamed.append(path)
            else:
                must(stated[0] == size, f"has {size} bytes, and {stated[1]} says {stated[0]}")

    def read_unused_key(self, path: str, log: str) -> None:
        """The key of a log that had not begun when the log's names were read. It may be gone again by now."""
        if log in self.record.keys or log in self.record.rows:
            return
        with self.report.at(path), suppress(FileNotFoundError):
            key = self.record.key_of(log)
            known = self.report.record or key.record
            must(key.record == known, f"belongs to another record than {known}")
            self.unused_keys.append(path)

    def read_layer(self, path: str, name: str) -> None:
        quotes = self.record.quotes.pop(name, [])
        self.idle_layers += not quotes
        with self.report.at(path):
            raw = read_small(self.record.folder / path, LARGEST_LAYER)
            must(sha256(raw).hexdigest() == name, "is altered: its name is not the SHA-256 of its bytes")
            try:
                text = raw.decode("utf-8")
            except ValueError:
                raise Broken("is not UTF-8") from None
            for quote in quotes:
                if quote.end > len(text) or text[quote.start : quote.end] != quote.words:
                    self.problem(quote.entry, f"does not quote what stands at its place in {path}")

    def describe(self) -> None:
        self.report.lines += [
            f"Record {show(self.report.record)} {show(self.record.title)}".rstrip(),
            f"{many(self.report.entries, 'entries')} in {many(len({row.log for row in self.record.rows.values()}), 'logs')}, {many(self.report.items, 'items')}.",
        ]
        if self.awaited:
            count = many(len(self.awaited), "originals")
            self.report.notes.append(f"{count} not here yet, as a merge here said: {named(self.awaited)}.")
        if self.idle_layers:
            self.report.notes.append(
                f"Text layers on which no passage rests, and which nothing attests: {self.idle_layers}."
            )
        if self.record.whole:
            self.report.notes += self.left_over()

    def left_over(self) -> Iterator[str]:
        """What a write that was stopped leaves, and what is no damage."""
        if self.unnamed:
            count, they = len(self.unnamed), "it" if len(self.unnamed) == 1 else "them"
            why = f"an add was stopped before it entered {they}; add {they} again"
            if self.record.bodiless:
                why += f", unless an erasure was to remove {they}"
            yield f"{many(count, 'originals')} that no entry names: {why}. {named(sorted(self.unnamed))}"
        if self.temporary:
            files = many(len(self.temporary), "temporary files")
            yield f"{files} left by a write that was stopped, or that still goes on. {named(sorted(self.temporary))}"
        for path in sorted(self.unused_keys):
            yield f"{path} is a key of a log in which nothing is written yet."
