"""Chats from Signal: as sigtop exports them (text, short text, JSON) and as signal-export writes them (Markdown)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from onrecord.intake.messages.told import Told, trimmed

_DAY_AND_TIME = r"\d{4}-\d\d-\d\d,? \d\d:\d\d"
MARKDOWN = re.compile(rf"^\[({_DAY_AND_TIME})(?::\d\d)?\] ([^\n:]{{1,100}}): ?", re.MULTILINE)
SHORT = re.compile(
    rf"^({_DAY_AND_TIME}) ((?!(?:INFO|DEBUG|WARN|WARNING|ERROR)\b)[^\n:]{{1,100}}):(?: |$)", re.MULTILINE
)
FULL = re.compile(
    r"^(?:From: (.{1,300})\n)?Type: (\w[\w-]{1,40})\n(?:Sent: (.{1,60})\n)?(?:Received: (.{1,60})\n)?",
    re.MULTILINE,
)
_LINKED = re.compile(r"!?\[([^\]\n]{1,200})\]\([^)\n]{1,400}\)")
_ATTACHED = re.compile(r"^Attachment: (.{1,300}) \([^()\n]{1,100}, \d{1,15} bytes\)$", re.MULTILINE)
_LEFT_OUT = re.compile(r"\[(?:[^\]\n]{0,200}, )?\d{1,4} attachments?\]")
_SPACE = re.compile(r"[\s,]*")


def markdown_messages(text: str) -> Iterator[Told]:
    for found, end in _each(text, MARKDOWN):
        names = dict.fromkeys(link[1] for link in _LINKED.finditer(text, found.end(), end))
        time = text[found.start() + 1 : text.index("]", found.start())]
        yield Told(found.start(), end, found[2], time, tuple(names))


def short_messages(text: str) -> Iterator[Told]:
    """sigtop's short text names no files, only how many there were."""
    for found, end in _each(text, SHORT):
        left_out = bool(_LEFT_OUT.match(text, found.end()))
        yield Told(found.start(), end, found[2], found[1], left_out=left_out)


def full_messages(text: str) -> Iterator[Told]:
    for found, end in _each(text, FULL):
        names = dict.fromkeys(one[1] for one in _ATTACHED.finditer(text, found.start(), end))
        yield Told(found.start(), end, found[1], found[3] or found[4], tuple(names))


def _each(text: str, beginning: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
    found = list(beginning.finditer(text))
    ends = [after.start() for _, after in pairwise(found)] + [len(text)]
    for one, end in zip(found, ends, strict=True):
        yield one, trimmed(text, one.start(), end)


def json_messages(text: str) -> Iterator[Told]:
    """The messages of Signal Desktop's database as sigtop lists them, each an object; until the list is broken."""
    decoder = json.JSONDecoder()
    at = text.find("[") + 1
    while at:
        at = _after_space(text, at)
        if at >= len(text) or text[at] != "{":
            return
        try:
            message, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        if _is_message(message):
            yield _of_database(message, at, end)
        at = end


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _is_message(message: Mapping[str, Any]) -> bool:
    return "conversationId" in message and ("sent_at" in message or "received_at" in message)


def _of_database(message: Mapping[str, Any], start: int, end: int) -> Told:
    """Its times are counted in thousandths of a second, and stand as they are."""
    names = ("source", "sourceServiceId", "sourceUuid")
    sender = next((message[name] for name in names if isinstance(message.get(name), str)), None)
    time = message.get("sent_at", message.get("received_at"))
    listed = message.get("attachments")
    files = (
        [one.get("fileName") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    )
    attached = tuple(name[:300] for name in files if isinstance(name, str) and name)
    stated = str(time)[:60] if isinstance(time, int | str) else None
    return Told(
        start,
        end,
        _kept(sender) or None,
        stated,
        tuple(_kept(name) for name in attached),
        bool(files) and not attached,
    )


def _kept(text: str | None) -> str:
    """Escapes in JSON can give characters that no text may hold."""
    return (text or "")[:300].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
