"""What an original that has just come in is nearly the same as, told while it is taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from onrecord.intake.fingerprints.kinds import CROPS, PICTURE, TEXT
from onrecord.matching.likeness import MOST_TOLD, Likeness
from onrecord.matching.texts import Texts, Worded, hashes_of, kept_texts
from onrecord.store.fingerprints import Fingerprints

if TYPE_CHECKING:
    from onrecord.matching.pictures import Pictures


class Near:
    """Finds near-duplicates one original after the other. What is held is read once, when the first one is asked for."""

    def __init__(self, fingerprints: Fingerprints, item_with: Callable[[str], str | None]) -> None:
        self._fingerprints, self._item_with = fingerprints, item_with
        self._pictures: Pictures | None = None
        self._texts: Texts | None = None
        self._items: dict[str, str] = {}

    def __call__(self, original: str, item: str | None = None) -> list[dict[str, Any]]:
        """What an original whose fingerprints are kept is like: `{"item", "kind", "why"}` each, nearest kinds first.

        `item` is the one it is entered under, where no view shows that yet.
        """
        if item is not None:
            self._items[original] = item
        found = (self._told(original, one) for one in islice(self._like(original), MOST_TOLD))
        return [row for row in found if row["item"] is not None]

    def _told(self, original: str, one: Likeness) -> dict[str, Any]:
        other = one.other if one.one == original else one.one
        item = self._items.get(other) or self._item_with(other)
        return {"item": item, "kind": one.kind, "why": one.why}

    def _like(self, original: str) -> Iterator[Likeness]:
        kept = self._fingerprints.of(original)
        bits = {one.kind: one.bits for one in kept}
        if PICTURE in bits:
            yield from self._like_picture(original, bits[PICTURE], bits.get(CROPS, b""))
        if TEXT in bits:
            yield from self._like_text(Worded(original, hashes_of(bits[TEXT])))

    def _like_picture(self, original: str, marks: bytes, cuts: bytes) -> Iterator[Likeness]:
        # Whoever adds a letter does not wait until the library for pictures is loaded.
        from onrecord.matching.pictures import kept_pictures, marked_by

        picture = marked_by(original, marks, cuts)
        if picture is None:
            return
        if self._pictures is None:
            self._pictures = kept_pictures(self._fingerprints)
        yield from self._pictures.like(picture)
        self._pictures.add(picture)

    def _like_text(self, text: Worded) -> Iterator[Likeness]:
        if self._texts is None:
            self._texts = kept_texts(self._fingerprints)
        yield from self._texts.like(text)
        self._texts.add(text)
