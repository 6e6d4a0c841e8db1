"""Small random cases to publish: originals, what was said in them, by whom, and what was agreed.

`must_not_stand` is a second, plain reading of the rules, made without the gate: what no release may hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from onrecord.record.things import MemoryThings

Fields = dict[str, Any]

TODAY = date(2026, 5, 15)
AUDIENCES = {"team": "team", "partner": "partner", "court": "court", "un": "un", "public": "media"}

PEOPLE = {
    "boy": ["Epondo", "I I"],
    "sentry": ["Kelengo"],
    "nurse": ["Dana Levi", "דנה לוי"],
    "teacher": ["سلمى الخطيب"],
    "farmer": ["يعقوب"],
    "clerk": ["ברוריה"],
}
PLACES = {"village": ["Bossunguma"], "town": ["طوباس"]}
SAID = (
    "Then {} came to the river.",
    "We saw {}’s house burn, and {} ran.",
    "قال إن و{} كان هناك.",
    "הוא אמר ל{} את האמת.",
    "In {} it rained; ({}) said nothing.",
    "Nobody was there.",
)
DESCRIPTIONS = ("the boy", "a nurse", "شاهد", "עובדת")
ANSWERS = ("yes", "yes", "yes", "no", "ask", "not asked")
USES = (*AUDIENCES.values(), "words", "name", "place")


@dataclass(frozen=True)
class World:
    """A case: things by slug, each original's text, and the publication's audience."""

    things: Mapping[str, Fields]
    texts: Mapping[str, str]
    audience: str
    today: date = TODAY

    def memory(self) -> MemoryThings:
        return MemoryThings.of(self.things)

    def of_kind(self, kind: str) -> dict[str, Fields]:
        return {id: fields for id, fields in self.things.items() if fields["kind"] == kind}

    def with_thing(self, id: str, fields: Fields) -> World:
        return World({**self.things, id: fields}, self.texts, self.audience, self.today)

    def lines(self, items: Mapping[str, str]) -> Iterator[Fields]:
        """The case as lines for `put`, once its originals are in; `items` gives each original's id by its slug."""
        for id, fields in self.things.items():
            if fields["kind"] == "item":
                continue
            stated = {key: value for key, value in fields.items() if key not in ("start", "end", "layer")}
            yield {"id": id, **_renamed(stated, items)}


def _renamed(value: Any, items: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return items.get(value, value)
    if isinstance(value, dict):
        return {key: _renamed(inner, items) for key, inner in value.items()}
    return [_renamed(inner, items) for inner in value] if isinstance(value, list) else value


@st.composite
def terms(draw: st.DrawFn, over: list[str]) -> Fields:
    """Terms over some of these things, mostly generous, sometimes lapsed or waiting."""
    made: Fields = {
        "kind": "terms",
        "over": draw(st.lists(st.sampled_from(over), min_size=1, max_size=3, unique=True)),
    }
    answers = st.dictionaries(st.sampled_from(USES), st.sampled_from(ANSWERS), min_size=1)
    made["uses"] = draw(st.one_of(st.just(dict.fromkeys(USES, "yes")), answers))
    made["agreed_with"] = draw(
        st.one_of(st.just("a person"), st.sampled_from([{"ref": id} for id in PEOPLE]))
    )
    forms = ("named", "described as", "by office", "unnamed", "not usable")
    if draw(st.booleans()):
        made["attribution"] = {
            "form": draw(st.sampled_from(forms)),
            "text": draw(st.sampled_from(DESCRIPTIONS)),
        }
    days = st.integers(-2, 2).map(lambda days: (TODAY + timedelta(days)).isoformat())
    for field in ("expires", "revoked_at"):
        if draw(st.integers(0, 5)) == 0:
            made[field] = draw(days)
    if draw(st.integers(0, 5)) == 0:
        approval = {"approval_by": "an office", "state": draw(st.sampled_from(("approved", "asked")))}
        made["conditions"] = draw(st.one_of(st.just(approval), days.map(lambda day: {"embargo_until": day})))
    return made


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A case of one or two originals with two to five statements, and a publication that cites all of them."""
    things: dict[str, Fields] = {
        id: {"kind": "actor", "type": "person", "names": [{"text": name} for name in names]}
        for id, names in PEOPLE.items()
    }
    things |= {
        id: {"kind": "place", "names": [{"text": name} for name in names]} for id, names in PLACES.items()
    }
    things["camp"] = {
        "kind": "event",
        "title": "What happened at the river",
        "place": draw(st.sampled_from([*PLACES])),
    }
    if draw(st.booleans()):
        two = draw(st.lists(st.sampled_from([*PEOPLE]), min_size=2, max_size=2, unique=True))
        things["one"] = {
            "kind": "assessment",
            "about": two,
            "judgement": "same as",
            "reason": "the same face",
        }
    texts = {}
    for n in range(draw(st.integers(1, 2))):
        texts[f"item{n}"] = " ".join(_sayings(draw, things, f"item{n}"))
        things[f"item{n}"] = {"kind": "item", "name": f"file{n}.txt", "media_type": "text/plain"}
    statements = [id for id, fields in things.items() if fields["kind"] == "statement"]
    passages = [id for id, fields in things.items() if fields["kind"] == "passage"]
    over = [*texts, *texts, *statements, *passages, *PEOPLE, *PLACES]
    if draw(st.integers(0, 3)):
        things["granted"] = {
            "kind": "terms",
            "over": [*texts],
            "agreed_with": "a person",
            "uses": dict.fromkeys(USES, "yes"),
        }
    for n in range(draw(st.integers(1, 7))):
        things[f"terms{n}"] = draw(terms(over))
    text = "\n\n".join(f"It was said.[[{id}]]" for id in statements)
    audience = draw(st.sampled_from([*AUDIENCES]))
    things["dossier"] = {
        "kind": "publication",
        "title": "What was said",
        "audience": audience,
        "language": "en",
        "text": text,
    }
    return World(things, texts, audience)


def _sayings(draw: st.DrawFn, things: dict[str, Fields], item: str) -> list[str]:
    """Sentences with names in them; some are marked, each distinct, and said by somebody."""
    names = [name for known in (*PEOPLE.values(), *PLACES.values()) for name in known]
    sentences: list[str] = []
    for n in range(draw(st.integers(2, 4))):
        said = draw(st.sampled_from(SAID))
        filled = said.format(*(draw(st.sampled_from(names)) for _ in range(said.count("{}"))))
        at = len(" ".join([*sentences, ""])) if sentences else 0
        label = f"{item}-{n}"
        sentence = f"({item} {n}) {filled}"
        start = at + len(sentence) - len(filled)
        sentences.append(sentence)
        if draw(st.integers(0, 3)) == 0:
            continue
        quote = draw(st.sampled_from((filled, sentence)))
        start = at + len(sentence) - len(quote)
        things[f"p-{label}"] = {
            "kind": "passage", "item": item, "layer": item, "quote": quote, "start": start, "end": start + len(quote),
        }  # fmt: skip
        things[f"s-{label}"] = {
            "kind": "statement", "speaker": draw(st.sampled_from([*PEOPLE])), "passages": [f"p-{label}"],
            "jointly_with": draw(st.lists(st.sampled_from([*PEOPLE]), max_size=1)), "about": ["camp"],
        }  # fmt: skip
    return sentences


# ---- a second reading of the rules ------------------------------------------------------------------


def plain(text: str) -> str:
    """Text folded in the plainest way: no case, no marks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def terms_over(world: World, *ids: str) -> list[Fields]:
    return [fields for fields in world.of_kind("terms").values() if set(ids) & set(fields["over"])]


def beneath(world: World, statement: str) -> tuple[str, ...]:
    passages = world.things[statement]["passages"]
    return (statement, *passages, *(world.things[passage]["item"] for passage in passages))


def joined(world: World, actor: str) -> set[str]:
    together = [set(fields["about"]) for fields in world.of_kind("assessment").values()]
    return {actor}.union(*(about for about in together if actor in about))


def counts(fields: Fields) -> bool:
    """Whether the yes of these terms counts today."""
    conditions = fields.get("conditions", {})
    day = TODAY.isoformat()
    return bool(
        fields.get("expires", "9999") >= day
        and fields.get("revoked_at", "9999") > day
        and conditions.get("state", "approved") == "approved"
        and conditions.get("embargo_until", "") <= day
        and fields.get("attribution", {}).get("form") != "not usable"
    )


def is_open(world: World, use: str, found: list[Fields], may_open: list[Fields] | None = None) -> bool:
    if any(fields["uses"].get(use) in ("no", "ask", "not asked") for fields in found):
        return False
    if any(fields.get("attribution", {}).get("form") == "not usable" for fields in found):
        return False
    opening = found if may_open is None else may_open
    return any(fields["uses"].get(use) == "yes" and counts(fields) for fields in opening)


def statement_may_go(world: World, statement: str) -> bool:
    found = terms_over(world, *beneath(world, statement))
    return all(is_open(world, use, found) for use in (AUDIENCES[world.audience], "words"))


def name_may_stand(world: World, actor: str, statement: str) -> bool:
    """Whether an actor's names may stand in what a statement says and in who says it."""
    kin = joined(world, actor)
    said = world.things[statement]
    speakers = {said["speaker"], *said["jointly_with"]}
    carrying, own = terms_over(world, *beneath(world, statement)), terms_over(world, *kin)
    concerned = [fields for fields in carrying if kin & _concerned(fields, speakers)] + own
    if any(
        fields.get("attribution", {}).get("form", "named") != "named"
        for fields in _attributed(carrying, kin, speakers) + own
    ):
        return False
    opening = [f for f in carrying if _ref(f) in (None, actor)] + terms_over(world, actor)
    usable = [fields for fields in carrying if fields.get("attribution", {}).get("form") == "not usable"]
    own_use = AUDIENCES[world.audience]
    openly = is_open(world, own_use, carrying + own, carrying + terms_over(world, actor))
    return openly and is_open(world, "name", concerned + usable, opening)


def _ref(fields: Fields) -> str | None:
    who = fields["agreed_with"]
    return who["ref"] if isinstance(who, dict) else None


def _concerned(fields: Fields, speakers: set[str]) -> set[str]:
    ref = _ref(fields)
    return {ref, *speakers} if ref else set(PEOPLE)


def _attributed(carrying: list[Fields], kin: set[str], speakers: set[str]) -> list[Fields]:
    return [fields for fields in carrying if kin & {*speakers, *([_ref(fields)] if _ref(fields) else [])}]


def must_not_stand(world: World, statement: str) -> list[str]:
    """Every name that no words released for a statement may hold."""
    people = [
        name for id, names in PEOPLE.items() if not name_may_stand(world, id, statement) for name in names
    ]
    carrying = terms_over(world, *beneath(world, statement))
    located = [
        name
        for id, names in PLACES.items()
        if not is_open(world, "place", carrying + terms_over(world, id))
        for name in names
    ]
    return people + located


def holds(text: str, name: str) -> bool:
    """Whether a name stands in a text: a Latin one as a word, others also with particles written onto them."""
    if name.isascii():
        return re.search(rf"(?<!\w){re.escape(plain(name))}(?!\w)", plain(text)) is not None
    return plain(name) in plain(text)
