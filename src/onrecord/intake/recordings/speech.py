"""Speech to text, by a program and a model that are on this laptop already. Nothing is ever fetched for it.

Two kinds are known: whisper.cpp, a program of the system with a model in one file, and faster-whisper, an extra part of
Onrecord with a model in a folder. Both give WebVTT. A program mishears: what it gives is never the recording's own text.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from onrecord.intake.programs import ProgramLimits, find_program, run_confined
from onrecord.intake.recordings.containers import CONTAINERS
from onrecord.intake.recordings.subtitles import read_subtitles
from onrecord.record.errors import FieldInvalid, ProgramMissing, ReaderFailed

VTT = "text/vtt"
Progress = Callable[[int, int | None, str], None]

_NAMES = ("whisper-cli", "whisper-cpp", "whisper.cpp")
_LANGUAGE = re.compile(r"auto|[a-z]{2,3}")
_HOURS = 3600
_SOUND = ProgramLimits(cpu_seconds=2 * _HOURS, wall_seconds=4 * _HOURS, output_bytes=4 * 1024**3)
_SPEECH = ProgramLimits(
    cpu_seconds=96 * _HOURS, memory_bytes=24 * 1024**3, wall_seconds=48 * _HOURS, output_bytes=64 * 1024**2
)
_LARGEST = 32 * 1024**2
_MEND = "The recording is kept; try another model."


@dataclass(frozen=True, slots=True)
class Transcript:
    """`content` is WebVTT; `recipe` says by which tool, version and model it was made."""

    content: bytes
    recipe: Mapping[str, object]


def transcribe(
    recording: BinaryIO,
    model: Path,
    *,
    language: str = "auto",
    program: str | None = None,
    beside: Path | None = None,
    progress: Progress | None = None,
) -> Transcript:
    """What is said in a recording. `model` is a file of whisper.cpp, or a folder of faster-whisper; `program` names another
    whisper.cpp than the one on the PATH. The sound is laid out in a folder below `beside`, which is removed again.

    Raises `ProgramMissing` where the program, the part of Onrecord or the model is not there, and `ReaderFailed`.
    """
    if not _LANGUAGE.fullmatch(language):
        raise FieldInvalid(
            "language", f"{language!r} is no language code", 'Use one such as "ar", or "auto".'
        )
    engine = _engine(model, program)
    with tempfile.TemporaryDirectory(prefix=".speech-", dir=beside) as folder:
        scratch = Path(folder)
        _tell(progress, 0, "sound")
        _lay_out_sound(recording, scratch)
        _tell(progress, 1, "speech")
        content = engine.words(scratch, language)
    _check(content)
    parameters = {"model": model.name, "model sha256": engine.model_sha256(), "language": language}
    parameters["temperature"] = "0"  # So that it can be made again.
    return Transcript(content, {"tool": engine.tool, "version": engine.version(), "parameters": parameters})


def _tell(progress: Progress | None, done: int, what: str) -> None:
    if progress:
        progress(done, 2, what)


def _lay_out_sound(recording: BinaryIO, scratch: Path) -> None:
    """The sound as both engines want it: one channel, 16,000 samples a second."""
    before = ("ffmpeg", "-nostdin", "-v", "error", "-format_whitelist", CONTAINERS)
    given = ("-protocol_whitelist", "file,pipe", "-i", "/dev/stdin", "-map", "0:a:0", "-vn", "-sn", "-dn")
    wanted = ("-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-f", "wav", str(scratch / "sound.wav"))
    run_confined((*before, *given, *wanted), recording, _SOUND, scratch)


@dataclass(frozen=True, slots=True)
class _WhisperCpp:
    program: str
    model: Path
    tool = "whisper.cpp"

    def version(self) -> str:
        """Older ones do not tell theirs."""
        try:
            told = run_confined([self.program, "--version"]).decode("utf-8", "replace").strip()
        except ReaderFailed:
            told = ""
        return told.splitlines()[0][:100] if told else "not stated"

    def model_sha256(self) -> str:
        return _sha256(self.model)

    def words(self, scratch: Path, language: str) -> bytes:
        sound, out = str(scratch / "sound.wav"), str(scratch / "words")
        chosen = (
            "-m",
            str(self.model.resolve()),
            "-l",
            language,
            "-f",
            sound,
            "-ovtt",
            "-of",
            out,
            "-np",
            "-nf",
        )
        run_confined((self.program, *chosen), None, _SPEECH, scratch)
        try:
            return (scratch / "words.vtt").read_bytes()[: _LARGEST + 1]
        except FileNotFoundError:
            raise ReaderFailed(self.tool, "it wrote no transcript", _MEND) from None


@dataclass(frozen=True, slots=True)
class _FasterWhisper:
    model: Path
    tool = "faster-whisper"

    def version(self) -> str:
        return version_of("faster-whisper")

    def model_sha256(self) -> str:
        return _sha256(self.model / "model.bin")

    def words(self, scratch: Path, language: str) -> bytes:
        module = "onrecord.intake.recordings.speech_faster"
        command = (
            sys.executable,
            "-m",
            module,
            str(self.model.resolve()),
            str(scratch / "sound.wav"),
            language,
        )
        return run_confined(command, None, _SPEECH, scratch)


def _engine(model: Path, program: str | None) -> _WhisperCpp | _FasterWhisper:
    if (model / "model.bin").is_file():
        if find_spec("faster_whisper") is None:
            raise ProgramMissing(
                "faster-whisper", "this part of Onrecord is not installed", "pip install onrecord[speech]"
            )
        return _FasterWhisper(model)
    if not model.is_file():
        raise ProgramMissing(
            str(model),
            "no speech model is at this place",
            "Name a file of whisper.cpp (ggml-….bin) or a folder of faster-whisper; Onrecord downloads none.",
        )
    found = find_program(program) if program else next(filter(None, map(find_program, _NAMES)), None)
    if found is None:
        name = program or _NAMES[0]
        raise ProgramMissing(
            name, "this program is not installed", "Install whisper.cpp, and put its whisper-cli on the PATH."
        )
    return _WhisperCpp(found, model)


def _check(content: bytes) -> None:
    """What the program gives is somebody else's text: it is kept only if it is a transcript with words."""
    if len(content) > _LARGEST or not content.startswith(b"WEBVTT"):
        raise ReaderFailed("speech", "what the program gave is no WebVTT", _MEND)
    if not any(part.kind == "cue" for part in read_subtitles(content, "utf-8").segments):
        raise ReaderFailed("speech", "the program heard no words in it", _MEND)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
