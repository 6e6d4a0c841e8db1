"""Everything that stands in an exchange folder for one record, and what of the rest had to be passed over."""

from __future__ import annotations

from dataclasses import dataclass, field

from onrecord.exchange.place import MOST_FILES, Place
from onrecord.exchange.prefix import Prefix, Trouble, Unlock, read_prefix
from onrecord.record.errors import ExchangeRefused

MOST_NAMES = 2 * MOST_FILES
"""Of files that lie there and of files that lists name, in all parts together."""


@dataclass(slots=True)
class Catalogue:
    """The prefixes of one record by log, and the troubles with all that is not used."""

    prefixes: dict[str, Prefix] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    """Other records that have prefixes here, with the logs that wrote them."""


def catalogue(place: Place, record: str | None, unlock: Unlock, ring_name: str = "ring.age") -> Catalogue:
    """What stands in a place for this record, or, without one named, for the only record that is there."""
    found, names = Catalogue(), 0
    for log in place.prefixes():
        try:
            prefix = read_prefix(place, log, unlock, ring_name)
        except ValueError as wrong:
            found.troubles.append(Trouble("folder", log, f"it is not used: {wrong}"))
            continue
        if record is not None and prefix.hello.record != record:
            found.others.setdefault(prefix.hello.record, []).append(log)
            continue
        found.prefixes[log] = prefix
        names += _names(prefix)
        if names > MOST_NAMES:
            raise _swollen(found, place)
    return found


def _names(prefix: Prefix) -> int:
    return len(prefix.files) + len(prefix.sizes)


def _swollen(found: Catalogue, place: Place) -> ExchangeRefused:
    """Lists of files that nobody wrote would fill the memory of whoever reads them all."""
    largest = max(found.prefixes, key=lambda log: _names(found.prefixes[log]))
    return ExchangeRefused(
        place.shown,
        f"it holds or names too many files, most of them in {largest}",
        "If that is not your team's, move it away. Nothing was taken.",
    )


def require_record(found: Catalogue, place: Place, record: str, title: str | None) -> None:
    """Raises `ExchangeRefused` where nothing in the place is of this record, naming what is."""
    if found.prefixes:
        return
    if found.others:
        named = ", ".join(sorted(found.others))
        raise ExchangeRefused(
            place.shown,
            f"it holds the record {named}, and this is {record}{f' ({title})' if title else ''}",
            "Name the record that it belongs to with -r. Nothing was taken.",
        )
    why = f" ({found.troubles[0].where}: {found.troubles[0].why})" if found.troubles else ""
    raise ExchangeRefused(
        place.shown,
        f"no laptop has sent anything of this record there{why}",
        "Check the folder. Nothing was taken.",
    )
