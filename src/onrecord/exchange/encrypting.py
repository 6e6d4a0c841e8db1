"""Encrypting a stream to one recipient, so that a full disk is told as one."""

from __future__ import annotations

from typing import Any, BinaryIO


class _Telling:
    """Passes bytes on and remembers what went wrong: pyrage tells only that something did."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink
        self.wrong: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return int(self._sink.write(data))
        except OSError as wrong:
            self.wrong = wrong
            raise

    def flush(self) -> None:
        """The sink is flushed by whoever opened it."""


def encrypt_into(source: BinaryIO, sink: Any, recipient: str) -> None:
    """Write the age file of a source's bytes. Raises `OSError` where either fails."""
    import pyrage

    telling = _Telling(sink)
    try:
        pyrage.encrypt_io(source, telling, [pyrage.x25519.Recipient.from_str(recipient)])
    except pyrage.EncryptError as wrong:
        raise telling.wrong or OSError(str(wrong)) from None
