"""Checking what is put: each line against the record and against the lines before it. Nothing is written here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from onrecord.record.canonical import check as check_canonical
from onrecord.record.canonical import encode
from onrecord.record.entries import Draft
from onrecord.record.errors import (
    FieldInvalid,
    InConflict,
    KeyMissing,
    OnrecordError,
    PutRefused,
    ThingUnknown,
)
from onrecord.record.ideas import KINDS, Kind
from onrecord.record.ids import is_id, is_slug, mint
from onrecord.record.properties import Properties
from onrecord.record.things import Thing, Version
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import check_quietly, seal, unseal
from onrecord.writing import names
from onrecord.writing.anchoring import Held, anchor
from onrecord.writing.citations import citations

Line = str | Mapping[str, Any]
Numbered = tuple[int, Line]
Progress = Callable[[int, int | None, str], None]
MOST_ERRORS = 100
MOST_COMPARED = 5_000
_RESERVED = ("kind", "id", "reason", "supersedes")


@dataclass(slots=True)
class Prepared:
    """A line that was checked: the draft to write, and what the index has to forget and learn.

    `like` is a thing that says the same already, where a line names none.
    """

    line: int
    draft: Draft
    kind: Kind
    before: list[Version]
    unchanged: bool = False
    like: str | None = None


@dataclass(slots=True)
class Preparing:
    """Lines checked so far, against the record and against each other. Answers what fields ask of a writer.

    `layers` holds the text layers met so far, by item; one given beforehand is of an item that is yet to come in.
    """

    store: RecordStore
    slugs: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    found: dict[str, tuple[str, str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    properties: Properties | None = None
    recipients: dict[str, str] | None = None
    unnamed: dict[str, dict[bytes, str]] = field(default_factory=dict)
    layers: dict[str, Held] = field(default_factory=dict)

    def resolve(self, name: str, kinds: tuple[str, ...]) -> str:
        if name in self.slugs:
            thing, kind = self.slugs[name], self.kinds[self.slugs[name]]
        elif name in self.found:
            thing, kind = self.found[name]
        else:
            thing, kind = self.found[name] = self._in_record(name)
        names.require_kind(name, kind, kinds)
        return thing

    def _in_record(self, name: str) -> tuple[str, str]:
        try:
            return names.resolve(self.store, name)
        except ThingUnknown:
            if name not in self.lines:
                raise
        reason = f"it stands on line {self.lines[name]}, which comes later or cannot be put itself"
        raise ThingUnknown(repr(name), reason, "Mend that line, or move it up.")

    def seal(self, value: Any) -> dict[str, Any]:
        if self.recipients is None:
            self.recipients = self.store.recipients()
        return seal(value, self.recipients)

    def like(self, kind: str, fields: Mapping[str, Any]) -> str | None:
        """A thing without a slug in the record that says exactly this. Of a kind with very many things, none."""
        if kind not in self.unnamed:
            things = list(islice(self.store.db.as_now().of_kind(kind), MOST_COMPARED + 1))
            alone = [thing for thing in things if not thing.slug and not thing.in_conflict]
            few = len(things) <= MOST_COMPARED
            self.unnamed[kind] = {encode(thing.fields): thing.id for thing in alone} if few else {}
        return self.unnamed[kind].get(encode(fields)) if self.unnamed[kind] else None

    def known(self, name: str) -> Thing | None:
        """The thing in the record that a line's id names, or None if the line begins a new one."""
        id = names.find(self.store, name)
        return self.store.db.as_now().get(id) if id else None


def prepare_all(
    preparing: Preparing, numbered: Sequence[Numbered], progress: Progress | None = None
) -> list[Prepared]:
    """Every line, checked. Raises `PutRefused` with what is wrong with each that cannot be put."""
    prepared: list[Prepared] = []
    errors: list[dict[str, object]] = []
    failed = 0
    for number, line in numbered:
        try:
            prepared.append(_prepare(preparing, number, read_line(line)))
        except (OnrecordError, RecursionError) as wrong:
            failed += 1
            if len(errors) < MOST_ERRORS:
                errors.append({"line": number, "error": _said(wrong)})
        if progress and number % 500 == 0:
            progress(number, len(numbered), "checking")
    if failed:
        raise PutRefused(errors, failed)
    return prepared


def _said(wrong: OnrecordError | RecursionError) -> str:
    return (
        str(wrong) if isinstance(wrong, OnrecordError) else "line: it is nested too deeply. Make it flatter."
    )


_SLUG = re.compile(r'"id"\s*:\s*"([^"\\]+)"')


def slugs_of(lines: Sequence[Numbered]) -> dict[str, int]:
    """On which line each slug first stands, as far as a glance tells: only used to explain a mistake."""
    found: dict[str, int] = {}
    for number, line in lines:
        name = line.get("id") if isinstance(line, Mapping) else (m := _SLUG.search(line)) and m.group(1)
        if isinstance(name, str):
            found.setdefault(name, number)
    return found


def read_line(line: Line) -> Mapping[str, Any]:
    """What a line gives. Raises `FieldInvalid` unless it is one JSON object."""
    if isinstance(line, Mapping):
        return line
    try:
        read = json.loads(
            line.removeprefix("\ufeff"), parse_float=str, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except json.JSONDecodeError as wrong:
        raise FieldInvalid("line", f"it is not JSON: {wrong.msg} at character {wrong.pos + 1}") from None
    except ValueError:
        raise FieldInvalid("line", "it holds a number of thousands of digits", "Write it as text.") from None
    if not isinstance(read, Mapping):
        raise FieldInvalid("line", "it is not an object", 'A line is like {"kind": "actor", …}.')
    return read


def _no_constant(name: str) -> Any:
    raise FieldInvalid("line", f"{name} is not a number that can be kept")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise FieldInvalid(twice, "it stands twice in one object", "Keep one.")
    return made


def _prepare(preparing: Preparing, number: int, line: Mapping[str, Any]) -> Prepared:
    _check_values(line)
    kind = _kind(line)
    name = line.get("id")
    if name is not None and not isinstance(name, str):
        raise FieldInvalid("id", f"{name!r} is not text", "Give a slug, or leave id out.")
    if isinstance(name, str) and name in preparing.slugs:
        raise FieldInvalid(
            "id", f"{name!r} stands on an earlier line of this file", "Give each new thing its own id."
        )
    thing = preparing.known(name) if name else None
    if thing is None:
        return _new_thing(preparing, number, line, kind, name)
    return _patch(preparing, number, line, kind, thing)


def _check_values(line: Mapping[str, Any]) -> None:
    """Raise unless canonical JSON can hold what the line gives. Some fields take a map whose keys are names."""
    for name, value in line.items():
        if name == "sealed":
            check_quietly(value, name)
            continue
        inner = value.items() if isinstance(value, dict) else [("", value)]
        for key, one in inner:
            check_canonical(one, f"{name}.{key}" if key else name)


def _kind(line: Mapping[str, Any]) -> Kind:
    kind = KINDS.get(str(line.get("kind")))
    if kind is None:
        stated = line.get("kind")
        reason = "it is missing" if stated is None else f"{stated!r} is not a kind"
        raise FieldInvalid("kind", reason, f"Known: {', '.join(sorted(KINDS))}.")
    return kind


def _given(line: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """The fields a line states. An assessment's reason is a field of its own as well."""
    reserved = _RESERVED if "reason" not in kind.fields else ("kind", "id", "supersedes")
    return {name: value for name, value in line.items() if name not in reserved}


def _new_thing(
    preparing: Preparing, number: int, line: Mapping[str, Any], kind: Kind, slug: str | None
) -> Prepared:
    if kind.name == "item":
        raise FieldInvalid(
            "item", "items are made from files", "Take it in with add, then put its id with what you know."
        )
    if slug is not None and not is_slug(slug):
        if is_id(slug):
            raise ThingUnknown(
                repr(slug), "no thing has this id", "Leave id out to make a new thing, or give a slug."
            )
        raise FieldInvalid("id", f"{slug!r} cannot be a slug", "Use letters, digits, - . and _, up to 80.")
    if "supersedes" in line:
        raise FieldInvalid("supersedes", "there is nothing yet to supersede", "Leave it out.")
    given = kind.turn(_given(line, kind), preparing)
    fields = _whole(preparing, kind, {}, given)
    draft = Draft(kind.name, mint(), fields, slug, reason=_reason(line, kind))
    like = preparing.like(kind.name, fields) if slug is None else None
    return _remember(preparing, Prepared(number, draft, kind, [], like=like))


def _reason(line: Mapping[str, Any], kind: Kind) -> str | None:
    reason = line.get("reason")
    if reason is not None and not isinstance(reason, str):
        raise FieldInvalid("reason", "it is not text")
    return None if "reason" in kind.fields else reason


def _patch(preparing: Preparing, number: int, line: Mapping[str, Any], kind: Kind, thing: Thing) -> Prepared:
    if thing.id in preparing.kinds:
        raise FieldInvalid(
            "id", "an earlier line of this file changes the same thing", "Put both changes in one line."
        )
    if thing.kind != kind.name:
        raise FieldInvalid(
            "kind", f"the thing is known as {thing.kind}, not {kind.name}", "A thing keeps its kind."
        )
    given = _given(line, kind)
    _check_kept(given, kind, thing)
    carried = _carried(thing)
    if kind.kept and not carried:
        raise FieldInvalid("id", f"this {kind.name} was erased", "What was received cannot be stated again.")
    if not thing.in_conflict and _sealed_alike(preparing.store, given, carried):
        del given["sealed"]
    fields = _whole(preparing, kind, carried, kind.turn(given, preparing))
    if not thing.in_conflict and "supersedes" not in line and fields == thing.fields:
        draft = Draft(kind.name, thing.id, fields, _slug_of(thing))
        return _remember(preparing, Prepared(number, draft, kind, [], unchanged=True))
    draft = Draft(
        kind.name, thing.id, fields, _slug_of(thing), _superseded(line, thing), _reason_to_change(line)
    )
    return _remember(preparing, Prepared(number, draft, kind, [one for one in thing.heads if not one.erased]))


def _check_kept(given: Mapping[str, Any], kind: Kind, thing: Thing) -> None:
    for name in sorted(set(given) & kind.kept):
        if given[name] != thing.fields.get(name):
            raise FieldInvalid(name, "what was received never changes", "Put what you know in title or note.")


def _reason_to_change(line: Mapping[str, Any]) -> str:
    reason = line.get("reason")
    if reason is None or (isinstance(reason, str) and not reason.strip()):
        raise FieldInvalid(
            "reason",
            "the thing is known already, and a change needs a reason",
            "Add reason, or use another id.",
        )
    if not isinstance(reason, str):
        raise FieldInvalid("reason", "it is not text")
    return reason


def _sealed_alike(store: RecordStore, given: Mapping[str, Any], carried: Mapping[str, Any]) -> bool:
    """Whether a line gives in clear what is sealed already, as when a file is put a second time."""
    if "sealed" not in given or "age" not in (carried.get("sealed") or ()):
        return False
    try:
        return bool(unseal(carried["sealed"], store.keys.identity.opened()) == given["sealed"])
    except KeyMissing:
        return False


def _slug_of(thing: Thing) -> str | None:
    return next((version.slug for version in reversed(thing.heads) if version.slug is not None), None)


def _superseded(line: Mapping[str, Any], thing: Thing) -> tuple[str, ...]:
    heads = tuple(sorted(version.name for version in thing.heads))
    named = line.get("supersedes")
    if named is None:
        if thing.in_conflict:
            raise InConflict(
                thing.slug or thing.id, "it has two versions that nobody has resolved", _resolve(heads)
            )
        return heads
    if not isinstance(named, list) or sorted(map(str, named)) != list(heads):
        raise InConflict(
            thing.slug or thing.id, "supersedes does not name its head versions", _resolve(heads)
        )
    return heads


def _resolve(heads: tuple[str, ...]) -> str:
    return f'Read them with get, then add "supersedes": {json.dumps(list(heads))}.'


def _carried(thing: Thing) -> Mapping[str, Any]:
    """The fields a change starts from: the head version's, or in a conflict what all head versions agree on."""
    first, *others = [version.fields for version in thing.heads if not version.erased] or [{}]
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def _whole(
    preparing: Preparing, kind: Kind, carried: Mapping[str, Any], turned: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of the whole version, checked: what carries over, and what the line states."""
    fields = {name: value for name, value in {**carried, **turned}.items() if value is not None}
    if kind.name == "claim":
        fields |= _claimed(preparing, fields)
    if kind.name == "publication":
        before = {one["as_written"]: one["ref"] for one in carried.get("citations", ())}
        fields |= {"citations": citations(fields, preparing, before)}
    kind.check(fields)
    if kind.name == "passage":
        fields = anchor(preparing.store, carried, turned, preparing.layers)
        kind.check(fields)
    for name, value in turned.items():
        if isinstance(value, dict):
            check_canonical(value, name)
    return fields


def _claimed(preparing: Preparing, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A claim's value where its property says more of it: yes and no in words, a thing by its id or slug."""
    value = fields.get("value")
    if isinstance(value, bool):
        return {"value": "yes" if value else "no"}
    if preparing.properties is None:
        preparing.properties = Properties.of(preparing.store.db.as_now())
    if not isinstance(value, str) or preparing.properties[str(fields["property"])].type != "thing":
        return {}
    try:
        return {"value": {"ref": preparing.resolve(value, ())}}
    except ThingUnknown:
        return {}


def _remember(preparing: Preparing, prepared: Prepared) -> Prepared:
    draft = prepared.draft
    preparing.kinds[draft.thing] = draft.kind
    if draft.slug is not None:
        preparing.slugs[draft.slug] = draft.thing
    return prepared
