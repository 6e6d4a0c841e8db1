"""How much an archive may hold. What is beyond is an archive made to overwhelm, or one for a person to unpack first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from onrecord.intake.archives.broken import BadMember

MOST_MEMBERS = 100_000
LARGEST_BYTES = 20 * 1000**3
GREATEST_RATIO = 1000
RATIO_MATTERS_FROM = 1000**3
LONGEST_NAME = 4096
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def allowed(packed: int) -> int:
    """How many bytes may come out of an archive of this size: 20 GB, or a thousand times its size beyond the first GB."""
    return min(LARGEST_BYTES, max(RATIO_MATTERS_FROM, packed * GREATEST_RATIO))


def too_much(unpacked: int, packed: int) -> str | None:
    """Why an archive that states so many bytes is not unpacked, if it is not."""
    if unpacked <= allowed(packed):
        return None
    return f"it would unpack to {size_said(unpacked)}, from {size_said(packed)}"


def size_said(count: int) -> str:
    """An amount for a message: `42 kB`, `4.5 PB`."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit and size < 10 else f"{size:.0f} {_UNITS[unit]}"


class Allowance:
    """What may still come out of one archive, counted as it comes, whatever the archive states."""

    def __init__(self, packed: int) -> None:
        self._most = self._left = allowed(packed)

    @property
    def spent(self) -> bool:
        return self._left < 0

    def counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks. Raises `BadMember` at the first that is too much."""
        for chunk in chunks:
            self._left -= len(chunk)
            if self.spent:
                raise BadMember(f"its archive unpacks to more than {size_said(self._most)}")
            yield chunk
