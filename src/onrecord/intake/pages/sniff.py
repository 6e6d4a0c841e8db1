"""Whether a file is a web archive, told from its first bytes."""

from __future__ import annotations

import re
import zlib

_FIRST_NAME = re.compile(rb"archive/[^/]|datapackage|pages/|indexes/")
_ARCHIVE = re.compile(rb"archive/[^/\0]{1,200}\.warc")


def looks_like_wacz(beginning: bytes, name: str) -> bool:
    """A zip that says so by its ending, or whose first file is one that such a package has, with an archive near it."""
    if not beginning.startswith(b"PK\x03\x04"):
        return False
    if name.lower().endswith(".wacz"):
        return True
    length = int.from_bytes(beginning[26:28], "little")
    first = beginning[30 : 30 + length]
    return bool(_FIRST_NAME.match(first) and _ARCHIVE.search(beginning))


def looks_like_warc_gzip(beginning: bytes, name: str) -> bool:
    """A gzip stream that holds a record of a web archive first."""
    if not beginning.startswith(b"\x1f\x8b"):
        return False
    try:
        return zlib.decompressobj(31).decompress(beginning[:4096], 16).startswith((b"WARC/1.", b"WARC/0."))
    except zlib.error:
        return False
