"""Whether somebody sits at a terminal and is asked first; a script goes on."""

from __future__ import annotations

import sys

from onrecord.cli.call import Call


def is_asked(call: Call, yes: bool) -> bool:
    return not yes and not call.json and sys.stdin.isatty() and sys.stdout.isatty()
