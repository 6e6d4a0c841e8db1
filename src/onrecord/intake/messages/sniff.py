"""Whether a file is a mailbox or a mail, told from its first bytes."""

from __future__ import annotations

import re

_ENVELOPE = rb"From(?: +(?:-|[^\r\n]{0,900}[0-9]{1,2}:[0-9]{2}[^\r\n]{0,100}))?[ \t]*\r?\n"
_MAILBOX = re.compile(_ENVELOPE + rb"(?:>?From [^\r\n]{0,1000}\r?\n)?[!-9;-~]{1,100}:")


def looks_like_mailbox(beginning: bytes, name: str) -> bool:
    """A line that begins with "From ", with an hour or nothing else, and a header after it. A file called .eml is one mail, with its envelope."""
    return bool(_MAILBOX.match(beginning)) and not name.lower().endswith(".eml")
