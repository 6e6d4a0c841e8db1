"""Pages: one alone, one saved as a mail, and web archives."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile

from tests.samples.texts import ALL, ENGLISH

PAGE = (
    "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>The weir</title></head><body><main><h1>The weir</h1>"
    + "".join(f"<p>{words}</p>" for words in ALL)
    + "</main></body></html>"
).encode()
_HOCR = (
    '<!DOCTYPE html><html><head><meta name="ocr-system" content="tesseract"></head><body>'
    '<div class="ocr_page" title="bbox 0 0 600 800"><span class="ocr_line" title="bbox 10 10 300 40">{}</span></div>'
    "</body></html>"
)


def _record(kind: str, content: bytes, content_type: str) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{len(kind) % 10}>\r\n"
        f"WARC-Date: 2019-05-14T07:15:00Z\r\nWARC-Target-URI: https://weir.example/\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def _warc() -> tuple[bytes, bytes]:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE
    return (
        _record("warcinfo", b"software: onrecord samples\r\n", "application/warc-fields"),
        _record("response", answer, "application/http; msgtype=response"),
    )


def _wacz(warc: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("archive/data.warc.gz", warc)
        page = {"id": "1", "url": "https://weir.example/", "title": "The weir", "ts": "2019-05-14T07:15:00Z"}
        package.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n' + json.dumps(page) + "\n")
        package.writestr(
            "datapackage.json",
            json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": []}),
        )
    return made.getvalue()


def samples() -> dict[str, bytes]:
    info, answer = _warc()
    packed = gzip.compress(info, mtime=0) + gzip.compress(answer, mtime=0)
    saved = (
        b'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="weir"\r\n\r\n'
        b"--weir\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Location: https://weir.example/\r\n\r\n" + base64.encodebytes(PAGE) + b"\r\n--weir--\r\n"
    )
    return {
        "page.html": PAGE,
        "page.mhtml": saved,
        "page.warc": info + answer,
        "page.warc.gz": packed,
        "page.wacz": _wacz(packed),
        "scan.hocr": _HOCR.format(
            " ".join(
                f"<span class='ocrx_word' title='bbox 10 10 90 40'>{word}</span>" for word in ENGLISH.split()
            )
        ).encode(),
    }
