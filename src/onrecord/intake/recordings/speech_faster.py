"""Run as a program in a confined process: what faster-whisper hears in a sound file, printed as WebVTT.

Its arguments are the model's folder, the sound file and the language. The model is one that is here; none is fetched.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

_ALONE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TRANSFORMERS_OFFLINE": "1"}


def main(model: str, sound: str, language: str) -> None:
    os.environ.update(_ALONE)
    from faster_whisper import WhisperModel

    heard = WhisperModel(model, device="cpu", compute_type="int8", local_files_only=True)
    spoken = None if language == "auto" else language
    # The same words each time; without earlier words to lean on, it does not fall into repeating itself.
    segments, _ = heard.transcribe(sound, language=spoken, temperature=0.0, condition_on_previous_text=False)
    sys.stdout.buffer.write(as_vtt(segments))


def as_vtt(segments: Iterable[Any]) -> bytes:
    """Cues of the parts that were heard, each with `start`, `end` and `text`."""
    cues = [
        f"{clock(part.start)} --> {clock(part.end)}\n{_one_line(part.text)}\n"
        for part in segments
        if part.text.strip()
    ]
    return "\n".join(["WEBVTT\n", *cues]).encode("utf-8", "replace")


def clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    hours, rest = divmod(thousandths, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


if __name__ == "__main__":
    main(*sys.argv[1:4])
