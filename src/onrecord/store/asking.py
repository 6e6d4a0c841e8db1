"""Where a passphrase comes from: one that was given beforehand, and then whoever can be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from onrecord.record.errors import PassphraseMissing
from onrecord.store.passphrase_file import TRY_AGAIN

Ask = Callable[[str], str]
"""Gives the passphrase of the thing named."""

Opened = TypeVar("Opened")
_GIVEN = "the one in ONRECORD_PASSPHRASE does not open it"
_TYPED = "again: that one does not open it"


def nobody_to_ask(thing: str) -> str:
    raise PassphraseMissing(
        thing,
        "it is under a passphrase, and nobody can be asked for it here",
        "Run this on a terminal, or give it in ONRECORD_PASSPHRASE.",
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """Tries what was given, then asks. `tries` is how often whoever is asked may answer."""

    ask: Ask = nobody_to_ask
    given: str | None = field(default=None, repr=False)
    tries: int = 1

    def __call__(self, thing: str) -> str:
        return self.ask(thing) if self.given is None else self.given

    def opened(self, thing: str, opening: Callable[[str], Opened]) -> Opened:
        """What `opening` makes of a passphrase. It raises `PassphraseMissing` for a wrong one, and so does this."""
        wrong: PassphraseMissing | None = None
        shown = thing
        if self.given is not None:
            try:
                return opening(self.given)
            except PassphraseMissing as missing:
                wrong, shown = _given_is_wrong(missing), f"{thing} ({_GIVEN})"
        for _ in range(self.tries):
            try:
                said = self.ask(shown)
            except PassphraseMissing as nobody:
                raise wrong or nobody from None
            if not said and wrong:
                raise wrong
            try:
                return opening(said)
            except PassphraseMissing as missing:
                wrong, shown = missing, f"{thing}, {_TYPED}"
        raise wrong or PassphraseMissing(thing, "it was not opened")


def asking(ask: Ask) -> Asking:
    return ask if isinstance(ask, Asking) else Asking(ask)


def asking_after(given: str | None, ask: Ask) -> Asking:
    """Asks where what was given beforehand, if anything was, does not open the thing."""
    return replace(asking(ask), given=given)


def _given_is_wrong(missing: PassphraseMissing) -> PassphraseMissing:
    mend = (
        f"Set another, or unset it to be asked on a terminal. {missing.mend.removeprefix(TRY_AGAIN).strip()}"
    )
    return PassphraseMissing(
        missing.thing, "the passphrase in ONRECORD_PASSPHRASE does not open it", mend.strip()
    )
