"""Sound and video: what the container states of itself, and which part of it is missing. They have no text layer.

The original is looked into by ffprobe, a program of the system, in a confined process; what it prints is checked here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from onrecord.intake.observed import bounded, decimal_text, observation
from onrecord.intake.pictures.manifest import NOT_INSTALLED, credentials_can_be_read, has_credentials
from onrecord.intake.programs import ProgramLimits, run_confined
from onrecord.intake.reading import Observation, Reading, Source
from onrecord.intake.recordings.breaking_off import missing_part
from onrecord.intake.recordings.containers import CONTAINERS
from onrecord.record.errors import ProgramMissing, ReaderFailed

ENGINE, VERSION = "onrecord recording", "1"
OF = "container"
WHY_NONE = "sound or video: it has no text layer; a transcript beside it (SRT, VTT) is read as one"

_LIMITS = ProgramLimits(cpu_seconds=20, memory_bytes=1024**3, wall_seconds=60.0, output_bytes=4 * 1024**2)
_COMMAND = (
    *("ffprobe", "-v", "error", "-print_format", "json", "-show_format", "-show_streams"),
    *("-show_program_version", "-format_whitelist", CONTAINERS, "-protocol_whitelist", "file,pipe"),
    *("-i", "/dev/stdin"),
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_NEVER_SET = ("1904-01-01", "1970-01-01", "1980-01-01", "0000")
_PLACE = re.compile(r"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)(?:[+-][\d.]+)?(?:CRS\w+)?/?")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_MOST_STREAMS, _MOST_TAGS = 40, 200


def read_recording(source: Source) -> Reading:
    """What a sound or video file states of itself. Never raises for what it holds, nor where ffprobe is missing."""
    notes: list[str] = []
    missing = missing_part(source.file, source.size)
    if missing:
        notes.append(missing.why)
    told, why_not = _probed(source)
    if why_not:
        notes.append(why_not)
    observations, more = bounded([*_container(told), *_streams(told)])
    credentials, why_not = _credentials(source)
    if why_not:
        notes.append(why_not)
    parameters = {"ffprobe": str(_part(told, "program_version").get("version", "not read"))[:100]}
    return Reading(
        None,
        ENGINE,
        VERSION,
        parameters,
        notes=(*notes, *more),
        why_none=WHY_NONE,
        observations=(*observations, *credentials),
    )


def _probed(source: Source) -> tuple[Mapping[str, Any], str | None]:
    """What ffprobe prints, and why it is nothing where it is."""
    if source.size == 0:
        return {}, "the file is empty"
    try:
        told = json.loads(run_confined(_COMMAND, source.file, _LIMITS))
    except ProgramMissing as wrong:
        return {}, f"it was not looked into, as ffprobe is not installed. {wrong.mend}"
    except ReaderFailed as wrong:
        return {}, f"ffprobe cannot read it: {wrong.reason.replace('/dev/stdin: ', '')}"
    except (ValueError, RecursionError):
        return {}, "ffprobe gave an answer that cannot be right"
    return (told, None) if isinstance(told, dict) else ({}, "ffprobe gave an answer that cannot be right")


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


def _container(told: Mapping[str, Any]) -> Iterator[Observation]:
    whole = _part(told, "format")
    if "duration" in whole:
        yield observation(OF, "duration", str(whole["duration"]), _seconds(str(whole["duration"])))
    if "format_long_name" in whole:
        yield observation(OF, "format", str(whole["format_long_name"]))
    yield from _tags(_part(whole, "tags"), "")


def _streams(told: Mapping[str, Any]) -> Iterator[Observation]:
    listed = told.get("streams")
    stated = _part(_part(told, "format"), "tags").get("creation_time")
    for number, stream in enumerate(listed[:_MOST_STREAMS] if isinstance(listed, list) else [], 1):
        if not isinstance(stream, dict):
            continue
        yield observation(OF, f"stream {number}", _shape(stream))
        turned = _turned(stream)
        if turned is not None:
            yield observation(OF, f"stream {number} rotation", turned)
        tags = _part(stream, "tags")
        kept = {name: value for name, value in tags.items() if name not in ("rotate", "vendor_id")}
        if kept.get("creation_time") == stated:
            kept.pop("creation_time", None)
        yield from _tags(kept, f"stream {number} ")


def _tags(tags: Mapping[str, Any], before: str) -> Iterator[Observation]:
    for name, value in list(tags.items())[:_MOST_TAGS]:
        written = str(value)
        yield observation(OF, f"{before}{name}", written, _reads(str(name).lower(), written))


def _shape(stream: Mapping[str, Any]) -> str:
    parts = [str(stream.get("codec_type", "unknown")), str(stream.get("codec_name", "unknown codec"))]
    if stream.get("width") and stream.get("height"):
        parts.append(f"{stream['width']} x {stream['height']}")
    if stream.get("codec_type") == "video" and stream.get("avg_frame_rate") not in (None, "0/0"):
        parts.append(f"{str(stream['avg_frame_rate']).removesuffix('/1')} frames a second")
    if stream.get("sample_rate"):
        parts.append(f"{stream['sample_rate']} Hz")
    if stream.get("channel_layout") or stream.get("channels"):
        parts.append(str(stream.get("channel_layout") or f"{stream['channels']} channels"))
    return ", ".join(parts)


def _turned(stream: Mapping[str, Any]) -> str | None:
    sides = stream.get("side_data_list")
    for side in sides if isinstance(sides, list) else []:
        if isinstance(side, dict) and "rotation" in side:
            return str(side["rotation"])
    turned = _part(stream, "tags").get("rotate")
    return None if turned is None else str(turned)


def _reads(name: str, written: str) -> str | None:
    if name in ("creation_time", "com.apple.quicktime.creationdate"):
        return _time(written)
    if name in ("location", "location-eng", "com.apple.quicktime.location.iso6709"):
        return _position(written)
    return None


def _time(written: str) -> str | None:
    found = _TIME.fullmatch(written)
    if not found or written.startswith(_NEVER_SET):
        return None
    zone = found[2] or ""
    return found[1] + (f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone)


def _position(written: str) -> str | None:
    """Degrees north and east, of a place as ISO 6709 writes it."""
    found = _PLACE.fullmatch(written)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return None
    return ", ".join(_plain(degrees) for degrees in found.groups())


def _plain(degrees: str) -> str:
    whole, _, rest = degrees.partition(".")
    return decimal_text(int(whole + rest), 10 ** len(rest))


def _seconds(written: str) -> str | None:
    return _plain(written) if _SECONDS.fullmatch(written) else None


def _credentials(source: Source) -> tuple[list[Observation], str | None]:
    """Content credentials are read by the same code as for pictures, in a process of its own."""
    if not has_credentials(source.file, source.size):
        return [], None
    if not credentials_can_be_read():
        return [], NOT_INSTALLED
    command = [sys.executable, "-m", "onrecord.intake.pictures.credentials", source.media_type]
    try:
        told = json.loads(run_confined(command, source.file, _LIMITS))
        return [observation("C2PA", str(one["name"]), str(one["value"])) for one in told], None
    except (ReaderFailed, ProgramMissing) as wrong:
        return [], f"it carries content credentials (C2PA) that cannot be read: {wrong.reason}"
    except (ValueError, KeyError, TypeError):
        return [], "it carries content credentials (C2PA) that cannot be read"
