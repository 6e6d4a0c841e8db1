"""What files state of themselves, bounded: short texts, and only so many of them."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.intake.reading import Observation

LONGEST_VALUE = 2_000
MOST = 500
_KEPT_CONTROLS = "\t\n"


def observation(of: str, name: str, value: str, reads: str | int | list[str] | None = None) -> Observation:
    """An observation that can be kept: without lone surrogates and control characters, and cut where it is long."""
    return Observation(of, short(name, 200), short(value), reads)


def short(text: str, longest: int = LONGEST_VALUE) -> str:
    cut = text[:longest].encode("utf-8", "replace").decode("utf-8")
    kept = "".join(c for c in cut if c in _KEPT_CONTROLS or (c >= " " and c != "\x7f"))
    return f"{kept}…" if len(text) > longest else kept


def bounded(observations: Iterable[Observation]) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """The first 500, and a note where there were more."""
    kept: list[Observation] = []
    for one in observations:
        if len(kept) == MOST:
            return tuple(kept), (f"it states more than {MOST} things of itself: the rest is not shown",)
        kept.append(one)
    return tuple(kept), ()


def decimal_text(number: int, over: int = 1, digits: int = 7) -> str:
    """A fraction as plain decimal text, rounded to so many digits and without zeros at its end."""
    scaled = (2 * abs(number) * 10**digits + abs(over)) // (2 * abs(over))
    whole, rest = divmod(scaled, 10**digits)
    sign = "-" if scaled and (number < 0) != (over < 0) else ""
    return f"{sign}{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")
