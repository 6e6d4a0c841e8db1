"""TAR, bare and compressed, and single compressed files: read once from front to back, and never beyond what is allowed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.archives.taken import taken

WEIR = b"The weir was opened at noon.\n"
GATE = "השער נסגר.\n".encode()
FORD = "المخاضة كانت جافة.\n".encode()
MEMBERS = {"weir.txt": WEIR, "مخاضة/ford.txt": FORD * 40_000, "שער.txt": GATE}
PACKERS = {"bare": bytes, "gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


def tarred(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT, **more: object) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_400_000_000
            for field, value in more.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("packer", PACKERS)
def test_members_come_out_as_they_went_in(packer: str, form: int) -> None:
    found = taken("tar", PACKERS[packer](tarred(MEMBERS, form)), "archive.tar.gz")
    assert dict(found.members) == MEMBERS and not found.refused and not found.notes
    assert found.about["weir.txt"] == {"modified_utc": "2014-05-13T16:53:20Z"}
    assert found.observed["members"] == "3"
    assert found.observed.get("compressed with", "bare") == packer
    assert found.largest_chunk <= 1 << 18


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "C:\\x", "a" * 300 + "/b", "a\u202egpj.txt"])
def test_names_are_kept_as_written(name: str) -> None:
    assert taken("tar", tarred({name: WEIR})).members == [(name, WEIR)]


def test_a_name_that_is_not_utf8_is_told_by_its_letters_and_its_bytes_kept() -> None:
    raw = "التقرير عن المخاضة.txt".encode("cp1256")
    content = tarred({"x" * len(raw): WEIR}, tarfile.USTAR_FORMAT)
    header = bytearray(content[:512].replace(b"x" * len(raw), raw))
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:]))
    found = taken("tar", bytes(header) + content[512:])
    assert found.members == [("التقرير عن المخاضة.txt", WEIR)]
    assert "name_bytes" in found.about["التقرير عن المخاضة.txt"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (tarfile.SYMTYPE, "it is a link"),
        (tarfile.LNKTYPE, "it is a link"),
        (tarfile.FIFOTYPE, "it is not a file but a pipe, device or socket"),
        (tarfile.CHRTYPE, "it is not a file but a pipe, device or socket"),
    ],
)
def test_links_and_devices_are_skipped_and_folders_are_no_members(kind: bytes, reason: str) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, its_kind in (("a", kind), ("folder", tarfile.DIRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = its_kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("weir")
        info.size = len(WEIR)
        archive.addfile(info, io.BytesIO(WEIR))
    found = taken("tar", made.getvalue())
    assert found.refused == [("a", reason)] and found.members == [("weir", WEIR)]


@pytest.mark.parametrize(
    ("pack", "ending"), [(gzip.compress, ".gz"), (bz2.compress, ".bz2"), (lzma.compress, ".xz")]
)
def test_a_file_compressed_alone_is_one_member_named_without_the_ending(
    pack: Callable[[bytes], bytes], ending: str
) -> None:
    content = pack(WEIR) + pack(GATE * 90_000)
    found = taken("tar", content, "notes.txt" + ending)
    assert found.members == [("notes.txt", WEIR + GATE * 90_000)]
    assert taken("tar", content, "").members[0][0] == "unnamed"


def test_what_gzip_says_of_its_file_is_kept() -> None:
    made = io.BytesIO()
    with gzip.GzipFile("السد.txt".encode(), "wb", fileobj=made, mtime=1_400_000_000) as packed:
        packed.write(WEIR)
    found = taken("tar", made.getvalue(), "weir.gz")
    assert found.about["weir"] == {"modified_utc": "2014-05-13T16:53:20Z", "named": "السد.txt"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_one_that_breaks_off_is_refused_and_one_with_a_tail_says_so(pack: Callable[[bytes], bytes]) -> None:
    whole = pack(bytes(range(256)) * 40)
    found = taken("tar", whole[:-9], "notes.gz")
    assert not found.members and found.refused == [("notes", "it breaks off before its end")]
    found = taken("tar", whole + b"tail", "notes.gz")
    assert found.members and found.notes == "bytes that are not compressed stand at its end"


@pytest.mark.parametrize("packer", PACKERS)
def test_of_an_archive_that_breaks_off_comes_what_stands_before(packer: str) -> None:
    noise = bytes(hash((packer, at)) & 0xFF for at in range(90_000))
    whole = PACKERS[packer](tarred({"weir": WEIR, "noise": noise, "gate": GATE}))
    found = taken("tar", whole[: len(whole) * 6 // 10], "a.tar.gz")
    assert found.members[:1] == ([] if packer == "bzip2" else [("weir", WEIR)])
    assert [name for name, _ in found.refused] == ["a.tar" if packer == "bzip2" else "noise"]
    assert "breaks off" in found.refused[0][1]


def test_a_member_that_states_too_much_is_skipped() -> None:
    made = io.BytesIO()
    info = tarfile.TarInfo("endless")
    info.size = 2**62
    made.write(info.tobuf(tarfile.GNU_FORMAT))
    found = taken("tar", made.getvalue() + bytes(4096))
    assert found.refused == [("endless", "it would unpack to 4.6 EB, from 4.6 kB")]


def test_a_header_that_states_too_much_ends_the_reading_only() -> None:
    info = tarfile.TarInfo("weir")
    info.type, info.size = tarfile.XHDTYPE, 2**40
    found = taken("tar", tarred({"first": WEIR})[:1024] + info.tobuf(tarfile.GNU_FORMAT) + bytes(4096))
    assert found.members == [("first", WEIR)]
    assert "after 1 members" in found.notes


def test_holes_come_out_as_zeros() -> None:
    content = tarred(
        {"x": b"ab" * 256},
        tarfile.PAX_FORMAT,
        pax_headers={
            "GNU.sparse.map": "0,256,1000000,256",
            "GNU.sparse.size": "1000256",
            "GNU.sparse.name": "holes",
        },
    )
    ((_, read),) = taken("tar", content).members
    assert len(read) == 1_000_256 and read.strip(b"\0").startswith(b"ab")


def test_more_than_is_allowed_stops_where_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    from onrecord.intake.archives import bounds

    monkeypatch.setattr(bounds, "RATIO_MATTERS_FROM", 1_000_000)
    zeros = gzip.compress(bytes(3_000_000))
    found = taken("tar", zeros, "zeros.gz")
    assert found.refused == [("zeros", "its archive unpacks to more than 2.9 MB")]
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    assert taken("tar", bomb, "bomb.gz").members, "one layer is unpacked at a time"


@given(st.binary(max_size=100), st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(sorted(PACKERS)))
def test_no_damage_raises(noise: bytes, at: int, cut: int, packer: str) -> None:
    whole = PACKERS[packer](tarred({"weir": WEIR, "gate": GATE}))
    taken("tar", whole[:at] + noise + whole[at + len(noise) : len(whole) - cut], "a.tar")
