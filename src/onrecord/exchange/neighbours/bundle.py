"""The files of what was handed over, by their paths inside it. Names in it are foreign: none leads out of the bundle."""

from __future__ import annotations

import hashlib
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from onrecord.intake.walking import Refused, shown, walk
from onrecord.record.errors import FileRefused

Progress = Callable[[int, int | None, str], None]
MOST_FILES, MOST_BYTES, MOST_TIMES = 100_000, 200 * 1024**3, 1_000
LARGEST_TEXT = 64 * 1024**2
WHOLE = "."
"""Stands for the zip itself among its files: no member can be called so."""
_CHUNK = 1 << 20
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
_HASHES = {"sha-256": "sha256", "sha-512": "sha512", "sha-1": "sha1", "sha3-512": "sha3_512"}


@dataclass(slots=True)
class Bundle:
    """What was handed over at `given`. `files` are by path inside it; `left` is what is no file to keep, and why.

    `unpacked` is the folder a zip was taken apart into, to be read from; the zip is what is kept.
    """

    given: Path
    files: dict[str, Path]
    left: list[tuple[str, str]] = field(default_factory=list)
    unpacked: Path | None = None
    progress: Progress | None = None
    _digests: dict[tuple[str, str], str] = field(default_factory=dict)
    _by_digest: dict[str, dict[str, str]] = field(default_factory=dict)

    def digest(self, name: str, algorithm: str = "sha256") -> str:
        """A file's hash in lower-case hex. Raises `ValueError` for an algorithm that is not known."""
        known = hash_name(algorithm)
        if (name, known) not in self._digests:
            if self.progress:
                self.progress(len(self._digests), None, name)
            with self.files[name].open("rb") as file:
                self._digests[name, known] = hashlib.file_digest(file, lambda: hashlib.new(known)).hexdigest()
        return self._digests[name, known]

    def with_hash(self, digest: str, algorithm: str = "sha256") -> str | None:
        """The first file that has this hash."""
        known = hash_name(algorithm)
        if known not in self._by_digest:
            named = {self.digest(name, known): name for name in reversed(self.files)}
            self._by_digest[known] = named
        return self._by_digest[known].get(digest.lower())

    def text(self, name: str) -> str:
        """A small file as text, whatever its encoding. What is beyond 64 MB is left out."""
        from onrecord.intake.encoding import decode

        with self.files[name].open("rb") as file:
            return decode(file.read(LARGEST_TEXT)).text or ""

    def find(self, path: str) -> str | None:
        """The file that a foreign path means: the path itself, or the only file with that name."""
        wanted = folded(path.replace("\\", "/"))
        exact = [name for name in self.files if folded(name) == wanted]
        last = PurePosixPath(wanted).name
        alike = exact or [name for name in self.files if PurePosixPath(folded(name)).name == last]
        return alike[0] if len(alike) == 1 else None

    def named(self, *endings: str) -> Iterator[str]:
        return (name for name in self.files if name.lower().endswith(endings))


def hash_name(algorithm: str) -> str:
    """What Python calls an algorithm. Raises `ValueError`."""
    name = algorithm.strip().lower()
    known = _HASHES.get(name, name.replace("-", "_") if name.startswith("sha3") else name.replace("-", ""))
    if known not in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512"):
        raise ValueError(f"{algorithm[:40]} is not an algorithm known here")
    return known


def open_bundle(path: Path, scratch: Path, progress: Progress | None = None) -> Bundle:
    """A folder, a zip or a single file. Raises `FileRefused`. A zip is taken apart in the scratch folder."""
    if path.is_file() and not path.is_symlink() and zipfile.is_zipfile(path):
        return _unzipped(path, scratch, progress)
    bundle = Bundle(path, {}, progress=progress)
    top = path if path.is_dir() else path.parent
    for found in walk([path]):
        if isinstance(found, Refused):
            bundle.left.append((shown(_within(top, found.path)), found.reason))
        else:
            bundle.files[shown(_within(top, found.path))] = found.path
    if not bundle.files:
        why = bundle.left[0][1] if bundle.left else "there is no file in it"
        raise FileRefused(shown(path), why, "Name a folder, a zip or a file that is there.")
    return bundle


def _within(top: Path, path: Path) -> Path:
    return path.relative_to(top) if path.is_relative_to(top) and path != top else Path(path.name)


def names_in(path: Path) -> list[str]:
    """The paths inside a folder or zip, to recognise it by; a file alone has its own name."""
    if path.is_dir():
        return [
            found.path.relative_to(path).as_posix()
            for found in walk([path])
            if not isinstance(found, Refused)
        ]
    try:
        with zipfile.ZipFile(path) as opened:
            return opened.namelist()[:MOST_FILES]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return [path.name]


def folded(name: str) -> str:
    """A path with its accents composed, as two systems may write them differently."""
    return unicodedata.normalize("NFC", name)


def _unzipped(path: Path, scratch: Path, progress: Progress | None) -> Bundle:
    folder = scratch / "unpacked"
    folder.mkdir()
    bundle = Bundle(path, {}, unpacked=folder, progress=progress)
    try:
        with zipfile.ZipFile(path) as opened:
            _take_apart(opened, path.stat().st_size, bundle, folder)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as wrong:
        raise FileRefused(shown(path), f"it cannot be taken apart ({wrong})", "Add it as it is.") from None
    return bundle


def _take_apart(opened: zipfile.ZipFile, size: int, bundle: Bundle, folder: Path) -> None:
    room = min(MOST_BYTES, max(size, 1) * MOST_TIMES, shutil.disk_usage(folder).free // 2)
    for number, info in enumerate(opened.infolist()):
        if info.is_dir():
            continue
        name = shown(Path(info.filename))
        why = _why_not(info, name, bundle) or (
            "too much is packed into it" if info.file_size > room else None
        )
        why = why or ("there are too many files in it" if number >= MOST_FILES else None)
        if why:
            bundle.left.append((name, why))
            continue
        why = _copy(opened, info, folder / info.filename)
        if why:
            bundle.left.append((name, why))
        else:
            bundle.files[name] = folder / info.filename
            room -= info.file_size


def _copy(opened: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path) -> str | None:
    """Write a member out, or say why that cannot be. It is never longer than the zip says: zipfile cuts it off there."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(info) as source, place.open("xb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
    except (FileExistsError, IsADirectoryError, NotADirectoryError):
        return "a file or folder of this path stands there already"
    except _UNREADABLE as wrong:
        with suppress(OSError):
            place.unlink()
        return f"it cannot be read ({wrong})"
    return None


def _why_not(info: zipfile.ZipInfo, name: str, bundle: Bundle) -> str | None:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link, and links are not followed"
    if not is_inside(info.filename):
        return "its path leads out of the bundle"
    if name in bundle.files:
        return "a file of this path stands there already"
    if info.flag_bits & 1:
        return "it is locked with a password"
    return None


def is_inside(path: str) -> bool:
    """Whether a foreign path stays in its bundle, on any system."""
    parts = path.split("/")
    bad = "\\" in path or "\0" in path or ":" in parts[0] or path.startswith(("/", "~"))
    return bool(path) and not bad and not any(part in ("", ".", "..") for part in parts)
