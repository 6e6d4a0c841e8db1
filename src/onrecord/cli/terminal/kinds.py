"""What kind of file an original is, in words: most media types are longer than a line can bear, and say little to most."""

from __future__ import annotations

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_KINDS = {
    _OFFICE + "wordprocessingml.document": "Word document",
    _OFFICE + "spreadsheetml.sheet": "Excel workbook",
    _OFFICE + "presentationml.presentation": "PowerPoint slides",
    _OPEN + "text": "OpenDocument text",
    _OPEN + "spreadsheet": "OpenDocument sheet",
    "application/msword": "old Word document",
    "application/vnd.ms-excel": "old Excel workbook",
    "application/rtf": "RTF document",
    "application/pdf": "PDF",
    "application/jsonl": "JSON Lines",
    "application/json": "JSON",
    "application/zip": "ZIP archive",
    "application/x-tar": "TAR archive",
    "application/x-7z-compressed": "7z archive",
    "application/mbox": "mailbox",
    "application/wacz": "web archive",
    "application/warc": "web archive",
    "application/warc+gzip": "web archive",
    "application/x-subrip": "subtitles",
    "application/octet-stream": "unknown kind",
    "message/rfc822": "mail",
    "multipart/related": "saved web page",
    "text/csv": "CSV",
    "text/tab-separated-values": "TSV",
    "text/html": "web page",
    "text/plain": "text",
    "text/vtt": "subtitles",
    "text/vnd.hocr+html": "words by OCR",
    "text/vnd.onrecord.chat": "chat",
}
_SORTS = {"image": "picture", "video": "video", "audio": "sound"}


def kind_said(media_type: str) -> str:
    """The kind in a few words; a media type that has none here as it stands."""
    if media_type in _KINDS:
        return _KINDS[media_type]
    sort, _, form = media_type.partition("/")
    if sort in _SORTS and form:
        return f"{_SORTS[sort]}, {form.removeprefix('x-').upper()}"
    return media_type
