"""`onrecord windows`: one event as each side tells it."""

from __future__ import annotations

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.values import Labels
from onrecord.cli.terminal.windows_view import show_windows
from onrecord.cli.verb import verb


@verb(
    "windows",
    parameters=(
        click.Argument(["event"]),
        click.Option(
            ["--side"], multiple=True, metavar="NAME", help="Show this side; repeat it for several."
        ),
        click.Option(
            ["--as-known-on"],
            metavar="DATE",
            help="As it was known at the end of that day: 2019-06-21.",
        ),
        click.Option(
            ["--reading"],
            metavar="READING",
            help="Known in which sense: received (the default), stated, or proven.",
        ),
        click.Option(
            ["--device"],
            metavar="DEVICE",
            help="Received by which laptop, instead of this one: its person, device or fingerprint.",
        ),
    ),
    examples=(
        "onrecord windows morning",
        "onrecord windows morning --as-known-on 2030-01-01",
        "onrecord windows morning --as-known-on 2030-01-01 --reading stated",
    ),
)
def command(
    call: Call,
    event: str,
    side: tuple[str, ...],
    as_known_on: str | None,
    reading: str | None,
    device: str | None,
) -> None:
    """No winner is declared. Reports that go back to one origin count once. From 100 columns the sides stand
    beside each other; on a narrower terminal they take turns.

    What was known on a day has three honest readings: what a laptop had received by then, what we say we knew (by
    the clocks of the laptops that wrote), and what outside time authorities prove."""
    with call.open() as record:
        windows = record.windows(event, list(side) or None, as_known_on, reading=reading, device=device)
        if call.json:
            return call.emit(windows)
        show_windows(call.page, windows, Labels(record))
