"""A BagIt bag (RFC 8493) around a copy of a record: the payload in `data/`, manifests with SHA-256."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from onrecord.publishing.keeping.about import About
from onrecord.publishing.keeping.snapshot import Copied

PAYLOAD = "data"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def close_bag(bag: Path, files: Iterable[Copied], about: About) -> None:
    """Write the tag files of a bag whose payload stands already. Whatever else is in it is listed as tag files."""
    held = list(files)
    _write(bag / "bagit.txt", DECLARATION)
    _write(bag / "bag-info.txt", _info(held, about))
    _write(bag / "manifest-sha256.txt", _manifest((file.sha256, file.path) for file in held))
    tags = {path.relative_to(bag).as_posix(): path for path in _outside(bag) if path.is_file()}
    _write(
        bag / "tagmanifest-sha256.txt",
        _manifest((sha256(path.read_bytes()).hexdigest(), name) for name, path in sorted(tags.items())),
    )


def _outside(bag: Path) -> Iterator[Path]:
    """What lies in a bag beside its payload."""
    for path in bag.iterdir():
        if path.name != PAYLOAD:
            yield path
            yield from path.rglob("*")


def _info(files: list[Copied], about: About) -> str:
    octets = sum(file.size for file in files)
    rows = {
        "Bag-Software-Agent": about.program,
        "Bagging-Date": about.day,
        "External-Description": about.description,
        "External-Identifier": about.record,
        "Payload-Oxum": f"{octets}.{len(files)}",
    }
    return "".join(f"{name}: {_on_one_line(value)}\n" for name, value in rows.items())


def _manifest(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{digest}  {_path(path)}\n" for digest, path in rows)


def _path(path: str) -> str:
    """A path as a manifest writes it (RFC 8493, section 2.1.3)."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))
