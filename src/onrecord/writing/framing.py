"""Fingerprints of recordings, made when somebody asks what is alike: too dear to be made for everything that comes in."""

from __future__ import annotations

from collections.abc import Callable, Collection

from onrecord.intake.fingerprints.frames import recording_fingerprints
from onrecord.intake.fingerprints.kinds import FRAME, NO_FRAMES
from onrecord.intake.reading import Fingerprint
from onrecord.record.errors import ProgramMissing, ReaderFailed
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]
WHAT = "looking at recordings"


def frame_recordings(
    store: RecordStore, items: Collection[str] = (), progress: Progress | None = None
) -> tuple[str, ...]:
    """Make and keep the fingerprints of recordings that have none yet; in plain words, what could not be looked at."""
    waiting = list(_waiting(store, items))
    troubles: list[str] = []
    for done, (original, name) in enumerate(waiting):
        if progress:
            progress(done, len(waiting), WHAT)
        try:
            _frame(store, original)
        except ProgramMissing as missing:
            return (
                f"{_recordings(len(waiting))} not compared: {missing.thing} is not installed. {missing.mend}",
            )
        except ReaderFailed as failed:
            troubles.append(f"{name} is not compared: {failed.reason}.")
    if progress and waiting:
        progress(len(waiting), len(waiting), WHAT)
    return tuple(troubles)


def _waiting(store: RecordStore, items: Collection[str]) -> list[tuple[str, str]]:
    """Videos without fingerprints whose bytes are here. All are needed, even where one is asked for."""
    if items and not any(_is_video(store, item) for item in items):
        return []
    done = {one.original for kind in (FRAME, NO_FRAMES) for one in store.fingerprints.all(kind)}
    found = {
        str(thing.fields.get("sha256")): str(thing.fields.get("name") or thing.id)
        for thing in store.db.as_now().of_kind("item")
        if str(thing.fields.get("media_type")).startswith("video/")
    }
    return [
        (original, name)
        for original, name in found.items()
        if original not in done and store.originals.path(original).is_file()
    ]


def _is_video(store: RecordStore, item: str) -> bool:
    thing = store.db.as_now().get(item)
    return thing is not None and str(thing.fields.get("media_type")).startswith("video/")


def _frame(store: RecordStore, original: str) -> None:
    try:
        with store.originals.path(original).open("rb") as file:
            found = recording_fingerprints(file)
    except ReaderFailed:
        _keep(store, original, ())
        raise
    _keep(store, original, found)


def _keep(store: RecordStore, original: str, found: tuple[Fingerprint, ...]) -> None:
    with store.db.transaction():
        store.fingerprints.keep(original, found or (Fingerprint(NO_FRAMES, ""),))


def _recordings(number: int) -> str:
    return "1 recording is" if number == 1 else f"{number:,} recordings are"
