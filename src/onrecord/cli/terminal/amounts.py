"""Amounts as a person says them."""

from __future__ import annotations

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
