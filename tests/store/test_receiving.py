"""Entries of other laptops: verified before use, kept to their last checkpoint, and folded alike in any order."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.erasing.removing import Files, remove
from onrecord.record.checkpoint import Signer, origin_of, verifier_key
from onrecord.record.entries import Draft, body_bytes, commitment, head_bytes
from onrecord.record.ids import mint
from onrecord.record.merkle import Frontier, leaf_hash
from onrecord.settings import Settings
from onrecord.store.receiving import Receiving
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines
from onrecord.store.run import Run, Sent, Took
from onrecord.store.settling import settle
from onrecord.store.tiles import audit_path, root_of
from onrecord.writing.indexing import index_again
from tests.branches import admit, merge, run_of, take


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Record, Record]]:
    """Two laptops with copies of one record. The second one has been let in."""
    mine = Settings(home=tmp_path / "home a", handle="huda", zone="UTC")
    theirs = Settings(home=tmp_path / "home b", handle="noam", zone="UTC")
    onrecord.new(tmp_path / "a", settings=mine)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    with (
        onrecord.open(tmp_path / "a", settings=mine) as a,
        onrecord.open(tmp_path / "b", settings=theirs) as b,
    ):
        b.put([{"kind": "actor", "id": "first", "names": ["First"]}])
        merge(a, b.path)
        admit(a, log_of(b))
        merge(b, a.path)
        yield a, b


def log_of(record: Record) -> str:
    row = record._store.db.connection.execute(
        "SELECT name FROM log WHERE here AND parent IS NULL ORDER BY number DESC"
    ).fetchone()
    return str(row[0])


def things(record: Record) -> dict[str, list[object]]:
    view = record._store.db.as_now()
    return {one.id: [dict(head.fields) for head in one.heads] for one in view.of_kind("actor")}


def is_sound(record: Record) -> None:
    report = record.verify(views=True)
    assert report["problems"] == []


def test_what_a_guest_wrote_rests_until_a_member_lets_it_in(tmp_path: Path) -> None:
    mine, theirs = Settings(home=tmp_path / "h a", zone="UTC"), Settings(home=tmp_path / "h b", zone="UTC")
    onrecord.new(tmp_path / "a", settings=mine)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    with (
        onrecord.open(tmp_path / "a", settings=mine) as a,
        onrecord.open(tmp_path / "b", settings=theirs) as b,
    ):
        b.put([{"kind": "actor", "id": "x", "names": ["Resting name"]}])
        merge(a, b.path)
        assert things(a) == {} and list(a.search("Resting")) == []
        is_sound(a)
        admit(a, log_of(b))
        assert [one["names"][0]["text"] for [one] in things(a).values()] == ["Resting name"]
        assert [hit["kind"] for hit in a.search("Resting")] == ["actor"]
        is_sound(a)


def test_both_laptops_end_with_the_same_things_and_see_a_conflict(pair: tuple[Record, Record]) -> None:
    a, b = pair
    a.put([{"kind": "actor", "id": "first", "names": ["A's"], "reason": "heard again"}])
    b.put([{"kind": "actor", "id": "first", "names": ["B's"], "reason": "read again"}])
    merge(a, b.path)
    merge(b, a.path)
    assert things(a) == things(b)
    assert [len(heads) for heads in things(a).values()] == [2]
    is_sound(a)
    is_sound(b)


def test_merging_again_brings_nothing_and_writes_nothing(pair: tuple[Record, Record]) -> None:
    a, b = pair
    merge(a, b.path)
    before = len(heads_of(a))
    assert merge(a, b.path).entries == 0
    assert len(heads_of(a)) == before


def heads_of(record: Record) -> list[bytes]:
    return [head for (head,) in record._store.db.connection.execute("SELECT bytes FROM head ORDER BY entry")]


def test_a_cut_off_run_is_taken_up_to_its_last_checkpoint(pair: tuple[Record, Record]) -> None:
    a, b = pair
    b.put([{"kind": "actor", "names": [f"n{n}"]} for n in range(1200)])
    run = whole_run(b)
    cut = replace(run, entries=run.entries[:1100], notes=run.notes)
    took = taken(a, cut)
    assert took.held == 1000 and "no whole checkpoint covers entries 1000" in str(took.beyond)
    is_sound(a)
    assert taken(a, run).held == len(run.entries)
    is_sound(a)


def whole_run(record: Record) -> Run:
    there = RecordStore(record.path, record.settings.home)
    run = run_of(there, log_of(record))
    there.close()
    return run


def taken(record: Record, run: Run) -> Took:
    with record._store.writing(keep_checkpoint=True) as writer:
        receiving = Receiving(record._store, writer)
        took = receiving.take(run)
        receiving.finish()
    return took


@pytest.mark.parametrize("at", [1, 4])
def test_an_altered_body_or_head_is_refused_and_named(pair: tuple[Record, Record], at: int) -> None:
    a, b = pair
    b.put([{"kind": "actor", "names": [f"n{n}"]} for n in range(5)])
    run = whole_run(b)
    place = len(run.entries) - at
    sent = run.entries[place]
    assert sent.body is not None
    forged = Sent(sent.head, sent.salt, sent.body.replace(b'"n', b'"m', 1))
    entries = [*run.entries[:place], forged, *run.entries[place + 1 :]]
    took = taken(a, replace(run, entries=entries))
    assert took.held <= place and f"{run.log}/{place}" in str(took.beyond)
    assert taken(a, run).took > 0
    is_sound(a)


def restore(record: Record, saved: Path) -> Record:
    """A whole laptop as it was when it was backed up: the record's folder and its own keys."""
    record.close()
    for now, then in ((record.path, saved / "record"), (record.settings.home, saved / "home")):
        shutil.rmtree(now)
        shutil.copytree(then, now)
    return onrecord.open(record.path, settings=record.settings)


def save(record: Record, saved: Path) -> None:
    record.close()
    shutil.copytree(record.path, saved / "record")
    shutil.copytree(record.settings.home, saved / "home")
    record.__init__(record.path, record.settings)  # type: ignore[misc]


def test_a_laptop_restored_with_its_keys_is_found_out_and_both_branches_are_kept(
    pair: tuple[Record, Record], tmp_path: Path
) -> None:
    a, b = pair
    save(b, tmp_path / "saved")
    b.put([{"kind": "actor", "id": "lost", "names": ["Before the restore"]}])
    merge(a, b.path)
    b = restore(b, tmp_path / "saved")
    log, size = log_of(b), len(whole_run(b).entries)
    b.put([{"kind": "actor", "id": "again", "names": ["After the restore"]}])
    received = merge(a, b.path)
    assert received.forks == ({"log": log, "entry": f"{log}/{size}"},)
    assert names(a) == {"First", "Before the restore", "After the restore"}
    is_sound(a)
    merge(b, a.path)
    assert log_of(b) != log and log_of(b).partition(".")[0] == log.partition(".")[0]
    assert names(b) == names(a)
    merge(a, b.path)
    assert things(a) == things(b)
    b.put([{"kind": "actor", "id": "again", "names": ["Changed since"], "reason": "known better"}])
    merge(a, b.path)
    assert names(a) == {"First", "Before the restore", "Changed since"}
    assert a._store.membership().counts(log_of(b))
    is_sound(a)
    is_sound(b)
    b.close()


def names(record: Record) -> set[str]:
    return {head["names"][0]["text"] for heads in things(record).values() for head in heads}  # type: ignore[index]


def test_a_fork_looks_the_same_to_whoever_met_the_other_branch_first(
    pair: tuple[Record, Record], tmp_path: Path
) -> None:
    a, b = pair
    save(b, tmp_path / "saved")
    shutil.copytree(a.path, tmp_path / "c")
    b.put([{"kind": "actor", "id": "first", "names": ["One branch"], "reason": "x"}])
    merge(a, b.path)
    a.put([{"kind": "actor", "id": "first", "names": ["On top of one"], "reason": "y"}])
    b = restore(b, tmp_path / "saved")
    b.put([{"kind": "actor", "id": "first", "names": ["Other branch"], "reason": "z"}])
    with onrecord.open(tmp_path / "c", settings=Settings(home=tmp_path / "home c", zone="UTC")) as c:
        merge(c, b.path)
        merge(c, a.path)
        merge(a, b.path)
        assert names(a) == names(c) == {"On top of one", "Other branch"}
        is_sound(a)
        is_sound(c)
    b.close()


def test_roots_and_paths_come_out_of_tiles_as_out_of_the_whole_tree(pair: tuple[Record, Record]) -> None:
    from onrecord.record.merkle import Tree, leaf_hash

    a, _ = pair
    a.put([{"kind": "actor", "names": [f"n{n}"]} for n in range(700)])
    db = a._store.db.connection
    leaves = [leaf_hash(head) for head in heads_of(a) if f'"log":"{log_of(a)}"'.encode() in head]
    for size in (1, 2, 255, 256, 257, 600, len(leaves)):
        tree = Tree(leaves[:size])
        assert root_of(db, 1, 0, size) == tree.root()
        for seq in {0, size // 2, size - 1}:
            assert audit_path(db, 1, seq, size) == tree.path(seq)


def test_a_merge_tells_the_same_things_whatever_came_first(tmp_path: Path) -> None:
    """Two guests' entries and the admission of both arrive in either order."""
    mine = Settings(home=tmp_path / "home a", zone="UTC")
    onrecord.new(tmp_path / "a", settings=mine)
    for one in ("b", "c"):
        shutil.copytree(tmp_path / "a", tmp_path / one)
        with onrecord.open(
            tmp_path / one, settings=Settings(home=tmp_path / f"home {one}", zone="UTC")
        ) as guest:
            guest.put([{"kind": "actor", "names": [f"by {one}"]}])
    with onrecord.open(tmp_path / "a", settings=mine) as a:
        for one in ("b", "c"):
            merge(a, tmp_path / one)
        for log in [log for log in a._store.db.log_numbers() if not a._store.membership().counts(log)]:
            admit(a, log)
        told = things(a)
    for one, order in (("b", ("c", "a")), ("c", ("a", "b"))):
        with onrecord.open(
            tmp_path / one, settings=Settings(home=tmp_path / f"home {one}", zone="UTC")
        ) as other:
            for source in order:
                merge(other, tmp_path / source)
            assert things(other) == told
            is_sound(other)


def test_a_program_that_only_reads_never_needs_the_keys(tmp_path: Path, pair: tuple[Record, Record]) -> None:
    a, _ = pair
    a.close()
    code = "import sys, runpy; sys.argv[1:] = [sys.argv[1]]; runpy.run_path('verifier/verify.py', run_name='__main__')"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(a.path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    a.__init__(a.path, a.settings)  # type: ignore[misc]


def revoke(record: Record, device: str, seen: list[dict[str, object]]) -> None:
    store = record._store
    with store.writing() as writer:
        writer.append(Draft("revocation", mint(), {"device": device, "seen": seen}, reason="stolen"))
        settled = settle(writer, store.db.connection, store.id, key_lines(store.folder.keys))
        if settled.again:
            index_again(store)


def test_what_a_revoked_laptop_wrote_after_others_had_last_seen_it_is_put_apart_and_kept(
    pair: tuple[Record, Record], tmp_path: Path
) -> None:
    a, b = pair
    b.put([{"kind": "actor", "id": "honest", "names": ["Honest"]}])
    merge(a, b.path)
    size = len(whole_run(b).entries)
    b.put([{"kind": "actor", "id": "honest", "names": ["By the thief"], "reason": "x"}])
    merge(a, b.path)
    assert names(a) == {"First", "By the thief"}
    shutil.copytree(a.path, tmp_path / "c")
    seen: list[dict[str, object]] = [{"log": log_of(b), "size": size, "root": "x"}]
    device = log_of(b).partition(".")[0]
    revoke(a, device, seen)
    assert names(a) == {"First", "Honest"}, "who alone let it in takes that back alone"
    with onrecord.open(tmp_path / "c", settings=Settings(home=tmp_path / "home c", zone="UTC")) as c:
        c.put([{"kind": "actor", "names": ["By C"]}])
        merge(a, c.path)
        admit(a, log_of(c))
        merge(c, a.path)
        revoke(c, device, seen)
        assert names(c) == {"First", "Honest", "By C"}
        merge(a, c.path)
        assert things(a) == things(c)
        assert [hit["kind"] for hit in a.search("Honest")] == ["actor"] and not list(a.search("thief"))
        rested = "SELECT beyond - first, why FROM resting"
        assert a._store.db.connection.execute(rested).fetchall()[0][1] == "quarantined"
        is_sound(a)
        is_sound(c)


def erase(record: Record, thing: str) -> str:
    """Order the erasure of a thing's one version, as far as the store goes."""
    store = record._store
    (head,) = store.db.as_now().get(thing).heads  # type: ignore[union-attr]
    with store.writing() as writer:
        stated = {"order": mint(), "clock": head.clock, "authority": ["the family"]}
        name = writer.append(Draft(head.kind, thing, stated, None, head.supersedes, "asked", of=head.name))
        writer.flush()
        remove(store, [head], Files(()))
    return name


def test_an_erased_body_never_comes_back_and_an_order_from_elsewhere_waits(
    pair: tuple[Record, Record],
) -> None:
    a, b = pair
    [told] = a.put([{"kind": "actor", "id": "gone", "names": ["Gone"]}])
    merge(b, a.path)
    order = erase(a, told["id"])
    is_sound(a)
    assert a._store.db.as_now().get(told["id"]).heads[0].erased  # type: ignore[union-attr]
    merge(a, b.path)
    assert "Gone" not in names_left(a)
    assert merge(b, a.path).waiting == (order,)
    assert "Gone" in names_left(b)
    is_sound(b)


def names_left(record: Record) -> set[str]:
    return {
        one["text"] for heads in things(record).values() for head in heads for one in head.get("names", [])
    }  # type: ignore[attr-defined]


def test_a_laptop_that_never_held_an_erased_body_confirms_by_itself(
    pair: tuple[Record, Record], tmp_path: Path
) -> None:
    a, b = pair
    [told] = a.put([{"kind": "actor", "id": "gone", "names": ["Gone"]}])
    order = erase(a, told["id"])
    assert merge(b, a.path).waiting == ()
    [confirmed] = b._store.db.as_now().of_kind("erasure")
    assert confirmed.fields["orders"] == [order]
    is_sound(b)


def test_a_body_that_was_withheld_comes_later(pair: tuple[Record, Record]) -> None:
    a, b = pair
    [told] = a.put([{"kind": "actor", "id": "sealed", "names": ["Sealed"]}])
    a.put([{"kind": "actor", "id": "sealed", "names": ["Sealed twice"], "reason": "x"}])
    run = whole_run(a)
    at = len(run.entries) - 1
    stub = {"thing": told["id"], "kind": "actor", "clock": 1, "supersedes": [f"{run.log}/{at - 1}"]}
    entries = [*run.entries[:at], Sent(run.entries[at].head, withheld=stub)]
    taken(b, replace(run, entries=entries))
    [head] = b._store.db.as_now().get(told["id"]).heads  # type: ignore[union-attr]
    assert head.erased
    take(b._store, [run])
    assert names_left(b) == names_left(a)
    is_sound(b)


def test_a_log_that_does_not_begin_with_its_own_device_is_refused(pair: tuple[Record, Record]) -> None:
    a, _ = pair
    c_log, signer = new_log(a)
    run = forged(c_log, signer, [Draft("actor", mint(), {"names": [{"text": "x"}]})])
    took = taken(a, run)
    assert took.took == 0 and "does not begin with its own device" in str(took.beyond)
    second = forged(*new_log(a), [Draft("record", a.id, {"format": 1, "record": a.id, "zone": "UTC"})])
    took = taken(a, second)
    assert took.took == 0 and "second beginning" in str(took.beyond)
    is_sound(a)


def new_log(record: Record) -> tuple[str, Signer]:
    log = f"{mint()}.1"
    return log, Signer(origin_of(record.id, log), Signer.new_seed())


def forged(log: str, signer: Signer, drafts: list[Draft]) -> Run:
    """A well-signed log that says whatever its writer likes."""
    frontier, sent = Frontier(), []
    for seq, draft in enumerate(drafts):
        body, salt = body_bytes(draft, mint(), 1), bytes(32)
        head = head_bytes(log, seq, draft.kind, commitment(salt, body), draft.of)
        frontier.append(leaf_hash(head))
        sent.append(Sent(head, salt, body))
    note = signer.note(frontier.size, frontier.root())
    return Run(log, verifier_key(signer.origin, signer.public), 0, sent, [note])


def test_a_write_that_was_rolled_back_leaves_no_name_behind(pair: tuple[Record, Record]) -> None:
    a, _ = pair
    db = a._store.db
    with pytest.raises(KeyboardInterrupt), db.transaction():
        number = db.add_log("aaaaaaaaaaaaaaaa.2", here=False)
        assert db.log_name(number) == "aaaaaaaaaaaaaaaa.2"
        raise KeyboardInterrupt
    with db.transaction():
        assert db.add_log("aaaaaaaaaaaaaaaa.3", here=False) == number
        assert db.log_name(number) == "aaaaaaaaaaaaaaaa.3"
        db.connection.execute("DELETE FROM log WHERE number = ?", (number,))
