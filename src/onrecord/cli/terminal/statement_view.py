"""One statement in a window: who says it, on what footing, in which words, and what they said otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onrecord.cli.terminal.clean import clean_line, isolated
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.sides import Block, note, stacked, words
from onrecord.cli.terminal.values import time_said

Statement = Mapping[str, Any]
USUAL_ACT = "asserts"
WORDLESS = "(without words)"


def statement_block(page: Page, statement: Statement, known: Mapping[str, Statement]) -> Block:
    """The statement as lines. `known` has every statement of the windows by id."""
    quote = statement.get("quote")
    return stacked(
        [
            note(speaker_said(statement), style=page.bold),
            words(quote, 2) if quote else note(_without_words(statement), 2, page.dim),
            *_readings(statement),
            *_contrary(statement),
            *(note(line, 2, page.dim) for line in _beside(statement, known)),
        ]
    )


def speaker_said(statement: Statement) -> str:
    """`K K, denies, took part`. That somebody asserts is not said: nearly everybody does."""
    others = [_name(one) for one in statement.get("jointly_with") or ()]
    who = " with ".join([_name(statement["speaker"]), *([", ".join(others)] if others else [])])
    act = statement.get("act")
    capacity = statement.get("capacity")
    told = (who, capacity and _safe(capacity), act if act != USUAL_ACT else None, _basis(statement))
    return ", ".join(filter(None, told))


def footing(statement: Statement) -> str:
    """`Y Y (saw)`: a holder of a value, and how they know."""
    basis = _basis(statement)
    name = _name(statement["speaker"])
    return f"{name} ({basis})" if basis else name


def other_sides(statement: Statement) -> str | None:
    """`of another side: NAME`, where the speaker sits on a side that is not shown."""
    names = statement.get("unshown_sides") or ()
    return f"of another side: {', '.join(map(_safe, names))}" if names else None


def by_id(windows: Mapping[str, Any]) -> dict[str, Statement]:
    """Every statement in the windows, by its id."""
    told: Sequence[Sequence[Statement]] = [side["statements"] for side in windows["sides"]]
    return {one["id"]: one for statements in (*told, windows.get("elsewhere") or ()) for one in statements}


def _name(actor: Mapping[str, Any]) -> str:
    return _safe(actor["name"])


def _safe(text: object) -> str:
    return isolated(clean_line(str(text)))


def _basis(statement: Statement) -> str | None:
    basis = statement.get("basis")
    if isinstance(basis, Mapping):
        return f"basis {_safe(basis.get('none'))}"
    return f"basis {basis}" if basis == "unknown" else basis and _safe(basis)


def _readings(statement: Statement) -> Iterator[Block]:
    """The other versions that stand, where nobody has resolved which one holds."""
    for other in statement.get("readings") or ():
        if any(other.get(field) != statement.get(field) for field in other):
            yield note(f"in another version, {speaker_said(other)}:", 2)
            yield words(other.get("quote") or WORDLESS, 4)


def _contrary(statement: Statement) -> Iterator[Block]:
    """What the same person said to the contrary, shown beside it whichever side they said it on."""
    for word in ("earlier", "later"):
        for other in statement.get(word) or ():
            yield note(f"{word}, as {_name(other['speaker'])}:", 2)
            yield words(other.get("quote") or WORDLESS, 4)


def _without_words(statement: Statement) -> str:
    return "a place in an original, without words" if statement.get("passages") else "no words are recorded"


def _beside(statement: Statement, known: Mapping[str, Statement]) -> Iterator[str]:
    if other_sides(statement):
        yield str(other_sides(statement))
    if statement.get("hedge"):
        yield f"hedged: {_safe(statement['hedge'])}"
    if statement.get("reports"):
        yield f"reports {_named(statement['reports'], known)}"
    if statement.get("replies_to"):
        yield f"in reply to {_named(statement['replies_to'], known)}"
    if statement.get("in_conflict"):
        yield "in conflict: nobody has resolved which version stands"
    said_at = statement.get("said_at") or statement.get("when")
    when = _safe(time_said(said_at, as_written=False)) if said_at else None
    yield " · ".join(filter(None, (_slug(statement), when)))


def _named(id: str, known: Mapping[str, Statement]) -> str:
    other = known.get(id)
    return f"{_name(other['speaker'])} ({_slug(other)})" if other else id


def _slug(statement: Statement) -> str:
    return _safe(statement.get("slug") or statement["id"])
