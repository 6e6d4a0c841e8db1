"""7z: read block by block with the parts of py7zr that neither write files nor start threads."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import reload
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.archives import seven_zip
from tests.intake.archives.taken import taken

py7zr = pytest.importorskip("py7zr")
WEIR = b"The weir was opened at noon.\n"
GATE = "השער נסגר.\n".encode()
FORD = "المخاضة كانت جافة.\n".encode()
MEMBERS = {"weir.txt": WEIR, "مخاضة/ford.txt": FORD * 40_000, "שער.txt": GATE, "empty": b""}


def packed(members: dict[str, bytes], **settings: Any) -> bytes:
    made = io.BytesIO()
    with py7zr.SevenZipFile(made, "w", **settings) as archive:
        for name, content in members.items():
            archive.writestr(content, name)
    return made.getvalue()


@pytest.mark.parametrize(
    "filters",
    [
        [{"id": py7zr.FILTER_LZMA2, "preset": 3}],
        [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 3}],
        [{"id": py7zr.FILTER_LZMA}],
        [{"id": py7zr.FILTER_BZIP2}],
        [{"id": py7zr.FILTER_DEFLATE}],
        [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 20}],
        [{"id": py7zr.FILTER_ZSTD}],
        [{"id": py7zr.FILTER_COPY}],
    ],
    ids=["lzma2", "x86 and lzma2", "lzma", "bzip2", "deflate", "ppmd", "zstd", "copied"],
)
def test_members_of_a_solid_block_come_out_as_they_went_in(filters: Sequence[Any]) -> None:
    found = taken("7z", packed(MEMBERS, filters=filters))
    assert dict(found.members) == MEMBERS and not found.refused and not found.notes
    assert found.observed["members"] == "4"
    assert found.largest_chunk <= 1 << 18


def test_locked_members_open_with_their_password_only() -> None:
    archive = packed(MEMBERS, password="the ford")
    found = taken("7z", archive)
    assert {reason for _, reason in found.refused} == {"it is locked with a password"}
    assert not found.members
    assert dict(taken("7z", archive, password="the ford").members) == MEMBERS
    wrong = taken("7z", archive, password="the gate")
    assert wrong.refused[0] == ("weir.txt", "the password given does not open it")
    assert len(wrong.refused) + len(wrong.members) == 4


def test_one_whose_list_is_locked_says_so() -> None:
    archive = packed(MEMBERS, password="the ford", header_encryption=True)
    found = taken("7z", archive)
    assert found.reading and found.reading.why_none == "it is locked with a password"
    assert dict(taken("7z", archive, password="the ford").members) == MEMBERS
    wrong = taken("7z", archive, password="the gate").reading
    assert wrong and wrong.why_none == "the password given does not open it"


def test_links_are_skipped_and_what_lies_behind_them_comes_out(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/etc/passwd")
    (tmp_path / "b").write_bytes(WEIR)
    made = io.BytesIO()
    with py7zr.SevenZipFile(made, "w") as archive:
        for name in ("a", "b"):
            archive.write(tmp_path / name, name)
    found = taken("7z", made.getvalue())
    assert found.refused == [("a", "it is a link")] and found.members == [("b", WEIR)]


def test_a_damaged_member_is_refused_and_so_is_what_lies_behind_it() -> None:
    noise = bytes(at * at >> 3 & 0xFF for at in range(90_000))
    archive = bytearray(
        packed({"first": noise, "noise": noise[::-1], "last": GATE}, filters=[{"id": py7zr.FILTER_COPY}])
    )
    archive[32 + 90_100] ^= 1
    found = taken("7z", bytes(archive))
    assert [name for name, _ in found.members] == ["first", "last"]
    assert found.refused == [("noise", "it is damaged: its checksum is wrong")]
    broken = bytearray(
        packed({"first": noise, "noise": noise[::-1], "last": GATE}, filters=[{"id": py7zr.FILTER_BZIP2}])
    )
    broken[40] ^= 0xFF
    found = taken("7z", bytes(broken))
    assert not found.members and len(found.refused) == 3


def test_a_dictionary_beyond_bounds_is_not_made_room_for() -> None:
    coder = {"method": b"\x21", "properties": bytes([40])}
    assert seven_zip._dictionary(coder) > seven_zip.LARGEST_DICTIONARY
    assert seven_zip._dictionary({"method": b"\x03\x01\x01", "properties": b"\x5d\0\0\0\x40"}) == 2**30
    whole = packed({"weir": WEIR}, filters=[{"id": py7zr.FILTER_LZMA2, "dict_size": 2**30, "preset": 0}])
    assert taken("7z", whole).refused == [("weir", "unpacking it would take too much memory")]


def test_without_py7zr_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = packed(MEMBERS)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "py7zr", None)
        reload(seven_zip)
        found = taken("7z", archive)
    reload(seven_zip)
    assert not found.members and found.reading
    assert "pip install onrecord[sevenzip]" in (found.reading.why_none or "")


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 300))
def test_no_damage_raises(noise: bytes, at: int, cut: int) -> None:
    whole = packed({"weir": WEIR, "gate": GATE})
    taken("7z", whole[:at] + noise + whole[at + len(noise) : len(whole) - cut])
