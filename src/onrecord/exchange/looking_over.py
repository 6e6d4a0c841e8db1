"""Looking over an exchange folder without its keys: is it whole, and signed by those who say that they wrote it?

What is inside is encrypted; `merge` verifies it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onrecord.exchange.local_folder import LocalFolder
from onrecord.exchange.prefix import Prefix, read_prefix
from onrecord.exchange.spans import said, uncovered
from onrecord.record.checkpoint import Checkpoint, NoteInvalid, fingerprint, open_note, origin_of

Problem = dict[str, str]


def is_exchange_folder(path: Path) -> bool:
    """Whether some writer's part stands in a folder."""
    return path.is_dir() and any(path.glob("*.*/hello.json"))


def look_over(path: Path) -> dict[str, Any]:
    """`{"ok", "kind", "entries", "items", "problems", "notes", "fingerprints"}`: entries as their writers state them."""
    place = LocalFolder(path)
    problems: list[Problem] = []
    entries = items = 0
    prints: list[str] = []
    for log in place.prefixes():
        try:
            prefix = read_prefix(place, log, lambda _, __: None)
        except ValueError as wrong:
            problems.append({"what": str(wrong), "where": log})
            continue
        stated = _stated(prefix)
        problems += _problems(prefix, stated)
        entries += stated.size if stated else 0
        items += sum(name.startswith("originals/") for name in prefix.files)
        prints.append(fingerprint(prefix.hello.public))
    notes = ["What lies there is encrypted. onrecord merge verifies it entry by entry."]
    report: dict[str, Any] = {"ok": not problems, "kind": "exchange", "entries": entries, "items": items}
    return {**report, "problems": problems, "notes": notes, "fingerprints": prints}


def _stated(prefix: Prefix) -> Checkpoint | None:
    """The last checkpoint of the prefix's own log, if its key signed it."""
    note = prefix.listed.notes.get(prefix.log) if prefix.listed else None
    try:
        origin = origin_of(prefix.hello.record, prefix.log)
        return open_note(note, origin, prefix.hello.public) if note else None
    except NoteInvalid:
        return None


def _problems(prefix: Prefix, stated: Checkpoint | None) -> Iterator[Problem]:
    if prefix.listed is None or stated is None:
        yield {"what": "it has no list of its files that its writer's key signed for", "where": prefix.log}
    for name, size in sorted(prefix.sizes.items()):
        if name not in prefix.files:
            yield {"what": "is missing", "where": f"{prefix.log}/{name}"}
        elif prefix.files[name] != size:
            yield {"what": f"has {prefix.files[name]} bytes, not {size}", "where": f"{prefix.log}/{name}"}
    own = [(name.first, name.last + 1) for name, _ in prefix.segments() if name.row == prefix.log]
    for gap in uncovered(0, stated.size if stated else 0, own):
        yield {"what": f"no file has {said(prefix.log, gap)}", "where": prefix.log}
