"""`publish`: what a publication selects, through the gate, into a dossier; or the list of what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from onrecord.publishing.asking import gate_for
from onrecord.publishing.carried import carried_verifier
from onrecord.publishing.gate import Gate
from onrecord.publishing.guide import guide
from onrecord.publishing.page.content import (
    CitationView,
    DossierPage,
    Original,
    PointView,
    Text,
    When,
    WindowsView,
)
from onrecord.publishing.page.messages import messages_in
from onrecord.publishing.page.render import render
from onrecord.publishing.parts import Parts
from onrecord.publishing.place import check_out, put_together
from onrecord.publishing.printing import Printing
from onrecord.publishing.refusal import NOBODY_NAMED, Refusal, to_do
from onrecord.publishing.release import Extract, Release, write_release
from onrecord.publishing.selection import Selection, Source, select
from onrecord.publishing.side_by_side import SideBySide
from onrecord.publishing.unseen import PICTURED, is_text
from onrecord.publishing.whole_original import kept_whole, text_of
from onrecord.record.checkpoint import fingerprint
from onrecord.record.errors import InConflict, TermsForbid
from onrecord.record.properties import BUILT_IN
from onrecord.record.remembering import Remembering
from onrecord.record.things import Thing, Things
from onrecord.store.outside import require_outside
from onrecord.store.record_store import RecordStore
from onrecord.text.direction import direction
from onrecord.writing.names import resolve_kind

Progress = Callable[[int, int | None, str], None]
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
_CLEARED = (
    "A dossier for {} was being built when the program was stopped. What it left was cleared away; if it has a version "
    "number already, no dossier of that number was given out."
)
# Words of the program's own on a page, which no terms concern.
_OURS: set[tuple[type, str]] = {
    (DossierPage, name) for name in ("built", "fingerprint", "language", "direction", "audience")
}
_OURS.add((When, "text"))
_OURS |= {(CitationView, name) for name in ("act", "basis", "attribution", "withheld", "entries")}


@dataclass(frozen=True, slots=True)
class Composed:
    """A publication as it would be printed, and everything that stands in its way."""

    publication: Thing
    selection: Selection
    sources: dict[int, CitationView]
    windows: tuple[WindowsView, ...]
    originals: dict[str, Source]
    masks: int
    refusals: tuple[Refusal, ...]


def publish(store: RecordStore, name: str, out: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Build the dossier of a publication at `out`: `{"out", "manifest", "refused": []}`.

    Where terms forbid it nothing is written, and `refused` says thing, term and mend for each. Raises
    `OutputExists`, `InConflict`, `ThingUnknown`.
    """
    id = resolve_kind(store, name, "publication")
    require_outside(store, out)
    check_out(out)
    things = Remembering(store.db.as_now())
    publication = things.get(id)
    if publication is None or publication.in_conflict:
        raise InConflict(
            name,
            "it has two versions that nobody has resolved",
            "Read them with get, and put one that supersedes both.",
        )
    audience = str(publication.fields["audience"])
    gate = gate_for(store, things, audience)
    composed = _compose(store, things, gate, publication, progress)
    if composed.refusals:
        return {"out": None, "manifest": None, "refused": [refusal.row() for refusal in composed.refusals]}
    return _build(store, things, gate, composed, out) | {"refused": []}


def _compose(
    store: RecordStore, things: Things, gate: Gate, publication: Thing, progress: Progress | None
) -> Composed:
    selection = select(things, publication.fields)
    words = messages_in(_language(publication))
    printing = Printing(gate, store.layers.text, Parts(store.layers), words, selection.standing_in())
    sources = {}
    for done, source in enumerate(selection.sources, 1):
        sources[source.n] = printing.source(source)
        if progress:
            progress(done, len(selection.sources), "asking the terms")
    shown, against = SideBySide(things, selection, printing, sources).shown()
    sources = {n: replace(view, against=tuple(sorted(against.get(n, ())))) for n, view in sources.items()}
    refusals = [
        *_asked(gate, selection),
        *printing.refusals,
        *_own_words(gate, publication, selection, shown),
    ]
    originals, closed = _originals(store, gate, things, selection)
    return Composed(
        publication, selection, sources, shown, originals, printing.masks, to_do([*refusals, *closed])
    )


def _asked(gate: Gate, selection: Selection) -> Iterator[Refusal]:
    """What is contained or cited, with what lies beneath it, and whether all names could be looked for."""
    for source in selection.sources:
        yield from gate.ask(source.thing.id)
        if source.thing.kind == "norm":
            quoted = [source.thing, *source.passages] if source.passages else []
            yield from (refusal for thing in quoted for refusal in gate.ask(thing.id, ("words",)))
        yield from _in_conflict(source)
    for event in selection.events:
        yield from gate.kept_back(event.id)
    yield from gate.unsearched()
    for thing in selection.not_shown:
        mend = (
            f"leave out: a dossier cannot show a {thing.kind} by itself; cite a statement or claim about it."
        )
        yield Refusal(NOBODY_NAMED, thing.id, "media", f"a {thing.kind}", mend)


def _in_conflict(source: Source) -> Iterator[Refusal]:
    """A source of which two versions stand: nobody has said which of them to print."""
    for thing in (source.thing, source.statement, *source.passages):
        if thing and thing.in_conflict:
            mend = "leave out: it has two versions that nobody has resolved; put one that supersedes both, then cite it."
            yield Refusal(NOBODY_NAMED, thing.id, "words", "in conflict", mend)


def _own_words(
    gate: Gate, publication: Thing, selection: Selection, shown: Iterable[WindowsView]
) -> Iterator[Refusal]:
    """Our own text: titles, the article, what sides are called. A closed name in it is refused."""
    beside = [source.thing.id for source in selection.sources]
    texts = [
        (str(publication.fields.get(field) or ""), f"the {field}")
        for field in ("title", "standfirst", "publisher")
    ]
    texts.append((_beyond_a_tag(_language(publication)), "the language"))
    texts += [(text, "the text") for text in _article_texts(selection)]
    texts += [(view.title, "the event's title") for view in shown]
    texts += [(side.name, "the name of a side") for view in shown for side in view.sides]
    for text, where in texts:
        yield from gate.own_text(text, where, beside, publication.id)


def _beyond_a_tag(language: str) -> str:
    """What a language says besides two or three letters, which name nobody."""
    first, _, rest = language.partition("-")
    return rest if len(first) in (2, 3) else language


def _article_texts(selection: Selection) -> Iterator[str]:
    """Each block as it is read: emphasis inside a name does not take it apart."""
    for block in selection.article.blocks:
        for runs in (
            getattr(block, "paragraphs", ()) or getattr(block, "items", ()) or (getattr(block, "runs", ()),)
        ):
            yield "".join(run.text for run in runs if isinstance(run, Text))


def _strings(value: Any) -> Iterator[str]:
    """Every text that comes from the record, in plain data however deep; what the program itself says is left out."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            inner = getattr(value, one.name)
            ours = (type(value), one.name) in _OURS or (type(value) is PointView and inner in BUILT_IN)
            if not ours:
                yield from _strings(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _strings(inner)


def _originals(
    store: RecordStore, gate: Gate, things: Things, selection: Selection
) -> tuple[dict[str, Source], list[Refusal]]:
    """Originals that were cited or contained themselves, by path in the dossier, and why some may not go."""
    found, closed = dict[str, Source](), list[Refusal]()
    for source in selection.sources:
        if source.thing.kind == "item":
            closed += kept_whole(store, gate, things, source.thing)
            closed += _unread(gate, source.thing, text_of(store, source.thing))
            found[f"originals/{source.n}-{_safe(str(source.thing.fields['name']))}"] = source
    return found, closed


def _unread(gate: Gate, item: Thing, text: str | None) -> Iterator[Refusal]:
    """A document of which not all can be looked through for the names that are closed: its text is not all it holds."""
    media = str(item.fields.get("media_type") or "")
    seen = is_text(media) and text is not None
    if not seen and media.partition("/")[0] not in PICTURED and gate.closed_names():
        mend = "leave out: leave the original out, as more stands in it than its text; cite a passage of it instead."
        why = "a closed name could not be looked for in it"
        yield Refusal(NOBODY_NAMED, item.id, "name", "no text layer", mend, why)


def _safe(name: str) -> str:
    """A file name that every system takes: plain letters, no leading or trailing dot."""
    return "".join(letter if letter in _SAFE else "-" for letter in name)[-80:].strip(".") or "original"


def _build(store: RecordStore, things: Things, gate: Gate, composed: Composed, out: Path) -> dict[str, Any]:
    with put_together(out) as place, store.writing(keep_checkpoint=True) as writer:
        page = _page(store, composed, writer.public)
        _look_once_more(gate, composed, page)
        release = _release(store, things, composed, page)
        told = write_release(store, writer, release, place)
    place.take()
    if place.cleared:
        store.notices.append(_CLEARED.format(out))
    return told


def _page(store: RecordStore, composed: Composed, public: bytes) -> DossierPage:
    publication = composed.publication.fields
    titles = {path: composed.sources[source.n].words.text for path, source in composed.originals.items()}
    entries = {entry for source in composed.selection.sources for entry in source.entries}
    title = str(publication["title"])
    return DossierPage(
        title=title,
        language=_language(composed.publication),
        direction=direction(title),
        audience=str(publication["audience"]),
        built=_day(store.today(), _language(composed.publication)),
        version=_version(store, composed.publication.id),
        blocks=composed.selection.article.blocks,
        citations=tuple(composed.sources[n] for n in sorted(composed.sources)),
        fingerprint=fingerprint(public),
        files=3 + len(composed.originals),
        entries=len(entries) + 1,
        standfirst=publication.get("standfirst"),
        publisher=publication.get("publisher"),
        windows=composed.windows,
        originals=tuple(Original(path, title or path.split("/")[1]) for path, title in titles.items()),
        masks=composed.masks,
    )


def _look_once_more(gate: Gate, composed: Composed, page: DossierPage) -> None:
    """The last look at everything that leaves. A hit here is a fault of ours, and stops the build."""
    texts = [*_strings(page), *_article_texts(composed.selection)]
    leaks = [leak for text in texts for leak in gate.leaks(text)]
    if leaks:
        raise TermsForbid(
            "the dossier",
            f"a closed name would have left: {leaks[0].around!r}",
            "Nothing was written. Please report this.",
        )


def _release(store: RecordStore, things: Things, composed: Composed, page: DossierPage) -> Release:
    texts = {"index.html": render(page), "README.txt": guide(page)}
    return Release(
        publication=composed.publication.id,
        title=page.title,
        audience=page.audience,
        language=page.language,
        version=page.version,
        extracts=tuple(Extract(one.n, one.words.text, one.who, one.entries) for one in page.citations),
        files={
            **{path: text.encode("utf-8") for path, text in texts.items()},
            "verify.py": carried_verifier(),
        },
        originals={
            path: store.originals.path(str(source.thing.fields["sha256"]))
            for path, source in composed.originals.items()
        },
        evaluated={"terms": sorted(_terms(things, composed.selection)), "masks": page.masks},
    )


def _terms(things: Things, selection: Selection) -> set[str]:
    """The versions of terms that were in force over what this release rests on."""
    return {
        version.name
        for source in selection.sources
        for thing in _over(source)
        for terms in things.pointing_at(thing, "terms", "over")
        for version in terms.heads
    }


def _over(source: Source) -> Iterator[str]:
    yield from (
        *source.carriers,
        *(p.id for p in source.passages),
        *(i.id for i in source.items),
    )
    if source.statement and isinstance(source.statement.fields.get("speaker"), str):
        yield source.statement.fields["speaker"]


def _version(store: RecordStore, publication: str) -> int:
    return 1 + sum(1 for _ in store.db.as_now().pointing_at(publication, "export", "publication"))


def _language(publication: Thing) -> str:
    return str(publication.fields.get("language") or "en")


def _day(day: dt.date, language: str) -> str:
    return f"{day.day} {day:%B %Y}" if language == "en" else day.isoformat()
