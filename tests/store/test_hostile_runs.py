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
from onrecord.record.canonical import decode
from onrecord.record.checkpoint import checkpoint_text, origin_of, verifier_key
from onrecord.record.entries import Draft
from onrecord.record.ids import device_of, mint
from onrecord.record.stating import LATEST
from onrecord.settings import Settings
from onrecord.store.receiving import Receiving
from onrecord.store.refold import key_lines
from onrecord.store.run import Run, Sent, Took
from onrecord.store.settling import settle
from onrecord.writing.indexing import index_again, index_entries, rebuild
from tests.branches import admit, merge
from tests.hostile import Liar, cosignature_line, index_of, is_whole


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
    held = [head.fields.get("names") for head in heads]
    texts = [one["text"] for some in held if isinstance(some, list) for one in some if isinstance(one, dict)]
    return sorted(text for text in texts if isinstance(text, str))


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
    "nested deeper than Python goes": lambda one, a: one.say_raw(
        _with(one, b"[" * 9**6 + b"]" * 9**6), "actor"
    ),
    "half a character": lambda one, a: one.say_raw(_with(one, b'{"x":"\\ud800"}'), "actor"),
    "a member twice": lambda one, a: one.say_raw(_with(one, b'{"x":1,"x":2}'), "actor"),
    "a clock that goes back": lambda one, a: one.say("actor", {}, clock=1),
    "a clock beyond all calendars": lambda one, a: one.say("actor", {}, clock=LATEST),
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
        one.say(
            kind, {"names": 7, "title": [], "statement": {"x": 1}, "quote": 3, "values": "x", "text": None}
        )
        for kind in (
            "actor",
            "place",
            "event",
            "statement",
            "claim",
            "norm",
            "proceeding",
            "assessment",
            "terms",
        )
    ],
    "a kind nobody knows": lambda one, a: one.say("kind of tomorrow", {"x": ["y"]}, slug="tomorrow"),
    "the largest clock": lambda one, a: one.say("actor", actor("Late"), clock=LATEST - 1),
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
        one.say("actor", {"clock": "never", "order": 5}, of=f"{one.log}/{one.size + step}")
        for step in (-1, 0, 1)
    ],
    "a slug that somebody has": lambda one, a: [
        one.say("actor", actor("S"), slug=slug) for slug in ("s", "s", "", "א")
    ],
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
    liar = member(a) if admitted else Liar(a.id).begun()
    for say in ODD.values():
        bad = liar.fork(liar.size)
        say(bad, a)
        if bad.clock < LATEST - 1:
            liar = bad
        told(a, bad.run())
    is_whole(a)
    assert "Ours" in names(a)
    assert a._store.waiting is False and a.id == a._store.id
    if not admitted:
        assert names(a) == ["Ours"]


def test_a_cut_off_third_history_of_a_log_is_laid_beside_the_one_it_agrees_with_furthest(a: Record) -> None:
    liar = member(a)
    for n in range(4):
        liar.say("actor", actor(f"shared {n}"))
    short, long = liar.fork(3), liar.fork(5)
    for n in range(4):
        short.say("actor", actor(f"short {n}"))
        long.say("actor", actor(f"long {n}"))
    third = long.fork(7)
    third.say("actor", actor("third"))
    told(a, long.run(), short.run())
    cut = replace(third.run(), notes=[third.note(6), third.note(7)])
    assert told(a, cut)[0].took == 0
    is_whole(a)
    assert told(a, third.run())[0].took == 1
    is_whole(a)


def test_a_branch_keeps_the_time_of_what_it_goes_on_from(a: Record) -> None:
    liar = member(a)
    liar.say("actor", actor("one"))
    early = liar.fork(2)
    liar.say("actor", actor("two"))
    told(a, liar.run())
    early.say("actor", actor("before all"), clock=5)
    assert "clock goes back" in str(told(a, early.run())[0].beyond)
    is_whole(a)


def test_nobody_writes_as_this_device_by_taking_its_name(a: Record) -> None:
    liar = Liar(a.id, f"{device_of(founding(a))}.7").begun()
    liar.say("actor", actor("Not ours"))
    assert told(a, liar.run())[0].took == 2
    assert names(a) == []
    is_whole(a)


def revoke(record: Record, device: str, seen: list[dict[str, object]], author: str) -> None:
    store = record._store
    with store.writing() as writer:
        stated = Draft("revocation", mint(), {"device": device, "seen": seen}, author=author)
        writer.append(stated)
        settled = settle(writer, store.db.connection, store.id, key_lines(store.folder.keys))
        if settled.again:
            index_again(store)


@pytest.mark.parametrize("thief_first", [False, True])
def test_a_thief_who_signs_the_stolen_log_again_from_earlier_on_does_not_stand(
    a: Record, thief_first: bool
) -> None:
    """What was seen of a revoked laptop is one history of its log: another of the same length is not it."""
    owner = member(a)
    owner.say("actor", actor("honest one"))
    thief = owner.fork(2)
    for n in range(3):
        owner.say("actor", actor(f"honest {n}"))
    helper = Liar(a.id).begun()
    thief.say("device", {"log": helper.log, "vkey": helper.line, "person": helper.person})
    for n in range(3):
        thief.say("actor", actor(f"thief {n}"))
    helper.say("actor", actor("helper"))
    seen = [{"log": owner.log, "size": owner.size, "root": base64.b64encode(owner.root(owner.size)).decode()}]
    for person in (mint(), mint()):
        revoke(a, device_of(owner.log), seen, person)
    runs = [owner.run(), thief.run(), helper.run()]
    for run in reversed(runs) if thief_first else runs:
        told(a, run)
    assert names(a) == ["honest 0", "honest 1", "honest 2", "honest one"]
    assert not list(a.search("thief")) and not list(a.search("helper"))
    is_whole(a)


def test_an_order_for_what_the_record_stands_by_takes_nothing(a: Record) -> None:
    """Also not from a laptop that gets both at once."""
    liar = member(a)
    for at in range(3):
        liar.say("record", {"clock": 1, "order": mint()}, of=f"{founding(a)}/{at}")
    liar.say("device", {"clock": 1, "order": mint()}, of=f"{liar.log}/0")
    told(a, liar.run())
    a.put([{"kind": "actor", "names": ["Kept"]}])
    with copy_of(a, "b") as b:
        b.put([{"kind": "actor", "names": ["By B"]}])
        merge(b, a.path)
        second = Liar(a.id).begun()
        second.say("device", {"clock": 1, "order": mint()}, of=f"{second.log}/0")
        told(b, second.run())
        is_whole(b)
        assert "Kept" in names(b) and not b._store.waiting
    is_whole(a)


def test_an_order_takes_only_the_body_that_it_repeats(a: Record) -> None:
    liar = member(a)
    thing = mint()
    meant = liar.say("actor", actor("Gone"), thing=thing)
    other = liar.say("actor", actor("Stays"))
    for of in (meant, other):
        liar.say("actor", {"clock": liar.clock - 1, "order": mint()}, thing=thing, of=of, clock=liar.clock)
    # the first order repeats the clock of the second entry, so only its thing would fit
    liar.say("actor", {"clock": liar.clock - 1, "order": mint()}, thing=thing, of=meant)
    told(a, liar.run())
    assert "Stays" in names(a)
    is_whole(a)


def test_an_order_that_came_before_the_branch_it_is_for_is_kept_to(a: Record) -> None:
    liar = member(a)
    liar.say("actor", actor("shared"))
    first, second = liar.fork(2), liar.fork(2)
    first.say("actor", actor("on one"))
    thing = mint()
    second.say("actor", actor("to go"), thing=thing)
    clock = second.clock
    told(a, first.run())
    writer = member(a)
    root = base64.b64encode(second.root(3)).decode()
    text = checkpoint_text(origin_of(a.id, liar.log), 3, second.root(3))
    head = {"cosigned": writer.signer.cosign(text, 1), "from": 0, "log": liar.log, "root": root, "size": 3}
    writer.say("merge", {"heads": [head]})
    writer.say("actor", {"clock": clock, "order": mint()}, thing=thing, of=f"{liar.log}/2")
    told(a, writer.run())
    told(a, second.run())
    assert names(a) == ["on one", "shared"]
    assert not list(a.search("go"))
    told(a, second.run())
    assert names(a) == ["on one", "shared"]
    is_whole(a)


def test_bodies_that_somebody_left_out_without_a_word_are_known_as_left_out_and_come_later(a: Record) -> None:
    liar = member(a)
    thing = mint()
    old = liar.say("actor", actor("Old"), thing=thing)
    liar.say("actor", actor("New"), thing=thing, supersedes=[old], reason="x")
    liar.say("actor", actor("Last"))
    told(a, liar.bare(2))
    is_whole(a)
    told(a, liar.run())
    assert names(a) == ["Last", "New"]
    assert len(list(a.search("New"))) == 1 and not list(a.search("Old"))
    is_whole(a)


LIES: list[Any] = [
    *({"thing": 5}, {"x": 1}, {"thing": "a" * 16, "kind": "actor", "clock": -1}, {"clock": 1.5}, 7),
    {"thing": "a" * 16, "kind": "actor", "clock": 2**60},
    {"thing": "a" * 16, "kind": "actor", "clock": 1, "supersedes": ["x"]},
    {"thing": "a" * 16, "kind": "\ud800", "clock": 1},
    {"thing": "a" * 16, "kind": "actor", "clock": 1, "supersedes": [], "entry": "somewhere else"},
]


def test_what_a_forwarder_says_of_bodies_he_left_out_is_not_believed_once_they_come(a: Record) -> None:
    liar = member(a)
    thing = mint()
    kept = liar.say("actor", actor("Kept"), thing=thing)
    places = range(2, 2 + len(LIES) + 1)
    for _ in places:
        liar.say("actor", actor("Left out"))
    lies = [*LIES, {"thing": thing, "kind": "actor", "clock": 1, "supersedes": [kept]}]
    sent = list(liar.sent)
    for place, lie in zip(places, lies, strict=True):
        sent[place] = Sent(sent[place].head, withheld=lie)
    told(a, replace(liar.run(), entries=sent))
    is_whole(a)
    told(a, liar.run())
    assert names(a) == ["Kept", *["Left out"] * len(lies)]
    is_whole(a)


def test_a_body_that_comes_later_fits_the_times_around_it(a: Record) -> None:
    liar = member(a)
    liar.say("actor", actor("Far"), clock=LATEST - 5)
    liar.say("actor", actor("Now"), clock=1_800_000_000_000)
    told(a, liar.bare(1))
    told(a, liar.run())
    assert names(a) == ["Now"]
    is_whole(a)


def test_checkpoints_are_taken_only_as_every_reader_takes_them(a: Record) -> None:
    liar = member(a)
    liar.say("actor", actor("x"))
    good = liar.note(2)
    other = cosignature_line("someone", bytes(32), base64.b64encode(bytes(72)).decode())
    for bad in (
        good + other * 2,
        good + other.replace(b"someone", b"some+one"),
        good + other.replace(b"someone", "some\u2003one".encode()),
        good + b"".join(other.replace(b"someone", b"%d" % n) for n in range(600)),
        good.replace(b"\n2\n", b"\n02\n"),
        good[:-1],
        b"\xff" + good,
        b"",
    ):
        assert told(a, liar.run(notes=[bad]))[0].took == 0
    assert told(a, liar.run(notes=[good + other]))[0].took == 1
    is_whole(a)


@pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18])
def test_a_key_with_which_anybody_could_sign_is_none(a: Record, y: int) -> None:
    liar = Liar(a.id).begun()
    line = verifier_key(liar.signer.origin, y.to_bytes(32, "little"))
    [took] = told(a, replace(liar.run(), vkey=line))
    assert took.took == 0 and "its key is none" in str(took.beyond)


def test_runs_that_are_no_runs_are_passed_over(a: Record) -> None:
    liar = member(a)
    liar.say("actor", actor("x"))
    run = liar.run()
    for odd in (
        replace(run, entries=[]),
        replace(run, first=5),
        replace(run, first=-1),
        replace(run, first=2**41),
        replace(run, log="../../x.1"),
        replace(run, log=f"{liar.log}~{'0' * 16}"),
        replace(run, vkey=""),
        replace(run, vkey="\ud800+1+2"),
        replace(run, notes=[]),
        replace(run, entries=[Sent(b"")]),
        replace(run, entries=[Sent(one.head, b"", one.body) for one in run.entries]),
    ):
        told(a, odd)
    assert names(a) == []
    assert told(a, run)[0].took == 1
    is_whole(a)


def test_a_copy_that_waits_believes_one_beginning_only(tmp_path: Path) -> None:
    from onrecord.store.record_store import begin_copy

    record = mint()
    begin_copy(tmp_path / "w", tmp_path / "home w", record)
    runs = []
    for _ in range(2):
        liar = Liar(record)
        liar.say("record", {"format": 1, "record": record, "zone": "UTC"}, thing=record)
        liar.say("person", {"handle": "x", "role": "keeper", "recipient": "x"})
        runs.append(liar.begun().run())
    with onrecord.open(tmp_path / "w", settings=Settings(home=tmp_path / "home w", zone="UTC")) as waiting:
        took = told(waiting, *runs)
        assert [one.took for one in took] == [3, 0]
        assert "second beginning" in str(took[1].beyond)
        waiting._store.refresh()
        is_whole(waiting)


class Chaos:
    """Logs that fork, merge, order, revoke and let in, brought in bits and in any order to two laptops."""

    def __init__(self, a: Record, seed: int) -> None:
        self.chance = random.Random(seed)
        self.record = a.id
        self.founding = founding(a)
        self.histories = [Liar(a.id).begun() for _ in range(4)]
        self.things = [mint() for _ in range(3)]
        self.said: list[tuple[str, dict[str, Any]]] = []

    def logs(self) -> list[str]:
        return sorted({one.log for one in self.histories})

    def step(self) -> None:
        one = self.chance.choice(self.histories)
        self.chance.choice(
            [
                self.write,
                self.write,
                self.write,
                self.write,
                self.fork,
                self.see,
                self.order,
                self.let_in,
                self.revoke,
            ]
        )(one)

    def write(self, one: Liar) -> None:
        thing, more = self.chance.choice(self.things), {}
        same = [name for name, body in self.said if body["thing"] == thing or self.chance.random() < 0.1]
        if same and self.chance.random() < 0.6:
            more = {"supersedes": sorted({self.chance.choice(same) for _ in range(2)})}
        body = {**more, "thing": thing}
        name = one.say("actor", actor(f"said {len(self.said)}"), **body, clock=self.ticked(one))
        self.said.append((name, {**body, "clock": one.clock}))

    def ticked(self, one: Liar) -> int:
        return one.clock + self.chance.choice((0, 1, 1, 5))

    def fork(self, one: Liar) -> None:
        if one.size > 2 and len(self.histories) < 9:
            self.histories.append(one.fork(self.chance.randrange(1, one.size)))

    def see(self, one: Liar) -> None:
        seen = self.chance.choice(self.histories)
        if seen.log == one.log:
            return
        size = self.chance.randrange(1, seen.size + 1)
        text = checkpoint_text(origin_of(one.record, seen.log), size, seen.root(size))
        head = {"cosigned": one.signer.cosign(text, 1), "from": 0, "log": seen.log, "size": size}
        one.say("merge", {"heads": [{**head, "root": base64.b64encode(seen.root(size)).decode()}]})

    def order(self, one: Liar) -> None:
        if self.said:
            name, body = self.chance.choice(self.said)
            fields = {"order": mint(), "clock": body["clock"] + (self.chance.random() < 0.2)}
            more = {key: body[key] for key in ("thing", "supersedes") if key in body}
            one.say("actor", fields, **more, of=name)

    def let_in(self, one: Liar) -> None:
        other = self.chance.choice(self.histories)
        one.say("device", {"log": other.log, "vkey": other.line, "person": other.person})

    def revoke(self, one: Liar) -> None:
        if self.chance.random() < 0.5:
            return
        other = self.chance.choice(self.histories)
        size = self.chance.randrange(1, other.size + 1)
        root = base64.b64encode(other.root(size)).decode()
        one.say(
            "revocation",
            {"device": device_of(other.log), "seen": [{"log": other.log, "size": size, "root": root}]},
        )

    def runs(self, whole: bool) -> list[Run]:
        runs = [self.part(one, whole) for one in self.histories if whole or self.chance.random() < 0.7]
        self.chance.shuffle(runs)
        return runs

    def part(self, one: Liar, whole: bool) -> Run:
        if whole:
            return one.run()
        first, last = 0, self.chance.randrange(1, one.size + 1)
        if self.chance.random() < 0.3:
            first = self.chance.randrange(last)
        run = one.run(
            first, [one.note(size) for size in range(1, one.size + 1) if self.chance.random() < 0.7]
        )
        sent = [self.left_out(each) if self.chance.random() < 0.1 else each for each in run.entries]
        return replace(run, entries=sent[: last - first])

    def left_out(self, one: Sent) -> Sent:
        """Without its body, as a travel copy says it, or with a lie, or without a word."""
        lie: dict[str, Any] = {"thing": self.chance.choice(self.things), "kind": "actor", "clock": 5}
        if self.said:
            lie["supersedes"] = [self.chance.choice(self.said)[0]]
        body = decode(one.body or b"{}")
        stated = {key: body[key] for key in ("thing", "kind", "clock", "supersedes") if key in body}
        return Sent(one.head, withheld=self.chance.choice((None, lie, stated)))


def heads_by_thing(record: Record) -> dict[str, set[str]]:
    """What stands of each thing: entries that were never shown here are named alike, and those erased too."""
    found: dict[str, set[str]] = {}
    for one in record._store.db.as_now().of_kind("actor"):
        found.setdefault(one.id, set()).update(head.name for head in one.heads)
    return found


def run_one(a: Record, seed: int, steps: int) -> None:
    chaos = Chaos(a, seed)
    for liar in chaos.histories[:2]:
        told(a, liar.run())
        admit(a, liar.log)
    with copy_of(a, f"copy {seed}") as b:
        for _ in range(4):
            for _ in range(steps):
                chaos.step()
            for record in (a, b):
                told(record, *chaos.runs(whole=False))
                assert view_problems_of(record) == [], f"seed {seed}"
        for record in (a, b):
            for _ in range(3):
                told(record, *chaos.runs(whole=True))
            whole_but_for_lies(record, seed)
        assert heads_by_thing(a) == heads_by_thing(b), f"seed {seed}"


def view_problems_of(record: Record) -> list[dict[str, str]]:
    from onrecord.store.refold import view_problems

    return list(view_problems(record.path / "record.db"))


def whole_but_for_lies(record: Record, seed: int) -> None:
    """Views and index are what the log says. What one liar says that he saw of another is a problem of its own."""
    assert view_problems_of(record) == [], f"seed {seed}"
    before = index_of(record)
    rebuild(record._store)
    assert index_of(record) == before, f"seed {seed}"
    problems = record.verify()["problems"]
    assert problems == [], (f"seed {seed}", problems[:3])


@pytest.mark.parametrize("seed", range(3))
def test_any_logs_in_any_order_end_in_the_same_things(a: Record, seed: int) -> None:
    run_one(a, seed, 10)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_many_logs_in_any_order_end_in_the_same_things(a: Record, seed: int) -> None:
    run_one(a, seed, 25)
