"""What lies inside something else, and what originals state, on further laptops: made there too, and bound as here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from tests.erasing.traces import traces
from tests.exchange.laptops import Laptop, a_stick, a_team, exchange

FIELDS = ("sha256", "size", "media_type", "name")
OPEN = dict.fromkeys(("media", "court", "words", "image"), "yes")


def picture(author: str) -> bytes:
    stated, content = Image.Exif(), io.BytesIO()
    stated[0x013B] = author
    Image.effect_noise((64, 64), 90).convert("RGB").save(content, "JPEG", exif=stated)
    return content.getvalue()


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for path, data in members.items():
            made.writestr(path, data)
    return content.getvalue()


def taken(laptop: Laptop, name: str, content: bytes) -> list[str]:
    place = laptop.place / name
    place.write_bytes(content)
    with laptop.record() as record:
        return [str(row["item"]) for row in record.add([place])]


def test_what_originals_state_and_their_fingerprints_are_made_where_they_arrive(tmp_path: Path) -> None:
    first, second = a_team(tmp_path, "mira", "omar")
    container, member = taken(first, "a.zip", archive(**{"gate.jpg": picture("Noor")}))
    exchange([first, second], a_stick(tmp_path, "stick"))
    with second.record() as record:
        told = record.get(member)
        assert {"Noor"} <= {fact["value"] for fact in told["observed"]}
        assert record.get(container)["members"] == [member]
        assert record._store.fingerprints.of(told["sha256"])


def test_terms_over_a_container_bind_on_another_laptop_too(tmp_path: Path) -> None:
    first, second = a_team(tmp_path, "mira", "omar")
    container, member = taken(first, "a.zip", archive(**{"gate.txt": b"The gate was shut."}))
    first.put(
        {"kind": "terms", "over": [member], "agreed_with": "a person", "uses": OPEN},
        {"kind": "terms", "over": [container], "agreed_with": "a person", "uses": {"court": "no"}},
    )
    exchange([first, second], a_stick(tmp_path, "stick"))
    with second.record() as record:
        assert record.prove(member, tmp_path / "proof.json")["refused"]
        assert record.custody(member, tmp_path / "report.html")["refused"]


def written(laptop: Laptop, item: str, *changed: dict[str, Any]) -> list[str]:
    """Items that no `add` would write, beside a true one: their ids."""
    with laptop.record() as record:
        base = {name: value for name, value in record.get(item).items() if name in FIELDS}
        ids = [mint() for _ in changed]
        with record._store.writing() as writer:
            for id, fields in zip(ids, changed, strict=True):
                told = {
                    name: ids[value] if isinstance(value, int) else value for name, value in fields.items()
                }
                writer.append(Draft("item", id, {**base, **told}))
        return ids


def test_items_that_lie_in_each_other_in_people_or_in_nothing_stop_no_command(tmp_path: Path) -> None:
    first, second = a_team(tmp_path, "mira", "omar")
    item = first.add("gate.txt", "The gate was shut.")
    (person,) = (row["id"] for row in first.put({"kind": "actor", "id": "p", "names": ["Noor"]}))
    odd = written(
        first,
        item,
        {"inside": 1, "member": "../../up\x1b[31m"},
        {"inside": 0, "member": "a"},
        {"inside": person, "member": "a"},
        {"inside": "z" * 16},
        {"inside": 4, "clock": "noon", "unreadable": "all"},
        {"clock": {"shown": "5", "right": ["x"]}, "unreadable": ["a", {"from": "b", "to": None}]},
    )
    first.put({"kind": "terms", "over": odd, "agreed_with": "a person", "uses": OPEN})
    exchange([first, second], a_stick(tmp_path, "stick"))
    with second.record() as record:
        assert {row["item"] for row in record.items()} >= set(odd)
        for n, id in enumerate(odd):
            assert record.get(id)["id"] == id and record.history(id) and record.look_at_erasing(id)["gone"]
            for audience in ("team", "court"):
                record.custody(id, tmp_path / f"{audience}-{n}.html", audience)
            record.prove(id, tmp_path / f"{n}.json")
        record.rebuild()
        assert record.verify()["ok"]


def test_a_layer_made_by_a_choice_stays_under_the_quotes_where_it_arrives(tmp_path: Path) -> None:
    first, second = a_team(tmp_path, "mira", "omar")
    item = first.add("letter.txt", "قالت نور إن البوابة كانت مغلقة".encode("cp1256"))
    with first.record() as record:
        record.read(item, encoding="cp1255")
        words = record.text(item)["text"].split()[0]
        layer = record.text(item)["layer"]
        passage = record.mark(item, words)["passage"]
    exchange([first, second], a_stick(tmp_path, "stick"))
    with second.record() as record:
        quoted = record.get(passage)
        assert quoted["layer"] == layer
        assert record._store.layers.text(layer)[quoted["start"] : quoted["end"]] == words
        assert record.verify()["ok"]


def test_an_erasure_that_is_accepted_takes_what_was_made_of_a_member_there_too(tmp_path: Path) -> None:
    first, second = a_team(tmp_path, "mira", "omar")
    container, member = taken(first, "a.zip", archive(**{"zebulonika.jpg": picture("Zebulonika")}))
    stick = a_stick(tmp_path, "stick")
    exchange([first, second], stick)
    original = str(second.get(member)["sha256"])
    with first.record() as record:
        record.erase([container], "she is in danger", ["Noam, editor", "Dalia, legal"])
    exchange([first, second], stick)
    with second.record() as record:
        record.accept_erasure("all")
        assert record._store.observed.of(original) == [] and record._store.fingerprints.of(original) == []
    assert traces(second.path, "Zebulonika", "zebulonika") == []
