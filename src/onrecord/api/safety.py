"""What is sealed, erased, packed and recovered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from onrecord.api.opened import Opened, Progress
from onrecord.store.asking import Ask


class Safety(Opened):
    """What is sealed, erased, packed and recovered."""

    def unseal(self, name: str, reason: str, entry: str | None = None) -> dict[str, Any]:
        from onrecord.writing.unsealing import unseal

        return unseal(self._store, name, reason, entry)

    def passphrase(
        self,
        *,
        remove: bool = False,
        new_identity: bool = False,
        lost: bool = False,
        ask_new: Ask | None = None,
    ) -> dict[str, Any]:
        """Set, change or remove the passphrase over this person's key, or make a new key."""
        from onrecord.writing import passphrase

        asking = self._asking_anew(ask_new)
        if new_identity:
            return passphrase.new_key(self._store, lost=lost, ask_new=asking)
        if remove:
            return passphrase.remove_passphrase(self._store)
        return passphrase.set_passphrase(self._store, asking)

    def make_recovery(self, shares: int, needed: int, out: str | Path) -> dict[str, Any]:
        from onrecord.writing.recovery import make_recovery

        return make_recovery(self._store, shares, needed, Path(out))

    def key_to_confirm(self, named: str | None = None) -> dict[str, Any]:
        """The recovery key that somebody else made and that waits for a second member: `{"fingerprint", "by", …}`."""
        from onrecord.writing.naming_recovery import key_to_confirm

        return key_to_confirm(self._store, named).as_json()

    def confirm_recovery(self, named: str | None = None) -> dict[str, Any]:
        from onrecord.writing.naming_recovery import confirm_recovery

        return confirm_recovery(self._store, named)

    def show_recovery(self) -> dict[str, Any]:
        from onrecord.writing.recovery import show_recovery

        return show_recovery(self._store)

    def reseal(self, shares: Iterable[str | Path] = ()) -> dict[str, Any]:
        from onrecord.writing.recovery import reseal

        return reseal(self._store, [Path(share) for share in shares])

    def recover(
        self, shares: Iterable[str | Path], name: str, reason: str, entry: str | None = None
    ) -> dict[str, Any]:
        """What is sealed in one thing, opened with recovery shares."""
        from onrecord.writing.recovery import recovery_key
        from onrecord.writing.unsealing import unseal

        key = recovery_key(self._store, [Path(share) for share in shares])
        return unseal(self._store, name, reason, entry, key.identity)

    def pack(
        self,
        out: str | Path,
        *,
        passphrase: bool = False,
        remove: bool = False,
        ask_new: Ask | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Close the whole record into one age file. Where `remove` deletes the folder, the record is closed after."""
        from onrecord.writing.packing import pack
        from onrecord.writing.passphrase import strong

        under = strong(self._asking_anew(ask_new)(str(out))) if passphrase else None
        removed = False
        try:
            packed = pack(self._store, Path(out), passphrase=under, remove=remove, progress=progress)
            removed = remove
            return packed
        finally:
            self._store.close()
            if not removed:
                self._store = self._opened()

    def look_at_erasing(self, *names: str, whole: bool = False, older: bool = False) -> dict[str, Any]:
        """What `erase` would take, touch and leave. Nothing is written."""
        from onrecord.erasing.erase import look

        return look(self._store, names, whole=whole, older=older)

    def erase(
        self,
        name: str | Sequence[str],
        reason: str,
        authority: Sequence[str],
        *,
        whole: bool = False,
        older: bool = False,
        shown: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Erase one thing or several with all that holds their words; the receipt. `shown` is what was looked at and agreed to."""
        from onrecord.erasing.erase import erase

        names = [name] if isinstance(name, str) else name
        return erase(self._store, names, reason, authority, whole=whole, older=older, shown=shown)

    def erasures(self, waiting: bool = False) -> list[dict[str, Any]]:
        """Every erasure ordered, or those from other laptops that nobody here has accepted yet."""
        from onrecord.erasing.receipt import listed

        return listed(self._store, waiting)

    def accept_erasure(self, order: str) -> dict[str, Any]:
        from onrecord.erasing.erase import accept

        return accept(self._store, order)

    def confirm_destroyed(self, folder: str) -> dict[str, Any]:
        """Enter that an exchange folder or packed file no longer exists, and so holds nothing that was erased."""
        from onrecord.erasing.confirming import confirm_destroyed

        copy = confirm_destroyed(self._store, folder)
        return {"folder": copy.folder, "place": copy.place, "by": self._store.handle(copy.person)}

    def finish_erasing(self) -> list[str]:
        """Finish erasures that were cut off; the orders that are carried out now."""
        from onrecord.erasing.finishing import finish

        return finish(self._store)

    def rebuild(self, progress: Progress | None = None) -> dict[str, Any]:
        """Make the views and the index again from the log: `{"entries"}`, how many there are."""
        from onrecord.writing.indexing import rebuild

        rebuild(self._store, progress)
        (entries,) = self._store.db.connection.execute("SELECT count(*) FROM head").fetchone()
        return {"entries": entries}
