"""Sound and video of a second: a wave written here, and the others by ffmpeg, where it is installed."""

from __future__ import annotations

import io
import math
import shutil
import struct
import subprocess
import tempfile
import wave
from pathlib import Path

_SOURCES = [
    "-f",
    "lavfi",
    "-i",
    "testsrc=size=64x48:rate=5:duration=1",
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=440:duration=1",
]
_FILES = ("weir.mp4", "weir.mkv", "weir.mp3", "weir.ogg")


def samples() -> dict[str, bytes]:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(at / 3))) for at in range(8000)))
    return {"weir.wav": made.getvalue()} | _by_ffmpeg()


def _by_ffmpeg() -> dict[str, bytes]:
    ffmpeg, made = shutil.which("ffmpeg"), {}
    if ffmpeg is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for name in _FILES:
            file = Path(folder) / name
            about = ["-metadata", "creation_time=2019-05-14T07:15:00Z", "-shortest", "-y"]
            if (
                subprocess.run(
                    [ffmpeg, "-v", "error", *_SOURCES, *about, file], capture_output=True
                ).returncode
                == 0
            ):
                made[name] = file.read_bytes()
    return made
