"""Words that stay for good, a reason or who decided, may not name whom they are to protect.

Looked for as the gate looks for names, in whatever spelling. Only what this laptop can see without asking for a
passphrase is looked for, so a word that passes is no promise. Nothing that was opened for it is kept or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from onrecord.publishing.known_names import Finder, KnownName
from onrecord.publishing.sealed import texts
from onrecord.record.errors import FieldInvalid, KeyMissing
from onrecord.record.fields import is_sealed
from onrecord.record.ideas.kind import name_texts
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import unseal

_IN_FULL = frozenset({"authority"})
"""Where people are named: one of them may share a first name with whom it protects."""


def require_unnamed(
    store: RecordStore,
    stays: Mapping[str, str],
    *,
    going: Iterable[Version] = (),
    standing: Iterable[Version] = (),
    opened: Any = None,
) -> None:
    """Raises `FieldInvalid`, naming the field of `stays`, where its text holds a name that is sealed or about to go.

    `going` are versions to be erased, `standing` what stands of the same things afterwards: names that it shows
    may be given. `opened` is what the caller has unsealed already.
    """
    going = list(going)
    shown = {name for version in standing for name in name_texts(version.fields)}
    protected = [*_clear(going, shown), *_sealed(store, going), *texts(opened)]
    names = [*(KnownName("", one, personal=True) for one in protected)]
    names += [KnownName("", one) for one in _sealed_elsewhere(store)]
    finders = {False: Finder(names, in_part=False), True: Finder(names)}
    for field, text in stays.items():
        if finders[field not in _IN_FULL].find(text):
            raise FieldInvalid(
                field,
                "it names somebody who is to be protected, and it stays for good",
                "Say it without the name.",
            )


def _clear(going: Iterable[Version], shown: set[str]) -> Iterator[str]:
    """Names that only what goes shows."""
    for version in going:
        if version.kind in ("actor", "place"):
            yield from (name for name in name_texts(version.fields) if name not in shown)


def _sealed(store: RecordStore, going: Iterable[Version]) -> Iterator[str]:
    for version in going:
        if version.kind == "actor":
            yield from texts(_opened(store, version))


def _sealed_elsewhere(store: RecordStore) -> Iterator[str]:
    """The names, and nothing else, in every sealed identity that stands."""
    for thing in store.db.as_now().of_kind("actor"):
        for version in thing.heads:
            opened = _opened(store, version)
            if isinstance(opened, Mapping):
                yield from texts({key: inner for key, inner in opened.items() if "name" in key.casefold()})


def _opened(store: RecordStore, version: Version) -> Any:
    """What is sealed in a version, or None where it does not open here without asking."""
    sealed = version.fields.get("sealed")
    if not isinstance(sealed, Mapping) or not is_sealed(sealed):
        return None
    try:
        if not _opens_unasked(store):
            return None
        return unseal(sealed, store.keys.identity.opened())
    except KeyMissing:
        return None


def _opens_unasked(store: RecordStore) -> bool:
    return store.keys.identity.held() and not store.keys.identity.under_passphrase()
