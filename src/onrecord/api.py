"""The Python API: a record with the same verbs as the command line, giving the same JSON-ready values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onrecord.record.canonical import check
from onrecord.record.errors import FieldInvalid
from onrecord.settings import Settings
from onrecord.store.disk import is_encrypted
from onrecord.store.identity import Ask, nobody_to_ask
from onrecord.store.record_store import Founding, RecordStore, found_record
from onrecord.writing.put import Line

Progress = Callable[[int, int | None, str], None]


def new(
    path: str | Path,
    *,
    title: str | None = None,
    handle: str | None = None,
    zone: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Make a record in a new or empty folder: `{"record", "device", "path"}`."""
    settings = settings or Settings.from_environment()
    zone = zone or settings.zone or _local_zone()
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise FieldInvalid(
            "zone", f"{zone!r} is not a time zone", "Use a name such as Asia/Jerusalem or UTC."
        ) from None
    handle = handle or settings.handle or "keeper"
    check({"title": title, "handle": handle}, "new")
    log = found_record(Path(path), settings.home, Founding(title, zone, handle))
    with open(path, settings=settings) as record:
        return {"record": record.id, "device": log, "path": str(path), "notices": about_disk(Path(path))}


def about_disk(path: Path) -> list[str]:
    """A word of warning where the record lies on a disk that is not encrypted, or may not be."""
    encrypted = is_encrypted(path)
    if encrypted:
        return []
    told = "is not encrypted" if encrypted is False else "may not be encrypted; this could not be told"
    return [
        f"The disk under {path} {told}. Whoever takes it can read all that is not sealed: encrypt the whole disk."
    ]


def _local_zone() -> str:
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"


def open(path: str | Path, *, settings: Settings | None = None, ask: Ask | None = None) -> Record:
    """Open a record. Raises `RecordMissing` or `RecordUnreadable`.

    `ask` gives the passphrase of the thing named, where there is one and the settings have none.
    """
    return Record(Path(path), settings or Settings.from_environment(), ask)


def _asking(settings: Settings, ask: Ask | None) -> Ask:
    """The passphrase from the settings, or from who can be asked."""
    given = settings.passphrase
    return (lambda _: given) if given is not None else ask or nobody_to_ask


def unpack(
    file: str | Path,
    path: str | Path,
    *,
    shares: Iterable[str | Path] = (),
    settings: Settings | None = None,
    ask: Ask | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Open a packed record into a new folder, and verify it: `{"path", "files", "ok", "problems", "notices"}`."""
    from onrecord.writing.unpacking import unpack

    settings = settings or Settings.from_environment()
    asking = _asking(settings, ask)
    told = unpack(Path(file), Path(path), settings.home, asking, [Path(share) for share in shares])
    found = verify(path, progress=progress)
    return told | {
        "ok": found["ok"],
        "problems": found["problems"],
        "notices": about_disk(Path(path)),
    }


def verify(path: str | Path, *, views: bool = False, progress: Progress | None = None) -> dict[str, Any]:
    """Verify a record's folder or a dossier: `{"ok", "entries", "items", "problems"}`."""
    from onrecord.verifying import verify_folder

    return verify_folder(Path(path), views=views, progress=progress)


class Record:
    """An opened record. Every method answers with what its verb prints with `--json`."""

    def __init__(self, path: Path, settings: Settings, ask: Ask | None = None) -> None:
        self.path = path
        self.settings = settings
        self._ask = _asking(settings, ask)
        self._store = RecordStore(path, settings.home, self._ask)

    @property
    def id(self) -> str:
        return self._store.id

    @property
    def title(self) -> str | None:
        return self._store.title

    @property
    def notices(self) -> list[str]:
        """What a person should know about how this record was written to, in plain words."""
        return self._store.notices

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, paths: Iterable[str | Path], progress: Progress | None = None) -> Iterator[dict[str, Any]]:
        from onrecord.writing.add import add

        return add(self._store, [Path(path) for path in paths], progress)

    def items(self) -> Iterator[dict[str, Any]]:
        from onrecord.reading.items import items

        return items(self._store)

    def text(self, item: str) -> dict[str, Any]:
        from onrecord.reading.items import text

        return text(self._store, item)

    def mark(self, item: str, quote: str, nth: int | None = None) -> dict[str, Any]:
        from onrecord.writing.mark import mark

        return mark(self._store, item, quote, nth)

    def put(self, lines: Iterable[Line], progress: Progress | None = None) -> list[dict[str, Any]]:
        from onrecord.writing.put import put

        return put(self._store, lines, progress)

    def get(self, name: str) -> dict[str, Any]:
        from onrecord.reading.things import get

        return get(self._store, name)

    def history(self, name: str) -> dict[str, Any]:
        from onrecord.reading.things import history

        return history(self._store, name)

    def unseal(self, name: str, reason: str, entry: str | None = None) -> dict[str, Any]:
        from onrecord.writing.unsealing import unseal

        return unseal(self._store, name, reason, entry)

    def passphrase(
        self, *, remove: bool = False, new_identity: bool = False, lost: bool = False, ask_new: Ask | None = None
    ) -> dict[str, Any]:
        """Set, change or remove the passphrase over this person's key, or make a new key."""
        from onrecord.writing import passphrase

        asking = self._asking_anew(ask_new)
        if new_identity:
            return passphrase.new_key(self._store, lost=lost, ask_new=asking)
        if remove:
            return passphrase.remove_passphrase(self._store)
        return passphrase.set_passphrase(self._store, asking)

    def _asking_anew(self, ask_new: Ask | None) -> Ask:
        from onrecord.writing.passphrase import nobody_to_ask_anew

        given = self.settings.new_passphrase
        return (lambda _: given) if given is not None else ask_new or nobody_to_ask_anew

    def make_recovery(self, shares: int, needed: int, out: str | Path) -> dict[str, Any]:
        from onrecord.writing.recovery import make_recovery

        return make_recovery(self._store, shares, needed, Path(out))

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
                self._store = RecordStore(self.path, self.settings.home, self._ask)

    def search(self, query: str, limit: int | None = 50) -> Iterator[dict[str, Any]]:
        from onrecord.reading.hits import hits

        return hits(self._store, query, limit)

    def windows(
        self, event: str, sides: Sequence[str] | None = None, as_known_on: str | None = None
    ) -> dict[str, Any]:
        from onrecord.reading.windows import windows

        return windows(self._store, event, sides, as_known_on)

    def check(self, today: dt.date | None = None) -> Iterator[dict[str, Any]]:
        from onrecord.record.checks import checks
        from onrecord.text.weekdays import weekday_claims

        return checks(self._store.db.as_now(), today or self._store.today(), weekday_claims)

    def publish(self, publication: str, out: str | Path, progress: Progress | None = None) -> dict[str, Any]:
        from onrecord.publishing.publish import publish

        return publish(self._store, publication, Path(out), progress)

    def custody(
        self, item: str, out: str | Path, audience: str = "court", language: str = "en"
    ) -> dict[str, Any]:
        from onrecord.publishing.custody.report import custody

        return custody(self._store, item, Path(out), audience, language)

    def verify(self, views: bool = False, progress: Progress | None = None) -> dict[str, Any]:
        """Verify this record. It is closed meanwhile: reading its file beside an open connection would drop its locks."""
        self._store.close()
        try:
            return verify(self.path, views=views, progress=progress)
        finally:
            self._store = RecordStore(self.path, self.settings.home, self._ask)
