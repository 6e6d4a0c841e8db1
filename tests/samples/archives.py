"""Archives of a few small files each, and files compressed alone."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

from tests.samples.texts import ARABIC, ENGLISH, HEBREW

MEMBERS = {"weir.txt": ENGLISH.encode(), "مخاضة/ford.txt": ARABIC.encode(), "שער.txt": HEBREW.encode()}


def zipped(members: dict[str, bytes] = MEMBERS) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(members: dict[str, bytes] = MEMBERS) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def seven_zipped(members: dict[str, bytes] = MEMBERS, password: str | None = None) -> dict[str, bytes]:
    try:
        import py7zr
    except ImportError:
        return {}
    made = io.BytesIO()
    with py7zr.SevenZipFile(made, "w", password=password) as archive:
        for name, content in members.items():
            archive.writestr(content, name)
    return {"papers.7z" if password is None else "locked.7z": made.getvalue()}


def samples() -> dict[str, bytes]:
    return {
        "papers.zip": zipped(),
        "papers.tar": tarred(),
        "papers.tar.gz": gzip.compress(tarred(), mtime=0),
        "papers.tar.xz": lzma.compress(tarred()),
        "notes.txt.gz": gzip.compress(ENGLISH.encode(), mtime=0),
        "notes.txt.bz2": bz2.compress(HEBREW.encode()),
    } | seven_zipped()
