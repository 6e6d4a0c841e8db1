"""Writing what was fetched as a web archive: a WARC of each question and answer, an index, a list of pages, and digests.

The form is WACZ 1.1.1, which the usual viewers open from a file.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from onrecord.capturing.fetching import AGENT, Answer

WACZ_VERSION = "1.1.1"
_WARC = "archive/data.warc.gz"
_AT_ONCE = 1 << 18
_INDEX, _PAGES = "indexes/index.cdx", "pages/pages.jsonl"


@dataclass(frozen=True, slots=True)
class Page:
    """The page that was asked for, as the archive lists it: where it was found in the end, and how it calls itself."""

    url: str
    at: dt.datetime
    title: str | None


def write_wacz(path: Path, answers: Sequence[Answer], page: Page) -> None:
    """Write the file. `answers` are in the order in which they came."""
    with (
        tempfile.TemporaryFile(dir=path.parent) as warc,
        zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as package,
    ):
        lines = _write_warc(cast(IO[bytes], warc), answers)
        warc.seek(0)
        resources = [_store(package, _WARC, cast(IO[bytes], warc), page.at)]
        index = "".join(f"{line}\n" for line in sorted(lines)).encode("ascii")
        resources.append(_store(package, _INDEX, io.BytesIO(index), page.at))
        resources.append(_store(package, _PAGES, io.BytesIO(_listed(page)), page.at))
        stated = _json(_package(page, resources), indent=2)
        _store(package, "datapackage.json", io.BytesIO(stated), page.at)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(stated).hexdigest()}"}
        _store(package, "datapackage-digest.json", io.BytesIO(_json(digest, indent=2)), page.at)


def _package(page: Page, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "software": AGENT,
        "created": _iso(page.at),
        "title": page.title or page.url,
        "mainPageUrl": page.url,
        "mainPageDate": _iso(page.at),
        "resources": resources,
    }


def _listed(page: Page) -> bytes:
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    listed = {"id": uuid.uuid4().hex, "url": page.url, "ts": _iso(page.at), "title": page.title or page.url}
    return _json(head) + b"\n" + _json(listed) + b"\n"


def _json(content: Any, indent: int | None = None) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=indent).encode("utf-8", "replace")


def _iso(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _store(package: zipfile.ZipFile, name: str, content: IO[bytes], at: dt.datetime) -> dict[str, Any]:
    """Stored as it is, so that a viewer can read a part of it in place."""
    made = zipfile.ZipInfo(name, at.timetuple()[:6])
    made.external_attr = 0o600 << 16
    digest, size = hashlib.sha256(), 0
    with package.open(made, "w", force_zip64=True) as out:
        for piece in _pieces(content):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    return {
        "name": name.rpartition("/")[2],
        "path": name,
        "hash": f"sha256:{digest.hexdigest()}",
        "bytes": size,
    }


def _write_warc(out: IO[bytes], answers: Sequence[Answer]) -> list[str]:
    """Every answer with its question; the lines of the index."""
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    told = {"software": AGENT, "format": "WARC File Format 1.1", "robots": "not asked"}
    writer.write_record(writer.create_warcinfo_record("data.warc.gz", told))
    lines = []
    for answer in answers:
        identity = f"<urn:uuid:{uuid.uuid4()}>"
        before = out.tell()
        payload = _write_response(writer, answer, identity)
        lines.append(_index_line(answer, payload, before, out.tell() - before))
        _write_request(writer, answer, identity)
    return lines


def _write_response(writer: WARCWriter, answer: Answer, identity: str) -> str:
    """Written as it was sent: the headers are not written anew. The digest of what follows them."""
    block, payload, size = _digests(answer)
    headers = _headers(answer, "response", identity)
    headers += [
        ("WARC-IP-Address", answer.number),
        ("WARC-Payload-Digest", payload),
        ("WARC-Block-Digest", block),
    ]
    if answer.cut:
        headers.append(("WARC-Truncated", answer.cut))
    answer.sent.seek(0)
    _write(writer, "response", headers, answer.sent, size)
    return payload


def _write_request(writer: WARCWriter, answer: Answer, identity: str) -> None:
    headers = _headers(answer, "request", f"<urn:uuid:{uuid.uuid4()}>")
    headers += [
        ("WARC-Concurrent-To", identity),
        ("WARC-Block-Digest", _written(hashlib.sha256(answer.request))),
    ]
    headers.append(("WARC-Payload-Digest", _written(hashlib.sha256())))
    _write(writer, "request", headers, io.BytesIO(answer.request), len(answer.request))


def _headers(answer: Answer, kind: str, identity: str) -> list[tuple[str, str]]:
    at = answer.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return [
        ("WARC-Type", kind),
        ("WARC-Record-ID", identity),
        ("WARC-Target-URI", answer.address.url),
        ("WARC-Date", at),
    ]


def _write(
    writer: WARCWriter, kind: str, headers: list[tuple[str, str]], block: IO[bytes], size: int
) -> None:
    stated = StatusAndHeaders("", headers, protocol="WARC/1.1")
    content_type = f"application/http; msgtype={kind}"
    writer.write_record(ArcWarcRecord("warc", kind, stated, block, None, content_type, size))


def _digests(answer: Answer) -> tuple[str, str, int]:
    block, payload, size = hashlib.sha256(), hashlib.sha256(), 0
    answer.sent.seek(0)
    head = answer.sent.read(answer.head)
    block.update(head)
    for piece in _pieces(answer.sent):
        block.update(piece)
        payload.update(piece)
        size += len(piece)
    return _written(block), _written(payload), len(head) + size


def _written(digest: Any) -> str:
    return "sha256:" + base64.b32encode(digest.digest()).decode("ascii")


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(_AT_ONCE):
        yield piece


def _index_line(answer: Answer, digest: str, offset: int, length: int) -> str:
    """A line of a CDXJ index: the address with its host turned round, the second, and where the answer stands."""
    told = {
        "url": answer.address.url,
        "mime": answer.media_type or "application/octet-stream",
        "status": str(answer.status),
        "digest": digest,
        "length": str(length),
        "offset": str(offset),
        "filename": "data.warc.gz",
    }
    return f"{_turned(answer)} {answer.at:%Y%m%d%H%M%S} {json.dumps(told)}"


def _turned(answer: Answer) -> str:
    address = answer.address
    parts = address.host.split(".")
    is_number = ":" in address.host or parts[-1].isdigit()
    host = address.host if is_number else ",".join(reversed(parts))
    port = "" if address.port in (80, 443) else f":{address.port}"
    return f"{host}{port}){address.target.lower()}"
