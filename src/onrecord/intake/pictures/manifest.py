"""Whether a file carries content credentials (C2PA), told without reading them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import BinaryIO

NOT_INSTALLED = (
    "it carries content credentials (C2PA); the part of Onrecord that reads them is not installed: "
    "pip install onrecord[credentials]"
)
# The identifier of a manifest store, in the box that describes it (JUMBF, ISO 19566-5).
_MANIFEST = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
_LOOKED_AT = 1024 * 1024


def has_credentials(file: BinaryIO, size: int) -> bool:
    """Whether a manifest begins in the first or the last megabyte, where all kinds of files have theirs."""
    file.seek(0)
    if _MANIFEST in file.read(_LOOKED_AT):
        return True
    if size <= _LOOKED_AT:
        return False
    file.seek(max(_LOOKED_AT - len(_MANIFEST), size - _LOOKED_AT))
    return _MANIFEST in file.read(_LOOKED_AT + len(_MANIFEST))


def credentials_can_be_read() -> bool:
    return find_spec("c2pa") is not None
