"""Things are marked, put, looked up and compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from onrecord.api.opened import Opened, Progress
from onrecord.writing.put import Line


class Things(Opened):
    """Things are marked, put, looked up and compared."""

    def mark(self, item: str, quote: str, nth: int | None = None) -> dict[str, Any]:
        from onrecord.writing.mark import mark

        return mark(self._store, item, quote, nth)

    def put(self, lines: Iterable[Line], progress: Progress | None = None) -> list[dict[str, Any]]:
        from onrecord.writing.put import put

        return put(self._store, lines, progress)

    def put_sheet(
        self,
        source: str | Path,
        map: str | Path | Mapping[str, Any],
        preview: bool = False,
        reason: str | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Put the rows of a sheet, a file or an item, by a mapping; with `preview`, only look what would be put."""
        from onrecord.writing.sheets.put_sheet import put_sheet

        return put_sheet(self._store, source, map, preview=preview, reason=reason, progress=progress)

    def get(self, name: str) -> dict[str, Any]:
        from onrecord.reading.things import get

        return get(self._store, name)

    def history(self, name: str) -> dict[str, Any]:
        from onrecord.reading.things import history

        return history(self._store, name)

    def conflicts(self) -> Iterator[dict[str, Any]]:
        from onrecord.reading.conflicts import conflicts

        return conflicts(self._store)

    def conflict(self, name: str) -> dict[str, Any]:
        from onrecord.reading.conflicts import conflict

        return conflict(self._store, name)

    def resolve(
        self, name: str, reason: str, keep: str | None = None, take: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        from onrecord.writing.resolving import resolving

        return resolving(self._store, name, reason, keep, take)

    def search(self, query: str, limit: int | None = 50) -> Iterator[dict[str, Any]]:
        from onrecord.reading.hits import hits

        return hits(self._store, query, limit)

    def windows(
        self,
        event: str,
        sides: Sequence[str] | None = None,
        as_known_on: str | None = None,
        *,
        reading: str | None = None,
        device: str | None = None,
    ) -> dict[str, Any]:
        """One event as each side tells it; on a day as it was "received" (here, or on a device), "stated" or "proven"."""
        from onrecord.reading.windows import windows

        return windows(self._store, event, sides, as_known_on, reading, device)

    def check(self, today: dt.date | None = None) -> Iterator[dict[str, Any]]:
        from onrecord.record.checks import checks
        from onrecord.text.weekdays import weekday_claims

        return checks(self._store.db.as_now(), today or self._store.today(), weekday_claims)
