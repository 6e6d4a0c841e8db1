"""A folder as a stream and back: any pieces, and nothing that a record does not hold."""

import io
import os
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from onrecord.record.errors import FileRefused, RecordUnreadable
from onrecord.store.tar_stream import CHUNK, Compared, FolderStream, StreamReader

FILES = {"record.db": b"x" * 513, "README.txt": b"", "originals/ab/abcd": b"y" * 512, "layers/ff": b"z"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        file = tmp_path / "folder" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tmp_path / "folder"


def stream_of(folder: Path, piece: int = 8192) -> bytes:
    with FolderStream(folder) as stream:
        stream.survey()
        return b"".join(iter(lambda: stream.read(piece), b""))


def read(data: bytes, piece: int = 8192) -> dict[str, str]:
    sink = Compared()
    reader = StreamReader(sink, "file")
    for at in range(0, len(data), piece):
        reader.write(data[at : at + piece])
    reader.finish()
    return sink.contents


def archive(*members: tuple[tarfile.TarInfo, bytes], format: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for member, data in members:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


@pytest.mark.parametrize("piece", [1, 100, 512, 8192, 3 * CHUNK])
def test_every_file_comes_back_whatever_the_size_of_the_pieces(folder: Path, piece: int) -> None:
    wanted = {name: sha256(data).hexdigest() for name, data in FILES.items()}
    assert read(stream_of(folder, piece), piece) == wanted


def test_any_tar_program_reads_it(folder: Path, tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(stream_of(folder))) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    for name, data in FILES.items():
        assert (tmp_path / "out" / name).read_bytes() == data


def test_what_a_stopped_write_left_stays_behind(folder: Path) -> None:
    (folder / "originals" / ".taking-1-0123456789abcdef").write_text("half")
    (folder / "record.db-shm").write_text("shared memory")
    assert set(read(stream_of(folder))) == set(FILES)


def test_a_link_in_the_folder_is_named_and_not_followed(folder: Path) -> None:
    (folder / "originals" / "link").symlink_to("/etc/passwd")
    with pytest.raises(FileRefused, match="originals/link: it is a link"):
        stream_of(folder)


def test_a_name_that_no_record_has_is_named(folder: Path) -> None:
    (folder / ("n" * 101)).write_text("x")
    with pytest.raises(FileRefused, match="does not belong"):
        stream_of(folder)


def test_a_file_that_shrinks_meanwhile_is_named(folder: Path) -> None:
    with FolderStream(folder) as stream:
        stream.survey()
        os.truncate(folder / "record.db", 5)
        with pytest.raises(FileRefused, match=r"record\.db: it changed"):
            while stream.read(8192):
                pass
        assert stream.wrong is not None


@pytest.mark.parametrize(
    "trick",
    [
        member("/etc/passwd"),
        member("../outside"),
        member("originals/../../outside"),
        member("originals/./x"),
        member("."),
        member(".."),
        member("a//b"),
        member("a\\b"),
        member("line\nfeed"),
        member("link", tarfile.SYMTYPE, "/etc"),
        member("link", tarfile.LNKTYPE, "record.db"),
        member("pipe", tarfile.FIFOTYPE),
        member("disk", tarfile.BLKTYPE),
        member("n" * 101),
    ],
    ids=lambda made: f"{made.name[:20]!r}-{made.type.decode()}",
)
@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_an_archive_with_a_trick_in_it_is_refused(trick: tarfile.TarInfo, format: int) -> None:
    data = archive((member("record.db"), b"x"), (trick, b""), format=format)
    with pytest.raises(RecordUnreadable):
        read(data)


def test_one_name_twice_is_refused() -> None:
    with pytest.raises(RecordUnreadable, match="twice"):
        read(archive((member("record.db"), b"x"), (member("record.db"), b"y")))


def test_an_archive_cut_short_anywhere_is_refused(folder: Path) -> None:
    data = stream_of(folder)
    for end in range(0, len(data) - 512, 97):
        with pytest.raises(RecordUnreadable, match="ends too early"):
            read(data[:end])


def test_anything_behind_the_end_is_refused(folder: Path) -> None:
    with pytest.raises(RecordUnreadable, match="behind its end"):
        read(stream_of(folder) + b"x" * 512)


def test_what_is_no_archive_is_refused() -> None:
    for data in (b"hello" * 200, os.urandom(5000)):
        with pytest.raises(RecordUnreadable):
            read(data)
