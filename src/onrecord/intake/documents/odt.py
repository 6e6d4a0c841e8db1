"""OpenDocument texts: the text as it shows with its insertions, and beside it notes, comments, and deleted and hidden words."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.intake.documents.flow import Flow
from onrecord.intake.documents.open_part import OpenWalk
from onrecord.intake.office_properties import open_properties
from onrecord.intake.package import Package, PackageBroken, local
from onrecord.intake.reading import Member, Reading, Skipped, Source

ENGINE, VERSION = "onrecord odt", "1"
_MEMBERS = ("Pictures/", "media/", "Media/", "ObjectReplacements/", "Thumbnails/")
_LOCKED = "it is locked with a password"


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    try:
        package = opened(source)
    except PackageBroken as wrong:
        yield Reading(None, ENGINE, VERSION, why_none=str(wrong))
        return
    yield from package.members([name for name in package.names if name.startswith(_MEMBERS)])
    yield _read_text(package)


def opened(source: Source) -> Package:
    """An OpenDocument file whose content can be read. Raises `PackageBroken`."""
    package = Package(source)
    if _is_locked(package):
        raise PackageBroken(_LOCKED)
    if "content.xml" not in package:
        raise PackageBroken("its part content.xml is missing")
    return package


def _is_locked(package: Package) -> bool:
    """Whether the list of the parts of an OpenDocument file says that they are encrypted."""
    try:
        root = package.tree("META-INF/manifest.xml")
    except PackageBroken:
        return False
    return root is not None and any(local(one.tag) == "encryption-data" for one in root.iter())


def _read_text(package: Package) -> Reading:
    notes: list[str] = []
    walk = OpenWalk(Flow())
    for part in ("content.xml", "styles.xml"):
        try:
            if part in package:
                walk.read(package, part)
        except PackageBroken as wrong:
            what = "text" if part == "content.xml" else "header and footer"
            notes.append(f"its {what} cannot be read to the end: {wrong}")
    text, segments = walk.flow.composed()
    why = None if text else notes[0] if notes else "it has no text"
    told = (*package.notes, *notes, *walk.flow.notes(), *walk.notes(), *_left_out(package))
    observations = open_properties(package, "ODT")
    return Reading(text or None, ENGINE, VERSION, {}, segments, None, told, why, observations=observations)


def _left_out(package: Package) -> Iterator[str]:
    objects = sum(name.startswith("Object ") and name.endswith("/content.xml") for name in package.names)
    if objects:
        yield f"words in its embedded objects are not read: {objects:,}"
    if any(name.startswith(("Basic/", "Scripts/")) for name in package.names):
        yield "it holds macros"
