"""Not one byte of what was erased stays: in the record's folder, or where this laptop keeps its keys."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from onrecord.api import Record
from onrecord.intake.reading import Fingerprint
from onrecord.settings import Settings
from onrecord.text.fold import fold
from tests.conftest import lines
from tests.erasing.conftest import SECRETS, TWO
from tests.erasing.traces import traces

Erase = Callable[..., dict[str, Any]]
Letter = Callable[[str], str]


def speaker(record: Record) -> str:
    return str(
        record.put(lines({"kind": "actor", "id": "nurse", "names": ["Witness N"], "type": "person"}))[0]["id"]
    )


def is_left_to_the_original(record: Record, words: str) -> bool:
    """Whether these words stand only in the original, its layer and its rows of the index, which are folded."""
    found = {trace.split(":")[0].split("/")[0] for trace in traces(record.path, words)}
    bodies = b"".join(body for (body,) in record._store.db.connection.execute("SELECT bytes FROM body"))
    database = (record.path / "record.db").read_bytes()
    in_clear = words != fold(words) and words.encode() in database
    return {"layers", "originals"} <= found and words.encode() not in bodies and not in_clear


def verified(record: Record) -> dict[str, Any]:
    return record.verify(views=True)


def test_a_statement_in_its_own_words(record: Record, home: Path, erase: Erase, secret: str) -> None:
    speaker(record)
    record.put(lines({"kind": "statement", "id": "s", "speaker": "nurse", "text": secret}))
    assert traces(record.path, secret)
    erase("s")
    assert traces(record.path, secret) == []
    assert traces(home, secret) == []
    assert list(record.search(secret.split()[0])) == []
    assert verified(record)["ok"]


def test_a_statement_that_was_changed_many_times(
    record: Record, home: Path, erase: Erase, secret: str
) -> None:
    speaker(record)
    first = {"kind": "statement", "id": "s", "speaker": "nurse", "text": secret}
    record.put(lines(first))
    for n in range(40):
        record.put(
            lines({"kind": "statement", "id": "s", "text": f"{secret} {n}", "reason": f"heard again {n}"})
        )
    erase("s")
    assert traces(record.path, secret) == []
    assert verified(record)["ok"]


def test_a_statement_with_its_claim_and_passage(
    record: Record, erase: Erase, letter: Letter, secret: str
) -> None:
    speaker(record)
    item = letter(f"It began at noon. {secret}. Then it rained on and on for days.")
    record.put(
        lines(
            {"kind": "passage", "id": "p", "item": item, "quote": secret},
            {"kind": "passage", "id": "before", "item": item, "quote": "It began at noon."},
            {"kind": "statement", "id": "s", "speaker": "nurse", "passages": ["p"]},
            {
                "kind": "claim",
                "id": "c",
                "statement": "s",
                "subject": "nurse",
                "property": "said",
                "value": secret,
            },
        )
    )
    receipt = erase("s")
    (kept,) = (record.path / "layers").iterdir()
    assert is_left_to_the_original(record, secret)
    assert kept.read_text("utf-8").startswith("It began at noon.")
    assert item in {row["thing"] for row in receipt["remains"]}
    assert record.get("before")["quote"] == "It began at noon."
    assert verified(record)["ok"]


def test_a_passage_takes_what_rests_on_nothing_else(
    record: Record, erase: Erase, letter: Letter, secret: str
) -> None:
    speaker(record)
    item = letter(f"It began at noon. {secret}.")
    record.put(
        lines(
            {"kind": "passage", "id": "p", "item": item, "quote": secret},
            {"kind": "passage", "id": "wide", "item": item, "quote": f"noon. {secret}"},
            {"kind": "statement", "id": "s", "speaker": "nurse", "passages": ["p"], "hedge": secret},
        )
    )
    erase("p")
    assert is_left_to_the_original(record, secret)
    assert verified(record)["ok"]


def test_an_item_with_everything_made_from_it(
    record: Record, home: Path, erase: Erase, letter: Letter, secret: str
) -> None:
    speaker(record)
    other = letter("Nothing of this goes.", name="other.txt")
    item = letter(f"It began at noon. {secret}.", name=f"{secret[:12]}.txt")
    copy = letter(f"Transcript: {secret}.", name="transcript.txt")
    record.put(
        lines(
            {"kind": "item", "id": copy, "derived_from": item, "reason": "it was typed from the letter"},
            {"kind": "passage", "id": "p", "item": item, "quote": secret},
            {"kind": "statement", "id": "s", "speaker": "nurse", "passages": ["p"]},
            {"kind": "claim", "statement": "s", "subject": "nurse", "property": "said", "value": secret},
        )
    )
    assert list(record.search(secret.split()[0]))
    erase(item, authority=TWO)
    assert traces(record.path, secret, secret[:12]) == []
    assert traces(home, secret) == []
    assert list(record.search(secret.split()[0])) == []
    assert [one["item"] for one in record.items() if not one.get("erased")] == [other]
    assert verified(record)["ok"]


def test_a_sealed_identity(record: Record, erase: Erase) -> None:
    sealed = {"name": SECRETS["english"]}
    record.put(lines({"kind": "actor", "id": "w", "names": ["Witness W"], "sealed": sealed}))
    ciphertext = record.get("w")["sealed"]["age"]
    assert traces(record.path, ciphertext)
    erase("w")
    assert traces(record.path, ciphertext) == []
    assert "sealed" not in record.get("w")
    assert record.get("w")["names"] == [{"text": "Witness W"}]
    assert verified(record)["ok"]


def test_an_actor_altogether(record: Record, erase: Erase, secret: str) -> None:
    record.put(lines({"kind": "actor", "id": "Quillonmarshfamily", "names": [secret]}))
    erase("Quillonmarshfamily", whole=True)
    assert traces(record.path, secret, "Quillonmarshfamily") == []
    assert verified(record)["ok"]


def test_older_versions_alone(record: Record, erase: Erase, secret: str) -> None:
    record.put(lines({"kind": "actor", "id": "w", "names": [secret]}))
    record.put(lines({"kind": "actor", "id": "w", "names": ["Witness W"], "reason": "asked for it"}))
    erase("w", older=True)
    assert traces(record.path, secret) == []
    assert record.get("w")["names"] == [{"text": "Witness W"}]


def test_sealing_a_name_in_clear_leaves_no_byte_of_it(record: Record, home: Path, secret: str) -> None:
    record.put(lines({"kind": "actor", "id": "w", "names": [secret]}))
    record.put(
        lines({"kind": "actor", "id": "w", "names": [secret, "Witness V"], "reason": "a further name"})
    )
    hidden = {"names": ["Witness W"], "sealed": {"name": secret}, "reason": "she asked for it"}
    record.put(lines({"kind": "actor", "id": "w", **hidden}))
    assert traces(record.path, secret) == []
    assert traces(home, secret) == []
    assert list(record.search(secret.split()[0])) == []
    assert record.get("w")["names"] == [{"text": "Witness W"}]
    assert [row["authority"] for row in record.erasures()] == [["mira"]]
    assert "erased" in record.notices[0]
    assert record.verify(views=True)["ok"]


def test_correcting_a_sealed_actor_erases_nothing(record: Record) -> None:
    record.put(lines({"kind": "actor", "id": "w", "names": ["Witnes W"], "sealed": {"name": "N. N."}}))
    record.put(lines({"kind": "actor", "id": "w", "names": ["Witness W"], "reason": "misspelt"}))
    record.put(lines({"kind": "actor", "id": "v", "names": ["Witness V"]}))
    record.put(lines({"kind": "actor", "id": "v", "sealed": {"name": "M. M."}, "reason": "she gave it"}))
    assert record.erasures() == []


def test_the_index_keeps_no_mark_of_where_common_words_stood(record: Record, erase: Erase) -> None:
    """FTS5 drops what was deleted only when all of its segments become one."""
    speaker(record)
    for n in range(30):
        record.put(
            lines({"kind": "statement", "id": f"s{n}", "speaker": "nurse", "text": f"the gate was shut {n}"})
        )
    erase(*(f"s{n}" for n in range(0, 30, 2)))
    run = record._store.db.connection.execute
    assert run("SELECT count(DISTINCT segid) FROM words_idx").fetchone() == (1,)
    rows = {row for (row,) in run("SELECT row FROM paragraph")}
    assert {row for (row,) in run("SELECT id FROM words_docsize")} == rows


def test_a_passage_whose_neighbour_keeps_some_of_its_words(
    record: Record, erase: Erase, letter: Letter
) -> None:
    secret = "Zebulonika crossed over"
    item = letter(f"She said. {secret}. It rained then.")
    record.put(
        lines(
            {"kind": "passage", "id": "p", "item": item, "quote": secret},
            {"kind": "passage", "id": "rain", "item": item, "quote": "It rained then."},
        )
    )
    erase("p")
    assert is_left_to_the_original(record, "Zebulonika")
    assert record.get("rain")["quote"] == "It rained then."
    assert "prefix" not in record.get("rain")


WORDS = st.lists(
    st.sampled_from([word for text in SECRETS.values() for word in text.split()]), min_size=2, max_size=9
)
STEPS = st.lists(st.tuples(st.integers(0, 5), WORDS), min_size=1, max_size=25)


@settings(max_examples=25)
@given(STEPS, st.sets(st.integers(0, 5), min_size=1))
def test_whatever_was_put_changed_and_erased_only_what_stays_can_be_found(
    steps: list[tuple[int, list[str]]], erased: set[int]
) -> None:
    """Each thing has marks of its own in its words, so a mark in some byte tells whose words those are."""
    with tempfile.TemporaryDirectory() as place:
        laptop = Settings(home=Path(place) / "home", handle="mira", zone="UTC")
        onrecord.new(Path(place) / "record", settings=laptop)
        with onrecord.open(Path(place) / "record", settings=laptop) as record:
            _play(record, steps, erased)
            assert record.verify(views=True)["ok"]


def _play(record: Record, steps: list[tuple[int, list[str]]], erased: set[int]) -> None:
    known: set[int] = set()
    for n, (which, words) in enumerate(steps):
        text = " ".join(f"{word}mark{which}x" for word in words)
        line = {"kind": "place", "id": f"p{which}", "names": [f"{text} {n}"]}
        record.put(lines({**line, "reason": f"heard {n}"} if which in known else line))
        known.add(which)
    going = sorted(erased & known)
    if going:
        record.erase([f"p{which}" for which in going], "she is in danger", ["Noam"])
    held = b"".join(path.read_bytes() for path in record.path.rglob("*") if path.is_file())
    for which in known:
        assert (f"mark{which}x".encode() in held) == (which not in going)


def test_a_long_record_erased_here_and_there(record: Record, erase: Erase) -> None:
    """Slugs come in no order, so their table's pages are split again and again, and SQLite leaves copies in them."""
    speaker(record)
    slugs = [f"{sha256(str(n).encode()).hexdigest()[:6]}-mark{n:04}x" for n in range(1200)]
    for first in range(0, 1200, 100):
        some = slugs[first : first + 100]
        record.put(
            lines(
                *({"kind": "statement", "id": one, "speaker": "nurse", "text": f"said {one}"} for one in some)
            )
        )
    going = slugs[::3]
    erase(*going)
    held = b"".join(path.read_bytes() for path in record.path.rglob("*") if path.is_file())
    assert [one for one in going if one[-9:].encode() in held] == []
    assert slugs[1].encode() in held
    assert verified(record)["ok"]


def test_what_an_original_states_and_its_fingerprints(
    record: Record, erase: Erase, letter: Letter, secret: str
) -> None:
    item = letter("It began at noon.")
    sha = sha256(b"It began at noon.").hexdigest()
    marks = f"{secret} and the marks of it".encode()
    store = record._store
    with store.db.transaction():
        store.observed.keep(
            sha, [{"of": "EXIF", "name": "Artist", "value": f"{secret} {n}"} for n in range(90)]
        )
        store.fingerprints.keep(sha, [Fingerprint("frame", marks.hex(), float(n)) for n in range(90)])
    assert traces(record.path, secret)
    erase(item, authority=TWO)
    assert (store.observed.of(sha), store.fingerprints.of(sha)) == ([], [])
    assert traces(record.path, secret) == []
    assert verified(record)["ok"]
