"""The frames in which a confined reader answers: a letter for the kind, the length in eight bytes, the highest first, and the content.

A reading comes as TEXT (where it has a layer), SEGMENTS and READING; a member as MEMBER, CHUNK after CHUNK, and END; DONE
ends the answer to one question. JSON and text are in UTF-8.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from enum import Enum
from typing import Any


class Frame(Enum):
    READY = b"y"
    TEXT = b"t"
    SEGMENTS = b"s"
    READING = b"r"
    MEMBER = b"m"
    CHUNK = b"c"
    END = b"e"
    SKIPPED = b"k"
    FAILED = b"f"
    DONE = b"d"


def write_frame(out: socket.socket, kind: Frame, content: bytes) -> None:
    out.sendall(kind.value + len(content).to_bytes(8, "big") + content)


def write_json(out: socket.socket, kind: Frame, content: Mapping[str, Any]) -> None:
    write_frame(out, kind, json.dumps(content).encode("ascii"))
