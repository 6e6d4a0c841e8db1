"""`onrecord items`: what the record holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted, size_said
from onrecord.cli.terminal.kinds import kind_said
from onrecord.cli.verb import verb


@verb("items", examples=("onrecord items", "onrecord items --json"))
def command(call: Call) -> None:
    """Every original with its id, kind of file, size and name."""
    with call.open() as record:
        if call.json:
            for item in record.items():
                call.emit(item)
            return
        items = list(record.items())
    page = call.page
    if not items:
        return page.line("No originals yet. Take some in: onrecord add FILE…")
    page.table([_row(item) for item in items])
    page.line()
    held = sum(not item.get("erased") for item in items)
    gone = f" {len(items) - held} erased." if held < len(items) else ""
    page.line(f"{counted(held, 'original')}.{gone}")


def _row(item: Mapping[str, Any]) -> tuple[str, ...]:
    if item.get("erased"):
        return str(item["item"]), "", "", f"erased{_by_order(item)}"
    size = item.get("size")
    return (
        str(item["item"]),
        kind_said(str(item.get("media_type") or "")),
        size_said(size) if isinstance(size, int) else "",
        str(item.get("title") or item.get("name") or ""),
    )


def _by_order(item: Mapping[str, Any]) -> str:
    told = item.get("erasure")
    return f" by order {told['order']}" if told else ""
