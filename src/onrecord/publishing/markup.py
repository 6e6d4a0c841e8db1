"""Text that leaves, read as it stands and as a reader will see it, so that no name hides behind markup."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<[^<>]*>")
_EMPHASIS = re.compile(r"[*_`~\\]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def readings(text: str) -> tuple[str, ...]:
    """The text itself, then without tags, escapes and unseen characters, then also without Markdown's marks."""
    shown = _UNSEEN.sub("", html.unescape(_TAG.sub("", text)))
    return tuple(dict.fromkeys((text, shown, _EMPHASIS.sub("", shown))))
