"""`custody`: the report of one item through the gate and into a file; or the list of what stands in its way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onrecord.publishing.asking import gate_for
from onrecord.publishing.custody.facts import Report
from onrecord.publishing.custody.gathering import Gathering
from onrecord.publishing.custody.page import languages, messages_in, render
from onrecord.publishing.custody.paper import printed
from onrecord.publishing.custody.telling import ThroughTheGate, ToTheTeam
from onrecord.publishing.refusal import Refusal, row_alone, to_do
from onrecord.record.errors import FieldInvalid, KindWrong, OutputExists, OutputNotWritten, ThingUnknown
from onrecord.record.remembering import Remembering
from onrecord.record.terms import AUDIENCE_USE
from onrecord.record.things import Thing
from onrecord.store.outside import require_outside
from onrecord.store.part import write_durably
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve_kind

TEAM = "team"
DEFAULT = "court"
ENDINGS = (".html", ".pdf")


def custody(
    store: RecordStore, name: str, out: Path, audience: str = DEFAULT, language: str = "en"
) -> dict[str, Any]:
    """Write the custody report of an item: `{"out", "item", "unaltered", "refused": [], "withheld": []}`.

    `unaltered` is None where the file is not here to be read again. Where terms forbid the report nothing is written,
    and `refused` says thing, term and mend. `withheld` says why its hash was left out. Raises `ThingUnknown`,
    `OutputExists`, `FieldInvalid`.
    """
    item = _item(store, name)
    _check(out, audience, language)
    require_outside(store, out)
    words = messages_in(language)
    things = Remembering(store.db.as_now())
    if audience == TEAM:
        report = Gathering(store, things, ToTheTeam(things), words, audience).report(item)
        return _written(out, render(report, words), item, report, [])
    gate = gate_for(store, things, audience)
    closed = to_do([*gate.ask(item.id, ()), *gate.unsearched()])
    if closed:
        return _refused(item, closed)
    telling = ThroughTheGate(gate, store, things, words, item.id)
    report = Gathering(store, things, telling, words, audience).report(item)
    if telling.refusals:
        return _refused(item, to_do(telling.refusals))
    return _written(out, render(report, words), item, report, telling.withheld)


def _item(store: RecordStore, name: str) -> Thing:
    id = resolve_kind(store, name, "item")
    item = store.db.as_now().get(id)
    if item is None or "sha256" not in item.fields:
        raise ThingUnknown(
            repr(name), "it was erased, and no report can be made of it", "See what is left with history."
        )
    return item


def _check(out: Path, audience: str, language: str) -> None:
    if audience not in AUDIENCE_USE:
        raise KindWrong(audience, "is no audience", f"Known: {', '.join(AUDIENCE_USE)}.")
    if language.split("-")[0].lower() not in languages():
        raise FieldInvalid(
            "--language", f"{language!r} has no words here", f"Known: {', '.join(languages())}."
        )
    if out.suffix.lower() not in ENDINGS:
        raise FieldInvalid(
            "--out",
            f"{out.name!r} ends neither in .html nor in .pdf",
            "The ending says what is written: name one.",
        )
    if out.exists() or out.is_symlink():
        raise OutputExists(str(out), "something is already there", "Choose another name.")


def _refused(item: Thing, refusals: tuple[Refusal, ...]) -> dict[str, Any]:
    rows = [row_alone(refusal) for refusal in refusals]
    return {"out": None, "item": item.id, "unaltered": None, "refused": rows, "withheld": []}


def _written(out: Path, page: str, item: Thing, report: Report, withheld: list[Refusal]) -> dict[str, Any]:
    data = printed(page) if out.suffix.lower() == ".pdf" else page.encode("utf-8")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_durably(out, data, mode=0o600)
    except OSError as wrong:
        raise OutputNotWritten(
            str(out), f"it cannot be written ({wrong.strerror})", "Make room there, or choose another place."
        ) from None
    unaltered = {"same": True, "different": False, "absent": None}[report.reading.comparison]
    rows = [refusal.row() for refusal in to_do(withheld)]
    return {"out": str(out), "item": item.id, "unaltered": unaltered, "refused": [], "withheld": rows}
