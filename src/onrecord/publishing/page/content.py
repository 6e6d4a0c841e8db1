"""What a dossier page says, as plain data that has already passed the terms gate.

Everything here is printed; nothing here is an id or a slug of the record. Text is escaped when it is rendered.
Words that belong to the format (an act, a basis, a property, an audience, an attribution's form, an absence) are given in
the record's own English words and are translated by the page; any other word there is printed as it is.
Dates come as text that already shows their vagueness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Words:
    """Words exactly as released, with masks in brackets. The language may be unknown, the direction never is."""

    text: str
    language: str | None = None
    direction: Direction = "ltr"


@dataclass(frozen=True, slots=True)
class When:
    """A time as text, and as it stood in the original where that differs."""

    text: str
    as_written: str | None = None


# ---- the article -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A run of the article's own text."""

    kind: ClassVar[str] = "text"
    text: str
    emphasis: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """The number of a citation, at its place in the article."""

    kind: ClassVar[str] = "citation"
    n: int


Run = Text | Citation
Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 (a section) or more."""

    kind: ClassVar[str] = "heading"
    runs: Runs
    level: int = 2
    language: str | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. Language and direction only where they are not the dossier's."""

    kind: ClassVar[str] = "paragraph"
    runs: Runs
    language: str | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation set apart, in paragraphs."""

    kind: ClassVar[str] = "quote"
    paragraphs: tuple[Runs, ...]
    language: str | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered or not."""

    kind: ClassVar[str] = "list"
    items: tuple[Runs, ...]
    ordered: bool = False
    language: str | None = None
    direction: Direction | None = None


Block = Heading | Paragraph | Quote | Listing


# ---- sources -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CitationView:
    """One source. `words.text` and `who` are byte for byte those of the manifest: the reader's check compares them.

    `before` and `after` are the context around the words, in the same language. `translation` is ours.
    `attribution` is the agreed form ("named", "described as", "not given", ...); `attribution_note` says why.
    `against` are the citations that dispute it. `withheld` says in words what is not shown, one thing each.
    `entries` are the names of the record's entries beneath it.
    """

    n: int
    words: Words
    who: str
    before: str | None = None
    after: str | None = None
    translation: Words | None = None
    capacity: str | None = None
    when: When | None = None
    act: str | None = None
    basis: str | None = None
    hedge: str | None = None
    where: str | None = None
    attribution: str | None = None
    attribution_note: str | None = None
    against: tuple[int, ...] = ()
    withheld: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """An original that itself lies in the folder, at a path relative to the page."""

    path: str
    title: str


# ---- windows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaterView:
    """What the same person said at another time, against the statement that it stands beside."""

    who: str
    words: Words
    n: int | None = None
    when: When | None = None
    translation: Words | None = None


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement in a window. No words: an act without words, such as a silence. `n` is its citation, if it has one.

    `later` and `earlier` are the same person's contrary statements, on whatever side they count.
    """

    who: str
    words: Words | None
    n: int | None = None
    act: str | None = None
    basis: str | None = None
    hedge: str | None = None
    when: When | None = None
    where: str | None = None
    translation: Words | None = None
    later: tuple[LaterView, ...] = ()
    earlier: tuple[LaterView, ...] = ()


@dataclass(frozen=True, slots=True)
class SideView:
    """A side under its own name, with the statements shown, in order. `not_shown` counts those the terms keep back."""

    name: str
    statements: tuple[StatementView, ...] = ()
    language: str | None = None
    direction: Direction = "ltr"
    not_shown: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a value: the side's name, or None for somebody on no side."""

    side: str | None
    who: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class ValueView:
    """One answer, its denial, or (with `absence`) an absence stated in its place: "refused", "not asked", ..."""

    text: str
    holders: tuple[Holder, ...] = ()
    negated: bool = False
    absence: str | None = None
    reports: int = 0
    origins: int = 0


@dataclass(frozen=True, slots=True)
class PointView:
    """What is answered about one subject under one property ("time", "cause", or the team's own words)."""

    property: str
    values: tuple[ValueView, ...]
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class SilenceView:
    """Why a side says nothing, of one point (by property and subject) or of the whole event: "refused", "not asked", ..."""

    side: str
    absence: str
    property: str | None = None
    subject: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class WindowsView:
    """One event as each side tells it. Shared points have one value; those told by one side only stand in `only`."""

    title: str
    sides: tuple[SideView, ...]
    when: When | None = None
    shared: tuple[PointView, ...] = ()
    disputed: tuple[PointView, ...] = ()
    only: tuple[PointView, ...] = ()
    silent: tuple[SilenceView, ...] = ()
    elsewhere: tuple[StatementView, ...] = ()


# ---- the dossier -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A whole dossier. `fingerprint` is that of the release log's key; `files` counts what the manifest lists.

    `masks` counts the masked places in all released words; `entries` the record entries that are proven.
    """

    title: str
    language: str
    direction: Direction
    audience: str
    built: str
    version: int
    blocks: tuple[Block, ...]
    citations: tuple[CitationView, ...]
    fingerprint: str
    files: int
    entries: int
    standfirst: str | None = None
    publisher: str | None = None
    windows: tuple[WindowsView, ...] = ()
    originals: tuple[Original, ...] = ()
    masks: int = 0
