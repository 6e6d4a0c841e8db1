"""What a field may hold. Each field type turns what a writer put into what is stored, or says why it cannot.

Stored references are minted ids; a map that a writer used for names becomes a list; nothing is guessed.
"""

from __future__ import annotations

import base64
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from onrecord.record.errors import FieldInvalid, OnrecordError
from onrecord.record.ids import is_id
from onrecord.record.times import check_time

_LONGEST_WORD = 80
_NO_MAPPINGS = frozenset((str, int, bool, list, type(None)))
_AGE = b"age-encryption.org/v1\n"
_DECIMAL = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")
ABSENCES = (
    "unknown",
    "not asked",
    "refused",
    "withheld",
    "none seen",
    "none recorded",
    "not looked",
    "redacted",
    "not applicable",
)


class Writing(Protocol):
    """What a field needs from whoever is writing: names resolved, sealed values encrypted."""

    def resolve(self, name: str, kinds: tuple[str, ...]) -> str:
        """The id that an id or slug stands for. Raises an `OnrecordError` saying what is wrong."""
        ...

    def seal(self, value: Any) -> dict[str, Any]: ...


Turn = Callable[[Any, str, Writing], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind: how a value is turned into what is stored, and a line for the reference.

    What is found by the software or is our own print is not `of_the_world`: it has a value or it has none, and no
    absence such as "not asked" is stated for it.
    """

    turn: Turn
    says: str
    required: bool = False
    of_the_world: bool = True


def is_absence(value: Any) -> bool:
    """Whether a value is a stated absence, such as `{"none": "not asked"}`."""
    if type(value) in _NO_MAPPINGS:
        return False
    return isinstance(value, Mapping) and set(value) == {"none"}


def is_stated(value: Any) -> bool:
    """Whether a value says something: not null, not a stated absence, not an empty list or object."""
    return value is not None and not is_absence(value) and value not in ([], {})


def is_sealed(value: Any) -> bool:
    """Whether a value is an age file with whom it is for. Nothing else with these two names is a secret kept."""
    if not isinstance(value, Mapping) or set(value) != {"age", "to"}:
        return False
    secret, people = value["age"], value["to"]
    if not isinstance(secret, str) or not isinstance(people, list) or not people:
        return False
    try:
        opened = base64.b64decode(secret, validate=True)
    except ValueError:
        return False
    return opened.startswith(_AGE) and all(isinstance(one, str) and is_id(one) for one in people)


def turn_field(field: Field, value: Any, where: str, writing: Writing) -> Any:
    if is_absence(value):
        if not field.of_the_world:
            raise FieldInvalid(where, "nothing is asked or refused here", "Give a value, or leave it out.")
        return {"none": _one_of(ABSENCES, value["none"], f"{where}.none")}
    return field.turn(value, where, writing)


def required(field: Field) -> Field:
    return Field(field.turn, field.says, required=True)


def ours(field: Field) -> Field:
    """A field for which no absence can be stated."""
    return Field(field.turn, field.says, field.required, of_the_world=False)


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown[:60] + "…" if len(shown) > 61 else shown


def _wrong(where: str, value: Any, wanted: str) -> FieldInvalid:
    return FieldInvalid(where, f"{_shown(value)} is not {wanted}")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(where, value, "text")
    if not value.strip():
        raise FieldInvalid(
            where, "the text is empty", 'Leave the field out, or say why: {"none": "not asked"}.'
        )
    return value


def text(says: str) -> Field:
    return Field(lambda value, where, _: _text(value, where), says)


def around(says: str) -> Field:
    """The words before or after something: at the edge of a text there are none."""

    def turn(value: Any, where: str, _: Writing) -> str:
        if not isinstance(value, str):
            raise _wrong(where, value, "text")
        return value

    return Field(turn, says)


def flag(says: str) -> Field:
    def turn(value: Any, where: str, _: Writing) -> bool:
        if not isinstance(value, bool):
            raise _wrong(where, value, "true or false")
        return value

    return Field(turn, says)


def whole(says: str) -> Field:
    def turn(value: Any, where: str, _: Writing) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise _wrong(where, value, "a whole number from 0")
        return value

    return Field(turn, says)


def number(says: str) -> Field:
    """A number as a whole number or as decimal text with the digits given."""

    def turn(value: Any, where: str, _: Writing) -> int | str:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and is_decimal(value):
            return value
        raise FieldInvalid(
            where,
            f"{_shown(value)} is not a number",
            "Write digits with a point; keep the words in as_written.",
        )

    return Field(turn, says)


def is_decimal(value: str) -> bool:
    """Whether text is a number in plain ASCII digits: no exponent, no grouping, nothing to be guessed."""
    return _DECIMAL.fullmatch(value) is not None


def time(says: str) -> Field:
    def turn(value: Any, where: str, _: Writing) -> Any:
        try:
            check_time(value)
        except OnrecordError as wrong:
            raise FieldInvalid(where, wrong.reason, wrong.mend) from None
        return value

    return Field(turn, says)


def one_of(allowed: tuple[str, ...], says: str) -> Field:
    listed = ", ".join(allowed)
    return Field(lambda value, where, _: _one_of(allowed, value, where), f"{says}: {listed}")


def _one_of(allowed: tuple[str, ...], value: Any, where: str) -> str:
    if value in allowed:
        return str(value)
    near = difflib.get_close_matches(str(value)[:_LONGEST_WORD], allowed, 1)
    mend = f"Did you mean {near[0]!r}? " if near else ""
    raise FieldInvalid(where, f"{_shown(value)} is not known here", f"{mend}Known: {', '.join(allowed)}.")


def usually(known: tuple[str, ...], says: str) -> Field:
    """Text that is mostly one of a few known words; a near miss is taken for a slip and refused."""

    def turn(value: Any, where: str, _: Writing) -> str:
        said = _text(value, where)
        near = difflib.get_close_matches(said, known, 1, 0.8) if len(said) <= _LONGEST_WORD else []
        if near and said not in known and said.removeprefix("not ") not in known:
            raise FieldInvalid(where, f"{said!r} is not known here", f"Did you mean {near[0]!r}?")
        return said

    return Field(turn, f"{says}: {', '.join(known)}, or other words")


def ref(says: str, *kinds: str) -> Field:
    """The id or slug of a thing of one of these kinds (of any, if none are named)."""

    def turn(value: Any, where: str, writing: Writing) -> str:
        return _ref(value, where, writing, kinds)

    return Field(turn, says)


def _ref(value: Any, where: str, writing: Writing, kinds: tuple[str, ...]) -> str:
    if isinstance(value, Mapping) and set(value) == {"ref"}:
        value = value["ref"]
    name = _text(value, where)
    try:
        return writing.resolve(name, kinds)
    except OnrecordError as wrong:
        raise FieldInvalid(where, f"{wrong.thing}: {wrong.reason}", wrong.mend) from None


def refs(says: str, *kinds: str) -> Field:
    """A list of things; one alone may stand without the list."""

    def turn(value: Any, where: str, writing: Writing) -> list[str]:
        listed = value if isinstance(value, list) else [value]
        return [_ref(one, f"{where}[{place}]", writing, kinds) for place, one in enumerate(listed)]

    return Field(turn, says)


def ref_or_text(says: str, *kinds: str) -> Field:
    """A thing as `{"ref": id}`, or plain text."""

    def turn(value: Any, where: str, writing: Writing) -> Any:
        if isinstance(value, Mapping):
            return {"ref": _ref(value, where, writing, kinds)}
        return _text(value, where)

    return Field(turn, says)


def value(says: str) -> Field:
    """What a claim says: text, a number, a time, `{"ref": id}`, or true or false."""
    as_time = time("when")

    def turn(given: Any, where: str, writing: Writing) -> Any:
        if isinstance(given, bool | int):
            return given
        if isinstance(given, Mapping) and set(given) == {"ref"}:
            return {"ref": _ref(given, where, writing, ())}
        if isinstance(given, Mapping):
            return as_time.turn(given, where, writing)
        return _text(given, where)

    return Field(turn, says)


def listed(inner: Mapping[str, Field], says: str, short: str | None = None) -> Field:
    """A list of objects with these members; plain text stands for an object with only `short`."""

    def turn(given: Any, where: str, writing: Writing) -> list[dict[str, Any]]:
        rows = given if isinstance(given, list) else [given]
        return [_members(inner, _row(row, short), f"{where}[{n}]", writing) for n, row in enumerate(rows)]

    return Field(turn, says)


def grouped(inner: Mapping[str, Field], says: str) -> Field:
    """One object with these members."""
    return Field(lambda given, where, writing: _members(inner, given, where, writing), says)


def _row(row: Any, short: str | None) -> Any:
    return {short: row} if short and isinstance(row, str) else row


def _members(inner: Mapping[str, Field], given: Any, where: str, writing: Writing) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise _wrong(where, given, f"an object with {', '.join(inner)}")
    for name in given:
        if name not in inner and name != "as_written":
            raise unknown_field(f"{where}.{name}", str(name), inner)
    for name, field in inner.items():
        if field.required and not is_stated(given.get(name)):
            raise FieldInvalid(f"{where}.{name}", "it is missing")
    return {
        name: turn_field(inner[name], one, f"{where}.{name}", writing) if name in inner else _text(one, where)
        for name, one in given.items()
        if one is not None
    }


# What a person may call a field that is called otherwise here: the first that the kind has is meant.
_WHEN = ("when", "said_at", "agreed_at", "at", "received_at", "in_force", "since")
_MEANT = {
    **dict.fromkeys(("when", "date", "time", "day", "on"), _WHEN),
    **dict.fromkeys(("who", "by", "person", "actor", "author", "said_by"), ("speaker", "by", "agreed_with")),
    **dict.fromkeys(("name", "title"), ("names", "title")),
    **dict.fromkeys(("passage", "quote", "source"), ("passages", "quote", "item")),
    **dict.fromkeys(("where", "location"), ("place",)),
    **dict.fromkeys(("event", "topic"), ("about", "at_event", "subject")),
}


def unknown_field(where: str, name: str, known: Iterable[str]) -> FieldInvalid:
    known = list(known)
    meant = [one for one in _MEANT.get(name, ()) if one in known]
    near = meant or difflib.get_close_matches(name[:_LONGEST_WORD], known, 1)
    mend = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}."
    return FieldInvalid(where, "there is no such field", mend)


def named_map(name: str, holds: Field, inner: Mapping[str, Field], says: str) -> Field:
    """A list of objects that each have a name; the map `{name: value}` is accepted and becomes the list."""
    whole_list = listed(inner, says)
    (held,) = (member for member, field in inner.items() if field is holds)

    def turn(given: Any, where: str, writing: Writing) -> Any:
        if isinstance(given, Mapping):
            given = [{name: key, held: value} for key, value in given.items()]
        turned = whole_list.turn(given, where, writing)
        named = [row[name] for row in turned]
        for twice in named:
            if named.count(twice) > 1:
                raise FieldInvalid(where, f"two of them have the {name} {_shown(twice)}", "Make one of them.")
        return turned

    return Field(turn, says)


def answers(uses: tuple[str, ...], allowed: tuple[str, ...], says: str) -> Field:
    """`{use: answer}`."""

    def turn(given: Any, where: str, _: Writing) -> dict[str, str]:
        if not isinstance(given, Mapping):
            raise _wrong(where, given, "an object of uses and answers")
        for use in given:
            _one_of(uses, use, where)
        return {use: _one_of(allowed, answer, f"{where}.{use}") for use, answer in given.items()}

    return Field(turn, f"{says}; uses: {', '.join(uses)}; answers: {', '.join(allowed)}")


def free_map(says: str) -> Field:
    """An object of short names and texts or numbers, kept as given."""

    def turn(given: Any, where: str, _: Writing) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            raise _wrong(where, given, "an object")
        return dict(given)

    return Field(turn, says)


def ref_map(says: str, *kinds: str) -> Field:
    """`{name: id or slug}`."""

    def turn(given: Any, where: str, writing: Writing) -> dict[str, str]:
        if not isinstance(given, Mapping):
            raise _wrong(where, given, "an object of names and things")
        return {str(name): _ref(one, f"{where}.{name}", writing, kinds) for name, one in given.items()}

    return Field(turn, says)


def numbers(count: int, says: str) -> Field:
    """A list of this many numbers."""
    single = number(says)

    def turn(given: Any, where: str, writing: Writing) -> list[int | str]:
        if not isinstance(given, list) or len(given) != count:
            raise _wrong(where, given, f"a list of {count} numbers")
        return [single.turn(one, f"{where}[{place}]", writing) for place, one in enumerate(given)]

    return Field(turn, says)


def sealed(says: str) -> Field:
    """A value that is encrypted before it is stored."""

    def turn(given: Any, where: str, writing: Writing) -> dict[str, Any]:
        if is_sealed(given):
            return dict(given)
        return writing.seal(given)

    return Field(turn, says)
