"""`onrecord add`: originals come in, and stay as they came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onrecord.cli.asking import is_asked
from onrecord.cli.call import Call
from onrecord.cli.handing_over import Said, ask_once, clock_check, terms_in
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.progress import Progress
from onrecord.cli.terminal.amounts import counted, size_said
from onrecord.cli.terminal.kinds import kind_said
from onrecord.cli.verb import verb

if TYPE_CHECKING:
    from onrecord.api import Record

STATUSES = ("added", "would be added", "already held", "refused")
QUIET_BEYOND = 40
# What a note of a reader says of a file that wants something done, by what it is counted as.
_WANTING = {"pages": "no text layer; it may be a scan", "locked": "locked with a password"}
# Of these kinds nobody expects a text.
_EXPECTED = ("no text layer", "a picture:", "sound or video:", "an archive:", "a mailbox", "a web archive")


@verb(
    "add",
    parameters=(
        click.Argument(["paths"], nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path)),
        click.Option(["--dry-run"], is_flag=True, help="Say what would be added, and write nothing."),
        click.Option(
            ["--from", "received_from"], metavar="WHO", help="Who handed it over: words or an actor."
        ),
        click.Option(["--by", "handled_by"], metavar="WHO", help="Who took it in: words or an actor."),
        click.Option(["--received", "received_at"], metavar="TIME", help="When it was handed over."),
        click.Option(["--place"], metavar="PLACE", help="Where: the id or slug of a place."),
        click.Option(
            ["--clock"],
            metavar="SHOWN=RIGHT",
            help="The device's clock and the right time at one moment: 2026-05-14T10:07=2026-05-14T08:05.",
        ),
        click.Option(
            ["--terms"],
            metavar="FILE.json",
            type=click.File("r", encoding="utf-8"),
            help="What was agreed, as the fields of terms: it binds all that comes in.",
        ),
        click.Option(["--note"], metavar="TEXT", help="A note of your own on what was handed over."),
        click.Option(
            ["--inventory"], is_flag=True, help="Keep an inventory of what lay there, with nothing said."
        ),
        click.Option(["--no-questions"], is_flag=True, help="Ask nothing about a folder."),
        click.Option(["--every-file"], is_flag=True, help="Show a line for each file, however many."),
    ),
    examples=(
        "onrecord add notes.txt",
        "onrecord add notes.txt photographs",
        "onrecord add photographs --dry-run",
        'onrecord add photographs --from "the family" --clock 2026-05-14T10:07=2026-05-14T08:05',
        "onrecord --json add notes.txt",
    ),
)
def command(
    call: Call,
    paths: tuple[Path, ...],
    dry_run: bool,
    terms: Any,
    clock: str | None,
    inventory: bool,
    no_questions: bool,
    every_file: bool,
    **facts: str | None,
) -> int:
    """Each file is copied in, hashed, read back, and made read-only; it stays where it was, too. Bytes that the record
    holds already are not taken twice, and what lies inside archives, mails and web archives comes in as originals of its
    own. Links are not followed. What is said of a folder (from whom, its clock, terms) is kept once and binds all of it.
    An import that was stopped goes on when the same folder is added again. Ends with exit code 1 if a file was refused."""
    said = Said({name: value for name, value in facts.items() if value}, None)
    if clock:
        said.facts["clock"] = clock_check(clock)
    if terms:
        said.terms = terms_in(terms)
    with call.open() as record:
        given = said.facts or said.terms or inventory or dry_run
        if not given and is_asked(call, no_questions) and any(path.is_dir() for path in paths):
            ask_once(call.page, said)
        with call.progress() as progress:
            rows = _rows(record, paths, progress, said, inventory, dry_run)
            statuses = _show_all(call, rows, progress, every_file)
    if not call.json:
        _sum_up(call, statuses)
    return WRONG_IN_PLACES if statuses["refused"] else DONE


def _rows(
    record: Record, paths: tuple[Path, ...], progress: Progress, said: Said, inventory: bool, dry_run: bool
) -> Iterator[dict[str, Any]]:
    if dry_run:
        return record.look_at(paths, progress=progress, handover=said.facts, terms=said.terms)
    return record.add(paths, progress=progress, handover=said.facts, terms=said.terms, inventory=inventory)


def _show_all(
    call: Call, rows: Iterator[dict[str, Any]], progress: Progress, every_file: bool
) -> Counter[str]:
    """Show the rows as they come. Of very many, those that came in without a word are only counted."""
    statuses: Counter[str] = Counter()
    for shown, row in enumerate(rows, 1):
        if not row.get("inventory"):
            statuses[row["status"]] += 1
        statuses.update(_wanting(row))
        if call.json:
            call.emit(row)
        elif every_file or shown <= QUIET_BEYOND or _is_notable(row):
            progress.clear()
            _show(call, row)
        else:
            statuses["not shown"] += 1
    return statuses


def _wanting(row: Mapping[str, Any]) -> Iterator[str]:
    """What somebody may want to do about a file next."""
    if row.get("near"):
        yield "near"
    if row["status"] == "added":
        notes = " ".join(map(str, row.get("notes") or ()))
        yield from (name for name, told in _WANTING.items() if told in notes)


def _is_notable(row: Mapping[str, Any]) -> bool:
    return row["status"] == "refused" or any(row.get(name) for name in ("near", "unreadable", "back"))


def _show(call: Call, row: Mapping[str, Any]) -> None:
    page = call.page
    name = page.shown(str(row["path"]))
    if row["status"] == "refused":
        page.line(f"{page.bold('refused')}       {name}")
        page.paragraph(page.shown(str(row.get("reason") or "no reason was given")), indent=14)
        return
    what = f"{kind_said(row['media_type'])}, {size_said(row['size'])}"
    page.line(f"{row['status']:<13} {name}")
    page.line(page.dim(f"{'':13} {what}" + (f"  item {row['item']}" if row["item"] else "")))
    for said in _remarks(row):
        page.paragraph(page.shown(said), indent=14)
    told = notes_said(row)
    if told:
        page.line(page.dim(f"{'':13} {page.shown(told)}"))


def _remarks(row: Mapping[str, Any]) -> Iterator[str]:
    if row.get("back"):
        yield "Its original had gone missing here, and is back."
    for hole in row.get("unreadable", ()):
        yield f"Bytes {hole['from']:,} to {hole['to']:,} could not be read ({hole['why']}): {hole['kept_as']}."
    for near in row.get("near", ()):
        yield f"Nearly the same as item {near['item']}: {near['why']}."


def notes_said(row: Mapping[str, Any]) -> str:
    """How it was read, where somebody should look at it: a guessed encoding, what was left out, a part that is missing."""
    notes = [str(note) for note in row.get("notes") or ()]
    return "; ".join(note for note in notes if not note.startswith(_EXPECTED))


def _sum_up(call: Call, statuses: Mapping[str, int]) -> None:
    page = call.page
    said = ", ".join(f"{statuses[status]:,} {status}" for status in STATUSES if statuses.get(status))
    page.line()
    if statuses.get("not shown"):
        page.line(page.dim(f"{statuses['not shown']:,} more without a remark; --every-file shows them."))
    files = sum(statuses.get(status, 0) for status in STATUSES)
    page.line(f"{counted(files, 'file')}: {said}." if said else "There was no file to take in.")
    if statuses.get("near"):
        page.line(f"{counted(statuses['near'], 'file')} nearly the same as what is held: onrecord alike")
    if statuses.get("pages"):
        page.line(
            f"{counted(statuses['pages'], 'file')} with pages that are pictures: "
            "onrecord read ITEM --ocr ara+heb+eng"
        )
    if statuses.get("locked"):
        page.line(f"{counted(statuses['locked'], 'file')} locked: onrecord read ITEM --password")
    if statuses.get("added"):
        page.line("See what is there with onrecord items, and read one with onrecord text ITEM.")
