"""How ids, logs and entries are spelt, how large things may be, and what is raised where something is not so."""

from __future__ import annotations

import re

ID = "[a-z2-7]{16}"
LOG = ID + r"\.[1-9][0-9]{0,8}"
ROW = LOG + "(?:~[0-9a-f]{16})?"
SEQ = "(?:0|[1-9][0-9]{0,12})"
HASH = "[0-9a-f]{64}"
IS_ID = re.compile(ID).fullmatch
IS_LOG = re.compile(LOG).fullmatch
IS_ROW = re.compile(ROW).fullmatch
IS_HASH = re.compile(HASH).fullmatch
IS_ENTRY = re.compile("(" + ROW + ")/(" + SEQ + ")").fullmatch
LARGEST_NUMBER = 2**53
DEEPEST = 64
LARGEST_HEAD = 1 << 10
LARGEST_BODY = 1 << 24
LARGEST_NOTE = 1 << 16
LARGEST_FILE = 1 << 28
NONE: frozenset[str] = frozenset()


class Broken(Exception):
    """What was read is not as the format says. The message says how."""


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)


def log_of(row: str) -> str:
    return row.partition("~")[0]


def device_of(log: str) -> str:
    return log.partition(".")[0]


def utf8(text: str) -> bytes:
    return text.encode("utf-8")
