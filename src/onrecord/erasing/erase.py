"""`erase`: orders written, bodies and all that was made of them gone, and a receipt that says what is not certain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onrecord.erasing.finishing import finish
from onrecord.erasing.held import Held
from onrecord.erasing.order import Order, Word, orders, waits, write_orders
from onrecord.erasing.plan import Plan, plan
from onrecord.erasing.receipt import NOT_PROMISED, PROMISED, unconfirmed
from onrecord.erasing.removing import files_of, remove
from onrecord.erasing.unnamed import require_unnamed
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid, InConflict, ThingUnknown
from onrecord.record.ideas import KINDS
from onrecord.record.ids import mint
from onrecord.record.things import Version
from onrecord.search.index import index_thing
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve

_TOOL = "onrecord erase"


def look(
    store: RecordStore, names: Sequence[str], *, whole: bool = False, older: bool = False
) -> dict[str, Any]:
    """What `erase` would take, touch and leave: `{"gone", "affected", "remains"}`. Nothing is written."""
    return plan(store, _things(store, names), whole=whole, older=older).told()


def _things(store: RecordStore, names: Sequence[str]) -> list[str]:
    return [resolve(store, name)[0] for name in names]


def erase(
    store: RecordStore,
    names: Sequence[str],
    reason: str,
    authority: Sequence[str],
    *,
    whole: bool = False,
    older: bool = False,
    shown: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Erase things with everything that holds their words; the receipt.

    `shown` is what `look` gave to the person who said yes: if more would go by now, `InConflict` is raised and nothing
    goes. Raises `FieldInvalid` where a reason, or a second person for an original, is missing, or where what stays would name whom it protects.
    """
    word = Word.given(reason, authority)
    finish(store)
    things = _things(store, names)
    with store.writing(keep_checkpoint=True) as writer:
        planned = plan(store, things, whole=whole, older=older)
        _require_agreed(planned, shown)
        if planned.files.originals:
            word.require_two()
        _require_unnamed(store, planned, word)
        ordered = _carry_out(store, writer, planned, word)
    finish(store)
    return {"order": word.batch, **planned.told(), **_receipt(store, ordered)}


def _require_agreed(planned: Plan, shown: Mapping[str, Any] | None) -> None:
    if shown is not None and planned.gone() != shown["gone"]:
        reason = "what would go has changed since it was shown"
        raise InConflict(planned.closure.things[0], reason, "Look at it again. Nothing was erased.")


def _require_unnamed(store: RecordStore, planned: Plan, word: Word) -> None:
    stays = {"reason": word.reason, "authority": "\n".join(word.authority)}
    require_unnamed(store, stays, going=planned.closure.versions(), standing=planned.standing)


def _receipt(store: RecordStore, names: Collection[str]) -> dict[str, Any]:
    return {
        "unconfirmed": unconfirmed(store, names),
        "promised": PROMISED,
        "not_promised": list(NOT_PROMISED),
    }


def _carry_out(store: RecordStore, writer: LogWriter, planned: Plan, word: Word) -> list[str]:
    """Write what takes the place of what goes, the orders, and take the bodies out; the orders' names."""
    for draft in planned.closure.rewritten:
        _write(store, writer, replace(draft, reason=word.reason))
    versions = planned.closure.versions()
    names = write_orders(writer, versions, word)
    for item in sorted(planned.items):
        fields = {"item": item, "outcome": f"erased, order {word.batch}", "step": "erased", "tool": _TOOL}
        writer.append(Draft("custody", mint(), fields))
    writer.flush()
    remove(store, versions, planned.files)
    return names


def _write(store: RecordStore, writer: LogWriter, draft: Draft) -> None:
    writer.append(draft)
    index_thing(store.db.connection, draft.thing, writer.last_entry, KINDS[draft.kind].words(draft.fields))


def accept(store: RecordStore, named: str) -> dict[str, Any]:
    """Carry out orders that came from another laptop: one batch, the order or the entry of that name, or `all`.

    Raises `ThingUnknown` where no such order waits here.
    """
    finish(store)
    waiting = [order for order in orders(store) if waits(store, order)]
    chosen = [order for order in waiting if named in ("all", order.batch, order.name, order.of)]
    if not chosen:
        raise ThingUnknown(
            repr(named), "no order of this name waits here", "List them with: onrecord erase --waiting."
        )
    with store.writing(keep_checkpoint=True):
        held = Held(store)
        versions = _versions(store, held, chosen)
        files = files_of(store, held, versions)
        for order in chosen if files.originals else ():
            order.require_enough()
        remove(store, versions, files)
    finish(store)
    names = [order.name for order in chosen]
    gone = [{"thing": v.thing, "kind": v.kind, "entry": v.name, "why": "it was ordered"} for v in versions]
    gone += [
        {
            "thing": item,
            "kind": "original",
            "original": one.sha256,
            "why": "no item that stays has these bytes",
        }
        for one in files.originals
        for item in one.items
    ]
    batches = list(dict.fromkeys(order.batch for order in chosen))
    return {"orders": batches, "gone": gone, **_receipt(store, names)}


def _versions(store: RecordStore, held: Held, chosen: Iterable[Order]) -> list[Version]:
    """The versions that orders are for, each once."""
    wanted = {order.of for order in chosen}
    found: dict[str, Version] = {}
    for thing in dict.fromkeys(order.thing for order in chosen):
        for version, _ in held.versions(thing):
            if version.name in wanted:
                found[version.name] = version
    if missing := wanted - set(found):
        raise FieldInvalid(
            min(missing), "this order is not for what it says", "Ask who wrote it; nothing was erased."
        )
    return list(found.values())
