"""A laptop whose writer signs whatever he likes, for tests: bodies of any shape, any clock, several histories of one log."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from onrecord.api import Record
from onrecord.record.canonical import encode
from onrecord.record.checkpoint import Signer, origin_of, verifier_key
from onrecord.record.entries import commitment, head_bytes
from onrecord.record.ids import mint
from onrecord.record.merkle import Frontier, leaf_hash
from onrecord.store.run import Run, Sent
from onrecord.writing.indexing import rebuild


class Liar:
    """One log and its key. What it wrote so far is `sent`; a `fork` of it has the same key and goes its own way."""

    def __init__(self, record: str, log: str | None = None) -> None:
        self.record = record
        self.log = log or f"{mint()}.1"
        self.signer = Signer(origin_of(record, self.log), Signer.new_seed())
        self.line = verifier_key(self.signer.origin, self.signer.public)
        self.person = mint()
        self.sent: list[Sent] = []
        self.clock = 1_700_000_000_000

    def begun(self) -> Liar:
        self.say("device", {"log": self.log, "person": self.person, "vkey": self.line})
        return self

    def fork(self, at: int) -> Liar:
        other = Liar.__new__(Liar)
        other.__dict__.update(self.__dict__)
        other.sent = self.sent[:at]
        return other

    @property
    def size(self) -> int:
        return len(self.sent)

    def say(self, kind: str, fields: Mapping[str, Any], **more: Any) -> str:
        """One entry with these fields; `more` are members of the body, and `of` and `sort` of the head."""
        of = more.pop("of", None)
        self.clock = more.get("clock", self.clock + 1)
        stated = {"author": self.person, "clock": self.clock, "fields": fields, "kind": kind, "thing": mint()}
        return self.say_raw(encode({**stated, **more}), kind, of)

    def say_raw(self, body: bytes, kind: str, of: str | None = None) -> str:
        salt = bytes(32)
        self.sent.append(Sent(head_bytes(self.log, self.size, kind, commitment(salt, body), of), salt, body))
        return f"{self.log}/{self.size - 1}"

    def note(self, size: int) -> bytes:
        return self.signer.note(size, self.root(size))

    def root(self, size: int) -> bytes:
        frontier = Frontier()
        for one in self.sent[:size]:
            frontier.append(leaf_hash(one.head))
        return frontier.root()

    def run(self, first: int = 0, notes: list[bytes] | None = None) -> Run:
        return Run(self.log, self.line, first, self.sent[first:], notes or [self.note(self.size)])

    def bare(self, *places: int) -> Run:
        """The same, as somebody carries it who left out the bodies at these places, and says nothing of them."""
        sent = [Sent(one.head) if at in places else one for at, one in enumerate(self.sent)]
        return Run(self.log, self.line, 0, sent, [self.note(self.size)])


def index_of(record: Record) -> list[tuple[Any, ...]]:
    query = "SELECT thing, entry, layer, start, end, at, length FROM paragraph"
    return sorted(record._store.db.connection.execute(query).fetchall(), key=str)


def is_whole(record: Record) -> None:
    """Nothing is wrong with a record, its views are what the log says, and so is its index."""
    problems = record.verify(views=True)["problems"]
    assert problems == [], problems[:5]
    before = index_of(record)
    rebuild(record._store)
    assert index_of(record) == before
    assert record.verify(views=True)["problems"] == []


def cosignature_line(origin: str, public: bytes, cosigned: str) -> bytes:
    """A signature line to set under a checkpoint: C2SP tlog-cosignature, by the log `origin`."""
    digest = sha256(origin.encode() + b"\n\x04" + public).digest()[:4]
    line = base64.b64encode(digest + base64.b64decode(cosigned)).decode()
    return f"\u2014 {origin} {line}\n".encode()
