"""What has to go so that the words are gone: the things asked for, and everything else here that holds them.

What merely refers to it is listed as affected and stays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from onrecord.erasing.closure import Closure, Gone, Touched
from onrecord.erasing.held import Held, Naming
from onrecord.erasing.places import brushes, overlap, without_surroundings
from onrecord.erasing.wording import in_text, words_of
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid, KindWrong
from onrecord.record.ideas import KINDS
from onrecord.record.things import Version
from onrecord.writing.adding.handover import INVENTORY_TYPE

_ITSELF = "it itself"
_OLDER = "an older version of it"
_SEALED = "it holds the sealed identity"
_LIES_THERE = "the same file lies inside it: erase it by its own id as well"
_NAMED_THERE = "it still says under which name it lay there, how large it was and when it was changed: it goes only whole, by its own id"
_TOLD_AS = {
    "statement.reports": "it reports it",
    "statement.replies_to": "it answers it",
    "statement.passages": "it rests on a passage that goes",
    "statement.speaker": "it is a statement of theirs",
    "terms.over": "these terms were over it",
    "publication.contents": "it contains it",
    "publication.citations": "it cites it",
    "norm.passage": "its text stands in a passage that goes",
}


def gather(held: Held, things: Iterable[str], *, whole: bool = False, older: bool = False) -> Closure:
    """What goes with these. `older`: superseded versions alone. `whole`: an actor, not its sealed identity alone.

    Raises `KindWrong` for what cannot be erased and `FieldInvalid` where nothing of a thing is left to erase.
    """
    found = Closure(tuple(dict.fromkeys(things)))
    gathering = _Gathering(held, found)
    for thing in found.things:
        _begin_with(held, gathering, thing, whole, older)
    gathering.finish()
    return found


def _begin_with(held: Held, gathering: _Gathering, thing: str, whole: bool, older: bool) -> None:
    kind = held.kind_of(thing)
    if kind not in KINDS:
        mend = "Only what a team puts or adds can be erased."
        raise KindWrong(repr(thing), f"it is a {kind} entry, by which the record itself stands", mend)
    if older:
        found = gathering.take_older(thing)
    elif kind == "actor" and not whole:
        found = gathering.take_sealed(thing)
    else:
        found = gathering.take(thing, _ITSELF)
    if not found:
        raise FieldInvalid(thing, *_nothing(kind, older, whole))


def _nothing(kind: str, older: bool, whole: bool) -> tuple[str, str]:
    if older:
        return "it has no older version that still stands here", "Its present version goes without --older."
    if kind == "actor" and not whole:
        return "no sealed identity of it is here", "To erase the actor altogether, add --whole."
    return "it was erased already", "onrecord erase --list shows the orders."


class _Gathering:
    """Follows what holds the words from one thing to the next."""

    def __init__(self, held: Held, found: Closure) -> None:
        self._held = held
        self._found = found
        self._met: set[str] = set()
        self._waiting: deque[tuple[str, str]] = deque()
        self._taking = False
        self._asked_passages: set[str] = set()
        self._beneath: Mapping[str, Callable[[str], None]] = {
            "statement": self._beneath_statement,
            "passage": self._beneath_passage,
            "item": self._beneath_item,
        }

    def take(self, thing: str, why: str) -> bool:
        """All versions of a thing, and what else holds its words; whether there was anything.

        What holds its words waits its turn: a chain of things that lie in each other may be as long as it likes.
        """
        if thing in self._met:
            return True
        self._met.add(thing)
        if self._taking:
            self._waiting.append((thing, why))
            return True
        self._taking = True
        try:
            found = self._take_now(thing, why)
            while self._waiting:
                self._take_now(*self._waiting.popleft())
        finally:
            self._taking = False
        return found

    def _take_now(self, thing: str, why: str) -> bool:
        versions = [version for version, _ in self._held.versions(thing)]
        for version in versions:
            self._drop(version, why)
        self._take_naming(thing, "custody", "of", "a step of its custody")
        if versions and versions[0].kind in self._beneath:
            self._beneath[versions[0].kind](thing)
        return bool(versions)

    def take_older(self, thing: str) -> bool:
        older = [version for version, head in self._held.versions(thing) if not head]
        for version in older:
            self._drop(version, _OLDER)
        return bool(older)

    def take_sealed(self, actor: str) -> bool:
        """Every version with a sealed identity; one that stands is written anew without it."""
        sealed = [
            (version, head) for version, head in self._held.versions(actor) if "sealed" in version.fields
        ]
        for version, head in sealed:
            self._drop(version, _SEALED)
            if head:
                self._rewrite(version, {n: v for n, v in version.fields.items() if n != "sealed"})
        return bool(sealed)

    def finish(self) -> None:
        """What can only be told once all that goes is known."""
        self._statements_without_words()
        for thing in self._met:
            self._found.staying.pop(thing, None)
        self._publications()
        self._surroundings()
        self._who_refers()

    def _drop(self, version: Version, why: str) -> None:
        self._found.gone.setdefault(version.name, Gone(version, why))

    def _rewrite(self, version: Version, fields: Mapping[str, Any]) -> None:
        draft = Draft(version.kind, version.thing, fields, version.slug, (version.name,))
        self._found.rewritten.append(draft)

    def _take_naming(self, thing: str, kind: str, field: str, why: str) -> None:
        """The things of a kind that refer to this one; of those that do so no longer, the versions that did."""
        standing = self._held.naming_things(thing, kind, field)
        for id in standing:
            self.take(id, why)
        for one in self._held.naming(thing, kind, field):
            if one.version.thing not in standing:
                self._drop(one.version, why)

    def _beneath_statement(self, statement: str) -> None:
        self._take_naming(statement, "claim", "statement", "a claim drawn from it")
        for passage in self._passages_of(statement):
            others = self._resting_on(passage)
            if others:
                why = f"{len(others)} more rest on this passage: erase it by its own id to take the words from all"
                self._stay(passage, "passage", why)
            else:
                self.take(passage, "the passage in which it stands")

    def _passages_of(self, statement: str) -> list[str]:
        return _passages(version for version, _ in self._held.versions(statement))

    def _resting_on(self, passage: str) -> set[str]:
        """What else stands on a passage: other statements, and norms whose text it is."""
        return {
            one.version.thing
            for one in self._held.naming(passage)
            if one.head
            and one.version.kind in ("statement", "norm", "proceeding")
            and one.version.thing not in self._met
        }

    def _beneath_passage(self, passage: str) -> None:
        self._asked_passages.add(passage)
        places = [version.fields for version, _ in self._held.versions(passage)]
        for item in {str(place.get("item")) for place in places} - self._met:
            for one in self._held.naming(item, "passage", "item"):
                if one.version.thing != passage and any(
                    overlap(place, one.version.fields) for place in places
                ):
                    self._take_overlapping(one)

    def _take_overlapping(self, one: Naming) -> None:
        """All of a passage that holds some of the words; its own neighbours are not followed."""
        if not one.head:
            return self._drop(one.version, "a passage over some of the same words")
        for version, _ in self._held.versions(one.version.thing):
            self._drop(version, "a passage over some of the same words")

    def _beneath_item(self, item: str) -> None:
        self._take_naming(item, "custody", "item", "a step of its custody")
        self._take_naming(item, "passage", "item", "a passage in it")
        self._take_naming(item, "item", "derived_from", "made from it")
        for inner in self._held.naming_things(item, "item", "inside"):
            if any("member" in version.fields for version, _ in self._held.versions(inner)):
                self.take(inner, "it lay inside it")
        for container in self._containers(item) - self._met:
            self._stay(container, "item", _NAMED_THERE if self._is_inventory(container) else _LIES_THERE)
        for held in self._held_besides(item) - self._met:
            self._stay(
                held,
                "item",
                "it lay in it as well, and came in another way too: erase it by its own id",
            )

    def _held_besides(self, container: str) -> set[str]:
        """What lay in this container, and was held already, or lay in another one before."""
        if self._is_inventory(container):
            return set()
        came = (one.version.fields for one in self._held.naming(container, "custody", "inside"))
        return {str(fields["item"]) for fields in came if "item" in fields}

    def _containers(self, item: str) -> set[str]:
        """What holds this item's bytes or its name as well, each time that it came."""
        said = [version.fields for version, _ in self._held.versions(item)]
        said += [one.version.fields for one in self._held.naming(item, "custody", "item")]
        return {str(fields["inside"]) for fields in said if isinstance(fields.get("inside"), str)}

    def _is_inventory(self, item: str) -> bool:
        """Whether it only names what lay beside it: no container is of that type."""
        return any(
            version.fields.get("media_type") == INVENTORY_TYPE for version, _ in self._held.versions(item)
        )

    def _statements_without_words(self) -> None:
        """Statements all of whose passages were asked for: what they and their claims say is what stood there."""
        for passage in list(self._asked_passages):
            for statement in self._held.naming_things(passage, "statement", "passages"):
                if set(_passages(self._held.heads(statement))) <= self._asked_passages:
                    self.take(statement, "it rests on nothing else")

    def _publications(self) -> None:
        words = words_of(self._found.versions())
        for publication in self._held.things_of("publication") if words else ():
            for version, _ in self._held.versions(publication):
                if in_text(words, version.fields):
                    self._drop(version, "its own text holds the words")

    def _surroundings(self) -> None:
        """Passages that stay, and keep some of the words as those before or after their own."""
        gone_passages = [one.version for one in self._found.gone.values() if one.version.kind == "passage"]
        for gone in gone_passages:
            item = str(gone.fields.get("item"))
            for one in self._held.naming(item, "passage", "item") if item not in self._met else ():
                if one.version.name not in self._found.gone and brushes(gone.fields, one.version.fields):
                    self._drop(
                        one.version,
                        "it keeps some of the words as those around its own; it is written anew without",
                    )
                    if one.head:
                        self._rewrite(one.version, without_surroundings(one.version.fields))

    def _who_refers(self) -> None:
        gone = self._found.gone
        for thing in self._found.wholly_gone(self._held):
            for one in self._held.naming(thing):
                if one.head and one.version.name not in gone:
                    self._affect(one)

    def _affect(self, one: Naming) -> None:
        version = one.version
        why = _TOLD_AS.get(f"{version.kind}.{one.field}", f"it refers to it as {one.field.replace('_', ' ')}")
        self._found.affected.setdefault(version.thing, Touched(version.thing, version.kind, why))

    def _stay(self, thing: str, kind: str, why: str) -> None:
        self._found.staying.setdefault(thing, Touched(thing, kind, why))


def _passages(statements: Iterable[Version]) -> list[str]:
    """The passages that versions of a statement name."""
    named = (version.fields.get("passages") for version in statements)
    return list(dict.fromkeys(id for ids in named if isinstance(ids, list) for id in ids))
