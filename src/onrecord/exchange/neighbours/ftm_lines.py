"""FollowTheMoney statements as they stand in a file: CSV or JSON lines of statements, or whole entities as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from onrecord.exchange.neighbours.plan import Words
from onrecord.exchange.neighbours.tables import header, rows


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said of one entity, and the line of the file that says it. `original` is as its source wrote it."""

    where: str
    entity: str
    schema: str
    prop: str
    value: str
    dataset: str
    language: str | None
    original: str | None
    words: Words
    dates: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is nothing of the kind, and why."""

    where: str
    why: str


def is_statements(columns: list[str]) -> bool:
    return {"entity_id", "prop", "value", "dataset"} <= set(columns)


def lines(name: str, text: str) -> Iterator[Line | Unread]:
    """Every statement in a file. Raises `csv.Error`."""
    if is_statements(header(text)):
        for row in rows(text):
            yield _line(f"{name} line {row.number}", row.cells, row.words())
        return
    for number, raw in enumerate(text.split("\n"), 1):
        if raw.strip():
            yield from _of_json(f"{name} line {number}", raw)


def _of_json(where: str, raw: str) -> Iterator[Line | Unread]:
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        yield Unread(where, "it is not JSON")
        return
    if isinstance(read, dict) and isinstance(read.get("properties"), dict) and read.get("schema"):
        yield from _of_entity(where, raw, read)
    elif isinstance(read, dict):
        cells = {key: value for key, value in read.items() if isinstance(value, str)}
        yield _line(where, cells, Words((raw,)))
    else:
        yield Unread(where, "it is neither a statement nor an entity")


def _of_entity(where: str, raw: str, read: dict[str, Any]) -> Iterator[Line | Unread]:
    datasets = read.get("datasets")
    dataset = str(datasets[0]) if isinstance(datasets, list) and datasets else "unnamed dataset"
    for prop, values in read["properties"].items():
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str) and value.strip():
                yield Line(
                    where,
                    str(read.get("id")),
                    str(read["schema"]),
                    str(prop),
                    value,
                    dataset,
                    None,
                    None,
                    Words((raw,)),
                )
            else:
                yield Unread(f"{where} {prop}", "its value is no text")


def _line(where: str, cells: dict[str, str], words: Words) -> Line | Unread:
    schema, _, prop = cells.get("prop", "").rpartition(":")
    schema = cells.get("schema") or schema
    lacks = [
        name
        for name, value in (("entity_id", cells.get("entity_id")), ("prop", prop), ("schema", schema))
        if not value
    ]
    if lacks or not cells.get("value", "").strip():
        return Unread(where, f"it lacks {', '.join(lacks) or 'a value'}")
    seen = [f"{name} {cells[name]}" for name in ("first_seen", "last_seen") if cells.get(name)]
    return Line(
        where, cells.get("canonical_id") or cells["entity_id"], schema, prop, cells["value"],
        cells.get("dataset") or "unnamed dataset", cells.get("lang") or None, cells.get("original_value") or None,
        words, ", ".join(seen),
    )  # fmt: skip
