"""ZIP: its members come out as they went in, and what its makers did wrong, or meant to, costs as little as can be."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.archives.bounds import MOST_MEMBERS
from tests.intake.archives.taken import taken
from tests.samples.raw_zip import (
    Part,
    deflated,
    end,
    header,
    listed,
    locked,
    locked_aes,
    overlapping,
    raw_zip,
)

WEIR = b"The weir was opened at noon.\n"
GATE = "השער נסגר.\n".encode()
FORD = "المخاضة كانت جافة.\n".encode()


def zipped(members: dict[str, bytes], **settings: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", settings.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_members_come_out_as_they_went_in(compression: int) -> None:
    members = {"weir.txt": WEIR, "مخاضة/ford.txt": FORD, "שער.txt": GATE * 50_000, "empty": b""}
    found = taken("zip", zipped(members, compression=compression))
    assert dict(found.members) == members
    assert not found.refused and not found.notes
    assert found.largest_chunk <= 1 << 18


def test_folders_are_no_members_and_names_are_kept_as_written() -> None:
    names = ["a/", "a/../../x", "/etc/x", "C:\\x", "a\u202egpj.txt", "a/b"]
    found = taken(
        "zip", raw_zip([Part(name.encode(), b"" if name == "a/" else WEIR, flags=0x800) for name in names])
    )
    assert [name for name, _ in found.members] == names[1:]


def test_it_says_when_it_was_written_and_what_it_says_of_itself() -> None:
    utc = struct.pack("<HHBl", 0x5455, 5, 1, 1_400_000_000)
    found = taken("zip", raw_zip([Part(b"weir", WEIR, extra=utc, system=3)], comment="תיק السد".encode()))
    assert found.about["weir"] == {"modified": "2014-05-15T13:45:20", "modified_utc": "2014-05-13T16:53:20Z"}
    assert found.observed == {"members": "1", "comment": "תיק السد", "made on": "Unix"}


def test_two_members_of_one_name_both_come_out() -> None:
    found = taken("zip", raw_zip([Part(b"weir", WEIR), Part(b"weir", GATE)]))
    assert found.members == [("weir", WEIR), ("weir", GATE)]


@pytest.mark.parametrize(
    ("raw", "flags", "extra", "expected"),
    [
        ("السد.txt".encode(), 0, b"", "السد.txt"),
        ("התצפית ליד השער.txt".encode("cp862"), 0, b"", "התצפית ליד השער.txt"),
        ("התצפית ליד השער.txt".encode("cp1255"), 0, b"", "התצפית ליד השער.txt"),
        ("تقرير عن المخاضة.txt".encode("cp1256"), 0, b"", "تقرير عن المخاضة.txt"),
        (b"\xff\xfe\x80", 0x800, b"", None),
    ],
    ids=["utf-8 unsaid", "hebrew of dos", "hebrew of windows", "arabic of windows", "says utf-8 and is not"],
)
def test_names_in_other_encodings_are_told_by_their_letters_and_their_bytes_kept(
    raw: bytes, flags: int, extra: bytes, expected: str | None
) -> None:
    found = taken("zip", raw_zip([Part(raw, WEIR, flags=flags, extra=extra)]))
    ((name, content),) = found.members
    assert content == WEIR
    assert expected is None or name == expected
    plain = raw == (expected or "").encode()
    assert ("name_bytes" in found.about[name]) != plain
    assert ("names of files inside" in found.notes) != plain


def test_the_field_for_a_name_in_unicode_counts_where_it_belongs_to_the_name() -> None:
    def field(crc: int) -> bytes:
        name = "سد.txt".encode()
        return struct.pack("<HHBL", 0x7075, 5 + len(name), 1, crc) + name

    from zlib import crc32

    ours = Part(b"??.txt", WEIR, extra=field(crc32(b"??.txt")))
    other = Part(b"!!.txt", WEIR, extra=field(crc32(b"??.txt")))
    assert [name for name, _ in taken("zip", raw_zip([ours, other])).members] == ["سد.txt", "!!.txt"]


@pytest.mark.parametrize("make", [locked, locked_aes], ids=["old cipher", "AES"])
def test_locked_members_open_with_their_password_only(make: object) -> None:
    archive = raw_zip([make(b"weir", WEIR * 900, b"the ford"), Part(b"open", GATE)])  # type: ignore[operator]
    assert taken("zip", archive).refused == [("weir", "it is locked with a password")]
    assert taken("zip", archive, password="the gate").refused == [
        ("weir", "the password given does not open it")
    ]
    found = taken("zip", archive, password="the ford")
    assert found.members == [("weir", WEIR * 900), ("open", GATE)]


def test_the_old_cipher_is_that_of_other_programs() -> None:
    archive = zipfile.ZipFile(io.BytesIO(raw_zip([locked(b"weir", WEIR, b"the ford")])))
    assert archive.read("weir", pwd=b"the ford") == WEIR


def test_a_changed_byte_in_what_aes_locks_is_found() -> None:
    part = locked_aes(b"weir", WEIR, b"the ford")
    packed = bytearray(part.bytes_packed)
    packed[-12] ^= 1
    spoiled = Part(**{**part.__dict__, "packed": bytes(packed)})
    found = taken("zip", raw_zip([spoiled]), password="the ford")
    assert not found.members and "damaged" in found.refused[0][1]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (stat.S_IFLNK, "it is a link"),
        (stat.S_IFIFO, "it is not a file but a pipe, device or socket"),
        (stat.S_IFCHR, "it is not a file but a pipe, device or socket"),
    ],
)
def test_links_and_devices_are_skipped(mode: int, reason: str) -> None:
    special = Part(b"weir", b"/etc/passwd", system=3, attributes=(mode | 0o777) << 16)
    assert taken("zip", raw_zip([special])).refused == [("weir", reason)]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (Part(b"weir", WEIR, crc=1), "it is damaged: its checksum is wrong"),
        (Part(b"weir", WEIR * 99, size=10), "it unpacks to more than the archive says"),
        (Part(b"weir", WEIR, size=1000), "it breaks off before its end"),
        (Part(b"weir", WEIR, packed=deflated(WEIR)[:-4]), "it breaks off before its end"),
        (Part(b"weir", WEIR, packed=b"\xff" * 30), "it is damaged and cannot be unpacked"),
        (Part(b"weir", WEIR, method=93), "it is packed in a way that is not read here (method 93)"),
        (Part(b"weir", WEIR, method=14), "it is damaged and cannot be unpacked"),
        (Part(b"weir", WEIR, at=3), "what the list says of its place is wrong: no file begins there"),
        (Part(b"weir", WEIR, at=2**31), "what the list says of its place is wrong: no file begins there"),
    ],
)
def test_a_member_that_is_not_what_is_said_of_it_is_refused_and_the_next_comes_out(
    part: Part, reason: str
) -> None:
    found = taken("zip", raw_zip([part, Part(b"gate", GATE)]))
    assert found.refused == [("weir", reason)]
    assert found.members == [("gate", GATE)]


def test_members_that_lie_over_each_other_are_taken_once() -> None:
    archive = overlapping(40, bytes(100_000))
    with zipfile.ZipFile(io.BytesIO(archive)) as other:
        assert len(other.namelist()) == 40
        assert other.getinfo("000039").file_size == 100_000
    found = taken("zip", archive)
    assert [name for name, _ in found.members] == ["000000"]
    assert {reason for _, reason in found.refused} == {"it lies over another member"}
    assert len(found.refused) == 39


@pytest.mark.parametrize("size", [0xFFFF_FFFE, 2**40])
def test_an_archive_that_would_unpack_to_too_much_is_not_unpacked(size: int) -> None:
    wide = struct.pack("<HHQ", 1, 8, size)
    part = (
        Part(b"weir", WEIR, size=0xFFFF_FFFF, extra=wide) if size >= 2**32 else Part(b"weir", WEIR, size=size)
    )
    found = taken("zip", raw_zip([part]), name="archive.zip")
    assert not found.members
    ((name, reason),) = found.refused
    assert name == "archive.zip" and reason.startswith(
        f"it would unpack to {'4.3 GB' if size < 2**32 else '1.1 TB'}"
    )
    assert reason in found.notes


def test_a_large_archive_says_its_sizes_in_further_fields() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, archive.open("weir", "w", force_zip64=True) as member:
        member.write(WEIR)
    assert taken("zip", made.getvalue()).members == [("weir", WEIR)]
    parts = [Part(b"weir", WEIR)]
    listing = listed(parts[0], 0)
    body = header(parts[0]) + parts[0].bytes_packed
    numbers = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(listing), len(body))
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body) + len(listing), 1)
    wide = body + listing + numbers + locator + end(0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)
    assert taken("zip", wide).members == [("weir", WEIR)]


def test_more_members_than_are_taken_are_said() -> None:
    body = header(Part(b"", b"")) + Part(b"", b"").bytes_packed
    listing = listed(Part(b"", b""), 0) * (MOST_MEMBERS + 1)
    found = taken("zip", body + listing + end(MOST_MEMBERS + 1, len(listing), len(body)))
    assert len(found.members) + len(found.refused) == MOST_MEMBERS
    assert "more than 100,000 members: the rest is not taken out" in found.notes


def test_what_stands_before_and_after_an_archive_is_said() -> None:
    found = taken("zip", raw_zip([Part(b"weir", WEIR)], before=b"MZ" * 500) + b"tail")
    assert found.members == [("weir", WEIR)]
    assert "1.0 kB stand before the archive" in found.notes and "4 bytes stand after" in found.notes


def test_a_list_that_breaks_off_gives_what_it_names() -> None:
    one, two = Part(b"weir", WEIR), Part(b"gate", GATE)
    body = header(one) + one.bytes_packed + header(two) + two.bytes_packed
    listing = listed(one, 0) + b"\0" * len(listed(two, 0))
    found = taken("zip", body + listing + end(2, len(listing), len(body)))
    assert found.members == [("weir", WEIR)]
    assert "the list of its members breaks off" in found.notes


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_that_was_cut_off_gives_what_came_before(compression: int) -> None:
    whole = zipped({"weir": WEIR * 40, "سد": FORD * 40, "gate": GATE * 400}, compression=compression)
    cut = whole.index(b"gate") + 30
    found = taken("zip", whole[:cut])
    assert found.members == [("weir", WEIR * 40), ("سد", FORD * 40)]
    assert [name for name, _ in found.refused] == ["gate"]
    assert "the list of its members is missing" in found.notes


def test_an_archive_written_to_a_pipe_and_cut_off_gives_what_came_before() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    made = Pipe()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("weir", WEIR), ("gate", GATE)):
            archive.writestr(name, content)
    whole = made.getvalue()
    found = taken("zip", whole[: whole.index(b"PK\x01\x02")])
    assert found.members == [("weir", WEIR), ("gate", GATE)]


@given(st.binary(max_size=200), st.integers(0, 600), st.integers(0, 600))
def test_no_damage_raises_and_nothing_comes_out_that_did_not_go_in(noise: bytes, at: int, cut: int) -> None:
    whole = raw_zip([Part(b"weir", WEIR), Part(b"gate", GATE, method=0), Part(b"ford", FORD)])
    found = taken("zip", whole[:at] + noise + whole[at + len(noise) : len(whole) - cut])
    assert all(isinstance(name, str) for name, _ in found.members)


@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=300)), max_size=6))
def test_any_names_and_bytes_come_out_as_they_went_in(members: list[tuple[str, bytes]]) -> None:
    parts = [Part(_utf8(name) + b"-", content, flags=0x800) for name, content in members]
    found = taken("zip", raw_zip(parts))
    assert [content for _, content in found.members] == [content for _, content in members]


def _utf8(name: str) -> bytes:
    return name.encode("utf-8", "replace")
