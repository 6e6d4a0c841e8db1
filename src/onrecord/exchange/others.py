"""What others' prefixes in a folder hold already, readable for everybody whom this laptop sends to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.exchange.catalogue import Catalogue
from onrecord.exchange.prefix import Prefix
from onrecord.exchange.spans import Span
from onrecord.store.record_store import RecordStore


@dataclass(frozen=True, slots=True)
class Others:
    """The prefixes of members that hold everything, and whose rings are for all whom this laptop sends to."""

    prefixes: tuple[Prefix, ...] = ()

    @classmethod
    def of(cls, store: RecordStore, found: Catalogue, own: str, to: frozenset[str]) -> Others:
        judged = store.membership()
        fitting = (one for one in found.without(own) if _is_for_all(one, to) and judged.counts(one.log))
        return cls(tuple(fitting))

    def covered(self, row: str) -> Iterator[Span]:
        """The places of a log or branch that lie there whole."""
        for prefix in self.prefixes:
            for name, file in prefix.segments():
                if name.row == row and prefix.whole(file):
                    yield name.first, name.last + 1

    def hold(self, folder: str, digest: str) -> bool:
        """Whether an original or layer lies there whole."""
        return any(prefix.holds(folder, digest) for prefix in self.prefixes)


def _is_for_all(prefix: Prefix, to: frozenset[str]) -> bool:
    return prefix.ring is not None and prefix.ring.purpose == "team" and prefix.ring.to >= to
