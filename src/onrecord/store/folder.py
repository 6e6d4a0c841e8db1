"""The record's folder: what lies where in it (docs/format section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from onrecord.record.errors import RecordExists, RecordMissing

DATABASE = "record.db"

README = """\
This folder is a record kept with Onrecord: who says what, on what evidence, and under which terms.

It can be read without Onrecord.

record.db    An SQLite database. Table "head" holds the log's heads and "body" what each entry says, as JSON
             text. The other tables are made from these two.
originals/   The files as they were received. Each is named by the SHA-256 of its bytes.
layers/      The text, in UTF-8, in which the places of quotations are counted.
keys/        The public keys with which the log's checkpoints are signed.

Nothing here is ever overwritten: a correction is a new entry that names what it supersedes.
Fields that look like {"age": ...} are encrypted with age (https://age-encryption.org).
The format is described in Onrecord's documentation under "format", with test vectors and a verifier that
needs nothing but Python.
"""


@dataclass(frozen=True, slots=True)
class RecordFolder:
    """Paths inside one record."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / DATABASE

    @property
    def originals(self) -> Path:
        return self.path / "originals"

    @property
    def layers(self) -> Path:
        return self.path / "layers"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @classmethod
    def make(cls, path: Path) -> RecordFolder:
        """Make the folders of a new record. An empty folder is taken; anything else raises `RecordExists`."""
        if (path / DATABASE).exists():
            raise RecordExists(str(path), "a record is already here", "Open it, or choose another folder.")
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RecordExists(str(path), "the folder is not empty", "Choose a new or an empty folder.")
        folder = cls(path)
        for part in (folder.originals, folder.layers, folder.keys):
            part.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        (path / "README.txt").write_text(README, encoding="utf-8")
        return folder

    @classmethod
    def at(cls, path: Path) -> RecordFolder:
        if not (path / DATABASE).is_file():
            raise RecordMissing(str(path), "no record is here", f"Make one with: onrecord new {path}")
        return cls(path)

    def key_file(self, log: str) -> Path:
        return self.keys / f"{log}.vkey"
