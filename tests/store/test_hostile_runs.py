"""What a malicious member signs, a forwarder alters, a thief writes, a guest claims, and bad luck brings."""

from __future__ import annotations

import base64
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.canonical import encode
from onrecord.record.checkpoint import checkpoint_text, cosignature_line, origin_of, verifier_key
from onrecord.record.entries import Draft
from onrecord.record.ids import device_of, mint
from onrecord.settings import Settings
from onrecord.store.receiving import Receiving
from onrecord.store.refold import key_lines
from onrecord.store.run import Run, Sent, Took
from onrecord.store.settling import settle
from onrecord.writing.indexing import index_again, index_entries
from tests.branches import admit, merge, take
from tests.hostile import Liar, is_whole


@pytest.fixture
def a(tmp_path: Path) -> Iterator[Record]:
    settings = Settings(home=tmp_path / "home a", handle="huda", zone="UTC")
    onrecord.new(tmp_path / "a", settings=settings)
    with onrecord.open(tmp_path / "a", settings=settings) as record:
        yield record


def copy_of(a: Record, name: str) -> Record:
    """A further laptop with a copy of the record, which has written nothing yet."""
    folder = a.path.parent
    shutil.copytree(a.path, folder / name)
    return onrecord.open(folder / name, settings=Settings(home=folder / f"home {name}", zone="UTC"))


def told(record: Record, *runs: Run) -> list[Took]:
    """Take runs in as a merge does, one after the other."""
    with record._store.writing(keep_checkpoint=True) as writer:
        receiving = Receiving(record._store, writer)
        took = [receiving.take(run) for run in runs]
        settled = receiving.finish().settled
        if settled.again:
            index_again(record._store)
        else:
            index_entries(record._store, settled.newly)
    return took


def member(a: Record) -> Liar:
    """A laptop that was let in, and has written its first entry."""
    liar = Liar(a.id).begun()
    told(a, liar.run())
    admit(a, liar.log)
    return liar


def names(record: Record) -> list[str]:
    heads = [head for one in record._store.db.as_now().of_kind("actor") for head in one.heads]
    return sorted(one["text"] for head in heads for one in head.fields.get("names", ()))


def actor(name: str) -> dict[str, Any]:
    return {"names": [{"text": name}]}


def founding(a: Record) -> str:
    return str(a._store.db.connection.execute("SELECT name FROM log WHERE number = 1").fetchone()[0])


BAD: dict[str, Callable[[Liar, Record], object]] = {
    "an author that is no id": lambda one, a: one.say("actor", {}, author="x"),
    "a fraction": lambda one, a: one.say_raw(_with(one, b'{"x":1.5}'), "actor"),
    "a number too large": lambda one, a: one.say_raw(_with(one, b'{"x":9007199254740992}'), "actor"),
    "not a number": lambda one, a: one.say_raw(_with(one, b'{"x":NaN}'), "actor"),
    "nested too deep": lambda one, a: one.say_raw(_with(one, b"[" * 70 + b"]" * 70), "actor"),
    "nested deeper than Python goes": lambda one, a: one.say_raw(_with(one, b"[" * 9**6 + b"]" * 9**6), "actor"),
    "half a character": lambda one, a: one.say_raw(_with(one, b'{"x":"\\ud800"}'), "actor"),
    "a member twice": lambda one, a: one.say_raw(_with(one, b'{"x":1,"x":2}'), "actor"),
    "a clock that goes back": lambda one, a: one.say("actor", {}, clock=1),
    "no text as reason": lambda one, a: one.say("actor", {}, reason=7),
    "supersedes beyond 2^40": lambda one, a: one.say("actor", {}, supersedes=[f"{one.log}/{2**40}"]),
    "an order beyond 2^40": lambda one, a: one.say("actor", {}, of=f"{one.log}/{2**40}"),
    "a second record": lambda one, a: one.say("record", {"format": 1, "record": a.id, "zone": "UTC"}),
    "seen that is no list": lambda one, a: one.say("revocation", {"device": mint(), "seen": 5}),
    "seen of half": lambda one, a: one.say("revocation", {"device": mint(), "seen": [{"log": "x"}]}),
    "a revoked nobody": lambda one, a: one.say("revocation", {"device": "nobody", "seen": []}),
    "a device without key": lambda one, a: one.say("device", {"log": one.log}),
    "a recovery without key": lambda one, a: one.say("recovery", {"recipient": "x"}),
    "a merge of nothing": lambda one, a: one.say("merge", {"heads": [{"log": "x", "root": "x", "size": 1}]}),
    "a merge not cosigned": lambda one, a: one.say("merge", {"heads": [_head(one, founding(a), False)]}),
    "a fork without notes": lambda one, a: one.say("fork", {"log": one.log, "at": 1, "notes": []}),
    "a stamp of nothing": lambda one, a: one.say("stamp", {"listing": "x", "root": "y"}),
    "a confirmation of nothing": lambda one, a: one.say("erasure", {"orders": [1]}),
    "an item without hash": lambda one, a: one.say("item", {"sha256": "x", "size": 1}),
    "a passage nowhere": lambda one, a: one.say("passage", {"layer": "a" * 64}),
    "a passage with places only": lambda one, a: one.say("passage", {"start": 1, "end": 2}),
    "a release by a person": lambda one, a: one.say("release", {}),
}


def _with(one: Liar, fields: bytes) -> bytes:
    return b'{"author":"%b","clock":%d,"fields":%b,"kind":"actor","thing":"%b"}' % (
        *(one.person.encode(), one.clock, fields, mint().encode()),
    )


def _head(one: Liar, log: str, good: bool) -> dict[str, Any]:
    root = bytes(32)
    text = checkpoint_text(origin_of(one.record, log), 1, root)
    cosigned = one.signer.cosign(text if good else b"something else", 1)
    return {"cosigned": cosigned, "from": 0, "log": log, "root": base64.b64encode(root).decode(), "size": 1}


def test_what_a_verifier_would_find_fault_with_is_refused_and_named(a: Record) -> None:
    liar = member(a)
    for what, say in BAD.items():
        bad = liar.fork(liar.size)
        say(bad, a)
        [took] = told(a, bad.run(notes=[bad.note(bad.size)]))
        assert took.took == 0 and took.beyond, what
    liar.say("actor", actor("Honest"))
    assert told(a, liar.run())[0].beyond is None
    is_whole(a)


ODD: dict[str, Callable[[Liar, Record], object]] = {
    "names that are none": lambda one, a: one.say("actor", {"names": [1, "x", {"text": 5}]}),
    "fields of the wrong kinds": lambda one, a: [
        one.say(kind, {"names": 7, "title": [], "statement": {"x": 1}, "quote": 3, "values": "x", "text": None})
        for kind in ("actor", "place", "event", "statement", "claim", "norm", "proceeding", "assessment", "terms")
    ],
    "a kind nobody knows": lambda one, a: one.say("kind of tomorrow", {"x": ["y"]}, slug="tomorrow"),
    "the largest clock": lambda one, a: one.say("actor", actor("Late"), clock=2**53 - 1),
    "itself superseded": lambda one, a: one.say("actor", actor("Self"), supersedes=[f"{one.log}/{one.size}"]),
    "what is to come superseded": lambda one, a: one.say("actor", actor("X"), supersedes=[f"{mint()}.1/7"]),
    "the record superseded": lambda one, a: [
        one.say("actor", actor("Founder"), supersedes=[f"{founding(a)}/{at}" for at in range(3)]),
        one.say("actor", actor("Founder"), thing=a.id, supersedes=[f"{founding(a)}/0"]),
    ],
    "the record erased": lambda one, a: [
        one.say("record", {"clock": 1, "order": mint()}, of=f"{founding(a)}/{at}") for at in range(3)
    ],
    "orders of orders": lambda one, a: [
        one.say("actor", {"clock": "never", "order": 5}, of=f"{one.log}/{one.size + step}") for step in (-1, 0, 1)
    ],
    "a slug that somebody has": lambda one, a: [one.say("actor", actor("S"), slug=slug) for slug in ("s", "s", "", "א")],
    "a device that is this one": lambda one, a: one.say(
        "device", {"log": founding(a), "vkey": one.line, "person": one.person}
    ),
    "a later log of a device, badly named": lambda one, a: one.say(
        "device", {"log": one.log, "vkey": one.line, "after": f"{one.log}/x", "after_leaf": 5, "vouched": [1]}
    ),
    "an exchange key that is none": lambda one, a: one.say(
        "device", {"log": one.log, "vkey": one.line, "recipient": {"x": 1}, "person": 7}
    ),
    "a revocation of everybody": lambda one, a: one.say(
        "revocation", {"device": device_of(founding(a)), "seen": [], "signed": "ä"}
    ),
    "a recovery key that is none": lambda one, a: one.say("recovery", {"vkey": "é", "recipient": 5}),
    "a body of nearly 16 MB": lambda one, a: one.say("actor", {"note": "n" * (2**24 - 300)}),
}


@pytest.mark.parametrize("admitted", [False, True])
def test_whatever_a_member_or_a_guest_signs_the_record_stays_whole(a: Record, admitted: bool) -> None:
    a.put([{"kind": "actor", "id": "s", "names": ["Ours"]}])
    if admitted:
        liar = member(a)
    else:
        liar = Liar(a.id).begun()
    for say in ODD.values():
        bad = liar.fork(liar.size)
        say(bad, a)
        if bad.clock < 2**53 - 1:
            liar = bad
        told(a, bad.run())
    is_whole(a)
    assert "Ours" in names(a)
    assert a._store.waiting is False and a.id == a._store.id
    if not admitted:
        assert names(a) == ["Ours"]
