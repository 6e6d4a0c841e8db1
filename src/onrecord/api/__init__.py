"""The Python API: a record with the same verbs as the command line, giving the same JSON-ready values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onrecord.api.giving_out import GivingOut
from onrecord.api.laptops import Laptops
from onrecord.api.opened import Progress, asking
from onrecord.api.safety import Safety
from onrecord.api.taking_in import TakingIn
from onrecord.api.things import Things
from onrecord.api.verifying import verify
from onrecord.record.canonical import check
from onrecord.record.errors import FieldInvalid
from onrecord.settings import Settings
from onrecord.store.asking import Ask
from onrecord.store.disk import is_encrypted
from onrecord.store.record_store import Founding, found_record
from onrecord.writing.put import Line

__all__ = ["Line", "Progress", "Record", "about_disk", "join", "new", "open", "unpack", "verify"]


class Record(TakingIn, Things, Safety, Laptops, GivingOut):
    """An opened record. Every method answers with what its verb prints with `--json`."""


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


def join(
    stick: str | Path,
    path: str | Path,
    *,
    code: str | None = None,
    record: str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Make this laptop's own copy of a record from what a colleague sent: `{"record", "device", "admitted", …}`.

    `code` is that of an invitation; `record` says which, where several lie there.
    """
    from onrecord.exchange.join import join
    from onrecord.exchange.place import place_at

    settings = settings or Settings.from_environment()
    told = join(
        place_at(stick),
        Path(path),
        settings.home,
        code=code or settings.code,
        record=record,
        handle=settings.handle,
        progress=progress,
    )
    return told | {"path": str(path), "notices": about_disk(Path(path))}


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
    told = unpack(
        Path(file), Path(path), settings.home, asking(settings, ask), [Path(share) for share in shares]
    )
    found = verify(path, progress=progress)
    return told | {
        "ok": found["ok"],
        "problems": found["problems"],
        "notices": about_disk(Path(path)),
    }
