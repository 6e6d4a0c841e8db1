"""`add`: taking originals in. Each file is copied and hashed once, read for its text, and entered in the log.

Several files are copied and read at a time, and entered in their order, by batches: a batch's originals are on the disk
before its entries, and its entries are all kept or none. A stopped `add` leaves at most originals that no entry names,
which the next one tells of, and goes on with a folder where it stopped.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from onrecord.intake.memory import give_memory_back
from onrecord.intake.walking import Found, Refused, walk
from onrecord.record.things import Thing
from onrecord.store.originals import Taken
from onrecord.store.orphans import clear_unnamed, telling_leftovers
from onrecord.store.record_store import RecordStore
from onrecord.writing.adding.arriving import DEEPEST, Arrived, Arriving, Job, NotTaken
from onrecord.writing.adding.entering import Entering, Line, Unpacked, refused, told_path
from onrecord.writing.adding.handover import Handover, no_handover
from onrecord.writing.adding.journal import Journal

Progress = Callable[[int, int | None, str], None]
BATCH_FILES = 256
BATCH_BYTES = 256 * 1024 * 1024
BATCH_CHARACTERS = 2_000_000
_MEGABYTE = 1_000_000
Batched = Arrived | NotTaken | Refused | Unpacked


class _Own:
    """What lies in the record itself, or beside this laptop's private keys, is not taken in."""

    def __init__(self, store: RecordStore) -> None:
        self._reasons = {
            store.folder.path.resolve(): "it is part of the record itself",
            store.keys.path.parent.resolve(): "it is one of this laptop's private keys",
        }
        self._why = cache(self._why_not)

    def checked(self, found: Found | Refused) -> Found | Refused:
        why = self._why(found.path.parent) if isinstance(found, Found) else None
        return Refused(found.path, why) if why else found

    def _why_not(self, folder: Path) -> str | None:
        real = folder.resolve()
        return next((why for own, why in self._reasons.items() if real.is_relative_to(own)), None)


def files_under(store: RecordStore, paths: Iterable[Path]) -> Iterator[Found | Refused]:
    """What `add` would look at, in its order, and what it would refuse before looking."""
    return map(_Own(store).checked, walk(paths, leave_out=store.folder.path))


def add(
    store: RecordStore,
    paths: Iterable[Path],
    progress: Progress | None = None,
    handover: Handover | None = None,
    near: Callable[[str, str], list[dict[str, Any]]] | None = None,
) -> Iterator[Line]:
    """Take files and folders in; a line for each, in order, what lies inside a container after it.

    What is refused is said, and nothing of it is kept. `near` finds what an original is nearly the same as.
    """
    give_memory_back()
    adding = _Adding(store, list(paths), progress, near)
    with telling_leftovers(store):
        yield from adding.run(handover or no_handover())
    if adding.dropped:
        clear_unnamed(store, adding.dropped)


def take_out(store: RecordStore, original: str, password: str) -> list[Line]:
    """Take what lies in a locked container that is held already out of it; a line for each file inside."""
    adding = _Adding(
        store, [], None, None, [replace(job, password=password) for job in _again(store, original)]
    )
    with telling_leftovers(store):
        return list(adding.run(no_handover()))


@dataclass(slots=True)
class _Adding:
    store: RecordStore
    paths: list[Path]
    progress: Progress | None
    near: Callable[[str, str], list[dict[str, Any]]] | None
    given: list[Job] | None = None
    batch: list[Batched] = field(default_factory=list)
    weight: list[int] = field(default_factory=lambda: [0, 0])
    done: int = 0
    total: int | None = None
    gone: bool = False
    dropped: list[str] = field(default_factory=list)

    def run(self, handover: Handover) -> Iterator[Line]:
        journal = Journal.of(self.store, self.paths)
        listed = handover.begin(self.store, journal, partial(files_under, self.store, self.paths))
        entering = Entering(self.store, journal.inventory, self.near)
        yield from listed
        if self.progress:
            self.total = _bytes_under(files_under(self.store, self.paths))
        # Most of a file's time is waiting for the disk; how many are read at a time, the readers decide.
        workers = max(4, min(8, 2 * (os.cpu_count() or 2)))
        with ThreadPoolExecutor(workers, "adding") as threads:
            flow = _Flow(threads, Arriving(self.store).arrive, 3 * workers)
            try:
                for one in flow.through(self._jobs(journal)):
                    yield from self._take(one, entering, journal)
                yield from self._enter(entering, journal)
            finally:
                flow.stop()
        self._end(journal)

    def _jobs(self, journal: Journal) -> Iterator[Job | Batched | Line]:
        if self.given is not None:
            yield from self.given
            return
        for original in self.store.imports.half_unpacked():
            yield from _again(self.store, original)
        for found in files_under(self.store, self.paths):
            if self.gone:
                return
            if isinstance(found, Refused):
                yield found
            else:
                yield journal.line_of(found) or Job(found, told_path(found))

    def _take(self, one: Any, entering: Entering, journal: Journal) -> Iterator[Line]:
        """Put one into the batch, and enter the batch when it is full."""
        if isinstance(one, dict):
            self._tell(int(one["size"]))
            yield from self._enter(entering, journal)
            yield one
            return
        self.batch.append(one)
        if isinstance(one, Arrived):
            self.dropped += one.dropped
            self.weight[0] += one.taken.size
            self.weight[1] += one.characters
            self._tell(one.taken.size if one.job.inside is None else 0)
        elif isinstance(one, NotTaken):
            self.dropped += one.dropped
            self.gone = self.gone or one.gone
        full = self.weight[0] >= BATCH_BYTES or self.weight[1] >= BATCH_CHARACTERS
        if full or len(self.batch) >= BATCH_FILES:
            yield from self._enter(entering, journal)

    def _enter(self, entering: Entering, journal: Journal) -> list[Line]:
        batch, self.batch, self.weight = self.batch, [], [0, 0]
        if not any(isinstance(one, Arrived | Unpacked) for one in batch):
            return [refused(one) for one in batch if isinstance(one, NotTaken | Refused)]
        arrived = [one for one in batch if isinstance(one, Arrived)]
        return entering.enter(batch, lambda: journal.keep(arrived))

    def _tell(self, size: int) -> None:
        self.done += size
        if self.progress:
            total = None if self.total is None else max(1, self.total // _MEGABYTE)
            self.progress(min(self.done // _MEGABYTE, total or self.done), total, "Taking in, MB")

    def _end(self, journal: Journal) -> None:
        if self.gone:
            self.store.notices.append(
                "The disk or card is gone. What was taken in until then is in, and the rest is not: put it back, and "
                "add the same folder again; it goes on where it stopped."
            )
        else:
            journal.finish()


class _Flow:
    """Runs jobs in threads and gives what came of them in their order; what lies inside one comes right after it."""

    def __init__(
        self, threads: ThreadPoolExecutor, arrive: Callable[[Job], Arrived | NotTaken], window: int
    ) -> None:
        self._threads, self._arrive, self._window = threads, arrive, window
        self._waiting: list[deque[Any]] = []

    def through(self, jobs: Iterator[Any]) -> Iterator[Any]:
        waiting: deque[Any] = deque()
        self._waiting.append(waiting)
        while True:
            for job in islice(jobs, self._window - len(waiting)):
                waiting.append(self._threads.submit(self._arrive, job) if isinstance(job, Job) else job)
            if not waiting:
                break
            one = waiting.popleft()
            one = one.result() if isinstance(one, Future) else one
            yield one
            if isinstance(one, Arrived) and (one.members or one.job.again):
                yield from self.through(iter(one.members))
                yield Unpacked(one.taken.sha256)
        self._waiting.pop()

    def stop(self) -> None:
        """Let nothing begin that has not begun."""
        for waiting in self._waiting:
            for one in waiting:
                if isinstance(one, Future):
                    one.cancel()


def _again(store: RecordStore, original: str) -> Iterator[Job]:
    """A container whose members an earlier `add` did not enter to the end: they are taken out of it again."""
    item, path = store.item_with(original), store.originals.path(original)
    thing = store.db.as_now().get(item) if item else None
    if thing is None or not path.is_file():
        return
    with path.open("rb") as file:
        beginning = file.read(65536)
    name = str(thing.fields.get("name", original))
    taken = Taken(original, path.stat().st_size, "already held", beginning)
    yield Job(Found(path, name), name, taken=taken, again=True, depth=_depth(store, thing))


def _depth(store: RecordStore, container: Thing) -> int:
    """In how many containers this one lay, as far as that matters."""
    depth, here = 0, container
    while depth < DEEPEST and here.fields.get("member"):
        around = store.db.as_now().get(str(here.fields.get("inside")))
        if around is None:
            break
        depth, here = depth + 1, around
    return depth


def _bytes_under(files: Iterable[Found | Refused]) -> int:
    total = 0
    for found in files:
        if isinstance(found, Found):
            try:
                total += found.path.lstat().st_size
            except OSError:
                continue
    return total
