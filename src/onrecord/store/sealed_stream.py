"""A stream of any length as one age file, to recipients or under a passphrase, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from onrecord.record.errors import KeyMissing, RecordNotWritten, RecordUnreadable
from onrecord.store import passphrase_file
from onrecord.store.passphrase_file import Reader, Writer

_NO_KEY = "No matching keys found"


def encrypt_to(reader: Reader, writer: Writer, recipients: Iterable[str]) -> None:
    """Encrypt to age recipients."""
    import pyrage

    to = [pyrage.x25519.Recipient.from_str(recipient) for recipient in dict.fromkeys(recipients)]
    pyrage.encrypt_io(reader, writer, to)


def decrypt_with(reader: Reader, writer: Writer, identities: Sequence[str], name: str) -> None:
    """Write what an age file holds, chunk by proven chunk.

    Raises `KeyMissing` where none of the identities opens it, before anything is written, and `RecordUnreadable`
    where it is damaged or cut short: what was written until then is then to be thrown away.
    """
    import pyrage

    keys = [pyrage.x25519.Identity.from_str(identity) for identity in identities]
    try:
        pyrage.decrypt_io(reader, writer, keys)
    except pyrage.DecryptError as wrong:
        if str(wrong) != _NO_KEY:
            raise _damaged(name) from None
        raise KeyMissing(
            name,
            "no key on this laptop opens it",
            "Open it on the laptop that packed it, or with recovery shares: --share FILE for each.",
        ) from None
    except OSError as wrong:
        if wrong.errno is None:
            raise _damaged(name) from None
        raise RecordNotWritten(
            name, f"it could not be opened ({wrong.strerror})", "Make room, and try again."
        ) from None


def is_under_passphrase(file: BinaryIO) -> bool:
    """Whether an age file is under a passphrase; it is read from its beginning afterwards."""
    beginning = file.read(64)
    file.seek(0)
    return passphrase_file.is_under_passphrase(beginning)


def _damaged(name: str) -> RecordUnreadable:
    return RecordUnreadable(
        name, "it is damaged or cut short", "Take another copy of it; nothing was written."
    )
