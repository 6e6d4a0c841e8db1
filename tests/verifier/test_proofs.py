"""Proofs of one entry: the samples of `tests/vectors/proofs`, by the stand-alone verifier."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import make_proof
import pytest
from independent import canonical

from onrecord_verify.checking import verify
from onrecord_verify.report import Neither, Report
from tests.verifier.laid_out import VECTORS, VERIFIER, vector

PROOFS = VECTORS / "proofs"
ABOUT = vector("proofs/about.json")
Change = Callable[[dict[str, Any]], None]


def run(*words: str | Path, program: Path = VERIFIER) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "-B", program, *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def problems(report: Report) -> str:
    return "; ".join(f"{one['where']} {one['what']}" for one in report.problems)


def test_the_samples_are_as_the_program_beside_them_makes_them() -> None:
    for name, text in make_proof.made().items():
        assert (PROOFS / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", ABOUT["good"])
def test_a_sample_that_is_good_verifies(name: str) -> None:
    done = run(PROOFS / name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("verified\n")


@pytest.mark.parametrize("case", ABOUT["altered"], ids=lambda case: case["why"])
def test_a_sample_that_is_altered_does_not(case: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "proof").write_text(case["proof"], encoding="utf-8")
    report = verify(tmp_path / "proof")
    assert case["says"] in problems(report)
    assert run(tmp_path / "proof").returncode == 1


def test_what_is_proven_and_what_not_depends_on_what_is_in_it() -> None:
    said = {name: run(PROOFS / name).stdout for name in ABOUT["good"]}
    assert "The entry says exactly what is shown above" in said["rsa.json"]
    assert "It existed by 2023-11-15T09:30:00Z." in said["rsa.json"]
    assert "shows only that something existed" in said["without-body.json"]
    assert "It existed by" in said["without-body.json"] and "The entry says" not in said["without-body.json"]
    assert "no time authority" in said["not-stamped.json"] and "existed by" not in said["not-stamped.json"]
    assert "no signature of the log" in said["without-checkpoint.json"]
    assert "as the log's key signed it" not in said["without-checkpoint.json"]


def test_the_roots_are_shown_for_a_person_to_compare() -> None:
    said = json.loads(run("--json", PROOFS / "two-authorities.json").stdout)
    assert {one["root_name"]: one["root"] for one in said["times"]} == {
        f"CN={word} root": root for word, root in ABOUT["roots"].items()
    }
    shown = run(PROOFS / "two-authorities.json").stdout.replace(" ", "")
    assert all(root in shown for root in ABOUT["roots"].values())


def test_named_roots_are_the_only_ones_it_may_lead_to(tmp_path: Path) -> None:
    from authority import authority
    from cryptography.hazmat.primitives.serialization import Encoding

    root = tmp_path / "root.pem"
    root.write_bytes(authority("sundial", "rsa").chain[-1].certificate.public_bytes(Encoding.PEM))
    assert run(PROOFS / "rsa.json", "--roots", root).returncode == 0
    done = run(PROOFS / "ecdsa.json", "--roots", root)
    assert done.returncode == 1 and "does not lead to one of the roots" in done.stdout
    assert run(PROOFS / "ecdsa.json", "--roots", PROOFS / "rsa.json").returncode == 2


@pytest.fixture
def original(tmp_path: Path) -> Path:
    place = tmp_path / "bridge.txt"
    place.write_bytes(ABOUT["original"].encode("utf-8"))
    return place


def test_the_original_is_compared(original: Path) -> None:
    done = run(PROOFS / "rsa.json", "--original", original)
    assert done.returncode == 0 and "The file is the one that the entry is about" in done.stdout
    original.write_bytes(original.read_bytes() + b" ")
    done = run(PROOFS / "rsa.json", "--original", original)
    assert done.returncode == 1 and "is not the original that the entry is about" in done.stdout


@pytest.mark.parametrize(
    ("name", "why"),
    [("without-body.json", "leaves out what the entry says"), ("ecdsa.json", "about no file")],
)
def test_an_original_that_cannot_be_compared_is_a_problem(name: str, why: str, original: Path) -> None:
    done = run(PROOFS / name, "--original", original)
    assert done.returncode == 1 and why in done.stdout


def changed(name: str, change: Change) -> str:
    proof = json.loads((PROOFS / name).read_text(encoding="utf-8"))
    change(proof)
    return canonical(proof)


def _two_trees(proof: dict[str, Any]) -> None:
    """A second stamp over another size of every log."""
    stamp = json.loads(json.dumps(proof["stamps"][0]))
    stamp["listing"] = re.sub(r"\.1 \d+ ", ".1 2 ", stamp["listing"])
    proof["stamps"].append(stamp)


CHANGES: list[tuple[str, str, Change, str]] = [
    ("no checkpoint and no stamp", "not-stamped.json", lambda one: one.pop("checkpoint"), "neither a checkpoint nor"),
    ("a body without its salt", "rsa.json", lambda one: one.pop("salt"), "without its salt"),
    ("a salt without its body", "rsa.json", lambda one: one.pop("body"), "without its body"),
    ("a stamp that is no object", "rsa.json", lambda one: one["stamps"].append(7), "not an object"),
    ("a token that is no object", "rsa.json", lambda one: one["stamps"][0]["tokens"].append([]), "not an object"),
    ("a stamp over another tree", "rsa.json", _two_trees, "another size or root"),
    ("too many stamps", "rsa.json", lambda one: one.update(stamps=one["stamps"] * 65), "too many stamps"),
    ("too many tokens", "ecdsa.json", lambda one: one["stamps"][0].update(tokens=one["stamps"][0]["tokens"] * 65), "too many"),
    ("a certificate that is a number", "rsa.json", lambda one: one["stamps"][0]["tokens"][0].update(certificates=[7]), "base64"),
    ("a path of numbers", "rsa.json", lambda one: one.update(path=[7]), "not hashes"),
    ("a very long path", "rsa.json", lambda one: one.update(path=one["path"] * 1000), "not hashes"),
    ("another format", "rsa.json", lambda one: one.update(format="onrecord proof 2"), "another format"),
    ("an entry of another log", "rsa.json", lambda one: one.update(entry="a" * 16 + ".1/3"), "another entry"),
    ("an entry that is none", "rsa.json", lambda one: one.update(entry="x"), "no entry"),
    ("a listing of another record", "rsa.json", lambda one: one["stamps"][0].update(
        listing=one["stamps"][0]["listing"].replace(one["record"], "b" * 16)), "of another record"),
    ("a calendar's proof that is none", "rsa.json", lambda one: one["stamps"][0].update(
        calendars=[{"calendar": "https://c.example", "proof": "AAAA"}]), "ends too early"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "name", "change", "says"), CHANGES, ids=[one[0] for one in CHANGES])
def test_what_the_format_does_not_allow_is_a_problem(
    why: str, name: str, change: Change, says: str, tmp_path: Path
) -> None:
    (tmp_path / "proof").write_text(changed(name, change), encoding="utf-8")
    assert says in problems(verify(tmp_path / "proof"))


def test_an_entry_of_a_branch_is_found_by_the_branchs_line(tmp_path: Path) -> None:
    """The listing names the branch, and the entry too; head, checkpoint and key are the log's."""
    from hashlib import sha256

    from authority import authority

    def branch(proof: dict[str, Any]) -> None:
        log = proof["entry"].split("/")[0]
        listing = proof["stamps"][0]["listing"].replace(f"{log} ", f"{log}~0123456789abcdef ")
        proof["entry"] = proof["entry"].replace(log, f"{log}~0123456789abcdef")
        token = authority("sundial", "rsa").stamp(sha256(listing.encode()).digest(), 7, make_proof.AT)
        proof["stamps"] = [{"listing": listing, "tokens": [token]}]

    for name in ("rsa.json", "without-checkpoint.json"):
        (tmp_path / name).write_text(changed(name, branch), encoding="utf-8")
        assert problems(verify(tmp_path / name)) == ""


def test_a_file_that_is_no_proof_is_neither(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"format":"something"}')
    done = run(tmp_path / "x.json")
    assert (done.returncode, done.stdout) == (2, "") and "is not a proof" in done.stderr


def test_any_letter_altered_is_found(tmp_path: Path) -> None:
    """Canonical JSON has one spelling, so nothing in the file is of no account."""
    text = (PROOFS / "not-stamped.json").read_text(encoding="utf-8")
    place, drawn = tmp_path / "proof", random.Random(7)
    for at in drawn.sample(range(len(text)), 200):
        bent = text[:at] + chr(ord(text[at]) ^ 1 << drawn.randrange(5)) + text[at + 1 :]
        place.write_text(bent, encoding="utf-8")
        try:
            assert verify(place).problems, (at, text[at - 10 : at + 10])
        except Neither:
            assert "format" in text[at - 30 : at + 30]
