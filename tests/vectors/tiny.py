"""A tiny record of two devices, and the dossier released from it. Invented, and always the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from independent import LogKey, canonical, commitment, fixed_id, leaf, path, peaks

RECORD = fixed_id("record")
KEEPER, GUEST = fixed_id("keeper"), fixed_id("guest")
FIRST, SECOND = f"{fixed_id('first device')}.1", f"{fixed_id('second device')}.1"
CLASSES = {"custody": "custody", "terms": "terms"}
CONTROL = (
    *("record", "person", "device", "release", "merge", "fork"),
    *("revocation", "recovery", "stamp", "erasure", "sent"),
)
CLASSES.update(dict.fromkeys(CONTROL, "control"))

TEXT = "The bridge was open at noon.\nكان الجسر مفتوحا. הגשר היה פתוח.\nA bird 🐦 sat on it.\n"
ORIGINAL = "\ufeff" + TEXT.replace("\n", "\r\n")
LETTER = "A letter about the bridge.\n"


@dataclass
class Log:
    """One log while it is written: heads, and for each its salt and body, or None once erased."""

    name: str
    number: int
    author: str
    here: int = 0
    parent: Log | None = None
    key: LogKey = field(init=False)
    heads: list[str] = field(default_factory=list)
    bodies: list[tuple[bytes, str] | None] = field(default_factory=list)
    checkpoints: list[tuple[int, str, bytes, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = LogKey(RECORD, self.name)

    @property
    def first(self) -> int:
        """Where it begins: a branch goes on from its parent."""
        return len(self.parent.leaves()) if self.parent else 0

    @property
    def row(self) -> str:
        """The name under which its entries stand."""
        return f"{self.name}~{leaf(self.heads[0].encode()).hex()[:16]}" if self.parent else self.name

    def add(self, kind: str, thing: str, fields: dict[str, Any], of: str | None = None, **more: Any) -> str:
        seq = self.first + len(self.heads)
        body: dict[str, Any] = {"author": self.author, "clock": 1_700_000_000_000 + 1000 * seq}
        body.update(fields=fields, kind=kind, thing=fixed_id(thing), **more)
        salt = sha256(f"salt {self.name}/{seq}".encode()).digest()
        sort = "control" if of else CLASSES.get(kind, "content")
        head = {"class": sort, "commit": commitment(salt, canonical(body))}
        head.update(log=self.name, seq=seq, v=1)
        if of:
            head["of"] = of
        self.heads.append(canonical(head))
        self.bodies.append((salt, canonical(body)))
        return f"{self.row}/{seq}"

    def leaves(self) -> list[bytes]:
        own = [head.encode() for head in self.heads]
        return [*self.parent.leaves(), *own] if self.parent else own

    def checkpoint(self, kept: int) -> None:
        heads = self.leaves()
        self.checkpoints.append((len(heads), self.key.note(heads), peaks(heads), kept))

    def entry(self, seq: int) -> int:
        return self.number * 2**40 + seq


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def quote(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"layer": digest(TEXT), "quote": words, "start": start, "end": start + len(words)}


def item(text: str, name: str) -> dict[str, Any]:
    size = len(text.encode())
    return {"sha256": digest(text), "size": size, "media_type": "text/plain", "name": name}


def device(log: Log, person: str) -> dict[str, Any]:
    return {"log": log.name, "person": person, "vkey": log.key.line()}


class Tiny:
    """The record before its release, ready to release a manifest or to be laid out as a folder."""

    def __init__(self) -> None:
        self.first = Log(FIRST, 1, KEEPER)
        self.second = Log(SECOND, 2, GUEST)
        self._write_first()
        self._write_second()

    def _write_first(self) -> None:
        log = self.first
        about = {"format": 1, "record": RECORD, "title": "A bridge", "zone": "UTC"}
        log.add("record", "record", about)
        log.add("person", "keeper", {"handle": "keeper", "recipient": "age1keeper", "role": "keeper"})
        log.add("device", "first device entry", device(log, KEEPER))
        self.item = log.add("item", "bridge text", item(ORIGINAL, "bridge.txt"), slug="text")
        log.checkpoint(kept=1)
        words = {"item": fixed_id("bridge text"), **quote("الجسر مفتوحا. הגשר")}
        self.passage = log.add("passage", "bridge words", words)
        account = {"speaker": fixed_id("walker"), "passages": [fixed_id("bridge words")]}
        early = log.add("statement", "open", account, slug="open")
        log.add("custody", "receipt", {"item": fixed_id("bridge text"), "step": "received"})
        agreed = {"over": [fixed_id("open")], "uses": {"words": "yes", "media": "yes"}}
        log.add("terms", "agreement", agreed)
        later = {**account, "said_at": "2023-11-14", "hedge": 'he said "about noon"\t\u0001\u007f\u2028 🐦'}
        self.statement = log.add(
            "statement", "open", later, supersedes=[early], reason="the day was found", slug="open"
        )
        gone = log.add("statement", "withdrawn", account)
        self.erased, log.bodies[-1] = log.bodies[-1], None
        log.add("statement", "withdrawn", {}, of=gone, supersedes=[gone], reason="consent was withdrawn")
        log.add("device", "admission", device(self.second, GUEST))

    def _write_second(self) -> None:
        log = self.second
        log.add("device", "second device entry", device(log, GUEST))
        log.add("person", "guest", {"handle": "guest", "recipient": "age1guest", "role": "keeper"})
        log.add("item", "letter", item(LETTER, "letter.txt"))
        region = {"item": fixed_id("letter"), "page": 1, "region": ["0", "0", "0.5", "1"]}
        self.letter = log.add("passage", "letter region", region)
        log.checkpoint(kept=0)

    def name_leaf(self, entry: str) -> dict[str, str]:
        log = self.first if entry.startswith(FIRST) else self.second
        return {"entry": entry, "leaf": leaf(log.leaves()[int(entry.rpartition("/")[2])]).hex()}

    def release(self, fields: dict[str, Any], kind: str = "release") -> str:
        """Write the release entry and sign the log with it."""
        self.first.author = FIRST if kind == "release" else KEEPER
        entry = self.first.add(kind, "release", fields)
        self.first.checkpoint(kept=1)
        return entry


# The record as tables and files


def record() -> dict[str, Any]:
    return laid_out(Tiny())


def laid_out(tiny: Tiny) -> dict[str, Any]:
    tiny.release({"manifest": digest("a manifest that went out")})
    made = of_logs([tiny.first, tiny.second])
    for text in (ORIGINAL, LETTER):
        made["files"][original(text)] = text
    made["files"][f"layers/{digest(TEXT)}"] = TEXT
    return {**made, "files": dict(sorted(made["files"].items()))}


def original(text: str) -> str:
    return f"originals/{digest(text)[:2]}/{digest(text)}"


def of_logs(logs: list[Log]) -> dict[str, Any]:
    tables: dict[str, list[Any]] = {"log": [], "head": [], "body": [], "checkpoint": []}
    for log in logs:
        tables["log"].append([log.number, log.row, log.here, log.parent and log.parent.number])
        for seq, (head, body) in enumerate(zip(log.heads, log.bodies, strict=True), log.first):
            tables["head"].append([log.entry(seq), head])
            if body:
                tables["body"].append([log.entry(seq), body[0].hex(), body[1]])
        for size, note, tops, kept in log.checkpoints:
            tables["checkpoint"].append([log.entry(size - 1), size, note, kept, tops.hex()])
    files = {f"keys/{log.name}.vkey": log.key.line() + "\n" for log in logs if not log.parent}
    files["README.txt"] = "How to read this record.\n"
    return {"tables": tables, "files": dict(sorted(files.items()))}


# The dossier as files

DOSSIER_FILES = {
    "README.txt": "How to check this dossier.\n",
    "index.html": "<!doctype html><title>A bridge</title><p>The bridge [in the town] was open.\n",
    "originals/1-הגשר.txt": ORIGINAL,
    "verify.py": "# The verifier stands here.\n",
}


def listed(path: str, text: str) -> dict[str, Any]:
    return {"path": path, "sha256": digest(text), "size": len(text.encode())}


def manifest(tiny: Tiny) -> dict[str, Any]:
    first = [tiny.name_leaf(entry) for entry in (tiny.statement, tiny.passage, tiny.item)]
    second = [tiny.name_leaf(tiny.letter)]
    return {
        "audience": "public",
        "built": 1_700_000_100_000,
        "citations": [
            {"entries": first, "n": 1, "who": "a walker", "words": "الجسر مفتوحا. הגשר [in the town]"},
            {"entries": second, "n": 2, "who": "not given", "words": "a part of a letter"},
        ],
        "files": [listed(path, text) for path, text in sorted(DOSSIER_FILES.items())],
        "format": "onrecord dossier 1",
        "language": "en",
        "title": "A bridge",
        "version": 1,
    }


def proofs(tiny: Tiny, release: str, stated: dict[str, Any]) -> dict[str, Any]:
    """Every named entry with its head and path, each log's checkpoint, and the release opened."""
    named = {one["entry"] for citation in stated["citations"] for one in citation["entries"]} | {release}
    leaves, logs = [], []
    for log in sorted((tiny.first, tiny.second), key=lambda log: log.name):
        seqs = sorted(int(name.rpartition("/")[2]) for name in named if name.startswith(log.name))
        for seq in seqs:
            steps = [step.hex() for step in path(seq, log.leaves())]
            leaves.append({"entry": f"{log.name}/{seq}", "head": log.heads[seq], "path": steps})
        if seqs:
            note = log.checkpoints[-1][1]
            logs.append({"checkpoint": note, "log": log.name, "vkey": log.key.line()})
    opened = tiny.first.bodies[-1]
    assert opened is not None
    return {
        "format": "onrecord proofs 1",
        "leaves": leaves,
        "logs": logs,
        "release": {"body": opened[1], "entry": release, "salt": opened[0].hex()},
    }


def dossier(change: Any = None, kind: str = "release", **more: Any) -> dict[str, str]:
    """The files of the dossier. `change` alters the manifest before it is released, so that all signatures fit.

    `more` alters or adds fields of the release.
    """
    tiny = Tiny()
    stated = manifest(tiny)
    if change:
        change(stated)
    fields = {name: stated[name] for name in ("audience", "title", "version")}
    released = tiny.release({**fields, "manifest": digest(canonical(stated)), **more}, kind)
    files = dict(DOSSIER_FILES)
    files["manifest.json"] = canonical(stated)
    files["proofs.json"] = canonical(proofs(tiny, released, stated))
    return files
