"""`onrecord demo`: the sample record, and what can be done with it, on one page."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.publish import BUILT, show_dossier, show_refusal
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.terminal.windows_view import show_windows
from onrecord.cli.verb import verb
from onrecord.cli.verify import show_verified
from onrecord.record.errors import TermsForbid

if TYPE_CHECKING:
    from onrecord.api import Progress
    from onrecord.demo.sample import Sample

STANDARD_PATH = Path("demo-record")
STOOD = "The dossier stands there already, and is verified again:"
NEXT_STEPS = (
    "items",
    "search stretcher",
    "search الجدار",
    "get ford-gate",
    "check",
    "windows morning --json",
    "--help",
)


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


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demonstration came to."""

    windows: Mapping[str, Any]
    refused: Sequence[Mapping[str, Any]]
    dossier: Path
    stood: bool
    verified: Mapping[Path, Mapping[str, Any]]
    labels: Mapping[str, str]

    @property
    def proven(self) -> bool:
        return all(found["ok"] for found in self.verified.values())

    def document(self, made: Sample) -> dict[str, Any]:
        verified = {str(place): found["ok"] for place, found in self.verified.items()}
        return {
            "record": str(made.path),
            "found": made.found,
            "refused": list(self.refused),
            "dossier": str(self.dossier),
            "verified": verified,
        }


def _shown(call: Call, made: Sample, progress: Progress) -> Shown:
    from onrecord import api
    from onrecord.demo.sample import EVENT, PUBLISHED, REFUSED

    with api.open(made.path, settings=call.settings) as record:
        windows = record.windows(EVENT)
        refused = record.publish(REFUSED, made.refused_dossier, progress)["refused"]
        stood = (made.dossier / "manifest.json").is_file()
        if not stood:
            _require_built(record.publish(PUBLISHED, made.dossier, progress))
        label = Labels(record)
        labels = {id: label(id) for id in _mentioned(windows, refused)}
    verified = {place: api.verify(place, progress=progress) for place in (made.path, made.dossier)}
    return Shown(windows, refused, made.dossier, stood, verified, labels)


def _require_built(result: Mapping[str, Any]) -> None:
    if result["refused"]:
        first = result["refused"][0]
        raise TermsForbid("the sample dossier", f"it is blocked: {first['term']}", first["mend"])


def _mentioned(windows: Mapping[str, Any], refused: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for point in windows["disputed"]:
        yield from point.get("same_as") or ()
    yield from (row["thing"] for row in refused)


def _tell(page: Page, made: Sample, shown: Shown) -> None:
    from onrecord.demo.sample import EVENT, PUBLISHED, REFUSED

    def label(id: str) -> str:
        return shown.labels.get(id, id)

    stands = "The sample record stands already" if made.found else "The sample record was built"
    page.line(f"{stands} at {page.shown(str(made.path))}. It is invented, from beginning to end.")
    _chapter(page, "1. One event, as each side tells it", f"windows {EVENT}")
    show_windows(page, shown.windows, label)
    _chapter(
        page, "2. What may not go out does not go out", f"publish {REFUSED} --out {made.refused_dossier}"
    )
    show_refusal(page, shown.refused, label)
    _chapter(page, "3. What may go is built, with its proofs", f"publish {PUBLISHED} --out {made.dossier}")
    show_dossier(page, shown.dossier, STOOD if shown.stood else BUILT)
    _chapter(
        page, "4. Checked: the record and the dossier", f"verify {made.path}; onrecord verify {made.dossier}"
    )
    for place, found in shown.verified.items():
        show_verified(page, place, found)
        page.line()
    _next_steps(page, made)


def _chapter(page: Page, heading: str, done_by: str) -> None:
    page.lines(("", "", page.bold(heading), page.dim(f"   onrecord {page.shown(done_by)}"), ""))


def _next_steps(page: Page, made: Sample) -> None:
    page.lines(("", page.bold("Try next"), ""))
    switch = _switch()
    if switch is not None:
        page.line(f"  . {page.argument(str(switch))}    # so that this shell finds onrecord")
    page.line(f"  cd {page.argument(str(made.path))}")
    page.lines(f"  onrecord {step}" for step in NEXT_STEPS)


def _switch() -> Path | None:
    """The file to source where a shell does not find `onrecord` by itself, as in a checkout."""
    switch = Path(sys.prefix) / "bin" / "activate"
    if shutil.which("onrecord") or not switch.is_file():
        return None
    here = Path.cwd()
    return switch.relative_to(here) if switch.is_relative_to(here) else switch
