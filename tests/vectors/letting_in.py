"""Tiny records whose further logs a member has let in, or has not (section 7)."""

from __future__ import annotations

from typing import Any, Self

from independent import LogKey, fixed_id, hidden_bits
from tiny import FIRST, GUEST, KEEPER, RECORD, SECOND, Log, Tiny, device, of_logs

RESTORED, AGAIN = FIRST[:-1] + "2", FIRST[:-1] + "3"
THIRD = f"{fixed_id('third device')}.1"
AUTHORS = {SECOND: GUEST, THIRD: fixed_id("stranger")}


class Few:
    """The first log with what it has to begin with, and further logs with the entry that states their own key."""

    def __init__(self, why: str) -> None:
        self.why = why
        first = Tiny().first
        del first.heads[3:], first.bodies[3:], first.checkpoints[:]
        self.logs = {FIRST: first}

    def let_in(self, by: str, name: str) -> Self:
        """An entry in one log with the key of another."""
        self.logs[by].add("device", f"{name} let in", device(Log(name, 0, ""), AUTHORS.get(name, KEEPER)))
        return self

    def begin(self, name: str, vouched_by: str | None = None, vouched: str | None = None) -> Self:
        """A log that says it is vouched for; by a good signature, if none is given."""
        log = self.logs[name] = Log(name, 9 - len(self.logs), AUTHORS.get(name, KEEPER))
        fields = device(log, log.author)
        if vouched_by is not None:
            fields["vouched_by"] = vouched_by
            fields["vouched"] = word(vouched_by, name) if vouched is None else vouched
        if name in (RESTORED, AGAIN):
            fields |= {"after": f"{FIRST}/2", "cause": "the record was behind what this device had written"}
        log.add("device", f"device of {name}", fields)
        return self

    def made(self, *not_counting: str) -> dict[str, Any]:
        for log in self.logs.values():
            log.checkpoint(kept=0)
        counting = sorted(self.logs.keys() - set(not_counting))
        laid_out = of_logs(list(self.logs.values()))
        return {"why": self.why, **laid_out, "counting": counting, "not_counting": sorted(not_counting)}


def word(by: str, name: str, words: str = "onrecord device v1\n") -> str:
    return LogKey(RECORD, by).vouch(LogKey(RECORD, name).line(), words)


def devices() -> list[dict[str, Any]]:
    return [*_let_in(), *_vouched(), *_not_vouched()]


def _let_in() -> list[dict[str, Any]]:
    other_key = Few("an entry with another key lets nobody in").begin(SECOND)
    about = {**device(Log(THIRD, 0, ""), GUEST), "log": SECOND}
    other_key.logs[FIRST].add("device", "another key", about)
    return [
        Few("the first log alone").made(),
        Few("no member has let in the second log").begin(SECOND).made(SECOND),
        Few("the first log lets in the second").begin(SECOND).let_in(FIRST, SECOND).made(),
        Few("the first lets in the second, and that the third")
        .begin(THIRD)
        .begin(SECOND)
        .let_in(SECOND, THIRD)
        .let_in(FIRST, SECOND)
        .made(),
        Few("two logs let in each other")
        .begin(SECOND)
        .begin(THIRD)
        .let_in(SECOND, THIRD)
        .let_in(THIRD, SECOND)
        .made(SECOND, THIRD),
        other_key.made(SECOND),
    ]


def _vouched() -> list[dict[str, Any]]:
    return [
        Few("a restored laptop, vouched for by its earlier key").begin(RESTORED, FIRST).made(),
        Few("restored twice, each time from what the first log had reached")
        .begin(RESTORED, FIRST)
        .begin(AGAIN, FIRST)
        .made(),
        Few("restored twice, each key vouching for the next")
        .begin(RESTORED, FIRST)
        .begin(AGAIN, RESTORED)
        .made(),
        Few("restored twice, and the later log stands first")
        .begin(AGAIN, RESTORED)
        .begin(RESTORED, FIRST)
        .made(),
        Few("vouched for by its own earlier log, which an entry lets in")
        .begin(f"{SECOND[:-1]}2", SECOND)
        .begin(SECOND)
        .let_in(FIRST, SECOND)
        .made(),
        Few("an entry in a log that is vouched for lets in another")
        .begin(RESTORED, FIRST)
        .begin(SECOND)
        .let_in(RESTORED, SECOND)
        .made(),
        Few("a bad word, and an entry that lets the log in")
        .begin(SECOND, FIRST, word(THIRD, SECOND))
        .let_in(FIRST, SECOND)
        .made(),
    ]


def _not_vouched() -> list[dict[str, Any]]:
    def second(why: str, vouched: str, by: str = FIRST) -> dict[str, Any]:
        return Few(why).begin(SECOND, by, vouched).made(SECOND)

    good = word(FIRST, SECOND)
    return [
        second("forged: signed by the new key itself", word(SECOND, SECOND)),
        second("forged: signed by a third key", word(THIRD, SECOND)),
        second("the word was given for another key", word(FIRST, THIRD)),
        second("the word was given without its first line", word(FIRST, SECOND, "")),
        second("the word was given under another first line", word(FIRST, SECOND, "onrecord device v2\n")),
        second("a signature that was altered", ("A" if good[0] != "A" else "B") + good[1:]),
        second("a signature with unused bits that are not zero", hidden_bits(good)),
        second("a signature without its padding", good.rstrip("=")),
        second("no signature", ""),
        second("a good word under the name of another log", good, THIRD),
        second("a good word under no log's name", good, ""),
        Few("vouched for by itself").begin(SECOND, SECOND).made(SECOND),
        second("a good word by a log of another device", good),
        Few("vouched for by a log that is not here").begin(SECOND, THIRD).made(SECOND),
        Few("vouched for by a log that does not count")
        .begin(SECOND)
        .begin(THIRD, SECOND)
        .made(SECOND, THIRD),
        Few("two logs vouch for each other").begin(SECOND, THIRD).begin(THIRD, SECOND).made(SECOND, THIRD),
        Few("a chain whose first word is forged")
        .begin(RESTORED, FIRST, word(SECOND, RESTORED))
        .begin(AGAIN, RESTORED)
        .made(RESTORED, AGAIN),
    ]
