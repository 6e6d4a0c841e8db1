"""`revoke`: a member's word that a device no longer writes for the team. Two members, or the recovery key, decide."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onrecord.erasing.unnamed import require_unnamed
from onrecord.exchange.admit import known_device, require_member, taken_back_alone
from onrecord.exchange.devices import Device
from onrecord.exchange.own_prefix import root_at
from onrecord.record.entries import Draft
from onrecord.record.errors import AdmissionRefused
from onrecord.record.ids import device_of, log_of, mint, split_entry
from onrecord.record.membership import Membership, revocation_text
from onrecord.store.branches import chains
from onrecord.store.record_store import RecordStore
from onrecord.writing.indexing import let_stand

Seen = tuple[str, int, str]
_RESTING = (
    "SELECT coalesce(sum(resting.beyond - resting.first), 0) FROM resting JOIN log ON log.number = resting.first >> 40"
    " WHERE substr(log.name, 1, 16) = ?"
)


def revoke(store: RecordStore, named: str, reason: str, shares: Sequence[Path] = ()) -> dict[str, Any]:
    """Say that a device was lost or turned: `{"record", "device", "revoked", "resting"}`.

    With enough recovery `shares` it takes effect at once. Raises `AdmissionRefused`.
    """
    require_unnamed(store, {"reason": reason})
    device = known_device(store, named)
    seen = _seen(store, device)
    signed = _signed(store, device, seen, shares)
    with store.writing() as writer:
        judged = store.membership()
        require_member(judged, writer)
        _require_other(judged, device, writer.log)
        stated = [{"log": log, "root": root, "size": size} for log, size, root in seen]
        fields: dict[str, Any] = {"device": device.id, "seen": stated}
        fields |= {"signed": signed} if signed else {}
        writer.append(Draft("revocation", mint(), fields, reason=reason))
        let_stand(store, writer)
    revoked = any(store.membership().revoked(word.log) for word in device.logs)
    (resting,) = store.db.connection.execute(_RESTING, (device.id,)).fetchone()
    return {"record": store.id, "device": device.id, "revoked": revoked, "resting": resting}


def _require_other(judged: Membership, device: Device, log: str) -> None:
    if device.id == device_of(log):
        raise AdmissionRefused(
            "this laptop", "a laptop cannot revoke itself", "Ask two members to revoke it."
        )
    alone = taken_back_alone(judged, device) and not any(
        log_of(split_entry(one.entry)[0]) == log for one in judged.effective if one.device == device.id
    )
    if device.revoked and not alone:
        raise AdmissionRefused(device.id, "it is revoked already", "There is nothing to do.")


def _seen(store: RecordStore, device: Device) -> list[Seen]:
    """What is held here of the device's logs, as sizes and roots. Of a log signed twice, each branch."""
    logs = sorted({log for log in store.db.log_numbers() if device_of(log) == device.id and "~" not in log})
    held = (chain for log in logs for chain in chains(store.db.connection, log))
    return sorted(
        (chain.rows[0].name, chain.size, base64.b64encode(root_at(chain, chain.size)).decode())
        for chain in held
    )


def _signed(store: RecordStore, device: Device, seen: list[Seen], shares: Sequence[Path]) -> str | None:
    if not shares:
        return None
    from onrecord.writing.recovery import signer_from_shares

    return str(signer_from_shares(store, shares)(revocation_text(store.id, device.id, seen)))
