"""`onrecord new`: an empty record."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.call import Call, record_around
from onrecord.cli.verb import verb
from onrecord.record.errors import RecordExists


@verb(
    "new",
    parameters=(
        click.Argument(["path"], type=click.Path(path_type=Path)),
        click.Option(["--title"], help="What the record is called."),
        click.Option(
            ["--handle"], help="The name your entries carry [default: $ONRECORD_HANDLE or your login]."
        ),
        click.Option(
            ["--zone"], help="The record's time zone, such as Europe/Athens [default: the laptop's]."
        ),
    ),
    examples=(
        "onrecord new crossing",
        'onrecord new crossing --title "The Ilvane crossing" --zone Europe/Athens',
    ),
)
def command(call: Call, path: Path, title: str | None, handle: str | None, zone: str | None) -> None:
    """The folder must be empty or not there yet. Private keys are kept apart, in your own configuration
    folder, never in the record."""
    from onrecord import api

    require_room(path)
    made = api.new(path, title=title, handle=handle, zone=zone, settings=call.settings)
    if call.json:
        return call.emit({name: made[name] for name in ("record", "device", "notices")})
    page = call.page
    page.line(f"A new record stands at {page.shown(str(path))}.")
    page.line(page.dim(f"Record {made['record']}; this laptop writes in it as {made['device']}."))
    for notice in made["notices"]:
        page.paragraph(page.shown(notice))
    page.line()
    page.line("Take originals in next:")
    page.line(f"  onrecord -r {page.argument(str(path))} add FILE…")


def require_room(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise RecordExists(str(path), "a file stands there", "Name a folder that is new or empty.")
    around = record_around(path.absolute().parent)
    if around is not None:
        raise RecordExists(
            str(path), f"it would lie inside the record at {around}", "Choose a folder outside that record."
        )
