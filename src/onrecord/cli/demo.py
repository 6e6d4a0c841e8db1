"""`onrecord demo`: the sample record, and what can be done with it, on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.publish import show_dossier, show_refusal
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.terminal.windows_view import show_windows
from onrecord.cli.verb import verb
from onrecord.cli.verify import show_verified

if TYPE_CHECKING:
    from onrecord.api import Progress, Record
    from onrecord.demo.sample import Sample

STANDARD_PATH = Path("demo-record")


@verb(
    "demo",
    parameters=(
        click.Argument(["path"], required=False, type=click.Path(path_type=Path)),
        click.Option(
            ["--no-serve"], is_flag=True, expose_value=False, help="Only the terminal; opens no browser."
        ),
    ),
    examples=("onrecord demo", "onrecord demo sample --no-serve"),
)
def command(call: Call, path: Path | None) -> int:
    """Builds it at PATH (./demo-record if none is given) from originals that come along, in three scripts. Then
    shows both windows of its event, a publication that is refused, a dossier, and the proof of both. Where
    the sample record stands already, it is used again."""
    from onrecord.demo import sample

    with call.progress() as progress:
        made = sample.build(path or STANDARD_PATH, call.settings, progress)
        shown = _shown(call, made, progress)
    if call.json:
        call.emit(shown.document(made))
    else:
        _tell(call.page, made, shown)
    return DONE if shown.proven else WRONG_IN_PLACES


@dataclass(slots=True)
class Shown:
    """What the demonstration came to."""

    windows: Mapping[str, Any]
    labels: dict[str, str]
    refused: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    dossier: Path | None = None
    verified: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def proven(self) -> bool:
        return all(found["ok"] for found in self.verified.values())

    def document(self, made: Sample) -> dict[str, Any]:
        return {
            "record": str(made.path),
            "found": made.found,
            "event": made.event,
            "refused": self.refused,
            "dossier": str(self.dossier) if self.dossier else None,
            "verified": {place: found["ok"] for place, found in self.verified.items()},
        }


def _shown(call: Call, made: Sample, progress: Progress) -> Shown:
    from onrecord import api

    with api.open(made.path, settings=call.settings) as record:
        shown = Shown(record.windows(made.event), {})
        for publication in made.publications:
            _publish(record, publication, made.dossier, shown, progress)
        label = Labels(record)
        shown.labels = {id: label(id) for id in _mentioned(shown)}
    places = [made.path, *([shown.dossier] if shown.dossier else [])]
    shown.verified = {str(place): api.verify(place, progress=progress) for place in places}
    return shown


def _publish(record: Record, publication: str, out: Path, shown: Shown, progress: Progress) -> None:
    """Build the dossier, or keep the one that an earlier demonstration built."""
    from onrecord.record.errors import OutputExists

    try:
        result = record.publish(publication, out, progress)
    except OutputExists:
        if not (out / "manifest.json").is_file():
            raise
        shown.dossier = out
        return
    if result["refused"]:
        shown.refused[publication] = result["refused"]
    else:
        shown.dossier = out


def _mentioned(shown: Shown) -> Iterator[str]:
    for point in shown.windows["disputed"]:
        yield from point.get("same_as") or ()
    for rows in shown.refused.values():
        yield from (row["thing"] for row in rows)


def _tell(page: Page, made: Sample, shown: Shown) -> None:
    def label(id: str) -> str:
        return shown.labels.get(id, id)

    stands = "The sample record stands already" if made.found else "The sample record was built"
    page.line(f"{stands} at {page.shown(str(made.path))}. It is invented, from beginning to end.")
    _chapter(page, "1. One event, as each side tells it", f"onrecord windows {made.event}")
    show_windows(page, shown.windows, label)
    for publication, rows in shown.refused.items():
        _chapter(page, "2. What may not go out does not go out", f"onrecord publish {publication} --out …")
        show_refusal(page, rows, label)
    if shown.dossier:
        _chapter(
            page, "3. What may go is built, with its proofs", f"onrecord publish … --out {shown.dossier}"
        )
        show_dossier(page, shown.dossier)
    _chapter(page, "4. Proven, both", "onrecord verify")
    for place, found in shown.verified.items():
        show_verified(page, Path(place), found)
    _next_steps(page, made)


def _chapter(page: Page, heading: str, done_by: str) -> None:
    page.line()
    page.line()
    page.line(page.bold(heading))
    page.line(page.dim(f"   {page.shown(done_by)}"))
    page.line()


def _next_steps(page: Page, made: Sample) -> None:
    page.line()
    page.line()
    page.line(page.bold("Try next"))
    page.line()
    page.line(f"  cd {page.argument(str(made.path))}")
    for step in (
        "items",
        "search wall",
        f"history {made.event}",
        f"windows {made.event} --json",
        "check",
        "--help",
    ):
        page.line(f"  onrecord {step}")
