"""Giving memory back to the system: what large texts took is kept by the C library otherwise, once for each thread."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8
_LARGE_BYTES = 128 * 1024
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(_LARGE_BYTES),
    "MALLOC_MMAP_THRESHOLD_": str(_LARGE_BYTES),
}
"""The same for a process that is started."""


def give_memory_back() -> None:
    """From now on, in this process, what is large goes back as soon as it is free. Other C libraries do so anyway."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(_ARENAS, 1)
            libc.mallopt(_TRIM_THRESHOLD, _LARGE_BYTES)
            libc.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
