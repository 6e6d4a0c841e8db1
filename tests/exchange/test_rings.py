"""The keys that a laptop encrypts to lie in a folder that others can write: it uses none but its own."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pyrage

from onrecord.exchange.hello import Hello
from onrecord.exchange.invitation import as_typed
from onrecord.exchange.ring import Ring, identities_of, open_ring, unlock_ring
from onrecord.record.checkpoint import Signer, origin_of, verifier_key
from onrecord.store.sealing import new_identity
from tests.exchange.laptops import Laptop

Team = Callable[..., list[Laptop]]


def read_with(stick: Path, log: str, identities: Iterable[str]) -> str:
    """All that these identities open of a part's segments."""
    seen = ""
    for segment in (stick / log).rglob("*.seg"):
        try:
            seen += zlib.decompress(pyrage.decrypt(segment.read_bytes(), identities_of(identities))).decode()
        except pyrage.DecryptError:
            continue
    return seen


def forged_ring(stick: Path) -> Ring:
    """What whoever has the folder can make of what lies there: a ring with a key of their own, to everybody."""
    hellos = [json.loads(hello.read_text())["recipient"] for hello in stick.glob("*/hello.json")]
    return Ring((new_identity()[0],), bytes(32), frozenset(hellos), "team")


def strip(stick: Path, log: str) -> None:
    for path in (stick / log).rglob("*"):
        if path.is_file() and path.name != "hello.json":
            path.unlink()


def test_nothing_is_encrypted_to_keys_that_somebody_else_put_into_ones_part(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.send(stick)
    noam.send(stick)
    ring = forged_ring(stick)
    strip(stick, mira.log)
    (stick / mira.log / "ring.age").write_bytes(ring.to_bytes())
    mira.put({"kind": "actor", "id": "w", "names": ["سلمى"]})
    mira.send(stick)
    assert "سلمى" not in read_with(stick, mira.log, ring.identities)
    assert noam.merge(stick)["missing"] == []
    assert noam.things() == mira.things()
    before = (stick / mira.log / "ring.age").read_bytes()
    mira.send(stick)
    assert (stick / mira.log / "ring.age").read_bytes() == before


def test_an_older_ring_of_ones_own_is_not_used_again(team: Team, stick: Path) -> None:
    mira, _, dalia = team("mira", "noam", "dalia")
    mira.send(stick)
    everybody = (stick / mira.log / "ring.age").read_bytes()
    with dalia.record() as record:
        known = open_ring(everybody, record._store.keys.exchange_identities())
    assert known
    with mira.record() as record:
        keys = record._store.keys
        folder = json.loads((stick / mira.log / "hello.json").read_text())["folder"]
    # As if dalia had been left out since: the ring has been renewed, and the host lays the former one back.
    keys.keep_rings(folder, ["0" * 64])
    mira.put({"kind": "actor", "id": "w", "names": ["سلمى"]})
    mira.send(stick)
    assert "سلمى" not in read_with(stick, mira.log, known.identities)


def test_a_hello_in_ones_own_name_under_another_key_is_written_over(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    with mira.record() as record:
        id, log = record.id, mira.log
    other = Signer(origin_of(id, log), Signer.new_seed())
    hello = Hello(id, log, verifier_key(other.origin, other.public), new_identity()[1], "a" * 16)
    (stick / log).mkdir()
    (stick / log / "hello.json").write_bytes(hello.to_bytes(other))
    assert mira.send(stick)["folder"] != "a" * 16
    assert noam.merge(stick)["missing"] == []


def test_an_invitation_that_ended_opens_nothing_that_is_sent_later(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    code = mira.send(stick, invite=True)["code"]
    kept = unlock_ring((stick / mira.log / "invite.age").read_bytes(), as_typed(code))
    assert kept
    mira.put({"kind": "actor", "id": "w", "names": ["سلمى"]})
    mira.send(stick)
    assert "سلمى" not in read_with(stick, mira.log, kept.identities)
