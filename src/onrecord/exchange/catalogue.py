"""Everything that stands in an exchange folder for one record, and what of the rest had to be passed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix, Trouble, Unlock, read_prefix
from onrecord.record.errors import ExchangeRefused


@dataclass(slots=True)
class Catalogue:
    """The prefixes of one record by log, and the troubles with all that is not used."""

    prefixes: dict[str, Prefix] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    """Other records that have prefixes here, with the logs that wrote them."""

    def without(self, log: str) -> Iterable[Prefix]:
        return (prefix for name, prefix in self.prefixes.items() if name != log)


def catalogue(place: Place, record: str | None, unlock: Unlock, ring_name: str = "ring.age") -> Catalogue:
    """What stands in a place for this record, or, without one named, for the only record that is there."""
    found = Catalogue()
    read: dict[str, Prefix] = {}
    for log in place.prefixes():
        try:
            read[log] = read_prefix(place, log, unlock, ring_name)
        except ValueError as wrong:
            found.troubles.append(Trouble("folder", log, f"it is not used: {wrong}"))
    for log, prefix in read.items():
        if record is not None and prefix.hello.record != record:
            found.others.setdefault(prefix.hello.record, []).append(log)
        else:
            found.prefixes[log] = prefix
    return found


def require_record(found: Catalogue, place: Place, record: str) -> None:
    """Raises `ExchangeRefused` where nothing in the place is of this record, naming what is."""
    if found.prefixes:
        return
    if found.others:
        named = ", ".join(sorted(found.others))
        raise ExchangeRefused(
            place.shown,
            f"it holds the record {named}, and this is {record}",
            "Name the record that it belongs to with -r. Nothing was taken.",
        )
    why = f" ({found.troubles[0].where}: {found.troubles[0].why})" if found.troubles else ""
    raise ExchangeRefused(
        place.shown,
        f"no laptop has sent anything of this record there{why}",
        "Check the folder. Nothing was taken.",
    )
