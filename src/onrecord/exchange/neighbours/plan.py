"""What a neighbour's bundle comes to before anything is written: a line for each thing found in it.

Lines stand in the order of the source. Whatever is in the bundle has one, also what cannot be carried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.exchange.neighbours.bundle import WHOLE, Bundle
from onrecord.intake.walking import shown

CARRIED, KEPT, LEFT, WRONG = "carried", "kept as a file", "not carried", "wrong"
STATUSES = (CARRIED, KEPT, LEFT, WRONG)


@dataclass(frozen=True, slots=True)
class Words:
    """Exact words to be found in the text of an item: the first of `spellings` that stands there is taken.

    White space is not compared, as no two programs break lines alike. `nth` of `times` says which, counted from 1,
    where they stand more than once. `start` counts code points in the text layer, where the source says it.
    """

    spellings: tuple[str, ...]
    nth: int = 1
    times: int | None = None
    prefix: str = ""
    suffix: str = ""
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the report, and what is to be written for it.

    `file` names the file in the bundle whose item it is about. `checked` is a tool and its outcome, logged on that item.
    `thing` is put as it is; where it is a passage, its item and the place of its `words` are filled in. `refers`
    names files whose items stand in a list field. What a thing names in `needs` has to be carried with it. `about` is
    what the source calls an original that is not in the bundle, but may be in the record.
    """

    source: str
    status: str
    reason: str | None = None
    file: str | None = None
    checked: tuple[str, str] | None = None
    thing: Mapping[str, Any] | None = None
    words: Words | None = None
    needs: tuple[str, ...] = ()
    refers: tuple[tuple[str, str], ...] = ()
    about: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """What is to be kept and written. `made` are files that the neighbour held inside a file of its own."""

    bundle: Bundle
    told: list[Told] = field(default_factory=list)
    made: dict[str, Path] = field(default_factory=dict)

    def say(self, source: str, status: str, reason: str | None = None, file: str | None = None) -> None:
        self.told.append(Told(source, status, reason, file))

    def check(self, source: str, file: str, tool: str, good: bool, outcome: str) -> None:
        """An outcome that is logged on the item of a file: good, or wrong."""
        said = outcome if good else f"wrong: {outcome}"
        self.told.append(Told(source, CARRIED if good else WRONG, outcome, file, (tool, said)))

    def not_checked(self, source: str, file: str, why: str) -> None:
        """What could not be checked is said, and is no step in the life of the file."""
        self.say(source, KEPT, f"not checked: {why}", file)

    def keep_files(self) -> None:
        """A line for every file that no check and no other line is about, and for what is no file to keep."""
        about = {
            one.file for one in self.told if one.thing is None and (one.checked or one.source == one.file)
        }
        for name in self.bundle.files:
            if name not in about:
                self.say(name, KEPT, None, name)
        if self.bundle.unpacked:
            self.say(shown(Path(self.bundle.given.name)), KEPT, "with what lies in it", WHOLE)
        for name, why in self.bundle.left:
            self.say(name, LEFT, why)


def slug(form: str, *parts: object) -> str:
    """The slug of what was carried over: the same for the same place in the same source."""
    told = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return f"{form}-{hashlib.sha256(told).hexdigest()[:20]}"
