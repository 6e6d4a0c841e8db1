"""`list.json`: what a prefix holds, for places that cannot be listed, and to tell a file that was copied half.

It is written last and nothing attests it: whoever alters it can make a reader miss files, as by deleting them. Its
checkpoints are signed by their logs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from onrecord.exchange.place import MOST_FILES, is_file
from onrecord.record.canonical import encode
from onrecord.record.ids import ROW

NAME = "list.json"
FORMAT = "onrecord list 1"
LARGEST = 1 << 26


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a prefix with their sizes, and the last checkpoint of each log or branch in it."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        files = [{"name": name, "size": size} for name, size in sorted(self.sizes.items())]
        notes = {row: note.decode("utf-8") for row, note in self.notes.items()}
        return encode({"files": files, "format": FORMAT, "notes": notes}) + b"\n"


def read_contents(data: bytes) -> Contents:
    """Raises `ValueError` where it is not one. Names that this format does not know are passed over."""
    try:
        held = json.loads(data)
        if held["format"] != FORMAT or len(held["files"]) > MOST_FILES:
            raise ValueError("format")
        sizes = {one["name"]: one["size"] for one in held["files"]}
        notes = {row: note.encode("utf-8") for row, note in held.get("notes", {}).items()}
        if not all(type(size) is int and size >= 0 and isinstance(name, str) for name, size in sizes.items()):
            raise ValueError("files")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("its list.json is not one") from None
    known = {name: size for name, size in sizes.items() if is_file(name) and name != NAME}
    return Contents(known, {row: note for row, note in notes.items() if ROW.fullmatch(row)})
