"""A web archive with its list of pages (WACZ): the digests of its files checked, and what its archives hold as members."""

from __future__ import annotations

import codecs
import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from onrecord.intake.archives.bounds import too_much
from onrecord.intake.pages import warc
from onrecord.intake.pages.digests import DOES_NOT_HOLD, Digest
from onrecord.intake.pages.flow import Flow, pieces_of, unpacked_if_gzip
from onrecord.intake.pages.stated import edtf_of
from onrecord.intake.pages.warc import ENGINE, VERSION, Summary
from onrecord.intake.reading import Member, Reading, Skipped, Source

LARGEST_STATEMENT = 16 * 1024 * 1024
LARGEST_DIRECTORY = 32 * 1024 * 1024
MOST_FILES = 10_000
MOST_PAGES = 10_000
MOST_PAGES_SHOWN = 100
_PACKAGE, _SIGNED = "datapackage.json", "datapackage-digest.json"
_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    KeyError,
)
_STATED_TIMES = frozenset({"created", "modified", "mainPageDate", "mainPageTS"})
_STATED = (
    "title",
    "description",
    "software",
    "wacz_version",
    "mainPageUrl",
    "mainPageURL",
    *sorted(_STATED_TIMES),
)
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Names in a zip without a mark are in this encoding, which nothing can load later.
codecs.lookup("cp437")


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    summary = Summary()
    try:
        yield from _read(source, summary)
    except _FAILURES as wrong:
        why = f"it cannot be read as a web archive ({type(wrong).__name__})"
        notes, told = summary.told(), tuple(summary.observations)
        yield Reading(None, ENGINE, VERSION, notes=notes, why_none=why, observations=told)


def _read(source: Source, summary: Summary) -> Iterator[Member | Skipped | Reading]:
    if _directory_bytes(source.file, source.size) > LARGEST_DIRECTORY:
        raise zipfile.BadZipFile
    with zipfile.ZipFile(source.file) as package:
        files = package.infolist()
        too_large = too_much(sum(one.file_size for one in files), source.size)
        if too_large or len(files) > MOST_FILES:
            why = too_large or f"it holds more than {MOST_FILES:,} files"
            yield Reading(None, ENGINE, VERSION, why_none=why)
            return
        title = _check(package, summary)
        summary.titles = _pages(package, summary)
        for one in files:
            if _is_archive(one.filename):
                yield from _archive(package, one, summary)
            elif not _is_own(one.filename):
                summary.left["further files of the package"] += 1
    yield summary.reading(ENGINE, VERSION, title)


def _directory_bytes(file: BinaryIO, size: int) -> int:
    """How long the list of files is, as the end of the file states it; all of it is held at once."""
    file.seek(max(0, size - 66_000))
    end = file.read(66_000)
    last, large = end.rfind(b"PK\5\6"), end.rfind(b"PK\6\6")
    if large >= 0:
        return int.from_bytes(end[large + 40 : large + 48], "little")
    return int.from_bytes(end[last + 12 : last + 16], "little") if last >= 0 else 0


def _is_archive(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz"))


def _is_own(name: str) -> bool:
    """Whether a file is of the package itself: its indexes, lists of pages and statements."""
    return name.endswith("/") or name.startswith(("indexes/", "pages/", "datapackage"))


def _archive(package: zipfile.ZipFile, one: zipfile.ZipInfo, summary: Summary) -> Iterator[Member | Skipped]:
    if one.compress_type not in _WAYS or one.flag_bits & 1:
        yield Skipped(_shown(one.filename), "it is packed or locked in a way that is not undone here")
        return
    try:
        with package.open(one) as file:
            yield from warc.members(cast(BinaryIO, file), summary)
    except _FAILURES as wrong:
        summary.notes.append(f"{_shown(one.filename)} is damaged ({type(wrong).__name__})")


def _check(package: zipfile.ZipFile, summary: Summary) -> str | None:
    """Compare the files with the digests that the package states; the title it gives."""
    written = _statement(package, _PACKAGE, summary)
    for name in _STATED:
        value = written.get(name)
        if isinstance(value, str) and value:
            summary.observe(name, value, edtf_of(value) if name in _STATED_TIMES else None)
    _check_signed(package, summary)
    resources = written.get("resources")
    listed = resources if isinstance(resources, list) else []
    for resource in listed[:MOST_FILES]:
        if isinstance(resource, dict):
            _check_file(package, resource, summary)
    _name_unlisted(package, listed, summary)
    title = written.get("title")
    return _shown(title)[:500] if isinstance(title, str) and title else None


def _name_unlisted(package: zipfile.ZipFile, listed: list[Any], summary: Summary) -> None:
    known = {one.get("path") for one in listed if isinstance(one, dict) and isinstance(one.get("path"), str)}
    unlisted = [name for name in package.namelist() if _is_archive(name) and name not in known]
    if unlisted:
        named = ", ".join(map(_shown, unlisted[:10]))
        summary.notes.append(f"its list of files gives no digest for: {named}")


def _check_file(package: zipfile.ZipFile, resource: dict[str, Any], summary: Summary) -> None:
    path, written = resource.get("path"), resource.get("hash")
    if not isinstance(path, str) or not isinstance(written, str):
        return
    try:
        outcome = _outcome(package, path, written)
    except _FAILURES as wrong:
        summary.notes.append(f"{_shown(path)} is listed, and cannot be read ({type(wrong).__name__})")
        return
    summary.observe(outcome, f"{_shown(path)} ({written[:300]})")
    if outcome == DOES_NOT_HOLD:
        summary.false.append(_shown(path))


def _outcome(package: zipfile.ZipFile, path: str, written: str) -> str:
    digest = Digest(written)
    with package.open(path) as file:
        for piece in pieces_of(cast(BinaryIO, file)):
            digest.update(piece)
    return digest.outcome


def _check_signed(package: zipfile.ZipFile, summary: Summary) -> None:
    """The file that vouches for the list of files: its hash is compared, its signature only told of."""
    if _SIGNED not in package.namelist():
        return
    signed = _statement(package, _SIGNED, summary)
    _check_file(package, {"path": _PACKAGE, "hash": signed.get("hash")}, summary)
    data = signed.get("signedData")
    if isinstance(data, dict) and data.get("signature"):
        who = data.get("domain") or data.get("software") or "a key that it carries itself"
        summary.notes.append(f"it is signed ({_shown(str(who))[:200]}); the signature is not checked here")
        for name in ("created", "software", "domain", "publicKey", "signature"):
            if isinstance(data.get(name), str):
                summary.observe(f"signed: {name}", data[name])


def _statement(package: zipfile.ZipFile, name: str, summary: Summary) -> dict[str, Any]:
    try:
        with package.open(name) as file:
            content = file.read(LARGEST_STATEMENT + 1)
        read_from = json.loads(content) if len(content) <= LARGEST_STATEMENT else None
    except (*_FAILURES, RecursionError):
        read_from = None
    if not isinstance(read_from, dict):
        summary.notes.append(f"{name} is missing or cannot be read")
        return {}
    return read_from


def _pages(package: zipfile.ZipFile, summary: Summary) -> dict[str, str]:
    """The titles of the pages it lists, by address."""
    titles: dict[str, str] = {}
    number = 0
    for name in package.namelist():
        if not (name.startswith("pages/") and name.endswith(".jsonl")):
            continue
        try:
            with package.open(name) as file:
                for page in _lines(cast(BinaryIO, file)):
                    number += 1
                    _take_page(page, titles, summary, number)
                    if number >= MOST_PAGES:
                        summary.notes.append(f"it lists more than {MOST_PAGES:,} pages: the rest is not read")
                        return titles
        except _FAILURES as wrong:
            summary.notes.append(f"{_shown(name)} cannot be read ({type(wrong).__name__})")
    return titles


def _lines(file: BinaryIO) -> Iterator[dict[str, Any]]:
    flow = Flow(unpacked_if_gzip(file))
    while line := flow.line(1 << 20):
        try:
            page = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(page, dict) and isinstance(page.get("url"), str):
            yield page


def _take_page(page: dict[str, Any], titles: dict[str, str], summary: Summary, number: int) -> None:
    title = page.get("title")
    if isinstance(title, str) and title:
        titles.setdefault(page["url"], _shown(title)[:500])
    if number <= MOST_PAGES_SHOWN:
        ts = page.get("ts")
        summary.observe("page", page["url"])
        if isinstance(title, str) and title:
            summary.observe("title of the page", title)
        if isinstance(ts, str) and ts:
            summary.observe("time of the page", ts, edtf_of(ts))


def _shown(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")[:4_000]
