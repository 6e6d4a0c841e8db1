"""Which kind of file it is, told from its first bytes. The name is a hint where the bytes leave it open."""

from __future__ import annotations

import codecs
import contextlib
import re
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from onrecord.intake.documents.sniff import looks_like_hocr
from onrecord.intake.messages.sniff import looks_like_mailbox
from onrecord.intake.messages.sniff_chat import CHAT, looks_like_chat
from onrecord.intake.pages.sniff import looks_like_wacz, looks_like_warc_gzip

UNKNOWN = "application/octet-stream"
PLAIN = "text/plain"
PAGE = "text/html"
ZIP = "application/zip"
BEGINNING_BYTES, END_BYTES = 64 * 1024, 64 * 1024

# Kinds that a room tells by more than the first bytes, asked before all others.
_ROOMS: tuple[tuple[Callable[[bytes, str], bool], str], ...] = (
    (looks_like_wacz, "application/wacz"),
    (looks_like_warc_gzip, "application/warc+gzip"),
    (looks_like_mailbox, "application/mbox"),
    (looks_like_chat, CHAT),
    (looks_like_hocr, "text/vnd.hocr+html"),
)
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"age-encryption.org/v1", "application/age"),
    (b"WARC/1.", "application/warc"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
)
_RIFF = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": "image/webp"}
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_IN_ZIP = (
    (b"word/", _OFFICE + "wordprocessingml.document"),
    (b"xl/", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", _OFFICE + "presentationml.presentation"),
)
_BITMAP_HEADERS = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HINTS = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}
_TEXT_HINTS = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".geojson": "application/geo+json",
}
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_PROLOG = re.compile(r"(?:\s+|<\?[^>]{0,400}\?>|<!--.{0,4000}?-->)*+", re.DOTALL)
_PAGE_START = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_TAG_START = re.compile(
    r"<(?:title|meta|script|style|link|iframe|h[1-6]|div|font|table|main|article|a|br|p|b)[\s/>]",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<(?:!doctype|[a-z][a-z0-9]*)[\s/>]", re.IGNORECASE)
_XML_ROOT = re.compile(r"<(?:!doctype\s+)?([a-z_][\w.:-]*)", re.IGNORECASE)
_MAIL = re.compile(r"(?:From |[A-Za-z][A-Za-z0-9-]{1,40}:)")
_MAIL_ONLY = re.compile(r"^(?:MIME-Version|Received|Return-Path|Message-ID):", re.IGNORECASE | re.MULTILINE)


def media_type(beginning: bytes, name: str, end: bytes = b"") -> str:
    """The media type of a file by its first bytes (64 KB do) and, where they fit several, its name's ending.

    `end` are its last bytes, where they are at hand: some office files name their parts only there.
    """
    for looks_like, kind in _ROOMS:
        if looks_like(beginning, name):
            return kind
    hint = PurePosixPath(name).suffix.lower()
    known = _by_signature(beginning, hint, end)
    if known:
        return known
    text = _as_text(beginning)
    if text is not None:
        return _text_type(text, hint)
    return _by_table(beginning)


def media_type_of(path: Path, beginning: bytes, size: int, name: str) -> str:
    """The same for a file that lies there. It is opened only where its beginning is not at hand, or its end tells more."""
    kind = media_type(beginning, name) if beginning else ZIP
    if kind != ZIP:
        return kind
    with path.open("rb") as file:
        beginning = beginning or file.read(BEGINNING_BYTES)
        file.seek(max(0, size - END_BYTES))
        return media_type(beginning, name, file.read())


def _by_signature(head: bytes, hint: str, end: bytes = b"") -> str | None:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand) or ("video/3gpp" if brand.startswith(b"3g") else "video/mp4")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(head, end)
    if head[257:262] == b"ustar":
        return "application/x-tar"
    if head.startswith(b"BM") and head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS:
        return "image/bmp"
    if head.startswith(_OLE):
        return _OLE_HINTS.get(hint, "application/x-ole-storage")
    if head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2"):
        return "audio/mpeg"
    return None


def _in_zip(head: bytes, end: bytes) -> str:
    """OpenDocument and EPUB state their type in a first member; office files are known by their list of parts, and by
    their folders, which may be named only at the end."""
    if head[30:38] == b"mimetype":
        stated = head[38 : 38 + int.from_bytes(head[22:26], "little")][:100]
        if re.fullmatch(rb"application/[a-z0-9.+-]+", stated):
            return stated.decode("ascii")
    named = head + end
    if b"[Content_Types].xml" in named:
        parts = _first_member(head) if head[30:49] == b"[Content_Types].xml" else b""
        for folder, kind in _IN_ZIP:
            if folder in named or b'"/' + folder in parts:
                return kind
    return ZIP


def _first_member(head: bytes) -> bytes:
    """The beginning of what the first member of a ZIP holds."""
    begins = 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    if int.from_bytes(head[8:10], "little") != 8:
        return head[begins:]
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(-15).decompress(head[begins:], 1 << 16)
    return b""


def _as_text(head: bytes) -> str | None:
    """The beginning as text good enough to tell its kind, or None where it is not text."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    if b"\0" in head:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return None if _CONTROLS.search(head) else head.decode("latin-1")


def _text_type(text: str, hint: str) -> str:
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if _PAGE_START.match(text, start):
        return PAGE
    if text.lstrip("\ufeff \t\r\n").startswith("<?xml"):
        root = _XML_ROOT.match(text, start)
        return "image/svg+xml" if root and root[1].lower() == "svg" else "application/xml"
    if hint in (".html", ".htm", ".xhtml", ".xht") and _ANY_TAG.search(text):
        return PAGE
    if hint not in (".txt", *_TEXT_HINTS):
        if _TAG_START.match(text, start):
            return PAGE
        if _MAIL.match(text) and _MAIL_ONLY.search(re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]):
            return _mail_type(text)
    return _TEXT_HINTS.get(hint, PLAIN)


def _mail_type(text: str) -> str:
    """A page saved as one file (MHTML) has the form of a mail."""
    headers = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    saved = re.search(r"^Content-Type:\s*multipart/related", headers, re.IGNORECASE | re.MULTILINE)
    return "multipart/related" if saved else "message/rfc822"


def _by_table(head: bytes) -> str:
    import puremagic

    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    # A signature of two or three bytes is found in too many files that are something else.
    sure = (match.mime_type for match in matches if match.confidence >= 0.4 and match.mime_type)
    return next(sure, UNKNOWN)
