"""What an item lay in when it came, and what lay in it: by its own fields, and by each step that tells of its bytes coming again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.record.things import Things, listed


def lay_in(things: Things, item: str) -> dict[str, tuple[str, ...]]:
    """What one item lay in, in any version, with its paths there."""
    found: dict[str, dict[str, None]] = {}
    thing = things.get(item)
    for version in thing.heads if thing else ():
        _note(found, version.fields, "member")
    for step in things.pointing_at(item, "custody", "item"):
        for version in step.heads:
            _note(found, version.fields, "note")
    return {id: tuple(paths) for id, paths in found.items()}


def inside(things: Things, item: str, taken_out: bool = False) -> tuple[str, ...]:
    """What lay in one item, in any version. With `taken_out`, not what only its own fields say lay beside it in a folder."""
    met = dict[str, None]()
    for thing in things.pointing_at(item, "item", "inside"):
        if not taken_out or any("member" in version.fields for version in thing.heads):
            met[thing.id] = None
    for step in things.pointing_at(item, "custody", "inside"):
        for version in step.heads:
            met.update(dict.fromkeys(listed(version.fields.get("item"))))
    return tuple(met)


def _note(found: dict[str, dict[str, None]], fields: Mapping[str, Any], name: str) -> None:
    path = fields.get(name)
    for id in listed(fields.get("inside")):
        found.setdefault(id, {}).update({path: None} if isinstance(path, str) else {})
