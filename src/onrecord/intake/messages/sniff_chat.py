"""Whether a text file is a chat that a phone or a tool exported: told strictly, from several lines of one shape."""

from __future__ import annotations

import codecs
import re

from onrecord.intake.messages.signal import FULL, MARKDOWN, SHORT
from onrecord.intake.messages.whatsapp import BEGINNING, whatsapp_messages

CHAT = "text/vnd.onrecord.chat"
_OTHERS = (
    ".csv",
    ".tsv",
    ".srt",
    ".vtt",
    ".html",
    ".htm",
    ".xml",
    ".eml",
    ".mbox",
    ".jsonl",
    ".geojson",
    ".log",
)
_LOOKED_AT = 64 * 1024
_LEAST, _LEAST_SHARE = 3, 0.2
_DATABASE = re.compile(r'\s*\[\s*\{[^\[\]]{0,2000}"(?:conversationId|sent_at)"', re.DOTALL)


def looks_like_chat(beginning: bytes, name: str) -> bool:
    """`beginning` are a file's first bytes, at best 64 KB of them."""
    if name.lower().endswith(_OTHERS):
        return False
    text = _text(beginning[:_LOOKED_AT])
    if text is None:
        return False
    if text.lstrip()[:1] == "[" and _DATABASE.match(text):
        return all(f'"{key}"' in text for key in ("conversationId", "sent_at", "type"))
    if text.startswith("Conversation: ") or FULL.match(text):
        return FULL.search(text) is not None
    return any(_begins(text, shape) for shape in (MARKDOWN, SHORT)) or _is_whatsapp(text)


def _text(beginning: bytes) -> str | None:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = beginning.decode("utf-16", "replace")
    elif b"\0" in beginning:
        return None
    else:
        text = beginning.decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _begins(text: str, shape: re.Pattern[str]) -> bool:
    """Whether the first words are of this shape, and enough of the lines after them."""
    start = len(text) - len(text.lstrip())
    return shape.match(text, start) is not None and _enough(text, len(shape.findall(text)))


def _enough(text: str, found: int) -> bool:
    lines = sum(1 for line in text.split("\n") if line.strip())
    return found >= min(_LEAST, lines) and found >= 2 and found >= _LEAST_SHARE * lines / 5


def _is_whatsapp(text: str) -> bool:
    if not _begins(text, BEGINNING):
        return False
    senders = [one.sender for one in whatsapp_messages(text) if one.sender]
    levels = {"INFO", "DEBUG", "WARN", "WARNING", "ERROR", "CRITICAL"}
    return bool(senders) and not levels & {sender.upper() for sender in senders}
