"""What others' prefixes in a folder hold already, readable for everybody whom this laptop sends to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from onrecord.exchange.catalogue import Catalogue
from onrecord.exchange.histories import stated_in
from onrecord.exchange.holdings import Holding
from onrecord.exchange.own_prefix import root_at
from onrecord.exchange.prefix import Prefix
from onrecord.exchange.spans import Span
from onrecord.record.checkpoint import Checkpoint
from onrecord.store.record_store import RecordStore


@dataclass(frozen=True, slots=True)
class Others:
    """The prefixes of members that hold everything, and whose rings are for all whom this laptop sends to. `stated` has
    of each the last checkpoint that it gives for its own log."""

    prefixes: tuple[Prefix, ...] = ()
    stated: Mapping[str, Checkpoint] = field(default_factory=dict)

    @classmethod
    def of(cls, store: RecordStore, found: Catalogue, own: Set[str], to: frozenset[str]) -> Others:
        """All but the parts of the logs in `own`: what this laptop writes, and what of its own it takes away."""
        judged = store.membership()
        others = (one for log, one in found.prefixes.items() if log not in own)
        fitting = (one for one in others if _is_for_all(one, to) and judged.counts(one.log))
        prefixes = tuple(fitting)
        stated = {one.log: stated for one in prefixes if (stated := stated_in(store, one, one.log))}
        return cls(prefixes, stated)

    def covered(self, held: Holding) -> Iterator[Span]:
        """The places of a log or branch that lie there whole."""
        for prefix in self.prefixes:
            beyond = self._own_history(prefix, held)
            for name, file in prefix.segments():
                if not prefix.whole(file):
                    continue
                if name.row == held.row:
                    yield name.first, name.last + 1
                elif name.row == prefix.log and name.first < beyond:
                    yield name.first, min(name.last + 1, beyond)

    def _own_history(self, prefix: Prefix, held: Holding) -> int:
        """Up to where a prefix's own log goes, if a branch of it is meant and that is the branch its writer had."""
        stated = self.stated.get(prefix.log)
        if held.row == prefix.log or held.log != prefix.log or stated is None or stated.size > held.beyond:
            return 0
        return stated.size if root_at(held.chain, stated.size) == stated.root else 0

    def hold(self, folder: str, digest: str) -> bool:
        """Whether an original or layer lies there whole."""
        return any(prefix.holds(folder, digest) for prefix in self.prefixes)


def _is_for_all(prefix: Prefix, to: frozenset[str]) -> bool:
    return prefix.ring is not None and prefix.ring.purpose == "team" and prefix.ring.to >= to
