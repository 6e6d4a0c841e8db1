"""The age identity of a person on this laptop: what opens the fields that were sealed to them.

It lies in `identity.age` in the user's own folder, plain or under a passphrase, the newest first where a person has
had several. Beside it, `identity.pub` has the public recipients, which need no passphrase. The identity itself is
held in memory only, and never in a log, a message or the record.
"""

from __future__ import annotations

import stat
from pathlib import Path

from onrecord.record.errors import (
    FileRefused,
    KeyMissing,
    PassphraseMissing,
    RecordNotWritten,
    RecordUnreadable,
)
from onrecord.store.asking import Ask, asking, nobody_to_ask
from onrecord.store.part import sweep, write_durably
from onrecord.store.passphrase_file import TRY_AGAIN, decrypted, encrypted, is_under_passphrase
from onrecord.store.sealing import recipient_of

LEAST_PASSPHRASE = 8
_PRIVATE = "AGE-SECRET-KEY-1"


class IdentityFile:
    """A person's identities in one record, `called` so to that person. `notices` gets what they should know about it."""

    def __init__(self, folder: Path, ask: Ask = nobody_to_ask, notices: list[str] | None = None) -> None:
        self.path = folder / "identity.age"
        self.called = f"your key in the record {folder.name}"
        self._public = folder / "identity.pub"
        self._asking = asking(ask)
        self._notices = [] if notices is None else notices
        self._opened: tuple[str, ...] = ()
        self._passphrase: str | None = None

    def __repr__(self) -> str:
        return f"IdentityFile({str(self.path)!r})"

    def held(self) -> bool:
        return self._bytes() is not None

    def under_passphrase(self) -> bool:
        return is_under_passphrase(self._bytes() or b"")

    def opened(self) -> tuple[str, ...]:
        """The identities, the newest first. Asks for the passphrase where there is one and it was not asked for yet.

        Raises `KeyMissing` where there is none, or it is damaged, and `PassphraseMissing`.
        """
        if not self._opened:
            held = self._bytes()
            if held is None:
                raise self._missing()
            self._warn_if_open_to_others()
            self._opened = self._read(held)
        return self._opened

    def recipient(self) -> str | None:
        """The public recipient of the newest identity, or None where there is no identity. Needs no passphrase."""
        held = self._bytes()
        if held is None:
            return None
        if is_under_passphrase(held):
            public = self._recipients_beside()
            if public:
                return public[0]
        return recipient_of(self.opened()[0])

    def keep(self, identities: tuple[str, ...], passphrase: str | None = None) -> None:
        """Keep these identities, the newest first, under a passphrase or plain."""
        public = "".join(recipient_of(one) + "\n" for one in identities)
        data = "".join(one + "\n" for one in identities).encode("ascii")
        if passphrase is not None:
            data = encrypted(data, passphrase)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            sweep(self.path.parent)
            # A laptop that stops between the two has recipients for one identity more than it holds, or fewer.
            write_durably(self.path, data, mode=0o600)
            write_durably(self._public, public.encode("ascii"), mode=0o600)
        except OSError as wrong:
            raise self._not_kept(wrong.strerror) from None
        except FileRefused as wrong:
            raise self._not_kept(wrong.reason) from None
        self._opened, self._passphrase = identities, passphrase

    def add(self, identity: str) -> None:
        """Put a newer identity before those held, under the same passphrase."""
        former = self.opened() if self.held() else ()
        self.keep((identity, *former), self._passphrase)

    def set_aside(self) -> Path:
        """Move an identity whose passphrase is lost out of the way, as it may be remembered one day; where to."""
        place = next(
            free
            for number in range(1, 10_000)
            if not (free := self.path.with_name(f"identity-lost-{number}.age")).exists()
        )
        self.path.rename(place)
        self._public.unlink(missing_ok=True)
        self._opened, self._passphrase = (), None
        return place

    def _read(self, held: bytes) -> tuple[str, ...]:
        plain = held
        if is_under_passphrase(held):
            plain = self._asking.opened(self.called, lambda passphrase: self._decrypted(held, passphrase))
        lines = [line.strip() for line in plain.decode("ascii", "replace").splitlines()]
        found = tuple(line for line in lines if line.startswith(_PRIVATE))
        if not found or not all(map(_is_identity, found)):
            raise self._damaged()
        return found

    def _decrypted(self, held: bytes, passphrase: str) -> bytes:
        try:
            plain = decrypted(held, passphrase, str(self.path))
            self._passphrase = passphrase
            return plain
        except PassphraseMissing:
            raise PassphraseMissing(
                self.called,
                "the passphrase does not open it",
                f"{TRY_AGAIN} If it is lost: onrecord passphrase --new-identity --lost, and then "
                "recovery shares open what was sealed before.",
            ) from None
        except RecordUnreadable:
            raise self._damaged() from None

    def _bytes(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as wrong:
            raise KeyMissing(
                str(self.path), f"it cannot be read ({wrong.strerror})", "Give yourself the right."
            ) from None

    def _recipients_beside(self) -> list[str]:
        try:
            return self._public.read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return []

    def _warn_if_open_to_others(self) -> None:
        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            self._notices.append(
                f"Others who use this laptop can read {self.path}. Close it to them: chmod 600 {self.path}"
            )

    def _missing(self) -> KeyMissing:
        return KeyMissing(
            str(self.path),
            "the key that opens sealed fields is not on this laptop",
            "Bring it back from a backup of your own folder, ask a colleague to whom it was sealed too, or use "
            "recovery shares: onrecord recovery open.",
        )

    def _damaged(self) -> KeyMissing:
        return KeyMissing(
            str(self.path),
            "this key file is damaged",
            "Bring it back from a backup of your own folder, or use recovery shares: onrecord recovery open.",
        )

    def _not_kept(self, why: str | None) -> RecordNotWritten:
        return RecordNotWritten(
            str(self.path),
            f"the key that opens sealed fields cannot be kept there ({why})",
            "Make room, give yourself the right, or name another folder with ONRECORD_HOME.",
        )


def _is_identity(line: str) -> bool:
    from pyrage import IdentityError, x25519

    try:
        x25519.Identity.from_str(line)
    except IdentityError:
        return False
    return True
