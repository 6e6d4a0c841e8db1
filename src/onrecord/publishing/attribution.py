"""What the gate lets through, as it may be printed: who or what may be given, and the words around a passage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who or what may be given, as printed. `why` may be printed too: it names nobody."""

    id: str
    text: str
    form: str
    why: str

    @property
    def given(self) -> bool:
        return self.form != "not given"


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a passage, masked, and cut between words. Either may be empty."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Leak:
    """A closed name found where nothing closed may stand. For the keepers' eyes."""

    id: str
    name: str
    around: str
