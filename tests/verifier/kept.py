"""What somebody outside may have kept of the vectors' logs, and what an insider with every key does to them since."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

from histories import Team
from independent import canonical, fixed_id, leaf, path, root
from tiny import FIRST, RECORD, SECOND, Log

from tests.verifier.laid_out import lay_out_record

Kept = Callable[[Team, Path, int], Path]


def team(size: int) -> Team:
    """Two logs, the second with this many entries. Nobody merged, so nothing inside the record is a witness."""
    made = Team("two laptops", SECOND)
    return made.say(FIRST, *(f"first {n}" for n in range(5))).say(
        SECOND, *(f"said {n}" for n in range(size - 1))
    )


def lay_out(made: Team, folder: Path) -> Path:
    """As it stands: signed anew up to the last entry, by each log's own key."""
    copy = deepcopy(made)
    for log in copy.logs.values():
        log.checkpoints.clear()
        for size in range(4, len(log.heads), 4):
            keep_checkpoint(log, size)
    return lay_out_record(copy.laid_out(), folder)


def keep_checkpoint(log: Log, size: int) -> None:
    heads, log.heads = log.heads, log.heads[:size]
    log.checkpoint(kept=1)
    log.heads = heads


def rewrite(log: Log, seq: int) -> None:
    """Another body, salt, commitment and head in the place of one."""
    heads, bodies = log.heads[seq + 1 :], log.bodies[seq + 1 :]
    del log.heads[seq:], log.bodies[seq:]
    log.add("statement", "rewritten", {"speaker": fixed_id("somebody else")})
    log.heads += heads
    log.bodies += bodies


def text_of(log: Log) -> str:
    return base64.b64encode(root(log.leaves())).decode()


def checkpoint(made: Team, at: Path, seq: int) -> Path:
    log = made.logs[SECOND]
    at.write_text(log.key.note(log.leaves()), encoding="utf-8")
    return at


def listing_text(made: Team) -> str:
    rows = (f"{log.name} {len(log.heads)} {text_of(log)}\n" for _, log in sorted(made.logs.items()))
    return f"onrecord record root v1\n{RECORD}\n" + "".join(rows)


def listing(made: Team, at: Path, seq: int) -> Path:
    at.write_text(listing_text(made), encoding="ascii")
    return at


def root_file(made: Team, at: Path, seq: int) -> Path:
    text = listing_text(made)
    logs = [
        {
            "checkpoint": log.key.note(log.leaves()),
            "leaves": base64.b64encode(b"".join(leaf(head)[:8] for head in log.leaves())).decode(),
            "log": name,
            "vkey": log.key.line(),
        }
        for name, log in sorted(made.logs.items())
    ]
    value = {"format": "onrecord root 1", "listing": text, "logs": logs, "record": RECORD}
    at.write_text(canonical({**value, "root": sha256(text.encode()).hexdigest()}), encoding="utf-8")
    return at


def proof(made: Team, at: Path, seq: int) -> Path:
    log = made.logs[SECOND]
    value = {
        "checkpoint": log.key.note(log.leaves()),
        "entry": f"{SECOND}/{seq}",
        "format": "onrecord proof 1",
        "head": log.heads[seq],
        "path": [step.hex() for step in path(seq, log.leaves())],
        "record": RECORD,
        "stamps": [],
        "vkey": log.key.line(),
    }
    at.write_text(canonical(value), encoding="utf-8")
    return at


def stamped_proof(made: Team, at: Path, seq: int) -> Path:
    """One that has no checkpoint: the listing that was stamped stands in."""
    value = json.loads(proof(made, at, seq).read_text(encoding="utf-8"))
    del value["checkpoint"]
    value["stamps"] = [{"listing": listing_text(made), "tokens": []}]
    at.write_text(canonical(value), encoding="utf-8")
    return at


def dossier(made: Team, at: Path, seq: int) -> Path:
    """The proofs are all of a dossier that is asked for."""
    log = made.logs[SECOND]
    seqs = sorted({seq, seq // 2, len(log.heads) - 1})
    leaves = [
        {
            "entry": f"{SECOND}/{n}",
            "head": log.heads[n],
            "path": [one.hex() for one in path(n, log.leaves())],
        }
        for n in seqs
    ]
    logs = [{"checkpoint": log.key.note(log.leaves()), "log": SECOND, "vkey": log.key.line()}]
    value: dict[str, Any] = {"format": "onrecord proofs 1", "leaves": leaves, "logs": logs, "release": {}}
    at.mkdir()
    (at / "proofs.json").write_text(canonical(value), encoding="utf-8")
    return at


def copy(made: Team, at: Path, seq: int) -> Path:
    return lay_out(made, at)


ALL: dict[str, Kept] = {
    "a checkpoint": checkpoint,
    "a listing": listing,
    "a root file": root_file,
    "a proof": proof,
    "a stamped proof": stamped_proof,
    "a dossier": dossier,
    "another copy": copy,
}
EXACT = ("a root file", "another copy")
