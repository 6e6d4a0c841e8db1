"""Recognising words in pictures of pages with tesseract, run confined. What it gives is hOCR, with the place of every word."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from onrecord.intake.programs import ProgramLimits, run_confined
from onrecord.record.errors import FieldInvalid, ProgramMissing, ReaderFailed

TOOL = "tesseract"
DPI = 300
HOCR = "text/vnd.hocr+html"
_LANGUAGES = re.compile(r"[A-Za-z][A-Za-z0-9_/]{1,40}(?:\+[A-Za-z][A-Za-z0-9_/]{1,40}){0,9}")
_DRAWING = ProgramLimits(cpu_seconds=30, wall_seconds=60.0, output_bytes=128 * 1024**2)
_RECOGNISING = ProgramLimits(cpu_seconds=120, wall_seconds=240.0)
_PAGE_TITLE = re.compile(r"(?<=ppageno )\d+")
_OWN_ID = re.compile(r"(?<= id=['\"])(page|block|par|line|word)_1(?=[_'\"])")
_COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Tesseract as it is installed here, with the languages asked for, such as `ara+heb+eng`."""

    version: str
    languages: str

    def pages(self, pictures: Iterator[tuple[int, bytes]]) -> bytes:
        """One hOCR document of all pictures, each given with the number of its page."""
        pages = [_numbered(self._page(picture), number) for number, picture in pictures]
        return _joined(pages)

    def _page(self, picture: bytes) -> str:
        command = [TOOL, "stdin", "stdout", "-l", self.languages, "-c", "tessedit_create_hocr=1"]
        with _as_file(picture) as file:
            return run_confined(command, file, _RECOGNISING).decode("utf-8", "replace")


def recogniser(languages: str) -> Recogniser:
    """Raises `ProgramMissing` where tesseract, or one of the languages, is not installed; `FieldInvalid` for no languages."""
    if not _LANGUAGES.fullmatch(languages):
        raise FieldInvalid("ocr", f"{languages!r} are not languages", "Name them like: --ocr ara+heb+eng.")
    version = _first_line(run_confined([TOOL, "--version"])).removeprefix(TOOL).strip()
    listed = run_confined([TOOL, "--list-langs"]).decode("utf-8", "replace").split("\n")
    known = {line.strip() for line in listed[1:]}
    missing = [name for name in languages.split("+") if name not in known]
    if missing:
        packages = " ".join("tesseract-ocr-" + name.replace("_", "-").lower() for name in missing)
        reason = f"the language {missing[0]} is not installed"
        if len(missing) > 1:
            reason = f"the languages {', '.join(missing)} are not installed"
        raise ProgramMissing(TOOL, reason, f"On Debian or Ubuntu: sudo apt-get install {packages}.")
    return Recogniser(version, languages)


@dataclass(frozen=True, slots=True)
class Drawing:
    """An open original whose pages, or which itself, can be drawn as pictures. `password` opens it, where it is locked."""

    original: BinaryIO
    password: str | None = None

    def listed(self) -> tuple[int, list[int]]:
        """How many pages a PDF has, and the numbers of those without text."""
        told = json.loads(self._made({"list": True}))
        return int(told["pages"]), [int(number) for number in told["without"]]

    def pages(self, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        for number in numbers:
            yield number, self._made({"page": number, "dpi": DPI})

    def picture(self) -> tuple[int, bytes]:
        """The original as one picture, upright."""
        return 1, self._made({"picture": True})

    def _made(self, asked: dict[str, Any]) -> bytes:
        command = [sys.executable, "-I", "-m", "onrecord.intake.documents.page_picture"]
        told = json.dumps(asked | ({"password": self.password} if self.password else {})).encode("ascii")
        self.original.seek(0)
        with _in_memory() if self.password else tempfile.TemporaryFile() as file:
            file.write(told + b"\n")
            while chunk := self.original.read(_COPY_BYTES):
                file.write(chunk)
            file.flush()
            try:
                return run_confined(command, file, _DRAWING)
            except ReaderFailed as wrong:
                raise ReaderFailed(
                    "the pages", f"they cannot be drawn ({wrong.reason})", wrong.mend
                ) from None


@contextmanager
def _as_file(content: bytes) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file


def _in_memory() -> BinaryIO:
    """A file that never touches a disk, for what a password is written in, where the system has such files."""
    made = getattr(os, "memfd_create", None)
    return os.fdopen(made("asked"), "w+b") if made else tempfile.TemporaryFile()


def _first_line(said: bytes) -> str:
    return said.decode("utf-8", "replace").partition("\n")[0].strip()


def _numbered(page: str, number: int) -> str:
    """The page with the number it has in the original: tesseract was shown it alone."""
    page = _PAGE_TITLE.sub(str(number - 1), page, count=1)
    return _OWN_ID.sub(rf"\g<1>_{number}", page)


def _joined(pages: Sequence[str]) -> bytes:
    """One document: the head of the first, the pages of all."""
    if not pages:
        return b""
    head, begins, _ = pages[0].partition("<body>")
    bodies = [page.partition("<body>")[2].rpartition("</body>")[0] for page in pages]
    return (head + begins + "".join(bodies) + "</body>\n</html>\n").encode("utf-8")
