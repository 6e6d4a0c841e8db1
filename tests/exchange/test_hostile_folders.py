"""Folders that somebody else had in their hands: what does not fit is refused by name, and nothing of it is taken."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from onrecord.exchange import catalogue as catalogues
from onrecord.exchange import place as places
from onrecord.exchange import segment as segments
from onrecord.exchange.hello import Hello
from onrecord.exchange.ring import Ring
from onrecord.exchange.segment import Header, SegmentName, read_segment, segment_bytes
from onrecord.record.checkpoint import Signer, origin_of, verifier_key
from onrecord.record.entries import Draft, body_bytes, commitment, head_bytes
from onrecord.record.errors import ExchangeRefused
from onrecord.record.ids import mint
from onrecord.record.merkle import leaf_hash
from onrecord.store.sealing import new_identity
from tests.exchange.laptops import Laptop, a_stick

Team = Callable[..., list[Laptop]]


@pytest.fixture
def pair(team: Team, stick: Path) -> tuple[Laptop, Laptop]:
    """Two members; what the first sent, with a new thing, lies on the stick."""
    mira, noam = team("mira", "noam")
    mira.put({"kind": "actor", "id": "w", "names": ["Anna"]})
    mira.add("note.txt", "The gate was shut.")
    mira.send(stick)
    return mira, noam


def entries_of(laptop: Laptop) -> int:
    with laptop.record() as record:
        return int(record._store.db.connection.execute("SELECT count(*) FROM head").fetchone()[0])


def nothing_taken(laptop: Laptop, stick: Path, why: str) -> None:
    """The merge names the reason and leaves the record as it was."""
    before = entries_of(laptop)
    try:
        told = json.dumps(laptop.merge(stick)["missing"])
    except ExchangeRefused as wrong:
        told = str(wrong)
    assert why in told
    assert entries_of(laptop) == before
    assert laptop.verify()["problems"] == []


def test_an_altered_hello_is_refused(pair: tuple[Laptop, Laptop], stick: Path) -> None:
    mira, noam = pair
    hello = stick / mira.log / "hello.json"
    said = json.loads(hello.read_text())
    said["recipient"] = new_identity()[1]
    hello.write_text(json.dumps(said))
    nothing_taken(noam, stick, "its signature is not good")


@pytest.mark.parametrize("said", ["", "[]", "{}", "[" * 100_000, '{"format": "onrecord exchange 1"}', "\x00"])
def test_a_hello_that_is_none_is_refused(pair: tuple[Laptop, Laptop], stick: Path, said: str) -> None:
    mira, noam = pair
    (stick / mira.log / "hello.json").write_text(said)
    nothing_taken(noam, stick, "hello.json")


def test_a_huge_hello_is_not_read(pair: tuple[Laptop, Laptop], stick: Path) -> None:
    mira, noam = pair
    with (stick / mira.log / "hello.json").open("r+b") as file:
        file.truncate(1 << 40)
    nothing_taken(noam, stick, "larger than")


def test_a_part_under_another_writers_name_is_refused(pair: tuple[Laptop, Laptop], stick: Path) -> None:
    mira, noam = pair
    (stick / mira.log).rename(stick / ("a" * 16 + ".1"))
    nothing_taken(noam, stick, "another writer")


def test_a_known_log_under_another_key_is_refused(pair: tuple[Laptop, Laptop], stick: Path) -> None:
    mira, noam = pair
    with mira.record() as record:
        id = record.id
    forged(stick, id, mira.log, [])
    nothing_taken(noam, stick, "not the one that this record knows")


def test_an_altered_segment_gives_nothing_beyond_what_is_authentic(
    pair: tuple[Laptop, Laptop], stick: Path
) -> None:
    mira, noam = pair
    for path in (stick / mira.log).glob("*.seg"):
        data = bytearray(path.read_bytes())
        data[-20] ^= 1
        path.write_bytes(bytes(data))
    nothing_taken(noam, stick, "entries")


def test_links_pipes_and_folders_are_not_read(
    pair: tuple[Laptop, Laptop], stick: Path, tmp_path: Path
) -> None:
    mira, noam = pair
    (segment,) = (stick / mira.log).glob("*.seg")
    name = segment.name
    for put in (
        lambda: segment.symlink_to(segment.rename(tmp_path / name)),
        lambda: os.mkfifo(segment),
        lambda: segment.mkdir(),
    ):
        put()
        nothing_taken(noam, stick, "the file is missing")
        segment.rmdir() if segment.is_dir() else segment.unlink()


def test_a_part_that_is_a_link_is_passed_over(
    pair: tuple[Laptop, Laptop], stick: Path, tmp_path: Path
) -> None:
    mira, noam = pair
    shutil.move(stick / mira.log, tmp_path / "moved")
    (stick / mira.log).symlink_to(tmp_path / "moved")
    nothing_taken(noam, stick, "no laptop has sent anything")


def test_nothing_is_written_through_a_link_in_ones_own_part(
    pair: tuple[Laptop, Laptop], stick: Path, tmp_path: Path
) -> None:
    mira, _ = pair
    mira.add("video.mp4", b"\x00" * 2000)
    target = tmp_path / "target"
    target.mkdir()
    shutil.rmtree(stick / mira.log / "originals")
    (stick / mira.log / "originals").symlink_to(target)
    assert mira.send(stick)["missing"]
    assert not list(target.iterdir())


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "originals/../../x",
        "0-1.seg/../x",
        "others/../0-1.seg",
        "0-99999999999999.seg",
        "a\x00b",
    ],
)
def test_tricks_in_names_are_passed_over(pair: tuple[Laptop, Laptop], stick: Path, name: str) -> None:
    mira, noam = pair
    listed = stick / mira.log / "list.json"
    said = json.loads(listed.read_text())
    said["files"].append({"name": name, "size": 1})
    listed.write_text(json.dumps(said))
    assert noam.merge(stick)["missing"] == []
    assert noam.things() == mira.things()
    assert not places.is_file(name)


def test_an_older_state_of_a_part_changes_nothing(
    pair: tuple[Laptop, Laptop], stick: Path, tmp_path: Path
) -> None:
    mira, noam = pair
    shutil.copytree(stick, tmp_path / "older")
    mira.put({"kind": "actor", "id": "w", "names": ["Hana"], "reason": "misheard"})
    mira.send(stick)
    noam.merge(stick)
    before = noam.things()
    assert noam.merge(tmp_path / "older")["entries"] == 0
    assert noam.things() == before


def forged(
    stick: Path,
    record: str,
    log: str,
    to: list[str],
    segment: bytes | None = None,
    signer: Signer | None = None,
) -> None:
    """A part by somebody who made a key for it, and a ring for these recipients."""
    signer = signer or Signer(origin_of(record, log), Signer.new_seed())
    hello = Hello(record, log, verifier_key(signer.origin, signer.public), new_identity()[1], mint())
    folder = stick / log
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "hello.json").write_bytes(hello.to_bytes(signer))
    ring = Ring.fresh([*to, new_identity()[1]], "team")
    (folder / "ring.age").write_bytes(ring.to_bytes())
    if segment is not None:
        data = pyrage.encrypt(segment, [pyrage.x25519.Recipient.from_str(ring.recipient)])
        (folder / "0-0.seg").write_bytes(data)


def test_bodies_that_are_not_what_their_heads_commit_to_are_not_looked_into(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    with mira.record() as record:
        id = record.id
    for body in (
        '{"kind":"item"',
        '{"kind":"item","fields":{"sha256":"../../x","size":-1}}',
        '{"kind":"record"}',
    ):
        log = f"{mint()}.1"
        head = f'{{"class":"content","commit":"{"0" * 64}","log":"{log}","seq":0,"v":1}}'
        line = json.dumps({"body": body, "head": head, "salt": "00" * 32})
        signer = Signer(origin_of(id, log), Signer.new_seed())
        note = json.dumps({"note": signer.note(1, leaf_hash(head.encode())).decode()})
        vkey = verifier_key(signer.origin, signer.public)
        begun = Header(id, log, vkey, 0).to_bytes().decode()
        forged(stick, id, log, [recipient(mira)], zlib.compress(f"{begun}\n{line}\n{note}\n".encode()))
        nothing_taken(mira, stick, f"{log} entry 0")


def test_a_log_that_says_it_began_the_record_is_refused(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    log = f"{mint()}.1"
    with mira.record() as record:
        id = record.id
    signer = Signer(origin_of(id, log), Signer.new_seed())
    draft = Draft("record", id, {"format": 1, "record": id, "zone": "UTC"})
    body, salt = body_bytes(draft, mint(), 1), bytes(32)
    head = head_bytes(log, 0, "record", commitment(salt, body))
    line = json.dumps({"body": body.decode(), "head": head.decode(), "salt": salt.hex()})
    note = json.dumps({"note": signer.note(1, leaf_hash(head)).decode()})
    begun = Header(id, log, verifier_key(signer.origin, signer.public), 0).to_bytes().decode()
    forged(stick, id, log, [recipient(mira)], zlib.compress(f"{begun}\n{line}\n{note}\n".encode()))
    nothing_taken(mira, stick, "says that the record began there")


def recipient(laptop: Laptop) -> str:
    with laptop.record() as record:
        return record._store.keys.exchange_recipient()


def test_a_stranger_who_took_the_name_of_a_log_first_is_told_apart_from_its_owner(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    meeting, hana = a_stick(tmp_path, "meeting"), Laptop.empty(tmp_path, "hana")
    mira.send(meeting)
    device = hana.join(meeting)["device"]
    with noam.record() as record:
        id = record.id
    log, signer = hana.log, Signer(origin_of(id, hana.log), Signer.new_seed())
    vkey = verifier_key(signer.origin, signer.public)
    body, salt = (
        body_bytes(Draft("device", mint(), {"log": log, "person": mint(), "vkey": vkey}), mint(), 1),
        bytes(32),
    )
    head = head_bytes(log, 0, "device", commitment(salt, body))
    line = json.dumps({"body": body.decode(), "head": head.decode(), "salt": salt.hex()})
    note = json.dumps({"note": signer.note(1, leaf_hash(head)).decode()})
    begun = Header(id, log, vkey, 0).to_bytes().decode()
    forged(stick, id, log, [recipient(noam)], zlib.compress(f"{begun}\n{line}\n{note}\n".encode()), signer)
    assert [one["log"] for one in noam.merge(stick)["resting"]] == [log]
    mira.merge(meeting)
    mira.admit(device)
    mira.send(meeting)
    noam.merge(meeting)
    told = noam.merge(meeting)
    assert any("a stranger took the name" in one.get("why", "") for one in told["missing"])
    assert noam.verify()["problems"] == []


def test_a_segment_that_unpacks_without_end_is_refused(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    with mira.record() as record:
        id = record.id
    bomb = zlib.compress(b"{" * (segments.LARGEST * 2), 9)
    forged(stick, id, f"{mint()}.1", [recipient(mira)], bomb)
    nothing_taken(mira, stick, "MB of memory")


def test_a_segment_that_is_no_segment_is_refused(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    with mira.record() as record:
        id = record.id
    for junk, why in (
        (b"not compressed", "compressed"),
        (zlib.compress(b""), "empty"),
        (zlib.compress(b"[]\n"), "first line"),
        (zlib.compress(b'{"format":"onrecord segment 1"}\n'), "first line"),
        (zlib.compress(b"[" * 100_000 + b"\n"), "first line"),
    ):
        forged(stick, id, log := f"{mint()}.1", [recipient(mira)], junk)
        nothing_taken(mira, stick, "0-0.seg: ")
        nothing_taken(mira, stick, why)
        shutil.rmtree(stick / log)


def test_lists_that_together_would_fill_the_memory_are_refused(
    pair: tuple[Laptop, Laptop], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, noam = pair
    with mira.record() as record:
        id = record.id
    monkeypatch.setattr(catalogues, "MOST_NAMES", 1_000)
    swollen = "a" * 16 + ".1"
    for log, of in (("b" * 16 + ".1", mint()), (swollen, id)):
        forged(stick, of, log, [])
        files = [{"name": f"{at}-{at}.seg", "size": at} for at in range(900)]
        stated = {"files": files, "format": "onrecord list 1", "notes": {}}
        (stick / log / "list.json").write_text(json.dumps(stated))
        if log != swollen:
            assert noam.merge(stick)["entries"] > 0  # another record's is not held
    for at in range(120):
        (stick / swollen / f"{at}-{at}.seg").touch()
    nothing_taken(noam, stick, f"too many files, most of them in {swollen}")


def test_thousands_of_parts_that_nobody_knows_are_left(team: Team, stick: Path) -> None:
    (mira,) = team("mira")
    with mira.record() as record:
        id = record.id
    for _ in range(60):
        forged(stick, id, f"{mint()}.1", [recipient(mira)])
    nothing_taken(mira, stick, "nobody here knows")
    for _ in range(places.MOST_PREFIXES):
        (stick / f"{mint()}.1").mkdir()
    nothing_taken(mira, stick, "more than the 1,000")


def test_a_segment_says_of_which_record_log_and_place_it_is() -> None:
    identity, to = new_identity()
    record, log = mint(), f"{mint()}.1"
    data = segment_bytes(Header(record, log, "k", 0), [b'{"head":"h"}'], to)
    keys = [pyrage.x25519.Identity.from_str(identity)]
    for other, name in (
        (mint(), SegmentName(log, 0, 0)),
        (record, SegmentName(f"{mint()}.1", 0, 0)),
        (record, SegmentName(log, 1, 1)),
    ):
        with pytest.raises(ValueError, match="first line"):
            read_segment(_source(data), keys, other, name)
    assert len(read_segment(_source(data), keys, record, SegmentName(log, 0, 0)).lines) == 1
    assert read_segment(_source(data), keys, record, SegmentName(log, 0, 3)).broken


def _source(data: bytes) -> places.Source:
    from io import BytesIO

    return BytesIO(data)
