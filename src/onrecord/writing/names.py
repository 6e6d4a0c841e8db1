"""What an id or slug stands for: in the record, and among the lines being put."""

from __future__ import annotations

from onrecord.record.errors import KindWrong, SlugAmbiguous, ThingUnknown
from onrecord.record.ids import is_id, is_slug
from onrecord.store.record_store import RecordStore


def find(store: RecordStore, name: str) -> str | None:
    """The id of the thing that an id, a slug or `slug@device` names, or None. Raises `SlugAmbiguous`."""
    if is_id(name) and store.db.kind_of(name):
        return name
    slug, _, device = name.partition("@")
    if not is_slug(slug):
        return None
    found = [pair for pair in store.db.slugs(slug) if pair[0].startswith(device)]
    if len({thing for _, thing in found}) > 1:
        raise SlugAmbiguous(
            repr(name), "more than one thing answers to it", f"Say which: {_choices(slug, found)}."
        )
    return found[0][1] if found else None


def _choices(slug: str, found: list[tuple[str, str]]) -> str:
    """A way to say each: by device, or by id where one device has given the slug twice."""
    devices = [device for device, _ in found]
    told = [thing if devices.count(device) > 1 else f"{slug}@{device}" for device, thing in found]
    return ", ".join(sorted(told))


def resolve(store: RecordStore, name: str) -> tuple[str, str]:
    """The id and kind of a thing. Raises `ThingUnknown` or `SlugAmbiguous`."""
    thing = find(store, name) or _item_by_file_name(store, name)
    if thing is None:
        raise ThingUnknown(
            repr(name),
            "no thing has this id or slug",
            f"Look it up with search or items.{_erased_too(store)}",
        )
    return thing, store.db.kind_of(thing) or ""


def _erased_too(store: RecordStore) -> str:
    """Names go with what is erased, so nobody can say here whether this was one."""
    if store.db.connection.execute("SELECT 1 FROM ordered LIMIT 1").fetchone() is None:
        return ""
    return " What was erased answers to its id alone: onrecord erase --list."


def resolve_kind(store: RecordStore, name: str, *kinds: str) -> str:
    """The id of a thing that must be of one of these kinds."""
    try:
        thing, kind = resolve(store, name)
    except ThingUnknown as unknown:
        if kinds != ("item",):
            raise
        reason, mend = "no item has this id, slug or file name", "List them with: onrecord items."
        raise ThingUnknown(unknown.thing, reason, mend) from None
    require_kind(name, kind, kinds)
    return thing


def _item_by_file_name(store: RecordStore, name: str) -> str | None:
    """The one item whose file had this name. Raises `SlugAmbiguous` where several had."""
    if "." not in name:
        return None
    found = [item.id for item in store.db.as_now().of_kind("item") if item.fields.get("name") == name]
    if len(found) > 1:
        raise SlugAmbiguous(
            repr(name), "more than one file had this name", f"Say which: {', '.join(found[:10])}."
        )
    return found[0] if found else None


def require_kind(name: str, kind: str, kinds: tuple[str, ...]) -> None:
    if kinds and kind not in kinds:
        raise KindWrong(
            repr(name), f"it is {_a(kind)}, and this needs {_a(' or '.join(kinds))}", "Name another thing."
        )


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
