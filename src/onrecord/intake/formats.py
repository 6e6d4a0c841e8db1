"""Which module reads which kind of file, and in which kind of process: one for each heavy library, so that each stays small."""

from __future__ import annotations

from dataclasses import dataclass

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class Format:
    """`family` names the kind of process; `module` is a `Reader`, below `onrecord.intake`."""

    family: str
    module: str


def _formats(family: str, module: str, *kinds: str) -> dict[str, Format]:
    return dict.fromkeys(kinds, Format(family, module))


FORMATS: dict[str, Format] = {
    **_formats("text", "plain", "text/plain", "text/markdown", "application/json", "application/jsonl"),
    **_formats("text", "plain", "application/geo+json", "application/xml", "image/svg+xml"),
    **_formats("text", "pages.html", "text/html"),
    **_formats("text", "pages.mhtml", "multipart/related"),
    **_formats("text", "pages.warc", "application/warc", "application/warc+gzip"),
    **_formats("text", "pages.wacz", "application/wacz"),
    **_formats("text", "documents.hocr", "text/vnd.hocr+html"),
    **_formats("pdf", "documents.pdf", "application/pdf"),
    **_formats("text", "documents.docx", _OFFICE + "wordprocessingml.document"),
    **_formats("text", "documents.odt", _OPEN + "text"),
    **_formats("text", "documents.rtf", "application/rtf"),
    **_formats("text", "sheets.csv", "text/csv", "text/tab-separated-values"),
    **_formats("text", "sheets.xlsx", _OFFICE + "spreadsheetml.sheet"),
    **_formats("text", "sheets.ods", _OPEN + "spreadsheet"),
    **_formats("text", "messages.mail", "message/rfc822"),
    **_formats("text", "messages.mailbox", "application/mbox"),
    **_formats("text", "messages.chat", "text/vnd.onrecord.chat"),
    **_formats("text", "recordings.subtitles", "application/x-subrip", "text/vtt"),
    **_formats("archive", "archives.zip", "application/zip"),
    **_formats("archive", "archives.tar", "application/x-tar", "application/gzip"),
    **_formats("archive", "archives.tar", "application/x-bzip2", "application/x-xz"),
    **_formats("archive", "archives.seven_zip", "application/x-7z-compressed"),
    **_formats(
        "picture", "pictures.picture", "image/jpeg", "image/png", "image/gif", "image/tiff", "image/webp"
    ),
    **_formats("picture", "pictures.picture", "image/heic", "image/heif", "image/avif", "image/bmp"),
}


def format_of(media_type: str) -> Format | None:
    """How a kind of file is read, or None where it is only kept. Sound and video are read by a program of the system."""
    known = FORMATS.get(media_type)
    if known is None and media_type.startswith("text/"):
        return FORMATS["text/plain"]
    return known


def is_recording(media_type: str) -> bool:
    return media_type.startswith(("audio/", "video/")) or media_type == "application/ogg"
