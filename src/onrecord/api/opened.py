"""An opened record: its store, and closing it. The verbs are in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from onrecord.settings import Settings
from onrecord.store.asking import Ask, Asking, asking_after, nobody_to_ask
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]


class Opened:
    """A record's store, opened for one person at one laptop."""

    def __init__(self, path: Path, settings: Settings, ask: Ask | None = None) -> None:
        self.path = path
        self.settings = settings
        self._ask = asking(settings, ask)
        self._store = self._opened()
        self._finish_what_was_cut_off()

    def _finish_what_was_cut_off(self) -> None:
        from onrecord.erasing.leaving import leaving

        if leaving(self._store.db.connection):
            from onrecord.erasing.finishing import finish_if_possible

            finish_if_possible(self._store)

    def _opened(self) -> RecordStore:
        return RecordStore(self.path, self.settings.home, self._ask, self.settings.handle)

    @property
    def id(self) -> str:
        return self._store.id

    @property
    def title(self) -> str | None:
        return self._store.title

    @property
    def waiting(self) -> bool:
        """Whether this copy still waits for its first merge, and so holds nothing of the record yet."""
        return self._store.waiting

    @property
    def notices(self) -> list[str]:
        """What a person should know about how this record was written to, in plain words."""
        return self._store.notices

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asking_anew(self, ask_new: Ask | None) -> Ask:
        from onrecord.writing.passphrase import nobody_to_ask_anew

        given = self.settings.new_passphrase
        return (lambda _: given) if given is not None else ask_new or nobody_to_ask_anew


def asking(settings: Settings, ask: Ask | None) -> Asking:
    """The passphrase from the settings, and where that does not open it, from who can be asked."""
    return asking_after(settings.passphrase, ask or nobody_to_ask)
