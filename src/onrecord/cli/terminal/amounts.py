"""Amounts and moments as a person says them."""

from __future__ import annotations

from datetime import UTC, datetime

STEP = 1000


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `3 files`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size_said(size: int) -> str:
    """`512 bytes`, `1.2 MB`, in steps of a thousand."""
    if size < STEP:
        return counted(size, "byte")
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= STEP
        if amount < STEP or unit == "TB":
            break
    return f"{amount:.1f} {unit}"


def moment_said(milliseconds: int) -> str:
    """Milliseconds since 1970 as `2019-06-21 14:05 UTC`."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
