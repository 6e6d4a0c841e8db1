"""Taking a folder in whatever lies in it, and looking at the record afterwards."""

from __future__ import annotations

import os
import resource
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.api import Record

BESIDE = "beside.txt"
WORDS = "The gate was shut, قيل, ונסגר."
Line = dict[str, Any]


@dataclass(frozen=True)
class Taking:
    """A record and the folder that is added to it. `beside.txt` in it is a good file, which has to come in each time."""

    record: Record
    folder: Path

    def write(self, files: Mapping[str, bytes]) -> None:
        self.folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        (self.folder / BESIDE).write_text(WORDS, encoding="utf-8")

    def __call__(self, files: Mapping[str, bytes] | None = None, *more: Path) -> list[Line]:
        """The lines of `add`, without that of the good file, after it was made sure that nothing was lost or half done."""
        self.write(files or {})
        lines = list(self.record.add([self.folder, *more]))
        self.is_whole(lines)
        ours = str(self.folder / BESIDE)
        assert [line["status"] for line in lines if line["path"] == ours] == ["added"], lines[:5]
        return [line for line in lines if line["path"] != ours]

    def is_whole(self, lines: list[Line]) -> None:
        told = {line["path"] for line in lines}
        lost = [str(one) for one in self.folder.iterdir() if one.is_file() and not _is_told(one, told)]
        assert not lost, "neither kept nor refused"
        for line in lines:
            assert line["status"] in ("added", "already held", "refused"), line
            assert (line["item"] is None) == (line["status"] == "refused"), line
            if line["status"] == "refused":
                assert is_plain(line["reason"]), line
        found = self.record.verify(views=True)
        assert found["problems"] == [] and found["ok"], found["problems"][:5]
        assert not list(self.record.path.rglob(".taking-*"))

    def one(self, name: str, content: bytes) -> tuple[Line, list[Line]]:
        """One file beside the good one: its own line, and those of what lies in it."""
        lines = self({name: content})
        (own,) = [line for line in lines if line["path"] == str(self.folder / name)]
        return own, [line for line in lines if line is not own]


def _is_told(file: Path, told: set[str]) -> bool:
    raw = os.fsencode(file)
    return str(file) in told or any(os.fsencode(path) == raw for path in told) or not _is_text(str(file))


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def is_plain(reason: object) -> bool:
    """Words for a person: no trace of the program, and not a library's name for an error."""
    said = str(reason or "")
    return bool(said) and "Traceback" not in said and "Error:" not in said and "0x" not in said


def names(lines: list[Line]) -> list[str]:
    return [line["path"].rsplit("/", 1)[-1] for line in lines]


def peak_memory() -> int:
    """The most bytes of memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
