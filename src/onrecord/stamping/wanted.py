"""Which authorities and calendars still owe a token, remembered in this laptop's own folder (docs/decisions)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from onrecord.record.errors import AuthorityMissing, FileRefused, RecordNotWritten
from onrecord.store.part import sweep, write_durably

_NAME = "stamp.wanted"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Addresses in the order they were asked for."""

    authorities: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.authorities or self.calendars)

    def __or__(self, other: Wanted) -> Wanted:
        return Wanted(
            tuple(dict.fromkeys((*self.authorities, *other.authorities))),
            tuple(dict.fromkeys((*self.calendars, *other.calendars))),
        )

    def __sub__(self, other: Wanted) -> Wanted:
        return Wanted(
            tuple(one for one in self.authorities if one not in other.authorities),
            tuple(one for one in self.calendars if one not in other.calendars),
        )


def read_wanted(folder: Path) -> Wanted:
    """What is owed. A file that cannot be read owes nothing: which days are not stamped is computed from the log."""
    try:
        held = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        lists = [[one for one in held[key] if isinstance(one, str)] for key in ("authorities", "calendars")]
    except (OSError, ValueError, KeyError, TypeError):
        return Wanted()
    return Wanted(*map(tuple, lists))


def forget(folder: Path, addresses: tuple[str, ...]) -> Wanted:
    """Ask these no more, and what is still owed. Raises `AuthorityMissing` where one owes nothing."""
    owed = read_wanted(folder)
    for address in addresses:
        if address not in (*owed.authorities, *owed.calendars):
            others = ", ".join((*owed.authorities, *owed.calendars)) or "nobody"
            raise AuthorityMissing(
                address, "it owes no token here, so there is nothing to forget", f"Owed by: {others}."
            )
    left = owed - Wanted(addresses, addresses)
    keep_wanted(folder, left)
    return left


def keep_wanted(folder: Path, wanted: Wanted) -> None:
    """Remember what is owed, or that nothing is."""
    if not wanted:
        (folder / _NAME).unlink(missing_ok=True)
        return
    held = {"authorities": wanted.authorities, "calendars": wanted.calendars}
    try:
        sweep(folder)
        write_durably(folder / _NAME, json.dumps(held).encode("utf-8"), mode=0o600)
    except (OSError, FileRefused) as wrong:
        why = getattr(wrong, "strerror", None) or getattr(wrong, "reason", "")
        mend = "Make room, or give yourself the right."
        raise RecordNotWritten(
            str(folder), f"what is owed cannot be remembered there ({why})", mend
        ) from None
