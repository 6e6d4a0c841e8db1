"""Minted ids, slugs, and the names of logs and entries (docs/format section 3)."""

from __future__ import annotations

import base64
import os
import re

ID = re.compile(r"[a-z2-7]{16}")
LOG = re.compile(r"[a-z2-7]{16}\.[1-9][0-9]{0,8}")
ROW = re.compile(LOG.pattern + "(?:~[0-9a-f]{16})?")
"""The name under which a log's entries stand: the log's, or that of one branch of it."""
_SEQ = re.compile(r"0|[1-9][0-9]{0,12}")
_SEQ_LIMIT = 2**40
_SLUG = re.compile(r"[^\W_][\w.\-]{0,79}")


def mint() -> str:
    """A fresh id: 80 random bits in lower-case base32, 16 characters."""
    return base64.b32encode(os.urandom(10)).decode("ascii").lower()


def is_id(text: str) -> bool:
    return ID.fullmatch(text) is not None


def is_slug(text: str) -> bool:
    """Letters and digits of any script, with `.`, `-` and `_` inside; never the shape of an id."""
    return _SLUG.fullmatch(text) is not None and not is_id(text)


def entry_name(log: str, seq: int) -> str:
    return f"{log}/{seq}"


def split_entry(name: str) -> tuple[str, int]:
    """The log (or branch) and seq of an entry's name. Raises `ValueError` if it is not one."""
    log, _, seq = name.partition("/")
    if not ROW.fullmatch(log) or not _SEQ.fullmatch(seq) or int(seq) >= _SEQ_LIMIT:
        raise ValueError(f"{name!r} is not the name of an entry")
    return log, int(seq)


def device_of(log: str) -> str:
    return log.partition(".")[0]


def incarnation_of(log: str) -> int:
    return int(log_of(log).partition(".")[2])


def log_of(row: str) -> str:
    """The log that a row's entries are signed as: of a branch, the log that was signed twice."""
    return row.partition("~")[0]


def branch_name(log: str, leaf: bytes) -> str:
    """What a branch is called that begins with the entry of this leaf hash: the same on every laptop."""
    return f"{log}~{leaf.hex()[:16]}"
