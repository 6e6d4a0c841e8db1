"""What the points of a window come to: shared, disputed, told by some sides or one, passed over, or stated absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from onrecord.record.gathering import ELSEWHERE, Account
from onrecord.record.origins import Origin, Origins
from onrecord.record.points import Answer, Edges, Point, Reason, contested
from onrecord.record.sameness import Sameness
from onrecord.record.telling import Row, Telling, limits
from onrecord.record.values import Stated, Values


@dataclass(frozen=True, slots=True)
class Findings:
    """Sorts the answers of a window. No answer is left out, and none stands in two places."""

    shown: Sequence[str]
    accounts: Mapping[str, Account]
    sameness: Sameness
    values: Values
    telling: Telling
    origins: Origins

    def sorted_out(self, points: Sequence[Point], edges: Edges) -> Row:
        """Every answer in exactly one place: shared, disputed, told by some sides, or by one only."""
        found: Row = {
            "shared": [],
            "disputed": [],
            "some": [],
            "only": {name: [] for name in (*self.shown, ELSEWHERE)},
            "silent": {name: [] for name in self.shown},
            "absent": [],
        }
        for point in points:
            against = contested(point, edges, self.values)
            shared = [answer for answer in point.answers if answer not in against and self._by_all(answer)]
            others = [answer for answer in point.answers if answer in against or not self._by_all(answer)]
            found["shared"] += [self._row(point, answer) for answer in shared]
            if against:
                found["disputed"].append(self._dispute(point, others, against, shared))
            else:
                self._place(point, others, found)
            found["absent"] += self._absences(point)
            self._note_silence(point, found)
        return found

    def _by_all(self, answer: Answer) -> bool:
        """Whether every side says so. One side alone shares with nobody."""
        return len(self.shown) > 1 and set(self.shown) <= set(self._by(answer.statements))

    def _by(self, statements: Iterable[str]) -> dict[str, list[str]]:
        held: dict[str, list[str]] = defaultdict(list)
        for id in statements:
            for seat in self.accounts[id].seats:
                held[seat].append(id)
        order = dict.fromkeys((*self.shown, ELSEWHERE))
        return {seat: held[seat] for seat in order if seat in held}

    def _place(self, point: Point, answers: Iterable[Answer], found: Row) -> None:
        for answer in answers:
            telling = [side for side in self._by(answer.statements) if side in self.shown]
            rows = found["some"] if len(telling) > 1 else found["only"][next(iter(telling), ELSEWHERE)]
            rows.append(self._row(point, answer))

    def _row(self, point: Point, answer: Answer) -> Row:
        return {
            **self._subject(point),
            **self._answer(answer, ()),
            "same_as": self._joining(point, answer.stated),
        }

    def _dispute(
        self,
        point: Point,
        answers: Sequence[Answer],
        against: Mapping[Answer, set[Reason]],
        shared: Sequence[Answer],
    ) -> Row:
        why = {reason for reasons in against.values() for reason in reasons}
        return {
            **self._subject(point),
            "values": [self._answer(answer, against.get(answer, ())) for answer in answers],
            "shared": [
                {"value": answer.first.fields.get("value"), "negated": answer.negated} for answer in shared
            ],
            "why": _reasons(why),
            "same_as": self._joining(point, (one for answer in answers for one in answer.stated)),
        }

    def _subject(self, point: Point) -> Row:
        return self.telling.subject(point.first)

    def _answer(self, answer: Answer, reasons: Collection[Reason]) -> Row:
        origins = self.origins.of(answer.statements)
        beyond = {
            name: limit for one in reversed(answer.stated) for name, limit in limits(one.fields).items()
        }
        value = answer.first.fields.get("value")
        return {
            "value": value,
            "name": self.telling.name(value["ref"]) if isinstance(value, dict) and "ref" in value else None,
            "negated": answer.negated,
            **beyond,
            "as_written": self._as_written(answer),
            "by": self._by(answer.statements),
            "claims": list(dict.fromkeys(one.claim for one in answer.stated if not one.in_reply)),
            "in_reply": list(dict.fromkeys(one.statement for one in answer.stated if one.in_reply)),
            "reports": len(answer.statements),
            "origins": len(origins),
            "origin_tree": [_tree(origin) for origin in origins],
            "contested": bool(reasons),
            "in_conflict": any(self.telling.in_conflict(one.claim) for one in answer.stated),
            "why": _reasons(reasons),
        }

    def _as_written(self, answer: Answer) -> list[object]:
        """The different ways in which the value is stated."""
        written = [one.fields.get("as_written") or one.fields.get("value") for one in answer.stated]
        return list({repr(form): form for form in written if form is not None}.values())

    def _joining(self, point: Point, stated: Iterable[Stated]) -> list[str]:
        """The assessments by which subjects and values that are written differently count as one."""
        ids = set()
        for one in stated:
            subject, value = one.fields.get("subject"), one.fields.get("value")
            ids |= {subject} if point.subject[0] == "thing" and isinstance(subject, str) else set()
            ids |= {value["ref"]} if isinstance(value, dict) and isinstance(value.get("ref"), str) else set()
        return list(self.sameness.joining(ids))

    def _absences(self, point: Point) -> list[Row]:
        alike: dict[object, list[Stated]] = defaultdict(list)
        for one in point.absences:
            alike[one.value.key].append(one)
        return [
            {
                **self._subject(point),
                "none": none,
                "by": self._by(dict.fromkeys(one.statement for one in said)),
                "claims": list(dict.fromkeys(one.claim for one in said)),
            }
            for none, said in alike.items()
        ]

    def _note_silence(self, point: Point, found: Row) -> None:
        """A side is silent where another gives an answer and it gives neither that nor a reason for none."""
        answering = set(self._by(one.statement for answer in point.answers for one in answer.stated))
        speaking = answering | set(self._by(one.statement for one in point.absences))
        for side in self.shown:
            if side not in speaking and answering & set(self.shown):
                found["silent"][side].append(self._subject(point))


def _reasons(reasons: Iterable[Reason]) -> list[Row]:
    ordered = sorted(reasons, key=lambda reason: (reason.rule, reason.assessment))
    return [{"rule": reason.rule, "assessment": reason.assessment or None} for reason in ordered]


def _tree(origin: Origin) -> Row:
    ties = [
        {"why": tie.why, "statements": list(tie.statements), "through": list(tie.through)}
        for tie in origin.ties
    ]
    return {"statements": list(origin.statements), "ties": ties}
