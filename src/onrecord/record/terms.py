"""What terms say about a use on a day. Anything unclear closes: no terms, no yes, an unknown answer, an unreadable date.

Only a plain yes under met conditions opens; which terms bear on a thing is found in `bearing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from onrecord.record.things import Version
from onrecord.record.times import bounds

AUDIENCE_USE: Mapping[str, str] = {
    "team": "team",
    "partner": "partner",
    "court": "court",
    "un": "un",
    "public": "media",
}
"""The use that an audience itself asks."""

FORMS_WITHOUT_NAME = ("unnamed", "without attribution", "described as", "by office")
"""Forms that keep the name back and let the words go, the strictest first."""

NAMING = ("name", "place")
"""The uses that an attribution other than the name closes."""

NOBODY: frozenset[str] = frozenset()

_NOTHING_STATED = {"not asked", "none seen", "none recorded", "not applicable"}
_REFUSED = {"no", "ask", "not asked"}

Cause = Literal[
    "no", "ask", "not asked", "unclear", "approval", "embargo", "attribution", "erased",
    "expired", "revoked", "no yes", "no terms",
]  # fmt: skip
Says = Literal["yes", "nothing", "lapsed", "closed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one version of terms says to one use. A lapsed yes opens nothing and closes nothing."""

    says: Says
    cause: Cause | None = None
    term: str = ""
    detail: str = ""


YES = Answer("yes")
NOTHING = Answer("nothing")


def answer(version: Version, use: str, today: date) -> Answer:
    """What this version says to this use on this day."""
    return closes_everything(version) or _answer_to(version, use, today)


def _answer_to(version: Version, use: str, today: date) -> Answer:
    """What this version says to this use where nothing in it closes every use."""
    stated = _stated(version.fields, use)
    if stated is None:
        return NOTHING
    if stated != "yes":
        cause: Any = stated if stated in _REFUSED else "unclear"
        return Answer("closed", cause, f"{use}: {stated}")
    return _condition(version.fields, today) or _lapsed(version.fields, today) or YES


def keeps_name_back(version: Version) -> bool:
    """Whether the agreed attribution is anything but the name."""
    form = _form(version.fields)
    return form is not None and form != "named"


def agreed_description(version: Version) -> tuple[int, str] | None:
    """The agreed words in place of the name, after how strict their form is (0 is strictest)."""
    form, attribution = _form(version.fields), version.fields.get("attribution")
    text = attribution.get("text") if isinstance(attribution, Mapping) else None
    if form not in FORMS_WITHOUT_NAME or not isinstance(text, str) or not text.strip():
        return None
    return FORMS_WITHOUT_NAME.index(form), text


def agreed_with(version: Version) -> str | None:
    """The id of the actor the terms were agreed with, where it is one the record knows."""
    who = version.fields.get("agreed_with")
    ref = who.get("ref") if isinstance(who, Mapping) else None
    return ref if isinstance(ref, str) else None


def closes_everything(version: Version) -> Answer | None:
    """What closes every use, whatever the answers to each are."""
    if version.erased:
        return Answer("closed", "erased", "terms erased")
    fields, form = version.fields, _form(version.fields)
    if form is not None and form != "named" and form not in FORMS_WITHOUT_NAME:
        return Answer("closed", "attribution", f"attribution: {form}")
    uses = fields.get("uses")
    if uses is not None and (not isinstance(uses, Mapping) or "none" in uses):
        said = uses.get("none") if isinstance(uses, Mapping) else uses
        return Answer("closed", "not asked" if said == "not asked" else "unclear", f"uses: {said}")
    for field in ("expires", "revoked_at"):
        if _read(fields.get(field)) is _UNREADABLE:
            return Answer("closed", "unclear", f"{field}: {_written(fields[field])}")
    return None


def keeps_back_everything(version: Version, today: date) -> Answer | None:
    """A withdrawal that has begun, or an embargo that has not ended, whatever the uses it stands beside.

    Over somebody it is about all they say; where no use is stated it can mean nothing less.
    """
    if _over(version.fields, "revoked_at", today):
        written = _written(version.fields["revoked_at"])
        return Answer("closed", "revoked", f"revoked {written}", written)
    conditions = version.fields.get("conditions")
    until = conditions.get("embargo_until") if isinstance(conditions, Mapping) else None
    return None if _absent(until) else _embargo(until, today)


def _form(fields: Mapping[str, Any]) -> str | None:
    attribution = fields.get("attribution")
    if attribution is None:
        return None
    if not isinstance(attribution, Mapping):
        return str(attribution)
    return str(attribution.get("form", attribution.get("none", "not stated")))


def _stated(fields: Mapping[str, Any], use: str) -> str | None:
    stated = (fields.get("uses") or {}).get(use)
    if isinstance(stated, Mapping):
        return str(stated.get("none", "unclear"))
    return None if stated is None else str(stated)


def _condition(fields: Mapping[str, Any], today: date) -> Answer | None:
    """What a yes still waits for. A yes that waits closes, as a question does: nobody else's yes can stand in for it."""
    conditions = fields.get("conditions")
    if _absent(conditions):
        return None
    if not isinstance(conditions, Mapping) or "none" in conditions:
        return Answer("closed", "unclear", f"conditions: {_written(conditions)}")
    state, approver = conditions.get("state"), conditions.get("approval_by")
    if state != "approved" and not (state is None and _absent(approver)):
        said = "not stated" if state is None else _written(state)
        return Answer("closed", "approval", f"approval: {said}", _written(approver))
    until = conditions.get("embargo_until")
    return None if _absent(until) else _embargo(until, today)


def _embargo(until: Any, today: date) -> Answer | None:
    """Closed until the last day that a vague date can mean; where an hour is stated, until that day is over."""
    read = _read(until)
    if isinstance(read, tuple) and read[1] is not None:
        hour = "T" in str(until.get("to") if isinstance(until, Mapping) else until)
        if read[1] < today or (read[1] == today and not hour):
            return None
    cause: Cause = "unclear" if read is _UNREADABLE else "embargo"
    return Answer("closed", cause, f"embargo until {_written(until)}", _written(until))


def _lapsed(fields: Mapping[str, Any], today: date) -> Answer | None:
    """Whether a yes no longer counts. A vague date counts from the first day it can mean."""
    ends: Iterable[tuple[Cause, str]] = (("expired", "expires"), ("revoked", "revoked_at"))
    for cause, field in ends:
        if _over(fields, field, today):
            written = _written(fields[field])
            return Answer("lapsed", cause, f"{cause} {written}", written)
    return None


def _over(fields: Mapping[str, Any], field: str, today: date) -> bool:
    """Whether a yes has ended: it lasts through the day it expires, and not through the day it is withdrawn."""
    read = _read(fields.get(field))
    if not isinstance(read, tuple):
        return False
    return read[0] is None or read[0] < today or (read[0] == today and field == "revoked_at")


_UNREADABLE = object()


def _read(time: Any) -> Any:
    """Earliest and latest day, None where no time is stated, or `_UNREADABLE`."""
    if _absent(time):
        return None
    try:
        read = bounds(time)
    except Exception:  # whatever is wrong with a date, it must close and must not stop the build
        return _UNREADABLE
    return _UNREADABLE if read == (None, None) else read


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and value.get("none") in _NOTHING_STATED)


def _written(value: Any) -> str:
    """A value as people wrote it, for a message."""
    if isinstance(value, Mapping):
        for key in ("as_written", "ref", "none"):
            if key in value:
                return str(value[key])
        return " to ".join(str(value[key]) for key in ("from", "to") if value.get(key))
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Bearing:
    """One version of terms, as it bears on something. `over` is the thing it was agreed over.

    `personal` says that this is somebody: what they withdraw or put off is then all that they say.
    Where `opens` is false, only what it closes counts. What it says to the use `name` concerns the actors in
    `whose`, and its attribution those in `attributed`; None means everyone.
    """

    version: Version
    over: str
    opens: bool = True
    whose: frozenset[str] | None = None
    attributed: frozenset[str] | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a use of a thing is closed. `stated` means by what somebody said, not for want of a yes."""

    thing: str
    use: str
    cause: Cause
    term: str
    detail: str = ""
    terms: Version | None = None
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """All terms that bear on a thing. Whatever closes, closes; and every way to the thing must hold a yes.

    A statement in two originals has two ways to its words, so that one original's yes does not open the other's.
    """

    thing: str
    ways: tuple[tuple[Bearing, ...], ...]

    def bars(self, use: str, today: date) -> tuple[Bar, ...]:
        """Why this use is closed; empty when it is open. The same in whatever order the terms stand."""
        bearings = (bearing for way in self.ways for bearing in way)
        closed = [bar for bearing in bearings if (bar := _closes(bearing, use, today))]
        return in_order(closed or [bar for way in self.ways for bar in self._lacks(way, use, today)])

    def with_terms(self, bearings: Iterable[Bearing]) -> Ground:
        """The same thing with further terms that bear on it whichever way it is come to."""
        more = tuple(bearings)
        return Ground(self.thing, tuple(way + more for way in self.ways))

    def each(self, change: Callable[[Bearing], Bearing]) -> Ground:
        return Ground(self.thing, tuple(tuple(change(bearing) for bearing in way) for way in self.ways))

    def _lacks(self, way: tuple[Bearing, ...], use: str, today: date) -> Iterator[Bar]:
        said = [(bearing, answer(bearing.version, use, today)) for bearing in way if bearing.opens]
        if any(answered.says == "yes" for _, answered in said):
            return
        lapsed = [(bearing, answered) for bearing, answered in said if answered.says == "lapsed"]
        for bearing, answered in lapsed:
            yield _bar(bearing, use, answered, stated=False)
        if not lapsed:
            cause: Cause = "no yes" if said else "no terms"
            yield Bar(self.thing, use, cause, f"{use}: {cause}", stated=False)


def in_order(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Bars without repeats, in an order that does not depend on how they were met."""
    by_key = {_key(bar): bar for bar in bars}
    return tuple(by_key[key] for key in sorted(by_key))


def _closes(bearing: Bearing, use: str, today: date) -> Bar | None:
    whole = closes_everything(bearing.version)
    if whole is None and (bearing.personal or not bearing.version.fields.get("uses")):
        whole = keeps_back_everything(bearing.version, today)
    said = whole or _answer_to(bearing.version, use, today)
    if said.says == "closed" and (whole or use != "name" or bearing.whose != NOBODY):
        return _bar(bearing, use, said)
    if use in NAMING and bearing.attributed != NOBODY and keeps_name_back(bearing.version):
        return _bar(
            bearing, use, Answer("closed", "attribution", f"attribution: {_form(bearing.version.fields)}")
        )
    return None


def _bar(bearing: Bearing, use: str, said: Answer, stated: bool = True) -> Bar:
    return Bar(bearing.over, use, said.cause or "unclear", said.term, said.detail, bearing.version, stated)


def _key(bar: Bar) -> tuple[str, ...]:
    return (bar.thing, bar.use, bar.cause, bar.term, bar.detail, bar.terms.name if bar.terms else "")
