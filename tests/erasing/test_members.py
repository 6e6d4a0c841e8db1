"""Erasing what came inside something else, and what it came inside: what goes, what stays and is named, and no trace."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.store.imports import Imported
from tests.conftest import lines
from tests.erasing.conftest import TWO
from tests.erasing.traces import traces

Erase = Callable[..., dict[str, object]]


def archive(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in members.items():
            made.writestr(path, data)
    return content.getvalue()


def taken(record: Record, place: Path, content: bytes) -> list[str]:
    place.write_bytes(content)
    return [str(row["item"]) for row in record.add([place])]


def staying(record: Record, item: str) -> dict[str, str]:
    return {row["thing"]: row["why"] for row in record.look_at_erasing(item)["remains"]}


def test_a_container_takes_all_that_lay_in_it_at_any_depth_and_leaves_no_trace(
    record: Record, folder: Path, tmp_path: Path, secret: str, erase: Erase
) -> None:
    inner = archive({f"{secret}.txt": secret.encode()})
    items = taken(record, tmp_path / "outer.zip", archive({f"{secret}.zip": inner}))
    words = record.mark(items[-1], secret)["passage"]
    made = taken(record, tmp_path / "made.txt", f"{secret}, as somebody read it.".encode())[0]
    record.put(lines(
        {"kind": "item", "id": made, "derived_from": items[-1], "reason": "made from it"},
        {"kind": "actor", "id": "w", "type": "voice", "names": ["A voice"]},
        {"kind": "statement", "speaker": "w", "passages": [words]},
    ))  # fmt: skip
    assert traces(folder, secret)
    erase(items[0], authority=TWO)
    assert traces(folder, secret) == []
    assert record.verify()["ok"]


def test_bytes_that_were_held_before_stay_and_are_named(record: Record, tmp_path: Path) -> None:
    (before,) = taken(record, tmp_path / "a.txt", b"The gate was shut.")
    container, *_ = taken(record, tmp_path / "a.zip", archive({"b.txt": b"The gate was shut."}))
    assert "came in another way too" in staying(record, container)[before]


def test_a_member_names_every_container_that_still_holds_its_bytes(record: Record, tmp_path: Path) -> None:
    first, member = taken(record, tmp_path / "a.zip", archive({"a.txt": b"The gate was shut."}))
    second, again = taken(record, tmp_path / "b.zip", archive({"b.txt": b"The gate was shut."}))
    assert again == member
    assert {first, second} <= set(staying(record, member))
    assert member in staying(record, second)


def test_an_import_that_was_not_done_keeps_no_path_of_what_was_erased(
    record: Record, folder: Path, tmp_path: Path, secret: str, erase: Erase
) -> None:
    (item,) = taken(record, tmp_path / "a.txt", b"The gate was shut by the ford.")
    store, original = record._store, str(record.get(item)["sha256"])
    with store.db.transaction():
        store.imports.begin("card", None)
        store.imports.keep("card", [(Path(f"/card/{secret}.txt"), Imported(1, 1, "ab", original))])
        store.imports.unpack(original)
    assert traces(folder, secret)
    erase(item, authority=TWO)
    assert traces(folder, secret) == []
    assert original not in store.imports.half_unpacked()


def test_an_erased_inventory_is_gone_on_with_by_no_import(
    record: Record, tmp_path: Path, erase: Erase
) -> None:
    (item,) = taken(record, tmp_path / "inventory.jsonl", b'{"path": "gate.txt"}\n')
    store = record._store
    with store.db.transaction():
        store.imports.begin("card", item)
    erase(item, authority=TWO)
    assert store.imports.inventory("card") is None and not store.imports.begun("card")


def test_an_erased_inventory_takes_no_file(record: Record, tmp_path: Path, erase: Erase) -> None:
    (tmp_path / "card").mkdir()
    (tmp_path / "card/gate.txt").write_text("The gate was shut.")
    inventory, file = (str(row["item"]) for row in record.add([tmp_path / "card"], inventory=True))
    erase(inventory, authority=TWO)
    assert record.text(file)["text"] == "The gate was shut."
    assert record.verify()["ok"]


def test_a_chain_longer_than_any_archive_can_be_erased_all_the_same(record: Record, tmp_path: Path) -> None:
    (first,) = taken(record, tmp_path / "a.txt", b"The gate was shut.")
    above = first
    with record._store.writing() as writer:
        for n in range(1_500):
            fields = {"sha256": f"{n:064x}", "size": 1, "media_type": "text/plain", "name": "a"}
            below = mint()
            writer.append(Draft("item", below, {**fields, "inside": above, "member": "a"}))
            above = below
    assert len(record.look_at_erasing(first)["gone"]) > 1_500


def test_an_inventory_that_still_names_an_erased_file_is_said_to(record: Record, tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    (tmp_path / "card/gate.txt").write_text("The gate was shut.")
    inventory, file = (str(row["item"]) for row in record.add([tmp_path / "card"], inventory=True))
    assert "under which name" in staying(record, file)[inventory]
    assert file not in staying(record, inventory)
