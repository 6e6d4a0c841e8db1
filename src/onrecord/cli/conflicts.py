"""`onrecord conflicts`: every thing with two versions that nobody has resolved."""

from __future__ import annotations

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.values import Labels
from onrecord.cli.terminal.versions_view import show_conflict
from onrecord.cli.verb import verb


@verb("conflicts", examples=("onrecord conflicts",))
def command(call: Call) -> None:
    """Where two laptops changed one thing, both versions stand until a person says which. Here they are beside each
    other: what differs, who said which, when and on which laptop. Nothing is decided by itself."""
    with call.open() as record:
        label, page, found = Labels(record), call.page, 0
        for found, conflict in enumerate(record.conflicts(), 1):
            if call.json:
                call.emit(conflict)
                continue
            if found > 1:
                page.line()
            show_conflict(page, conflict, label)
            page.line()
            page.line(f"  onrecord resolve {page.argument(conflict['id'])} --reason '…'")
    if call.json:
        return
    if not found:
        return page.line("No conflicts: one version of every thing stands.")
    page.line()
    page.paragraph(f"{counted(found, 'thing')} in conflict. Both versions stand until somebody resolves it.")
