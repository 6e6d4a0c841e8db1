"""Which neighbours are known, and which of them a folder or file comes from."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol, cast

from onrecord.exchange.neighbours.bundle import Progress
from onrecord.exchange.neighbours.plan import Plan
from onrecord.intake.walking import shown
from onrecord.record.errors import FieldInvalid

_HERE = "onrecord.exchange.neighbours"
# In the order in which they are asked: what is told by more comes first.
MODULES = ("bagit", "proofmode", "taguette", "odk", "ftm", "annotations", "auto_archiver")


class Neighbour(Protocol):
    """A tool whose results can be carried over."""

    NAME: str

    def looks_like(self, path: Path) -> bool:
        """Whether this is a bundle of this tool. Cheap, and never raises on bad content."""
        ...

    def plan(self, path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
        """What is in the bundle. Writes only in the scratch folder. Raises an `OnrecordError`."""
        ...


def neighbours() -> list[Neighbour]:
    return [cast(Neighbour, importlib.import_module(f"{_HERE}.{name}")) for name in MODULES]


def neighbour(path: Path, form: str | None) -> Neighbour:
    """The one that is named, or whose bundle this is. Raises `FieldInvalid`."""
    known = neighbours()
    names = ", ".join(one.NAME for one in known)
    if form is not None:
        named = next((one for one in known if form == one.NAME), None)
        if named is None:
            raise FieldInvalid("as", f"{form!r} is no form that can be imported", f"Known: {names}.")
        return named
    found = next((one for one in known if one.looks_like(path)), None)
    if found is None:
        reason = "it is nothing that another tool is known to hand over"
        raise FieldInvalid(
            shown(path), reason, f"Say what it is with --as ({names}), or take it in with add."
        )
    return found
