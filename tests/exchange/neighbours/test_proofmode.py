"""ProofMode and Tella bundles: hashes and signatures are checked with the keys that lie in them."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onrecord.api import Record
from onrecord.exchange.neighbours import proofmode
from tests.exchange.neighbours.conftest import FORD, GATE, WEIR, Bring, sha256, write

PICTURE = "the weir, as the phone saw it: المخاضة / הסכר"
HASH = sha256(PICTURE)
TABLE = f'"File Path","File Hash SHA256","DeviceID","Location.Latitude"\n"/sdcard/weir.jpg","{HASH}","a1b2","31.5"\n'


class Signer:
    """A key made for a test, and what it signs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(mode=0o700)
        self.gpg("--quick-gen-key", "noone@proofmode.witness.org", "ed25519", "sign", "never")

    def gpg(self, *words: str | Path, input: bytes | None = None) -> bytes:
        command = [
            "gpg",
            "--homedir",
            self.home,
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
            *words,
        ]
        return subprocess.run(command, input=input, capture_output=True, check=True).stdout

    def key(self) -> bytes:
        return self.gpg("--armor", "--export")

    def sign(self, content: str | bytes) -> bytes:
        return self.gpg(
            "--armor", "--detach-sign", input=content.encode() if isinstance(content, str) else content
        )


@pytest.fixture(scope="module")
def new_signer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Signer]]:
    """Makes signers, and ends the agents that gpg started for them."""
    if not shutil.which("gpg") or not shutil.which("gpgv"):
        pytest.skip("gpg makes the signatures of these tests, and is not here")
    made: list[Signer] = []

    def make() -> Signer:
        # The agent's socket needs a short path.
        made.append(Signer(tmp_path_factory.mktemp("k") / "h"))
        return made[-1]

    yield make
    for signer in made:
        subprocess.run(["gpgconf", "--homedir", signer.home, "--kill", "gpg-agent"], check=True)


@pytest.fixture(scope="module")
def signer(new_signer: Callable[[], Signer]) -> Signer:
    return new_signer()


@pytest.fixture
def bundle(tmp_path: Path, signer: Signer) -> Path:
    proof = json.dumps({"File Path": "/sdcard/weir.jpg", "File Hash SHA256": HASH, "Notes": FORD})
    files: dict[str, str | bytes] = {
        "weir.jpg": PICTURE,
        f"{HASH}.asc": signer.sign(PICTURE),
        f"{HASH}.proof.csv": TABLE,
        f"{HASH}.proof.csv.asc": signer.sign(TABLE),
        f"{HASH}.proof.json": proof,
        f"{HASH}.proof.json.asc": signer.sign(proof),
        f"{HASH}.gst": "eyJ.eyJ.sig",
        "pubkey.asc": signer.key(),
    }
    return write(tmp_path / "proof", files)


def test_a_sound_bundle_is_good_in_all_that_can_be_checked(
    bring: Bring, bundle: Path, outcomes, record: Record
) -> None:
    report = bring(bundle)
    assert not report.of("wrong")
    (picture,) = [item["item"] for item in record.items() if item["name"] == "weir.jpg"]
    said = {(tool, outcome) for item, tool, outcome in outcomes() if item == picture}
    assert ("onrecord import (proofmode)", f"its bytes have the SHA-256 that {HASH}.proof.csv states") in said
    assert any(
        tool == "gpgv" and f"the signature {HASH}.asc: it is good, by the key" in told for tool, told in said
    )
    assert report.at(f"{HASH}.gst")["reason"].startswith("not checked: ")
    assert report.at("pubkey.asc")["status"] == "kept as a file"


def test_an_altered_picture_has_neither_the_hash_nor_the_signature(
    bring: Bring, bundle: Path, record: Record
) -> None:
    (bundle / "weir.jpg").write_text("another weir")
    report = bring(bundle)
    assert "its SHA-256 is not what" in report.at(f"{HASH}.proof.csv line 2")["reason"]
    assert report.at(f"{HASH}.asc")["reason"] == "the file that it signs is not here"
    assert "weir.jpg" in {item["name"] for item in record.items()}


def test_an_altered_table_has_a_signature_that_is_not_its_own(bring: Bring, bundle: Path, outcomes) -> None:
    (bundle / f"{HASH}.proof.csv").write_text(TABLE.replace("31.5", "32.5"))
    report = bring(bundle)
    told = report.at(f"{HASH}.proof.csv.asc")
    assert told["status"] == "wrong"
    assert "it is not the signature of this file" in told["reason"]
    assert any(
        outcome.startswith("wrong: the signature") for item, _, outcome in outcomes() if item == told["item"]
    )


def test_a_signature_by_a_key_that_is_not_there_is_said_to_be_unchecked(
    bring: Bring, bundle: Path, new_signer: Callable[[], Signer]
) -> None:
    other = new_signer()
    (bundle / f"{HASH}.asc").write_bytes(other.sign(PICTURE))
    told = bring(bundle).at(f"{HASH}.asc")
    assert told["status"] == "kept as a file"
    assert "is not in the bundle" in told["reason"]
    assert not told["thing"]


def test_a_signature_that_is_none_is_wrong(bring: Bring, bundle: Path) -> None:
    (bundle / f"{HASH}.asc").write_text(
        "-----BEGIN PGP SIGNATURE-----\n\nbm90aGluZw==\n-----END PGP SIGNATURE-----\n"
    )
    assert bring(bundle).at(f"{HASH}.asc")["status"] == "wrong"


def test_without_gpgv_each_signature_is_said_to_be_unchecked(
    bring: Bring, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.intake.programs.find_program", lambda name: None)
    report = bring(bundle)
    assert not report.of("wrong")
    assert "gpgv is not installed" in report.at(f"{HASH}.asc")["reason"]


def test_a_time_stamp_is_told_by_the_file_that_it_is_of(bring: Bring, bundle: Path) -> None:
    magic = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
    (bundle / f"{HASH}.ots").write_bytes(magic + bytes.fromhex(HASH) + b"\x00")
    (bundle / "other.ots").write_bytes(magic + bytes(32) + b"\x00")
    report = bring(bundle)
    assert report.at(f"{HASH}.ots")["reason"].startswith("not checked: a time stamp of OpenTimestamps")
    assert report.at("other.ots")["status"] == "wrong"


def test_a_zipped_bundle_is_taken_apart(bring: Bring, bundle: Path, tmp_path: Path, record: Record) -> None:
    place = tmp_path / "proof.zip"
    with zipfile.ZipFile(place, "w") as made:
        for file in bundle.iterdir():
            made.write(file, file.name)
    report = bring(place)
    assert not report.of("wrong")
    assert {"proof.zip", "weir.jpg"} <= {item["name"] for item in record.items()}


def test_tella_states_the_hash_beside_the_file(bring: Bring, tmp_path: Path) -> None:
    table = f"fileName,fileHashSHA256,proofGenerated\nשער.jpg,{sha256(GATE)},2024\nweir.jpg,{'0' * 64},2024\n"
    folder = write(tmp_path / "tella", {"שער.jpg": GATE, "weir.jpg": WEIR, "שער.csv": table})
    assert proofmode.looks_like(folder)
    report = bring(folder)
    assert report.at("שער.csv line 2")["status"] == "carried"
    assert report.at("שער.csv line 3")["status"] == "wrong"
