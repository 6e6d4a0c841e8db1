"""`onrecord recovery`: the key that nobody holds alone, in shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from onrecord.cli.asking import is_asked
from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page
from onrecord.cli.unseal import ENTRY, REASON, required
from onrecord.cli.unseal import show as show_opened
from onrecord.cli.verb import verb

FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class _Given:
    """What stands after `recovery` and its action."""

    files: Sequence[Path]
    shares: int
    needed: int
    out: Path | None
    thing: str | None
    reason: str | None
    entry: str | None
    key: str | None
    yes: bool


@verb(
    "recovery",
    parameters=(
        click.Argument(["action"], type=click.Choice(["make", "confirm", "show", "reseal", "open"])),
        click.Argument(["files"], metavar="[SHARE]...", nargs=-1, type=FILE),
        click.Option(
            ["--shares"], default=3, type=click.IntRange(2, 16), help="make: how many [default: 3]."
        ),
        click.Option(
            ["--needed"],
            default=2,
            type=click.IntRange(2, 16),
            help="make: how many open it together [default: 2].",
        ),
        click.Option(["--out"], type=FILE, metavar="DIR", help="make: a new folder for the share files."),
        click.Option(
            ["--unseal", "thing"], metavar="ID", help="open: the thing in which something is sealed."
        ),
        click.Option(
            ["--key"],
            metavar="FINGERPRINT",
            help="confirm: which, where several wait; its beginning will do.",
        ),
        click.Option(["--yes"], is_flag=True, help="confirm: without being asked."),
        REASON,
        ENTRY,
    ),
    examples=(
        "onrecord recovery make --shares 3 --needed 2 --out shares",
        "onrecord recovery show",
        "onrecord recovery reseal",
    ),
)
def command(
    call: Call,
    action: str,
    files: Sequence[Path],
    shares: int,
    needed: int,
    out: Path | None,
    thing: str | None,
    reason: str | None,
    entry: str | None,
    key: str | None,
    yes: bool,
) -> int:
    """make: a recovery key for this record, as share files to print and hand out; from then on all that is sealed
    is sealed to it as well. Made on another laptop than the first, it waits for a second keeper. confirm: you are
    that keeper, and have compared the fingerprint with its maker's. show: its fingerprint. reseal: seals what was sealed before to all who may open it now,
    with your key, or with shares. open: one sealed field, with shares, without a key of your own."""
    given = _Given(files, shares, needed, out, thing, reason, entry, key, yes)
    return _ACTIONS[action](call, given)


def _make(call: Call, given: _Given) -> int:
    if given.out is None:
        raise click.UsageError("Name a new folder for the shares: --out DIR.")
    with call.open() as record:
        made = record.make_recovery(given.shares, given.needed, given.out)
    if call.json:
        call.emit(made)
        return DONE
    page = call.page
    if not made["counts"]:
        page.paragraph(
            "Nothing is sealed to this key yet, and it revokes nobody: a second keeper has to confirm it. Send, and tell "
            "them the fingerprint. After merging they run: onrecord recovery confirm."
        )
    page.paragraph(
        f"{'The record has a recovery key' if made['counts'] else 'A recovery key is made'}. Any {made['needed']} of these shares make it; nothing else does:"
    )
    for share in made["shares"]:
        page.line(f"  {page.shown(share)}")
    page.paragraph(f"Fingerprint of the key: {made['fingerprint']}")
    page.paragraph(
        "Print each, give each to another person, best in another country, and delete the files. Whoever has enough "
        "of them opens everything that is sealed."
    )
    _show_earlier(page, made["earlier"])
    return DONE


def _confirm(call: Call, given: _Given) -> int:
    with call.open() as record:
        waiting = record.key_to_confirm(given.key)
        if is_asked(call, given.yes):
            page = call.page
            page.paragraph(
                f"{page.shown(waiting['by'])} made a recovery key, fingerprint {waiting['fingerprint']}. Whoever has enough "
                "of its shares opens all that is sealed from now on, and can revoke any laptop."
            )
            click.confirm("Is this the fingerprint on the shares, and is it the team's key?", abort=True)
        done = record.confirm_recovery(waiting["fingerprint"])
    if call.json:
        call.emit(done)
        return DONE
    page = call.page
    if done["counts"]:
        page.paragraph(
            "Confirmed: it is the record's recovery key, and what is sealed is sealed to it as well."
        )
    else:
        page.paragraph("Confirmed here. It needs the word of one more member, on another laptop.")
    page.paragraph("Send next, so that the others know.")
    return DONE


def _show(call: Call, _: _Given) -> int:
    with call.open() as record:
        told = record.show_recovery()
    if call.json:
        call.emit(told)
        return DONE
    page = call.page
    if told["recovery"] is None:
        page.paragraph("This record has no recovery key. Make one: onrecord recovery make --out DIR.")
        for one in told["waiting"]:
            page.paragraph(
                f"{page.shown(one['by'])} made one, fingerprint {one['fingerprint']}: nothing is sealed to it until a "
                "second keeper confirms it: onrecord recovery confirm.",
                indent=2,
            )
    else:
        page.paragraph(
            f"Fingerprint of the recovery key: {told['fingerprint']}. Its shares show the same one."
        )
    _show_earlier(page, told["earlier"])
    return DONE


def _reseal(call: Call, given: _Given) -> int:
    with call.open() as record:
        done = record.reseal(given.files)
    if call.json:
        call.emit(done)
    else:
        _show_resealed(call.page, done)
    return WRONG_IN_PLACES if done["left"] else DONE


def _show_resealed(page: Page, done: Mapping[str, Any]) -> None:
    if not done["resealed"] and not done["left"]:
        return page.paragraph("All that is sealed is sealed to the keys that may open it now.")
    page.paragraph(f"Sealed again: {counted(done['resealed'], 'thing')}.")
    for row in done["left"]:
        page.paragraph(f"{row['id']}: {row['why']}", indent=2)
    if done["resealed"]:
        page.paragraph(
            "The earlier versions remain in the record, open to the keys they were sealed to, until they are erased: "
            "onrecord erase ID --older."
        )


def _open(call: Call, given: _Given) -> int:
    if given.thing is None:
        raise click.UsageError("Say what to open: --unseal ID.")
    with call.open() as record:
        opened = record.recover(given.files, given.thing, required(given.reason), given.entry)
    show_opened(call, opened)
    return DONE


def _show_earlier(page: Page, earlier: int) -> None:
    if earlier:
        page.paragraph(
            f"{counted(earlier, 'thing')} sealed before {'does' if earlier == 1 else 'do'} not open with all the keys "
            "that may open them now. Seal them again: onrecord recovery reseal."
        )


_ACTIONS: dict[str, Callable[[Call, _Given], int]] = {
    "make": _make,
    "confirm": _confirm,
    "show": _show,
    "reseal": _reseal,
    "open": _open,
}
