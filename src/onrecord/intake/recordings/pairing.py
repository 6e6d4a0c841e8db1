"""Which recording a transcript beside it may belong to, by their names. It is for a proposal, and decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from unicodedata import normalize

_TRANSCRIPTS = (".srt", ".vtt")
_VIDEO = (
    ".mp4",
    ".mov",
    ".m4v",
    ".mkv",
    ".webm",
    ".avi",
    ".3gp",
    ".mpg",
    ".mpeg",
    ".mts",
    ".wmv",
    ".ogv",
    ".flv",
)
_SOUND = (".mp3", ".m4a", ".wav", ".ogg", ".oga", ".opus", ".flac", ".aac", ".amr", ".wma", ".aiff", ".aif")
_LANGUAGE = re.compile(r"\.[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")


def transcript_of(name: str, others: Iterable[str]) -> str | None:
    """The recording among `others` that has the name of the transcript `name`, in the same folder; or None.

    `interview.srt`, `interview.ar.srt` and `interview.mp4.vtt` all belong to `interview.mp4`. A video goes before a sound file.
    """
    path = PurePosixPath(name)
    if path.suffix.lower() not in _TRANSCRIPTS:
        return None
    wanted = [_folded(path.stem)]
    language = _LANGUAGE.fullmatch(PurePosixPath(path.stem).suffix)
    if language:
        wanted.append(_folded(PurePosixPath(path.stem).stem))
    candidates = [
        one for one in others if PurePosixPath(one).parent == path.parent and _rank(one) is not None
    ]
    fitting = [(_fit(one, wanted), _rank(one) or 0, one) for one in candidates]
    return next((one for fit, _, one in sorted(fitting) if fit < len(wanted) * 2), None)


def _fit(other: str, wanted: list[str]) -> int:
    """The closer the names, the lower: the whole name of the recording, its name without ending, then without language."""
    path = PurePosixPath(other)
    order = [wanted_name for name in wanted for wanted_name in (("name", name), ("stem", name))]
    has = {"name": _folded(path.name), "stem": _folded(path.stem)}
    return next((number for number, (part, name) in enumerate(order) if has[part] == name), len(order))


def _rank(name: str) -> int | None:
    ending = PurePosixPath(name).suffix.lower()
    return 0 if ending in _VIDEO else 1 if ending in _SOUND else None


def _folded(name: str) -> str:
    return normalize("NFC", name).casefold()
