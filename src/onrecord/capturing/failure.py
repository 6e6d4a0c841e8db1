"""Why something was not fetched."""

from __future__ import annotations


class NotFetched(Exception):
    """A server gave nothing that can be kept, or may not be asked. The message says why."""
