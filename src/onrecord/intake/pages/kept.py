"""Which answers in a web archive become originals of their own: what people read, see and hear, not what runs a page."""

from __future__ import annotations

SMALLEST_PICTURE = 5_000
_READ = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/csv",
        "text/markdown",
        "text/rtf",
        "text/calendar",
        "text/tab-separated-values",
        "text/vtt",
        "application/pdf",
        "application/rtf",
        "application/msword",
        "application/zip",
        "application/x-zip-compressed",
        "application/epub+zip",
        "application/x-subrip",
        "application/x-7z-compressed",
        "application/vnd.rar",
        "message/rfc822",
        "multipart/related",
        "application/geo+json",
        "application/vnd.google-earth.kml+xml",
        "application/ogg",
    }
)
_SEEN = (
    "video/",
    "audio/",
    "application/vnd.ms-",
    "application/vnd.openxmlformats-",
    "application/vnd.oasis.",
)


def why_left(media_type: str, size: int) -> str | None:
    """Why an answer of this type and size is only counted; None where it is taken out. What states no type is taken."""
    if media_type.startswith("image/"):
        return "small pictures" if size <= SMALLEST_PICTURE else None
    if not media_type or media_type in _READ or media_type.startswith(_SEEN):
        return None
    return media_type
