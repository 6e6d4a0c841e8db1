"""What this laptop keeps for a record outside it: private keys, and how far it has written.

A record copied, or restored from a backup behind what was written, no longer fits what is remembered here; then
the device goes on in a new incarnation with a new key, and both branches are kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onrecord.record.errors import KeyMissing
from onrecord.record.ids import LOG, device_of, incarnation_of


@dataclass(frozen=True, slots=True)
class LogKey:
    """The private key of one log, and the size and last head (SHA-256, hex) this laptop has written there."""

    log: str
    person: str
    seed: bytes
    size: int = 0
    head: str = ""

    @property
    def device(self) -> str:
        return device_of(self.log)

    @property
    def incarnation(self) -> int:
        return incarnation_of(self.log)


class KeyFolder:
    """One record's folder in the user's own configuration, readable by its owner only."""

    def __init__(self, home: Path, record: str) -> None:
        self.path = home / "records" / record

    def log_keys(self) -> Iterator[LogKey]:
        """This laptop's log keys for the record, the newest incarnation first."""
        if not self.path.is_dir():
            return
        found = [file for file in self.path.glob("*.key") if LOG.fullmatch(file.name.removesuffix(".key"))]
        for file in sorted(
            found, key=lambda file: incarnation_of(file.name.removesuffix(".key")), reverse=True
        ):
            yield self._read(file)

    def _read(self, file: Path) -> LogKey:
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
            return LogKey(
                held["log"], held["person"], bytes.fromhex(held["seed"]), held["size"], held["head"]
            )
        except (ValueError, KeyError, TypeError, OSError):
            raise KeyMissing(
                str(file), "this key file cannot be read", "Restore it from a backup of your own folder."
            ) from None

    def keep(self, key: LogKey) -> None:
        """Remember a key and how far it has written."""
        held = {
            "head": key.head,
            "log": key.log,
            "person": key.person,
            "seed": key.seed.hex(),
            "size": key.size,
        }
        self._write(f"{key.log}.key", json.dumps(held, sort_keys=True) + "\n")

    def identity(self) -> str:
        """The age identity that opens what was sealed to this person."""
        try:
            return (self.path / "identity.age").read_text(encoding="ascii").strip()
        except OSError:
            raise KeyMissing(
                str(self.path / "identity.age"),
                "the key that opens sealed fields is not on this laptop",
                "Ask a colleague whose key it was sealed to.",
            ) from None

    def keep_identity(self, identity: str) -> None:
        self._write("identity.age", identity + "\n")

    def _write(self, name: str, text: str) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self.path / f".{name}.part"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path / name)
