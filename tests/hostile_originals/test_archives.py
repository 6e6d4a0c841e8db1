"""Archives made to overwhelm, to reach outside, or to hold themselves."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
from pathlib import Path

import pytest

from onrecord.writing.adding import arriving
from onrecord.writing.adding.arriving import DEEPEST
from tests.hostile_originals.taking import Taking, names
from tests.samples.archives import zipped
from tests.samples.raw_zip import Part, deflated, overlapping, raw_zip

GATE = "השער נסגר.\n".encode()
MEGABYTE = 1000**2


def test_a_flat_bomb_is_kept_and_nothing_of_it_is_unpacked(taking: Taking) -> None:
    zeros = deflated(bytes(50 * MEGABYTE))
    parts = [Part(b"%d" % number, packed=zeros, size=50 * MEGABYTE, crc=0) for number in range(60)]
    own, inside = taking.one("bomb.zip", raw_zip(parts))
    assert own["status"] == "added"
    assert [line["reason"] for line in inside] == ["it would unpack to 3.0 GB, from 2.9 MB"]


def test_a_bomb_that_lies_about_its_sizes_gives_no_more_than_it_says(taking: Taking) -> None:
    zeros = deflated(bytes(300 * MEGABYTE))
    own, inside = taking.one(
        "bomb.zip", raw_zip([Part(b"a", packed=zeros, size=100, crc=0), Part(b"gate", GATE)])
    )
    assert own["status"] == "added"
    told = {line["path"].rsplit("/", 1)[-1]: line["reason"] for line in inside}
    assert told == {"a": "it unpacks to more than the archive says", "gate": None}


def test_a_bomb_of_members_over_each_other_gives_one(taking: Taking) -> None:
    _, inside = taking.one("bomb.zip", overlapping(200, bytes(MEGABYTE)))
    assert [line["status"] for line in inside].count("added") == 1
    assert len([line for line in inside if line["reason"] == "it lies over another member"]) == 199


@pytest.fixture
def small_allowance(monkeypatch: pytest.MonkeyPatch) -> int:
    """Bounds that a test reaches soon."""
    monkeypatch.setattr(arriving, "ALWAYS_BYTES", 20 * MEGABYTE)
    monkeypatch.setattr(arriving, "TIMES_ITS_SIZE", 1)
    return 20 * MEGABYTE


def test_a_bomb_of_archives_in_archives_ends_where_its_allowance_ends(
    taking: Taking, small_allowance: int
) -> None:
    """As 42.zip: each layer is innocent, and all of them together are not."""
    layer = zipped({f"{number}": bytes(3 * MEGABYTE) + bytes([number]) for number in range(4)})
    for _ in range(3):
        layer = zipped({f"{number}.zip": layer + bytes([number]) * 2 for number in range(4)})
    own, inside = taking.one("bomb.zip", layer)
    assert own["status"] == "added"
    assert any(
        "unpacks to far more than its own size" in note for line in inside for note in line.get("notes", ())
    )
    assert sum(line["size"] or 0 for line in inside) <= small_allowance


def test_a_bomb_of_gzip_ends_where_its_allowance_ends(taking: Taking, small_allowance: int) -> None:
    own, inside = taking.one("bomb.gz", gzip.compress(bytes(8 * MEGABYTE)) * 3)
    assert own["status"] == "added"
    assert any("unpacks to far more than its own size" in note for note in own["notes"])
    assert not inside


def test_archives_fifty_deep_are_unpacked_as_deep_as_is_said(taking: Taking) -> None:
    layer = GATE
    for number in range(50):
        layer = zipped({f"{number}.zip" if number else "gate.txt": layer})
    own, inside = taking.one("deep.zip", layer)
    assert own["status"] == "added"
    assert names(inside)[:DEEPEST] == [f"{number}.zip" for number in range(49, 49 - DEEPEST, -1)]
    assert len([line for line in inside if line["status"] == "added"]) == DEEPEST
    assert any("deep" in note for line in inside for note in line.get("notes", ()))


def test_an_archive_that_holds_itself_is_one_original(taking: Taking) -> None:
    """Its member is cut out of the archive itself: as many bytes as there are, and the same ones from the start."""
    first = raw_zip([Part(b"self.zip", method=0)])
    whole = first
    for _ in range(3):
        whole = raw_zip([Part(b"self.zip", whole, method=0)])
    own, inside = taking.one("self.zip", whole)
    assert own["status"] == "added" and len(inside) <= 4


@pytest.mark.parametrize(
    "name", ["../../escaped", "/tmp/escaped", "C:\\escaped", "a/../../../escaped", "..", "~/escaped"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_no_name_leads_out_of_the_record(taking: Taking, tmp_path: Path, name: str, kind: str) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(GATE)
        archive.addfile(info, io.BytesIO(GATE))
    before = {path for path in tmp_path.rglob("*") if "record" not in path.parts}
    content = made.getvalue() if kind == "tar" else raw_zip([Part(name.encode(), GATE)])
    _, inside = taking.one(f"a.{kind}", content)
    assert [line["path"] for line in inside] == [str(taking.folder / f"a.{kind}") + "/" + name]
    assert inside[0]["status"] == "added"
    after = {path for path in tmp_path.rglob("*") if "record" not in path.parts}
    assert after - before <= {taking.folder, taking.folder / f"a.{kind}", taking.folder / "beside.txt"}
    assert not Path("/tmp/escaped").exists()


def test_links_and_devices_in_archives_are_refused_by_name(taking: Taking) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("device", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    link = Part(b"soft", b"/etc/passwd", system=3, attributes=(stat.S_IFLNK | 0o777) << 16)
    lines = taking({"a.tar": made.getvalue(), "a.zip": raw_zip([link])})
    refused = {
        line["path"].removeprefix(str(taking.folder)): line["reason"] for line in lines if line["reason"]
    }
    special = "it is not a file but a pipe, device or socket"
    assert refused == {
        "/a.tar/soft": "it is a link",
        "/a.tar/hard": "it is a link",
        "/a.tar/device": special,
        "/a.zip/soft": "it is a link",
    }


def test_a_locked_archive_says_so_of_each_member(taking: Taking) -> None:
    from tests.samples.raw_zip import locked

    _, inside = taking.one("a.zip", raw_zip([locked(b"weir", GATE, b"ford"), Part(b"gate", GATE)]))
    assert {line["reason"] for line in inside} == {None, "it is locked with a password"}


def test_an_empty_member_is_refused_as_an_empty_file_is(taking: Taking) -> None:
    _, inside = taking.one("a.zip", zipped({"empty": b"", "gate": GATE}))
    assert sorted((line["path"].rsplit("/")[-1], line["status"]) for line in inside) == [
        ("empty", "refused"),
        ("gate", "added"),
    ]


@pytest.mark.slow
def test_ten_thousand_members_come_in(taking: Taking) -> None:
    parts = [Part(b"%06d" % number, b"weir %06d" % number, method=0) for number in range(10_000)]
    own, inside = taking.one("many.zip", raw_zip(parts))
    assert own["status"] == "added"
    assert len([line for line in inside if line["status"] == "added"]) == 10_000


def test_sixty_members_come_in(taking: Taking) -> None:
    parts = [Part(b"%06d" % number, b"weir %06d" % number, method=0) for number in range(60)]
    _, inside = taking.one("many.zip", raw_zip(parts))
    assert len([line for line in inside if line["status"] == "added"]) == 60
