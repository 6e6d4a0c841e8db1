"""A stranger gets a proof file and checks it in a browser: what holds, what does not, what cannot be told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.journeys.proof_files import (
    ABOUT,
    EARLIER,
    LATER,
    STOLEN,
    SUPERSEDED,
    altered,
    bytes_of,
    holds,
    revocation,
    sample,
    signed_again,
    spoilt_clock,
    stamped,
    with_calendar,
    written,
)
from tests.journeys.reader import FAILS, HOLDS, NO_CRYPTO, NO_ED25519, UNABLE, Doubter
from tests.vectors.authority import Authority, Holder, authority, certified, fixed_ec

# What holds


@pytest.mark.parametrize("name", ABOUT["good"])
def test_a_good_proof_holds_and_every_step_of_it_is_told(doubter: Doubter, name: str) -> None:
    assert doubter.gives(bytes_of(name)) == HOLDS
    assert doubter.lines("bad") == doubter.lines("unable") == []
    assert len(doubter.lines("good")) >= 5
    assert doubter.complaints == []


def test_it_says_by_when_the_entry_existed_and_what_to_compare(doubter: Doubter) -> None:
    doubter.gives(bytes_of("two-authorities.json"))
    shown = doubter.reads("#proof-result").replace("\u00a0", " ")
    assert "the entry existed by 2023-11-15 09:30:00 UTC at the latest" in shown
    fingerprints = [
        line.inner_text() for line in doubter.page.query_selector_all("#proof-result .fingerprint")
    ]
    roots = {digits.replace(" ", "") for digits in fingerprints[1:]}
    assert roots == set(ABOUT["roots"].values())
    assert len(fingerprints[0].split()) == 8
    assert "That what the entry says is true." in doubter.reads(".otherwise")


def test_the_file_that_the_entry_is_about_is_recognised_and_another_is_not(doubter: Doubter) -> None:
    original = ABOUT["original"].encode()
    assert doubter.gives(bytes_of("rsa.json"), original) == HOLDS
    assert "The file original.txt is the one that the entry is about, byte for byte." in doubter.lines("good")
    assert doubter.gives(bytes_of("rsa.json"), original + b"\n") == FAILS
    assert doubter.lines("bad") == ["The file original.txt is not the one that the entry is about."]


def test_a_proof_without_its_text_says_that_it_shows_only_that_something_existed(doubter: Doubter) -> None:
    assert doubter.gives(bytes_of("without-body.json")) == HOLDS
    assert "this proves only that something existed" in doubter.lines("aside")[0]
    assert "What it says is not opened here." in doubter.reads(".claim")
    assert doubter.gives(bytes_of("without-body.json"), b"any file") == UNABLE


def test_what_has_no_stamp_or_no_signature_is_said_to_lack_it(doubter: Doubter) -> None:
    doubter.gives(bytes_of("not-stamped.json"))
    assert "No time authority has stamped this: it shows no date." in doubter.lines("aside")
    assert "No date is shown." in doubter.reads(".claim")
    doubter.gives(bytes_of("without-checkpoint.json"))
    assert "No signed checkpoint is given" in doubter.lines("aside")[0]
    assert doubter.page.locator(".outcome > .signer").count() == 0


# What does not


@pytest.mark.parametrize("case", ABOUT["altered"], ids=[case["why"] for case in ABOUT["altered"]])
def test_every_altered_sample_fails(doubter: Doubter, case: dict[str, str]) -> None:
    assert doubter.gives(case["proof"].encode()) == FAILS
    assert doubter.lines("bad")
    assert doubter.page.locator(".claim").count() == 0
    assert doubter.complaints == []


NAMED = {
    "its form": (altered("rsa.json", '"entry":', '"entry": '), "The file is not a proof in the one form it may have."),
    "the head": (altered("rsa.json", '\\"seq\\":3', '\\"seq\\":2'), "The head is not that of the entry"),
    "the text": (altered("rsa.json", "bridge.txt", "brigde.txt"), "The text of the entry is not the one"),
    "the key": (altered("rsa.json", '"record":"o', '"record":"p'), "not signed with the log’s key"),
    "the time beside it": (altered("rsa.json", "T09:30:00Z", "T09:31:00Z"), "The time that the proof states"),
    "another listing": (
        stamped(authority("sundial", "rsa")) | {"stamps": [sample("ecdsa.json")["stamps"][0] | {"listing": "no list"}]},
        "The list that was stamped does not hold this log",
    ),
    "the content type": (spoilt_clock(type="1.2.3.4"), "What was signed is not this token"),
    "the digest": (spoilt_clock("rsa", digest=bytes(32)), "What was signed is not this token"),
    "another certificate named": (spoilt_clock(stated=b"other"), "or names another certificate"),
    "no certificate named": (spoilt_clock(without=(2,)), "or names another certificate"),
    "the nonce": (spoilt_clock(nonce=5), "The token answers another request."),
    "a certificate for all": (
        stamped(authority("web", "ec", usages=(ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.TIME_STAMPING))),
        "The signer’s certificate is not for time stamping alone.",
    ),
    "a purpose that is not critical": (
        stamped(authority("soft", "ec", critical=False)),
        "The signer’s certificate is not for time stamping alone.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("part", NAMED)
def test_the_part_that_was_altered_is_named_and_the_program_refuses_it_too(
    doubter: Doubter, program: Any, tmp_path: Path, part: str
) -> None:
    proof, says = NAMED[part]
    assert doubter.gives(proof) == FAILS
    assert any(says in line for line in doubter.lines("bad"))
    (tmp_path / "proof.json").write_bytes(proof if isinstance(proof, bytes) else written(proof))
    assert not holds(program, tmp_path / "proof.json")


def test_a_token_over_another_root_is_named(doubter: Doubter) -> None:
    proof = sample("rsa.json")
    proof["stamps"][0]["tokens"] = [
        authority("sundial", "rsa").stamp(bytes(32), 1, datetime(2023, 11, 15, tzinfo=UTC))
    ]
    assert doubter.gives(proof) == FAILS
    assert doubter.lines("bad") == [
        "The token is over something else than that list.",
        "The token answers another request.",
    ]


def test_a_certificate_is_judged_at_the_time_of_the_token(doubter: Doubter) -> None:
    """One that has expired since is good, and one that had expired before is not."""
    clock = authority("brief", "ec", since=datetime(2023, 1, 1), until=datetime(2023, 12, 1))
    assert doubter.gives(stamped(clock)) == HOLDS
    for late in (datetime(2023, 12, 2, tzinfo=UTC), datetime(2022, 12, 31, tzinfo=UTC)):
        assert doubter.gives(stamped(clock, late)) == FAILS
        assert "One of them was not valid at the time of the stamp." in doubter.lines("bad")[0]


def test_whoever_may_not_certify_is_found_out(doubter: Doubter) -> None:
    good = authority("honest", "ec")
    forger = certified("honest forger", fixed_ec("forger"), good.chain[1], authority=False)
    signer = certified("forged clock", fixed_ec("forged clock"), forger, authority=False)
    assert (
        doubter.gives(stamped(Authority("https://forged.example/", (signer, forger, *good.chain[1:]))))
        == FAILS
    )
    assert "One of them may not issue certificates." in doubter.lines("bad")[0]


def test_a_chain_of_another_authority_of_the_same_name_does_not_hold(doubter: Doubter) -> None:
    good = authority("honest", "ec")
    other = certified("honest root", fixed_ec("somebody else", ec.SECP384R1), None, authority=True)
    between = certified("honest between", fixed_ec("somebody between"), other, authority=True)
    assert doubter.gives(stamped(Authority("https://x.example/", (good.signer, between, other)))) == FAILS
    assert "was not issued by the one above it" in doubter.lines("bad")[0]


def test_a_chain_that_stops_below_its_root_says_so(doubter: Doubter) -> None:
    clock = authority("honest", "ec")
    short = Authority(clock.url, clock.chain[:2])
    assert doubter.gives(stamped(short)) == HOLDS
    assert "whose own issuer’s certificate is not here" in doubter.reads(".stamp")


@pytest.mark.parametrize(
    ("at", "reason", "verdict"),
    [
        (LATER, SUPERSEDED, HOLDS),
        (EARLIER, SUPERSEDED, FAILS),
        (LATER, STOLEN, FAILS),
        (LATER, None, FAILS),
    ],
    ids=["replaced later", "replaced before", "stolen", "no reason given"],
)
def test_a_revocation_counts_as_the_format_says(
    doubter: Doubter, program: Any, tmp_path: Path, at: datetime, reason: Any, verdict: str
) -> None:
    clock = authority("listed", "ec")
    kept = revocation(clock.signer, clock.chain[1], at, reason)
    proof = stamped(clock, crls=[kept])
    assert doubter.gives(proof) == verdict
    (tmp_path / "proof.json").write_bytes(written(proof))
    assert holds(program, tmp_path / "proof.json") == (verdict == HOLDS)


def test_a_list_of_revoked_certificates_that_somebody_else_signed_is_refused(doubter: Doubter) -> None:
    clock = authority("listed", "ec")
    forged = Holder(fixed_ec("somebody else"), clock.chain[1].certificate)
    assert doubter.gives(stamped(clock, crls=[revocation(clock.signer, forged, LATER, SUPERSEDED)])) == FAILS
    assert "A list of revoked certificates is altered." in doubter.lines("bad")[0]


@pytest.mark.parametrize("salt", [48, 20])
def test_certificates_signed_with_pss_are_read(
    doubter: Doubter, program: Any, tmp_path: Path, salt: int
) -> None:
    clock = authority("salted", "rsa")
    between = signed_again(clock.chain[1], clock.chain[2], salt)
    proof = stamped(Authority(clock.url, (clock.signer, between, clock.chain[2])))
    assert doubter.gives(proof) == HOLDS
    (tmp_path / "proof.json").write_bytes(written(proof))
    assert holds(program, tmp_path / "proof.json")


def test_what_a_calendar_gave_is_followed_and_left_to_be_looked_up(doubter: Doubter) -> None:
    assert doubter.gives(with_calendar(sample("ecdsa.json"))) == HOLDS
    promised, block = doubter.lines("aside")
    assert "https://calendar.example promised a block of Bitcoin" in promised
    assert "whether Bitcoin’s block 500000 has the merkle root" in block


@pytest.mark.parametrize(
    ("find", "put"),
    [(b"\x01\x08", b"\x02\x08"), (b"\xf0\x04salt", b"\xf0\x55salt"), (b"\x08\x00", b"\x09\x00"), (b"\xc2\x1e", b"\xc2\x1e\x00"), (b"Proof", b"proof")],
    ids=["version", "length", "operation", "end", "magic"],
)  # fmt: skip
def test_an_altered_proof_of_a_calendar_fails(
    doubter: Doubter, program: Any, tmp_path: Path, find: bytes, put: bytes
) -> None:
    proof = with_calendar(sample("ecdsa.json"), find, put)
    assert doubter.gives(proof) == FAILS
    (tmp_path / "proof.json").write_bytes(written(proof))
    assert not holds(program, tmp_path / "proof.json")


# What this browser cannot do


def test_an_algorithm_that_the_browser_lacks_is_never_good(doubter: Doubter) -> None:
    clock = authority("curved", "ec")
    odd = certified("odd clock", fixed_ec("odd", ec.BrainpoolP256R1), clock.chain[1], authority=False)
    assert doubter.gives(stamped(Authority(clock.url, (odd, *clock.chain[1:])))) == UNABLE
    assert doubter.lines("unable") == ["The token’s signature could not be checked in this browser."]
    assert doubter.page.locator(".claim").count() == 0


@pytest.mark.parametrize("without", [NO_ED25519, NO_CRYPTO], ids=["no keys", "no crypto"])
def test_a_browser_without_signatures_checks_what_it_can(browser: Any, checker: Path, without: str) -> None:
    lesser = Doubter(browser)
    lesser.page.add_init_script(without)
    lesser.at(checker)
    assert lesser.gives(bytes_of("not-stamped.json")) == HOLDS
    assert lesser.gives(bytes_of("rsa.json")) == UNABLE
    assert lesser.lines("unable") == [
        "The token’s signature could not be checked in this browser.",
        "The certificates could not be checked in this browser.",
    ]
    for case in ABOUT["altered"]:
        assert lesser.gives(case["proof"].encode()) == FAILS, case["why"]
    assert lesser.complaints == []
    lesser.context.close()


# What is no proof at all


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\0" * 999, b"<html><script>alert(1)</script>", b"null", b"[]", b"{}", b"[" * 90_000, b'{"a":1e999}', b"\xff\xfe{}"],
    ids=["empty", "zeros", "html", "null", "list", "object", "deep", "number", "utf-16"],
)  # fmt: skip
def test_garbage_is_no_proof(doubter: Doubter, garbage: bytes) -> None:
    assert doubter.gives(garbage) == FAILS
    assert len(doubter.lines("bad")) == 1 and doubter.lines("good") == []
    assert doubter.complaints == []


def test_a_huge_file_is_refused_unread(doubter: Doubter, tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as huge:
        huge.truncate(49 << 20)
    doubter.page.set_input_files("#proof-file", tmp_path / "huge.json")
    doubter.page.wait_for_selector("#proof-result .outcome")
    assert "It is larger than a proof can be." in doubter.lines("bad")[0]


def test_nothing_in_a_proof_becomes_part_of_the_page(doubter: Doubter) -> None:
    mark = '<img src="https://evil.example/x" onerror="document.title=1">'
    proof = sample("rsa.json")
    token = proof["stamps"][0]["tokens"][0] | {"authority": mark + "\u202e" + "x" * 5000}
    proof["stamps"][0]["tokens"] = [token]
    assert doubter.gives(proof, name="<b>proof<b>.json") == HOLDS
    assert mark in doubter.reads(".stamp h4") and len(doubter.reads(".stamp h4")) < 500
    assert doubter.page.locator("#proof-result img, #proof-result b, #proof-name b").count() == 0
    assert [url for url in doubter.requests if "evil" in url] == []
    assert doubter.complaints == []
