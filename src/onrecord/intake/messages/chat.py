"""Chats that a phone or a tool exported: the text as it stands, each message a part of it with its sender and time.

Names and times are as written. In which order a date has its day and month is said as far as the dates tell it, and no
date is turned into another form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from onrecord.intake.messages.signal import (
    FULL,
    MARKDOWN,
    SHORT,
    full_messages,
    json_messages,
    markdown_messages,
    short_messages,
)
from onrecord.intake.messages.told import Finder, Told
from onrecord.intake.messages.whatsapp import BEGINNING, possible_orders, whatsapp_messages
from onrecord.intake.plain import beginning_of, read_plain
from onrecord.intake.reading import Reading, Segment, Source

ENGINE, VERSION = "onrecord chat", "1"
MOST_MESSAGES = 200_000

_WHATSAPP = "WhatsApp"
_Counted = Callable[[str], int]
_SHAPES: tuple[tuple[str, _Counted, Finder], ...] = (
    ("Signal, by signal-export", lambda text: len(MARKDOWN.findall(text)), markdown_messages),
    ("Signal, by sigtop, short", lambda text: len(SHORT.findall(text)), short_messages),
    ("Signal, by sigtop", lambda text: len(FULL.findall(text)), full_messages),
    (_WHATSAPP, lambda text: len(BEGINNING.findall(text)), whatsapp_messages),
)
_DATABASE = "Signal, by sigtop, JSON"


def read(source: Source) -> Iterator[Reading]:
    """A `Reader` of exported chats."""
    content, notes = beginning_of(source)
    reading = read_chat(content, source.encoding)
    yield replace(reading, notes=(*reading.notes, *notes)) if notes else reading


def read_chat(content: bytes, encoding: str | None = None) -> Reading:
    """The layer of an exported chat. Redoing it takes its bytes and the `encoding` among the parameters."""
    plain = read_plain(content, encoding)
    text = plain.layer_text
    if text is None:
        return Reading(None, ENGINE, VERSION, why_none=plain.why_none)
    shape, messages = _found(text)
    if not messages:
        notes = (*plain.notes, "no message of a known export is in it: it is read as plain text")
        return Reading(
            text, plain.engine, plain.version, plain.parameters, plain.segments, plain.encoding, notes
        )
    parameters = {**plain.parameters, "export": shape}
    segments = tuple(_segments(text, messages))
    notes = (*plain.notes, *_notes(shape, messages))
    return Reading(text, ENGINE, VERSION, parameters, segments, plain.encoding, notes)


def _found(text: str) -> tuple[str, list[Told]]:
    """The messages, by the kind of export of which most lines are."""
    if text.lstrip().startswith("[") and '"conversationId"' in text:
        listed = _bounded(json_messages(text))
        if listed:
            return _DATABASE, listed
    counted = [(count(text), name, find) for name, count, find in _SHAPES]
    most, name, find = max(counted, key=lambda one: one[0])
    return name, _bounded(find(text)) if most else []


def _bounded(messages: Iterator[Told]) -> list[Told]:
    return [message for message, _ in zip(messages, range(MOST_MESSAGES), strict=False)]


def _segments(text: str, messages: list[Told]) -> Iterator[Segment]:
    """Messages, and what stands before the first one."""
    first = text[: messages[0].start]
    if any(character.isalnum() for character in first):
        start = len(first) - len(first.lstrip())
        yield Segment(start, len(first.rstrip()))
    for message in messages:
        about: dict[str, object] = {}
        if message.sender:
            about["sender"] = message.sender
        if message.time:
            about["time"] = message.time
        if message.attachments:
            about["attachment"] = message.attachments[0]
        if len(message.attachments) > 1:
            about["attachments"] = list(message.attachments)
        yield Segment(message.start, message.end, "message", about=about)


def _notes(shape: str, messages: list[Told]) -> Iterator[str]:
    senders = len({message.sender for message in messages if message.sender})
    notices = sum(message.sender is None for message in messages) if shape == _WHATSAPP else 0
    counted = f"messages: {len(messages) - notices}, senders named: {senders}"
    yield f"a chat as exported ({shape}): {counted}" + (f", notices: {notices}" if notices else "")
    if shape == _WHATSAPP:
        yield _order([message.time for message in messages if message.time])
    left_out = sum(message.left_out for message in messages)
    if left_out:
        yield f"messages with a picture, recording or file that is not named in this export: {left_out}"
    if len(messages) == MOST_MESSAGES:
        yield f"more than {MOST_MESSAGES:,} messages: the rest is not told apart"


def _order(times: list[str]) -> str:
    orders = possible_orders(times)
    if len(orders) == 1:
        return f"its dates fit only one order: {orders[0]}"
    if orders:
        return f"the order of day and month in its dates is not certain; they fit: {' or '.join(orders)}"
    return "its dates fit no single order of day, month and year"
