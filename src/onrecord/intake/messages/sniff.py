"""Whether a file is a mailbox or a mail, told from its first bytes."""

from __future__ import annotations

import re

_MAILBOX = re.compile(rb"From ?[^\r\n]{0,1000}\r?\n(?:>?From [^\r\n]{0,1000}\r?\n)?[!-9;-~]{1,100}:")


def looks_like_mailbox(beginning: bytes, name: str) -> bool:
    """A line that begins with "From ", and a header after it. A file called .eml is one mail, with its envelope."""
    return bool(_MAILBOX.match(beginning)) and not name.lower().endswith(".eml")
