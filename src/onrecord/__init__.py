"""Onrecord keeps the record of who says what, on what evidence, and under which terms.

`onrecord.open(path)` gives a record with the verbs of the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onrecord.version import __version__

if TYPE_CHECKING:
    from onrecord.api import Record, join, new, open, unpack, verify

__all__ = ["Record", "__version__", "join", "new", "open", "unpack", "verify"]


def __getattr__(name: str) -> Any:
    """Load the API when it is first asked for, so that `import onrecord` and `--help` stay quick."""
    if name in ("Record", "join", "new", "open", "unpack", "verify"):
        from onrecord import api

        return getattr(api, name)
    raise AttributeError(f"module 'onrecord' has no attribute {name!r}")
