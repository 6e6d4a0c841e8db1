"""`stamp`, `prove` and `verify PROOF` on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.authorities import Maker, rsa, serving
from tests.cli.conftest import Run, document, documents

__all__ = ["rsa"]


@pytest.fixture
def address(rsa: Maker) -> Iterator[str]:
    with serving(lambda path, query: (200, rsa.reply(query))) as address:
        yield address


def test_without_an_authority_it_says_how_to_name_one(run: Run, case: Path) -> None:
    done = run("-r", case, "stamp")
    assert done.exit_code == 2
    assert "ONRECORD_AUTHORITIES" in done.stderr and "--authority" in done.stderr


def test_the_environment_names_authorities_and_roots(run: Run, case: Path, rsa: Maker, address: str) -> None:
    done = run(
        "-r",
        case,
        "--json",
        "stamp",
        ONRECORD_AUTHORITIES=f" {address}  ",
        ONRECORD_AUTHORITY_ROOTS=str(rsa.root),
    )
    told = document(done)
    assert (done.exit_code, told["failed"]) == (0, [])
    assert told["tokens"][0]["root_name"] == "CN=rsa root"


def test_a_person_sees_the_time_and_what_to_compare(run: Run, case: Path, rsa: Maker, address: str) -> None:
    from hashlib import sha256

    done = run("-r", case, "stamp", "--authority", address, ONRECORD_AUTHORITY_ROOTS=str(rsa.root))
    assert done.exit_code == 0
    assert "CN=rsa clock" in done.stdout and "Compare" in done.stdout
    assert sha256(rsa.der("root")).hexdigest() in done.stdout


def test_without_a_root_it_says_so(run: Run, case: Path, address: str) -> None:
    assert "This is not a root" in run("-r", case, "stamp", "--authority", address).stdout


def test_one_that_does_not_answer_is_told_with_exit_code_1(run: Run, case: Path, address: str) -> None:
    done = run("-r", case, "stamp", "--authority", address, "--authority", "http://127.0.0.1:9/")
    assert done.exit_code == 1
    assert "Not stamped by http://127.0.0.1:9/" in done.stdout and "Nothing is lost" in done.stdout
    assert "not yet stamped" not in run("-r", case, "stamp", "--list").stdout


def test_roots_that_cannot_be_read_are_a_wrong_request(
    run: Run, case: Path, tmp_path: Path, address: str
) -> None:
    (tmp_path / "empty").write_text("")
    for place in (tmp_path / "empty", tmp_path / "nowhere"):
        done = run("-r", case, "stamp", "--authority", address, ONRECORD_AUTHORITY_ROOTS=str(place))
        assert done.exit_code == 2 and place.name in done.stderr


def test_days_that_are_not_stamped_are_listed(run: Run, case: Path, address: str) -> None:
    assert "not yet stamped" in run("-r", case, "stamp", "--list").stdout
    run("-r", case, "stamp", "--authority", address)
    listed = run("-r", case, "stamp", "--list")
    assert listed.exit_code == 0 and "not yet stamped" not in listed.stdout and address in listed.stdout
    (day,) = documents(run("-r", case, "--json", "stamp", "--list"))
    assert day["stamped"] is True and day["by"][0]["authority"] == address


def test_a_proof_without_the_body_is_written_and_verified(
    run: Run, case: Path, tmp_path: Path, address: str
) -> None:
    run("-r", case, "stamp", "--authority", address)
    done = run("-r", case, "prove", "s1", "--out", tmp_path / "proof.json", "--without-body")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "something was entered; what, it does not say" in said and "at the latest" in said
    checked = run("verify", tmp_path / "proof.json")
    assert checked.exit_code == 0
    assert "Proven unaltered" in checked.stdout and "only that something existed" in checked.stdout
    told = document(run("--json", "verify", tmp_path / "proof.json"))
    assert (told["kind"], told["ok"], told["entries"], told["problems"]) == ("proof", True, 1, [])


def test_what_is_closed_is_refused_with_a_to_do_list(run: Run, case: Path, tmp_path: Path) -> None:
    done = run("-r", case, "prove", "s1", "--out", tmp_path / "proof.json")
    assert done.exit_code == 1
    said = " ".join(done.stdout.split())
    assert "No proof was written." in said and "prove it again" in said and "--without-body" in said
    assert "publish" not in said and "leave it out" not in said and "leave out:" not in said
    assert not (tmp_path / "proof.json").exists()
    told = document(run("-r", case, "--json", "prove", "s1", "--out", tmp_path / "proof.json"))
    assert told["out"] is None and {"thing", "term", "mend"} <= told["refused"][0].keys()


def test_an_altered_proof_is_named_with_exit_code_1(run: Run, case: Path, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    run("-r", case, "prove", "s1", "--out", proof, "--without-body")
    held = json.loads(proof.read_text(encoding="utf-8"))
    held["path"][0] = "0" * 64
    proof.write_text(json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    done = run("verify", proof)
    assert done.exit_code == 1 and "Not proven" in done.stdout and "is not in its log" in done.stdout


def test_the_original_is_asked_for_with_a_proof_only(run: Run, case: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    done = run("verify", case, "--original", letter)
    assert done.exit_code == 2 and "only a proof" in done.stderr
    run("-r", case, "prove", "s1", "--out", tmp_path / "proof.json", "--without-body")
    done = run("verify", tmp_path / "proof.json", "--original", letter)
    assert done.exit_code == 1 and "leaves out what the entry says" in done.stdout


def test_a_file_that_is_no_proof_is_a_wrong_request(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    done = run("verify", tmp_path / "x.json")
    assert done.exit_code == 2 and "nor a proof" in done.stderr


def test_a_list_of_revoked_certificates_is_kept_and_says_what_it_spoils(
    run: Run, case: Path, rsa: Maker, tmp_path: Path
) -> None:
    rsa.certify("stolen-on-the-way")
    with serving(lambda path, query: (200, rsa.reply(query, "stolen-on-the-way"))) as address:
        run("-r", case, "stamp", "--authority", address)
    rsa.revoke("stolen-on-the-way", "keyCompromise")
    (tmp_path / "list.crl").write_bytes(rsa.crl())
    done = run("-r", case, "stamp", "--crl", tmp_path / "list.crl")
    assert done.exit_code == 1 and "Kept with 1 token." in done.stdout and "No longer good" in done.stdout
    assert "not yet stamped" in run("-r", case, "stamp", "--list").stdout
    assert document(run("-r", case, "--json", "stamp", "--crl", tmp_path / "list.crl")) == {
        "tokens": 0,
        "bad": [],
    }


def test_a_proof_of_a_statement_says_in_which_passage_the_words_are(
    run: Run, case: Path, tmp_path: Path
) -> None:
    """The proof itself holds no more than the entry: what it rests on is told to its keeper."""
    uses = {"court": "yes", "words": "yes", "name": "yes"}
    terms = {"kind": "terms", "id": "t", "over": ["letter.txt", "guard", "vendor"], "uses": uses}
    assert run("-r", case, "put", "-", input=json.dumps(terms)).exit_code == 0
    done = run("-r", case, "prove", "s2", "--out", tmp_path / "one.json")
    assert done.exit_code == 0, done.stdout
    said = " ".join(done.stdout.split())
    assert "They are in passage p2: prove it, too." in said
    told = document(run("-r", case, "--json", "prove", "c2", "--out", tmp_path / "two.json"))
    assert [(row["kind"], row["slug"]) for row in told["rests_on"]] == [
        ("statement", "s2"),
        ("passage", "p2"),
    ]
    assert "06:40" not in (tmp_path / "one.json").read_text(encoding="utf-8")
    sealed = document(run("-r", case, "--json", "prove", "s2", "--out", tmp_path / "3", "--without-body"))
    assert sealed["rests_on"] == []
    passage = run("-r", case, "prove", "p2", "--out", tmp_path / "four.json", "--json")
    assert document(passage)["rests_on"] == []


def test_a_mistyped_authority_is_forgotten(run: Run, case: Path, address: str) -> None:
    slip = "http://127.0.0.1:9/"
    failed = run("-r", case, "stamp", "--authority", address, "--authority", slip)
    assert failed.exit_code == 1 and f"onrecord stamp --forget {slip}" in failed.stdout
    again = run("-r", case, "stamp", ONRECORD_AUTHORITIES=address)
    assert again.exit_code == 1 and slip in again.stdout
    assert "is not asked again" in run("-r", case, "stamp", "--forget", slip).stdout
    assert run("-r", case, "stamp", ONRECORD_AUTHORITIES=address).exit_code == 0
    unknown = run("-r", case, "stamp", "--forget", slip)
    assert unknown.exit_code == 2 and "nothing to forget" in unknown.stderr
    run("-r", case, "stamp", "--authority", slip)
    assert document(run("-r", case, "--json", "stamp", "--forget", slip)) == {
        "forgotten": [slip],
        "owed": [],
    }


def test_what_is_proven_of_a_day_says_when_nothing_is_stamped_yet(run: Run, case: Path) -> None:
    asked = ("-r", case, "windows", "morning", "--as-known-on", "2020-01-01", "--reading", "proven")
    done = run(*asked)
    assert done.exit_code == 2 and "nothing is stamped yet" in done.stderr and "onrecord stamp" in done.stderr


def test_a_day_that_is_not_over_is_said_to_be_so(run: Run, case: Path) -> None:
    done = run("-r", case, "windows", "morning", "--as-known-on", "2999-01-01")
    assert done.exit_code == 0 and "That day is not over yet" in " ".join(done.stdout.split())
    told = document(run("-r", case, "--json", "windows", "morning", "--as-known-on", "2999-01-01"))
    assert told["over"] is False and "not over" in told["as_known"]
