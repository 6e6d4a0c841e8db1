"""Unpacking a record from the age file it was packed into: the whole folder, or nothing."""

from __future__ import annotations

import fcntl
import glob
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from onrecord.record.errors import (
    KeyMissing,
    OutputExists,
    PassphraseMissing,
    RecordMissing,
    RecordNotWritten,
    RecordUnreadable,
)
from onrecord.record.ids import is_id
from onrecord.store.asking import Ask, Asking, asking
from onrecord.store.folder import DATABASE
from onrecord.store.identity import IdentityFile
from onrecord.store.part import sync
from onrecord.store.recovery import recovered
from onrecord.store.sealed_stream import is_under_passphrase
from onrecord.store.tar_stream import StreamReader
from onrecord.writing.packing import decrypt

Key = Callable[[], tuple[str, ...]]
_READ_ONLY = ("originals", "layers", "keys")


def unpack(file: Path, path: Path, home: Path, ask: Ask, shares: Sequence[Path] = ()) -> dict[str, Any]:
    """Open a packed record into a folder that is new or empty: `{"path", "files"}`.

    With a key of this laptop, with recovery shares, or with the passphrase it is under. Raises `OutputExists`,
    `KeyMissing`, `PassphraseMissing`, or `RecordUnreadable`; then nothing stands at `path`.
    """
    path = path.absolute()
    _require_room(path)
    try:
        with file.open("rb") as packed, _beside(path) as beside:
            written = _decrypted(packed, file, beside, home, ask, shares)
            _make_durable(beside)
            beside.rename(path)
        sync(path.parent)
    except FileNotFoundError:
        raise RecordMissing(str(file), "no file is here", "Name a packed record.") from None
    except OSError as wrong:
        place = str(wrong.filename or path)
        raise RecordNotWritten(place, f"{wrong.strerror}", "Make room, or choose another folder.") from None
    return {"path": str(path), "files": written}


def _require_room(path: Path) -> None:
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise OutputExists(str(path), "something stands there", "Name a folder that is new or empty.")
    if path == Path.cwd():
        raise OutputExists(str(path), "you stand in it, and it would be replaced", "Name a new folder.")
    if not path.parent.is_dir():
        raise RecordNotWritten(
            str(path), "the folder around it is not there", "Make it first, or name another."
        )


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A folder beside the place, gone afterwards if it was not put there; and so is what a stopped unpacking left.

    It stays locked meanwhile, so that what is left can be told from what another program still unpacks.
    """
    begins = f".{path.name}.unpacking-"
    for left in path.parent.glob(f"{glob.escape(begins)}*"):
        with suppress(OSError), _held(left):
            shutil.rmtree(left)
    folder = path.parent / f"{begins}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    with _held(folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _decrypted(
    packed: BinaryIO, file: Path, beside: Path, home: Path, ask: Ask, shares: Sequence[Path]
) -> int:
    if is_under_passphrase(packed):

        def under(passphrase: str) -> int:
            packed.seek(0)
            return _unpacked(packed, file, beside, (), passphrase)

        return asking(ask).opened(str(file), under)
    wrong: KeyMissing | PassphraseMissing | None = None
    for key in _keys(home, ask, shares):
        try:
            packed.seek(0)
            return _unpacked(packed, file, beside, key(), None)
        except (KeyMissing, PassphraseMissing) as missing:
            wrong = wrong if isinstance(wrong, PassphraseMissing) else missing
    raise wrong or KeyMissing(
        str(file), "this laptop has no key", "Bring your key folder back, or use --share."
    )


def _keys(home: Path, ask: Ask, shares: Sequence[Path]) -> Iterator[Key]:
    """The keys to try, each lot once: those that shares make, those without a passphrase, and one by one the others.

    Which record a packed file holds does not show from outside.
    """
    if shares:
        key = recovered(shares)
        yield lambda: (key.identity,)
        return
    records = home / "records"
    folders = sorted(one for one in records.iterdir() if is_id(one.name)) if records.is_dir() else []
    given = asking(ask).given
    held = [one for one in (IdentityFile(folder, Asking(given=given)) for folder in folders) if one.held()]
    plain: list[str] = []
    for one in held:
        with suppress(KeyMissing):
            plain += () if one.under_passphrase() else one.opened()
    if plain:
        yield lambda: tuple(plain)
    if given is not None:
        yield from (one.opened for one in held if one.under_passphrase())
    yield from (IdentityFile(one.path.parent, asking(ask)).opened for one in held if one.under_passphrase())


def _unpacked(
    packed: BinaryIO, file: Path, beside: Path, identities: tuple[str, ...], passphrase: str | None
) -> int:
    sink = _Folder(beside)
    try:
        reader = StreamReader(sink, str(file))
        decrypt(packed, reader, identities, passphrase, str(file))
        reader.finish()
    finally:
        sink.close()
    if not (beside / DATABASE).is_file():
        raise RecordUnreadable(str(file), "it holds no record", "Name a packed record.")
    return sink.written


class _Folder:
    """A sink that writes files into a new folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None
        self.written = 0

    def folder(self, name: str) -> None:
        (self._folder / name).mkdir(parents=True, exist_ok=True)

    def begin(self, name: str, size: int) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._folder).free
        if size > free:
            raise RecordNotWritten(
                str(self._folder.parent), f"{name} needs {size} bytes, and {free} are free", "Make room."
            )
        mode = 0o444 if name.partition("/")[0] in _READ_ONLY else 0o644
        self._handle = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode
        )

    def take(self, data: bytes) -> None:
        left = memoryview(data)
        while self._handle is not None and left:
            left = left[os.write(self._handle, left) :]

    def end(self) -> None:
        self.close()
        self.written += 1

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _make_durable(folder: Path) -> None:
    for inside, _, files in os.walk(folder):
        for name in files:
            sync(Path(inside, name))
        sync(Path(inside))
