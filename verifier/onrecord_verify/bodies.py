"""Bodies that are not here, and what explains that: an erasure by a member, or a merge that withheld them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .branches import Branches

if TYPE_CHECKING:
    from .record import Record


class Bodies:
    """The entries whose bodies are missing."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report
        self.problem = record.report.problem
        self.resolve = Branches(record).resolve

    def judge(self) -> None:
        """A missing body is explained by an order of a member, by a member's word that it obeyed one, or by a merge."""
        obeyed = {
            name
            for order, at in self.record.confirmed
            if self.record.members.stands(at) or self.record.rows[at.row].here
            for name in self.resolve(order, at)
        }
        ordered: dict[str, bool] = {}
        by: dict[str, str] = {}
        for name, orders in self.record.orders.items():
            for order in orders:
                holds = self.record.members.stands(order) or order.name in obeyed
                for meant in self.resolve(name, order):
                    ordered[meant] = ordered.get(meant, False) or holds
                    by[meant] = order.name
        withheld = {name for entry, at in self.record.withheld for name in self.resolve(entry, at)}
        for name in sorted(self.record.bodiless - withheld):
            if name not in ordered:
                self.problem(name, "has no body, and no erasure names it")
            elif not ordered[name]:
                self.problem(
                    name, f"has no body, and its erasure {by[name]} is in a log that does not count there"
                )
        standing = {name for name, holds in ordered.items() if holds}
        counts = [
            ("Entries whose bodies were erased by order", self.record.bodiless & standing),
            ("Entries whose bodies were withheld from this copy", self.record.bodiless & withheld - standing),
            (
                "Entries whose erasure is ordered and not yet done here",
                {
                    name
                    for name in standing - self.record.bodiless
                    if name.partition("/")[0] in self.record.rows
                },
            ),
        ]
        self.report.notes += [f"{what}: {len(names)}." for what, names in counts if names]
