"""Makes the sample proofs in `proofs/` beside it: python tests/vectors/make_proof.py

Keys, salts and times are fixed, so the same files come out each time; a test compares.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from authority import Authority, authority
from independent import canonical, path, root
from tiny import ORIGINAL, RECORD, Log, Tiny

HERE = Path(__file__).parent / "proofs"
AT = datetime(2023, 11, 15, 9, 30, tzinfo=timezone.utc)  # noqa: UP017 - as the RFC writes it
NONCE = 0x1234567890ABCDEF


def listing(logs: list[Log]) -> str:
    """What is hashed to the record root: every log with its size and the root of its tree."""
    lines = sorted(
        f"{log.name} {len(log.heads)} {base64.b64encode(root(log.leaves())).decode()}\n" for log in logs
    )
    return f"onrecord record root v1\n{RECORD}\n" + "".join(lines)


def proof(
    entry: str, authorities: list[Authority], *, body: bool = True, checkpoint: bool = True
) -> dict[str, Any]:
    """A proof of one entry of the tiny record, stamped by these authorities."""
    tiny = Tiny()
    tiny.first.checkpoint(kept=1)
    log = tiny.first if entry.startswith(tiny.first.name) else tiny.second
    seq = int(entry.rpartition("/")[2])
    covered = listing([tiny.first, tiny.second])
    digest = sha256(covered.encode()).digest()
    made: dict[str, Any] = {
        "entry": entry,
        "format": "onrecord proof 1",
        "head": log.heads[seq],
        "path": [step.hex() for step in path(seq, log.leaves())],
        "record": RECORD,
        "stamps": [],
        "vkey": log.key.line(),
    }
    if checkpoint:
        made["checkpoint"] = log.checkpoints[-1][1]
    opened = log.bodies[seq]
    if body and opened:
        made |= {"body": opened[1], "salt": opened[0].hex()}
    if authorities:
        tokens = [one.stamp(digest, NONCE, AT) for one in authorities]
        made["stamps"] = [{"listing": covered, "tokens": tokens}]
    return made


def samples() -> dict[str, dict[str, Any]]:
    tiny = Tiny()
    rsa, curve = authority("sundial", "rsa"), authority("hourglass", "ec")
    return {
        "rsa.json": proof(tiny.item, [rsa]),
        "ecdsa.json": proof(tiny.statement, [curve]),
        "two-authorities.json": proof(tiny.passage, [rsa, curve]),
        "without-body.json": proof(tiny.letter, [rsa], body=False),
        "without-checkpoint.json": proof(tiny.statement, [curve], checkpoint=False),
        "not-stamped.json": proof(tiny.item, []),
    }


ALTERED: list[tuple[str, str, str, str, str]] = [
    ("a word of the body", "not-stamped.json", "bridge.txt", "brigde.txt", "does not match the head's commitment"),
    ("the hash of the original", "not-stamped.json", "4800bd8f", "4800bd8e", "does not match the head's commitment"),
    ("the salt, longer", "not-stamped.json", '"salt":"', '"salt":"00', "a salt that is not 32 bytes"),
    ("the entry's number", "not-stamped.json", '.1/3"', '.1/4"', "names another entry"),
    ("the head", "not-stamped.json", '\\"seq\\":3', '\\"seq\\":2', "names another entry"),
    ("a step of the path", "not-stamped.json", '"path":["7', '"path":["8', "is not in its log"),
    ("a step of the path, longer", "not-stamped.json", '"path":["', '"path":["00', "not hashes"),
    ("the size in the checkpoint", "not-stamped.json", ".1\\nSIZE\\n", ".1\\n9\\n", "signature"),
    ("the record", "not-stamped.json", '"record":"o', '"record":"p', "of another record"),
    ("a member more", "not-stamped.json", '"record":', '"rank":1,"record":', "members that do not belong there"),
    ("a space", "not-stamped.json", '"record":', '"record": ', "canonical"),
    ("the size in the listing", "ecdsa.json", ".1 SIZE ", ".1 9 ", "states another size or root"),
    ("another log's line in the listing", "ecdsa.json", ".1 OTHER ", ".1 999 ", "is of another text than the listing"),
    ("the stated time", "rsa.json", "2023-11-15T09:30", "2023-11-14T09:30", "states another time"),
    ("the stated time, on a curve", "ecdsa.json", "2023-11-15T09:30", "2023-11-16T09:30", "states another time"),
    ("the head, no body given", "without-body.json", '\\"seq\\":3', '\\"seq\\":2', "names another entry"),
    ("the size, no checkpoint given", "without-checkpoint.json", ".1 SIZE ", ".1 999 ", "inclusion proof"),
]  # fmt: skip


def bent_token(proof: dict[str, Any], find: bytes, put: bytes) -> dict[str, Any]:
    """The proof with bytes of its first response replaced."""
    made: dict[str, Any] = json.loads(json.dumps(proof))
    token = made["stamps"][0]["tokens"][0]
    raw = base64.b64decode(token["response"])
    assert raw.count(find) == 1, (find, raw.count(find))
    token["response"] = base64.b64encode(raw.replace(find, put)).decode()
    return made


def altered(good: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    tiny, made = Tiny(), []
    sizes = {"SIZE": str(len(tiny.first.heads)), "OTHER": str(len(tiny.second.heads))}
    for why, name, find, put, says in ALTERED:
        text = canonical(good[name])
        find = find.replace("SIZE", sizes["SIZE"]).replace("OTHER", sizes["OTHER"])
        assert find in text, (why, find)
        made.append({"why": why, "proof": text.replace(find, put, 1), "says": says})
    for name in ("rsa.json", "ecdsa.json"):
        earlier = bent_token(good[name], b"20231115093000Z", b"20221115093000Z")
        earlier["stamps"][0]["tokens"][0]["time"] = "2022-11-15T09:30:00Z"
        made.append(
            {"why": f"the time in the token of {name}", "proof": canonical(earlier), "says": "altered"}
        )
    other = json.loads(json.dumps(good["rsa.json"]))
    other["stamps"][0]["tokens"] = [authority("sundial", "rsa").stamp(bytes(32), NONCE, AT)]
    made.append(
        {
            "why": "a token over another text",
            "proof": canonical(other),
            "says": "of another text than the listing",
        }
    )
    return made


def made() -> dict[str, str]:
    """The text of every file in `proofs/`, by name."""
    good = samples()
    files = {name: canonical(one) for name, one in good.items()}
    roots = {word: sha256(authority(word, kind).chain[-1].der).hexdigest() for word, kind in ROOTS.items()}
    about = {"altered": altered(good), "good": sorted(good), "original": ORIGINAL, "roots": roots}
    return {**files, "about.json": json.dumps(about, indent=1, sort_keys=True) + "\n"}


ROOTS = {"sundial": "rsa", "hourglass": "ec"}

if __name__ == "__main__":
    for name, text in made().items():
        (HERE / name).write_text(text, encoding="utf-8")
        print(f"proofs/{name}: {len(text):,} characters")
