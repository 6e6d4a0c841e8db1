"""`onrecord rebuild`: the views and the index made again from the log."""

from __future__ import annotations

from onrecord.cli.call import Call
from onrecord.cli.verb import verb


@verb("rebuild", examples=("onrecord rebuild",))
def command(call: Call) -> None:
    """Nothing that was put is changed. Use it when `verify --views` names rows that are not what the log says."""
    with call.open() as record, call.progress() as progress:
        told = record.rebuild(progress)
    if call.json:
        return call.emit(told)
    call.page.line(f"Made again from {told['entries']} entries.")
    return None
