"""`onrecord capture`: a page of the web becomes an original. It says whom it will contact, and asks first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted, size_said
from onrecord.cli.terminal.clean import clean
from onrecord.cli.terminal.consent import agrees, somebody_to_ask
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb

if TYPE_CHECKING:
    from onrecord.capturing.capture import Contact

SHOWN = 40
_SAID = {
    "page": "This contacts a server on the network, which learns this laptop's address and what is asked for:",
    "redirect": "The server points on to another place:",
    "resources": "The page names files at further places:",
}


@verb(
    "capture",
    parameters=(
        click.Argument(["url"], metavar="URL"),
        click.Option(
            ["--resources"], is_flag=True, help="Fetch the pictures and styles that the page names, too."
        ),
        click.Option(["--yes"], is_flag=True, help="Do not ask. Without it a script contacts nobody."),
        click.Option(
            ["--allow-local"], is_flag=True, help="Also addresses inside this laptop or its own network."
        ),
    ),
    examples=(
        "onrecord capture https://example.org/notice",
        "onrecord capture https://example.org/notice --resources",
    ),
)
def command(call: Call, url: str, resources: bool, yes: bool, allow_local: bool) -> int:
    """Fetches the page as its server sends it, without running scripts, and keeps questions and answers as a web
    archive (WACZ) with the digest of each. The page is then an item inside it. Before anything is contacted, its host is
    named and you are asked, also where the server points on to another host. No proxy is used, and certificates are
    verified. Exit code 1 if something could not be fetched, or came only in part."""
    with call.open() as record, call.progress() as progress:
        agree = _agreeing(yes, progress.clear)
        result = record.capture(url, agree, resources=resources, allow_local=allow_local, progress=progress)
        progress.clear()
    if call.json:
        call.emit(result)
    else:
        _show(call.page, result)
    return WRONG_IN_PLACES if _incomplete(result) else DONE


def _agreeing(yes: bool, clear: Callable[[], None]) -> Callable[[Contact], bool]:
    def agree(contact: Contact) -> bool:
        clear()
        click.echo(_SAID[contact.why], err=True)
        for place in contact.places[:SHOWN]:
            files = [one for one in contact.files if one.startswith(f"{place}/")]
            click.echo(clean(f"  {place}  ({counted(len(files), 'file')})"), err=True)
        if len(contact.places) > SHOWN:
            click.echo(f"  and {len(contact.places) - SHOWN} more places", err=True)
        return yes or (
            somebody_to_ask() and agrees("Contact them?" if len(contact.places) > 1 else "Contact it?")
        )

    return agree


def _incomplete(result: Mapping[str, Any]) -> bool:
    return (
        bool(result["failed"])
        or result["http_status"] != 200
        or any("cut" in one for one in result["fetched"])
    )


def _show(page: Page, result: Mapping[str, Any]) -> None:
    page.line(f"{result['status']:<13} {page.shown(result['title'] or result['page'])}")
    page.line(page.dim(f"{'':13} web archive, {size_said(result['size'])}  item {result['item']}"))
    for one in result["fetched"]:
        page.line(f"{one['status']:<13} {page.shown(one['url'])}")
        page.line(page.dim(f"{'':13} {page.shown(one['media_type'] or 'no type')}, {size_said(one['size'])}"))
        if "cut" in one:
            page.line(f"{'':13} It is not whole: {_WHY_CUT[one['cut']]}.")
    for one in result["failed"]:
        page.line(f"{page.bold('not fetched')}   {page.shown(one['url'])}")
        page.paragraph(page.shown(one["why"]), indent=14)
    if result["http_status"] != 200:
        page.paragraph(
            f"The server answered {result['http_status']}: what was kept is its answer, not the page."
        )


_WHY_CUT = {
    "length": "it is larger than is taken",
    "time": "it took too long",
    "disconnect": "the link broke off, or it is shorter than its server said",
}
