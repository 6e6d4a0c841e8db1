"""The segments of a large layer, kept as JSON and pressed, some hundreds at a time: a million of them as objects would fill the memory."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from onrecord.intake.reading import Segment

PACKED_BY = 500
UNPRESSED = 2_000
_OWN = ("start", "end", "kind", "place", "part")
_LARGEST_NUMBER = 1 << 53
_DEEPEST, _MOST_VALUES = 4, 200_000


class Packed(Sequence[Segment]):
    """Segments in order; they can be added to at the end, and are made into objects as they are looked at."""

    def __init__(self) -> None:
        self._packs: list[bytes | tuple[Segment, ...]] = []
        self._begins: list[int] = []
        self._count = 0
        self.size = 0

    def add(self, segments: Sequence[Segment]) -> None:
        if self._count + len(segments) <= UNPRESSED:
            self._packs.append(tuple(segments))
            self.size += sum(_size_of(segment) for segment in segments)
        else:
            told = json.dumps([segment.as_json() for segment in segments], ensure_ascii=False)
            self._packs.append(zlib.compress(told.encode("utf-8"), 1))
            self.size += len(told)
        self._begins.append(self._count)
        self._count += len(segments)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Segment]:
        for pack in self._packs:
            yield from _unpacked(pack)

    @overload
    def __getitem__(self, at: int) -> Segment: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Segment, ...]: ...
    def __getitem__(self, at: int | slice) -> Segment | tuple[Segment, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        number = range(self._count)[at]
        pack = bisect_right(self._begins, number) - 1
        return _unpacked(self._packs[pack])[number - self._begins[pack]]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Packed | tuple):
            return NotImplemented
        return len(self) == len(other) and all(map(Segment.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]


def _unpacked(pack: bytes | tuple[Segment, ...]) -> Sequence[Segment]:
    if isinstance(pack, tuple):
        return pack
    return [segment_of(told) for told in json.loads(zlib.decompress(pack))]


def _size_of(segment: Segment) -> int:
    """About as much as its JSON takes."""
    return 60 + (len(repr(segment.about)) if segment.about else 0)


def in_packs(segments: Iterable[Segment]) -> Iterator[list[dict[str, Any]]]:
    """Segments as JSON, some hundreds at a time."""
    pack: list[dict[str, Any]] = []
    for segment in segments:
        pack.append(segment.as_json())
        if len(pack) == PACKED_BY:
            yield pack
            pack = []
    if pack:
        yield pack


def as_json_text(segments: Iterable[Segment]) -> str:
    """All of them as the text of one JSON list, without the list."""
    return f"[{', '.join(json.dumps(pack)[1:-1] for pack in in_packs(segments))}]"


def segment_of(told: Mapping[str, Any]) -> Segment:
    place = told.get("place")
    about = {name: value for name, value in told.items() if name not in _OWN}
    return Segment(
        told["start"], told["end"], told["kind"], place and (place[0], place[1]), told.get("part"), about
    )


def checked(told: Any, after: int, length: int) -> list[Segment]:
    """Segments as a process that read hostile input gives them; raises `ValueError` for what no reader would give."""
    made = []
    for one in told:
        start, end, place, part = one["start"], one["end"], one.get("place"), one.get("part")
        if not (type(start) is type(end) is int and after <= start < end <= length):
            raise ValueError("segment")
        if type(one["kind"]) is not str or not (part is None or type(part) is str):
            raise ValueError("segment")
        if place and not (len(place) == 2 and all(type(one) is int and 0 <= one < 1 << 40 for one in place)):
            raise ValueError("place")
        made.append(segment_of(plain(one)))
        after = end
    return made


def plain(value: Any) -> Any:
    """A value as the record's JSON can hold it: no fractions, no endless numbers, no half characters, nothing deep.
    Raises `ValueError` for any other."""
    left = [_MOST_VALUES]
    return _plain(value, _DEEPEST, left)


def _plain(value: Any, deep: int, left: list[int]) -> Any:
    left[0] -= 1
    if deep < 0 or left[0] < 0:
        raise ValueError("too much is said of one thing")
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if type(value) is int and abs(value) < _LARGEST_NUMBER:
        return value
    if type(value) is list:
        return [_plain(one, deep - 1, left) for one in value]
    if type(value) is dict:
        return {_plain(name, 0, left): _plain(one, deep - 1, left) for name, one in value.items()}
    raise ValueError("a value of no kind that is kept")
