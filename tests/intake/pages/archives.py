"""Web archives for the tests, written by the library that others write them with, and by hand where it would not."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from functools import cache
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

GATE = "https://weir.example/gate"
PAGE = "<html><head><title>السد</title></head><body><p>The gate was shut.<p>השער נסגר</body></html>".encode()
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30


class Archive:
    """Records written one after another. `more` are headers of the answer."""

    def __init__(self, compressed: bool = True, version: str = "1.1") -> None:
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=compressed, warc_version=version)

    def info(self) -> Archive:
        told = {"software": "a crawler", "isPartOf": "the weir"}
        self.writer.write_record(self.writer.create_warcinfo_record("weir.warc", told))
        return self

    def answer(
        self,
        url: str,
        content_type: str,
        body: bytes,
        *,
        status: str = "200 OK",
        stated: dict[str, str] | None = None,
        **more: str,
    ) -> Archive:
        headers = [
            ("Content-Type", content_type),
            *((name.replace("_", "-"), value) for name, value in more.items()),
        ]
        said = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=said,
            warc_headers_dict=stated or {},
        )
        self.writer.write_record(record)
        return self

    def other(self, kind: str, url: str, content_type: str, body: bytes) -> Archive:
        record = self.writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), length=len(body), warc_content_type=content_type
        )
        self.writer.write_record(record)
        return self

    @property
    def bytes(self) -> bytes:
        return self.out.getvalue()


@cache
def sample(compressed: bool = True) -> bytes:
    archive = Archive(compressed).info()
    archive.answer(GATE, "text/html; charset=utf-8", PAGE)
    archive.answer(f"{GATE}.png", "image/png", PICTURE)
    archive.answer("https://weir.example/dot.png", "image/png", b"x" * 100)
    archive.answer("https://weir.example/style.css", "text/css", b"p{}")
    archive.answer("https://weir.example/old", "text/html", b"gone", status="404 Not Found")
    archive.other("metadata", GATE, "application/warc-fields", b"via: nothing\r\n")
    return archive.bytes


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def bare(headers: dict[str, str], block: bytes, version: str = "WARC/1.0") -> bytes:
    """A record written by hand."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{version}\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def wacz(
    warc: bytes | None = None, changes: dict[str, bytes | None] | None = None, way: int = zipfile.ZIP_STORED
) -> bytes:
    """A package; `changes` put other bytes in the place of a file, or with None leave it out, after the digests were taken."""
    files = {
        "archive/data.warc.gz": sample() if warc is None else warc,
        "pages/pages.jsonl": _lines(
            {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"},
            {"id": "1", "url": GATE, "ts": "2019-05-14T07:15:00Z", "title": "השער"},
        ),
    }
    listed = [
        {"name": name, "path": name, "hash": _sha256(kept), "bytes": len(kept)}
        for name, kept in files.items()
    ]
    stated = {"profile": "data-package", "wacz_version": "1.1.1", "title": "البوابة", "resources": listed}
    stated["created"] = "2019-05-14T08:00:00Z"
    files["datapackage.json"] = json.dumps(stated).encode()
    digest = {"path": "datapackage.json", "hash": _sha256(files["datapackage.json"])}
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    for name, content in (changes or {}).items():
        if content is None:
            del files[name]
        else:
            files[name] = content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def _lines(*pages: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(page).encode() + b"\n" for page in pages)


def _sha256(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def in_one_stream(records: bytes) -> bytes:
    return gzip.compress(records)
