"""Trees of logs at any size, also of one that was signed twice, against the whole tree in memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import onrecord
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.ids import log_of, mint
from onrecord.record.listing import Listing
from onrecord.record.merkle import Tree
from onrecord.settings import Settings
from onrecord.stamping.histories import History, histories, histories_with, listing_of
from tests.branches import merge


def write(record: Record, count: int) -> None:
    with record._store.writing() as writer:
        writer.append_all(Draft("custody", mint(), {"step": "copied"}) for _ in range(count))


def whole(history: History, size: int) -> Tree:
    return Tree(history.chain.leaves[:size])


def agrees(history: History, sizes: list[int]) -> None:
    for size in sizes:
        tree = whole(history, size)
        assert history.root(size) == tree.root()
        for seq in {0, size // 3, size - 1}:
            assert history.path(seq, size) == tree.path(seq)


def test_a_log_is_one_history(record: Record) -> None:
    write(record, 700)
    (log,) = record._store.db.log_numbers()
    (history,) = histories(record._store.db.connection, log)
    assert history.size == history.last_size() == 703
    agrees(history, [1, 2, 255, 256, 257, 512, 513, 703])


def test_a_log_that_was_signed_twice_has_two_and_shares_its_beginning(
    record: Record, home: Path, tmp_path: Path
) -> None:
    write(record, 10)
    before = listing_of(record._store.db.connection, record.id)
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    shutil.copytree(home, tmp_path / "home-then")
    with onrecord.open(tmp_path / "copy", settings=Settings(home=tmp_path / "home-then", zone="UTC")) as copy:
        write(copy, 5)
    with onrecord.open(record.path, settings=record.settings) as here:
        write(here, 7)
        merge(here, tmp_path / "copy")
        connection = here._store.db.connection
        log = log_of(before.logs[0].log)
        found = histories(connection, log)
        assert sorted(history.size for history in found)[0] == 18
        assert len(found) == 2
        for history in found:
            agrees(history, [5, 13, 14, history.size])
            assert history.held_in(before) == before.logs[0]
        assert len(list(histories_with(connection, f"{log}/3"))) == 2
        for history in found:
            assert [one.size for one in histories_with(connection, f"{history.chain.tip.name}/17")] == [
                history.size
            ]
        now = listing_of(connection, here.id)
        assert all(held.size == one.size for one in found if (held := one.held_in(now)))


def test_a_listing_of_another_tree_is_not_this_one(record: Record) -> None:
    listing = listing_of(record._store.db.connection, record.id)
    (one,) = listing.logs
    (history,) = histories(record._store.db.connection, one.log)
    assert history.held_in(listing) == one
    assert history.held_in(listing, beyond=one.size) is None
    from dataclasses import replace

    for other in (replace(one, root=bytes(32)), replace(one, size=one.size + 1), replace(one, size=1)):
        assert history.held_in(Listing.of(record.id, [other])) is None
