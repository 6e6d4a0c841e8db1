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
        return {"record": record.id, "device": log, "path": str(path), "notices": _about_disk(Path(path))}


def _about_disk(path: Path) -> list[str]:
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


def open(path: str | Path, *, settings: Settings | None = None) -> Record:
    """Open a record. Raises `RecordMissing` or `RecordUnreadable`."""
    return Record(Path(path), settings or Settings.from_environment())


def verify(path: str | Path, *, views: bool = False, progress: Progress | None = None) -> dict[str, Any]:
    """Verify a record's folder or a dossier: `{"ok", "entries", "items", "problems"}`."""
    from onrecord.verifying import verify_folder

    return verify_folder(Path(path), views=views, progress=progress)


class Record:
    """An opened record. Every method answers with what its verb prints with `--json`."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.settings = settings
        self._store = RecordStore(path, settings.home)

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

    def verify(self, views: bool = False, progress: Progress | None = None) -> dict[str, Any]:
        """Verify this record. It is closed meanwhile: reading its file beside an open connection would drop its locks."""
        self._store.close()
        try:
            return verify(self.path, views=views, progress=progress)
        finally:
            self._store = RecordStore(self.path, self.settings.home)
