"""Originals come in, and are looked at and read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.api.opened import Opened, Progress

if TYPE_CHECKING:
    from onrecord.capturing.capture import Contact


class TakingIn(Opened):
    """Originals come in, and are looked at and read."""

    def add(
        self,
        paths: Iterable[str | Path],
        progress: Progress | None = None,
        *,
        handover: Mapping[str, Any] | None = None,
        terms: Mapping[str, Any] | None = None,
        inventory: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """Take files and folders in, and what lies inside archives and mails. With `handover` (fields of an item), `terms`
        (without `over`) or `inventory`, one item with what lay there is made first, and all of it lies inside that."""
        from onrecord.matching.near import Near
        from onrecord.writing.add import add
        from onrecord.writing.adding.handover import Handover

        said = Handover(handover or {}, terms, inventory)
        near = Near(self._store.fingerprints, self._store.item_with)
        return add(self._store, [Path(path) for path in paths], progress, said, near)

    def look_at(
        self,
        paths: Iterable[str | Path],
        progress: Progress | None = None,
        *,
        handover: Mapping[str, Any] | None = None,
        terms: Mapping[str, Any] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """What `add` would do with files and folders, a line each, once what is said of them is checked. Nothing is written."""
        from onrecord.writing.adding.handover import Handover
        from onrecord.writing.adding.looking import look

        Handover(handover or {}, terms).check(self._store)
        return look(self._store, [Path(path) for path in paths], progress)

    def import_from(
        self,
        path: str | Path,
        form: str | None = None,
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Take in what another tool handed over: a line for everything in it. `form` says what it is, if need be."""
        from onrecord.exchange.neighbours.carrying import bring

        return bring(self._store, Path(path), form, dry_run, progress)

    def capture(
        self,
        url: str,
        agree: Callable[[Contact], bool],
        *,
        resources: bool = False,
        allow_local: bool = False,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Fetch a page of the web and take it in as a web archive. `agree` is asked before any place is contacted."""
        from onrecord.capturing.capture import capture

        return capture(
            self._store, url, agree, resources=resources, allow_local=allow_local, progress=progress
        )

    def items(self) -> Iterator[dict[str, Any]]:
        from onrecord.reading.items import items

        return items(self._store)

    def text(self, item: str) -> dict[str, Any]:
        from onrecord.reading.items import text

        return text(self._store, item)

    def read(
        self,
        item: str,
        *,
        password: str | None = None,
        encoding: str | None = None,
        ocr: str | None = None,
        all_pages: bool = False,
        speech: str | Path | None = None,
        language: str = "auto",
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Read an original again, or with `ocr` (languages such as "ara+heb+eng") recognise words in its pictures.

        With `speech`, a model that is on this laptop, what is said in a recording is written down.
        """
        from onrecord.writing.rereading import read_again, recognise

        if speech is not None:
            from onrecord.writing.transcribing import transcribe_item

            return transcribe_item(self._store, item, speech, language=language, progress=progress)
        if ocr is None:
            return read_again(self._store, item, encoding=encoding, password=password)
        return recognise(self._store, item, ocr, all_pages=all_pages, password=password, progress=progress)

    def alike(
        self, items: Iterable[str] = (), *, video: bool = True, progress: Progress | None = None
    ) -> Iterator[dict[str, Any]]:
        """Originals that may be one, each with why. With `video`, recordings are looked at first that were not yet."""
        from onrecord.intake.recordings.pairing import transcript_of
        from onrecord.matching.alike import alike
        from onrecord.writing.framing import frame_recordings
        from onrecord.writing.names import resolve_kind

        named = [resolve_kind(self._store, item, "item") for item in items]
        if video:
            self.notices.extend(frame_recordings(self._store, named, progress))
        return alike(self._store, named, transcript_of, progress)
