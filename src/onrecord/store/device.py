"""What this laptop keeps for a record outside it: private keys, and how far it has written.

A record copied, or restored from a backup behind what was written, no longer fits what is remembered here; then
the device goes on in a new incarnation with a new key, and both branches are kept.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.record.errors import FileRefused, KeyMissing, RecordBusy, RecordNotWritten
from onrecord.record.ids import LOG, device_of, incarnation_of
from onrecord.store.asking import Ask, nobody_to_ask
from onrecord.store.identity import IdentityFile
from onrecord.store.part import sweep, write_durably
from onrecord.store.sealing import new_identity, recipient_of

PATIENCE_SECONDS = 30.0
WORTH_SAYING_SECONDS = 2.0
_WAITED = "Another program was writing to this record; this waited {} seconds for it."
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogKey:
    """The private key of one log, and the size and last head (SHA-256, hex) this laptop has written there."""

    log: str
    person: str
    seed: bytes = field(repr=False)
    size: int = 0
    head: str = ""

    @property
    def device(self) -> str:
        return device_of(self.log)


class KeyFolder:
    """One record's folder in the user's own configuration, readable by its owner only."""

    def __init__(
        self, home: Path, record: str, ask: Ask = nobody_to_ask, notices: list[str] | None = None
    ) -> None:
        self.path = home / "records" / record
        self.identity = IdentityFile(self.path, ask, notices)
        self._notices = notices

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold this laptop's one place for writing to the record, in whichever copy of its folder."""
        handle = self._open_lock()
        try:
            seconds = _wait_for(handle, self.path)
            if seconds >= WORTH_SAYING_SECONDS and self._notices is not None:
                self._notices.append(_WAITED.format(round(seconds, 1)))
            yield
        finally:
            os.close(handle)

    def log_keys(self) -> list[LogKey]:
        """This laptop's log keys for the record, the newest incarnation first."""
        try:
            names = [file.stem for file in self.path.iterdir() if file.suffix == ".key"]
        except FileNotFoundError:
            return []
        except OSError as wrong:
            raise KeyMissing(
                str(self.path),
                f"this laptop's keys cannot be read ({wrong.strerror})",
                "Give yourself the right.",
            ) from None
        logs = sorted(filter(LOG.fullmatch, names), key=lambda log: (-incarnation_of(log), log))
        return [self._read(log) for log in logs]

    def _read(self, log: str) -> LogKey:
        file = self._file(log)
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
            key = LogKey(held["log"], held["person"], bytes.fromhex(held["seed"]), held["size"], held["head"])
            if key.log != log or len(key.seed) != _SEED_BYTES or type(key.size) is not int:
                raise ValueError(log)
            return key
        except (ValueError, KeyError, TypeError, OSError):
            raise KeyMissing(
                str(file),
                "this key file cannot be read",
                "Restore it from a backup of your own folder, or move it away: then a further branch is begun.",
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
        self._write(self._file(key.log), json.dumps(held, sort_keys=True) + "\n")

    def forget(self, log: str) -> None:
        """Drop the key of a log that was never begun."""
        self._file(log).unlink(missing_ok=True)

    def exchange_identities(self) -> list[str]:
        """The age identities of this device that open what colleagues send to it, the newest first."""
        try:
            lines = self._exchange.read_text(encoding="ascii").split()
        except FileNotFoundError:
            return []
        except (OSError, ValueError):
            raise KeyMissing(
                str(self._exchange),
                "the key that opens what colleagues send cannot be read",
                "Restore it from a backup of your own folder, or move it away and let a member admit this laptop again.",
            ) from None
        return [line for line in lines if line.startswith("AGE-SECRET-KEY-1")]

    def keep_exchange_identities(self, identities: list[str]) -> None:
        """Keep these, the newest first, and forget every other: what was sent to those opens no more."""
        self._write(self._exchange, "".join(one + "\n" for one in identities))

    def exchange_recipient(self) -> str:
        """To whom colleagues send: the public half of the newest exchange identity, made here if there is none."""
        held = self.exchange_identities()
        if held:
            return recipient_of(held[0])
        identity, recipient = new_identity()
        self.keep_exchange_identities([identity])
        return recipient

    def rings(self, folder: str) -> list[str]:
        """The digests of the rings that this laptop may have written last into its part of an exchange folder."""
        return self._all_rings().get(folder, [])

    def keep_rings(self, folder: str, digests: list[str]) -> None:
        """Remember these as the only ones. Nothing may be encrypted to the keys of any other."""
        self._write(self._rings, json.dumps({**self._all_rings(), folder: digests}, sort_keys=True) + "\n")

    def _all_rings(self) -> dict[str, list[str]]:
        try:
            held = json.loads(self._rings.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return {}  # then the next sending writes its part of a folder anew
        except OSError as wrong:
            raise _keys_not_kept(self.path, wrong.strerror) from None
        return held if isinstance(held, dict) else {}

    @property
    def _rings(self) -> Path:
        return self.path / "rings.json"

    @property
    def _exchange(self) -> Path:
        return self.path / "exchange.age"

    def _file(self, log: str) -> Path:
        return self.path / f"{log}.key"

    def _write(self, file: Path, text: str) -> None:
        try:
            self._make()
            sweep(self.path)
            write_durably(file, text.encode("utf-8"), mode=0o600)
        except OSError as wrong:
            raise _keys_not_kept(self.path, wrong.strerror) from None
        except FileRefused as wrong:
            raise _keys_not_kept(self.path, wrong.reason) from None

    def _make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _open_lock(self) -> int:
        try:
            self._make()
            return os.open(self.path / "writing.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as wrong:
            raise _keys_not_kept(self.path, wrong.strerror) from None


def _wait_for(handle: int, path: Path) -> float:
    """Have the lock to oneself; the seconds it took."""
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return time.monotonic() - began
        except BlockingIOError:
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise busy(str(path)) from None
            time.sleep(0.01)


def busy(thing: str) -> RecordBusy:
    return RecordBusy(thing, "another program is writing to this record", "Try again when it is done.")


def _keys_not_kept(path: Path, why: str | None) -> RecordNotWritten:
    return RecordNotWritten(
        str(path),
        f"this laptop's keys cannot be kept there ({why})",
        "Make room, give yourself the right, or name another folder with ONRECORD_HOME.",
    )
