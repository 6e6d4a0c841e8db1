"""Subtitles and transcripts with times (SRT, WebVTT): the words as the layer, each cue a part of it with its seconds.

Cues keep the file's own order. What only styles or places the words is not in the layer; what was left out is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from onrecord.intake.encoding import decode
from onrecord.intake.observed import bounded, observation
from onrecord.intake.plain import beginning_of, read_plain, with_line_feeds
from onrecord.intake.reading import Observation, Reading, Segment, Source
from onrecord.intake.recordings.cues import Cue, Cues, read_cues, seconds, spoken

ENGINE, VERSION = "onrecord subtitles", "1"
WARM_UP = b"WEBVTT\n\n00:01.000 --> 00:02.000\nx\n"


def read(source: Source) -> Iterator[Reading]:
    """A `Reader` of subtitles."""
    content, notes = beginning_of(source)
    reading = read_subtitles(content, source.encoding)
    yield replace(reading, notes=(*reading.notes, *notes)) if notes else reading


def read_subtitles(content: bytes, encoding: str | None = None) -> Reading:
    """The layer of a subtitle file. Redoing it takes its bytes and the `encoding` among the parameters."""
    decoded = decode(content, chosen=encoding)
    if decoded.text is None:
        return Reading(None, ENGINE, VERSION, why_none="; ".join(decoded.notes))
    source = with_line_feeds(decoded.text).lstrip("\ufeff")
    vtt = source.startswith("WEBVTT")
    found = read_cues(source, vtt)
    left_out = _aside(found, vtt)
    text, segments = _layer(found.cues, vtt, left_out)
    if not segments:
        return _as_plain(content, encoding)
    notes = [*decoded.notes, *_order(found.cues), *_counted(left_out)]
    observations, more = bounded(_head(found) if vtt else ())
    parameters = {"encoding": decoded.encoding or ""}
    return Reading(
        text,
        ENGINE,
        VERSION,
        parameters,
        segments,
        decoded.encoding,
        (*notes, *more),
        observations=observations,
    )


def _as_plain(content: bytes, encoding: str | None) -> Reading:
    plain = read_plain(content, encoding)
    notes = (*plain.notes, "no cue with times and words is in it: it is read as plain text")
    return Reading(
        plain.layer_text, plain.engine, plain.version, plain.parameters, plain.segments, plain.encoding, notes
    )


def _layer(cues: Sequence[Cue], vtt: bool, left_out: Counter[str]) -> tuple[str, tuple[Segment, ...]]:
    """Cues with an empty line between them; a cue in which several voices speak has a part for each."""
    parts: list[str] = []
    segments: list[Segment] = []
    at = 0
    for cue in cues:
        left_out["cue settings"] += cue.settings
        runs = [(voice, run.strip("\n")) for voice, run in spoken(cue, vtt, left_out) if run.strip()]
        if not runs:
            left_out["cues without words"] += 1
        for number, (voice, run) in enumerate(runs):
            between = "" if not parts else "\n" if number else "\n\n"
            start, at = at + len(between), at + len(between) + len(run)
            parts += (between, run)
            segments.append(Segment(start, at, "cue", about=_about(cue, voice)))
    return "".join(parts), tuple(segments)


def _about(cue: Cue, voice: str | None) -> dict[str, object]:
    """Times that run backwards are kept as written, and are no seconds."""
    about: dict[str, object] = {"seconds": [cue.start, cue.end]} if cue.forward else {"time": cue.written}
    if cue.id:
        about["id"] = cue.id[:200]
    if voice:
        about["voice"] = voice
    return about


def _order(cues: Sequence[Cue]) -> Iterator[str]:
    later = [(seconds(one.start), seconds(one.end), seconds(two.start)) for one, two in pairwise(cues)]
    backwards = sum(two < one for one, _, two in later)
    over = sum(one <= two < end for one, end, two in later)
    ends = sum(not cue.forward for cue in cues)
    if backwards:
        yield f"cues that begin before the one above them: {backwards}; they stand in the file's own order"
    if over:
        yield f"cues that begin while the one above them is still shown: {over}"
    if ends:
        yield f"cues that end before they begin: {ends}; their times stand as written"


def _aside(found: Cues, vtt: bool) -> Counter[str]:
    left_out = Counter({name: number for name, number in found.aside.items() if name.startswith("lines")})
    for kind, plural in (("NOTE", "notes"), ("STYLE", "style sheets"), ("REGION", "regions")):
        left_out[plural] += found.aside[kind]
    if not vtt:
        left_out["lines before the first cue"] += len(found.head)
    return left_out


def _counted(left_out: Counter[str]) -> Iterator[str]:
    listed = ", ".join(f"{what}: {number}" for what, number in sorted(left_out.items()) if number)
    if listed:
        yield f"in the file but not in its text: {listed}"


def _head(found: Cues) -> Iterator[Observation]:
    """The first line of a WebVTT file may have a title, and lines such as `Language: ar` may follow."""
    title = found.head[0].removeprefix("WEBVTT").strip() if found.head else ""
    if title:
        yield observation("WebVTT", "title", title)
    for line in found.head[1:]:
        name, _, value = line.partition(":")
        yield observation("WebVTT", name.strip() or "head", value.strip() or line)
