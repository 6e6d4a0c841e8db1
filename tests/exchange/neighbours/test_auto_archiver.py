"""Folders of the auto-archiver: stated hashes and time tokens are checked against the bytes that came."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from onrecord.api import Record
from onrecord.exchange.neighbours.tokens import is_token
from tests.authorities import Maker, openssl
from tests.exchange.neighbours.conftest import FORD, GATE, WEIR, Bring, sha256, write

MEDIA = {"weir.txt": WEIR, "المخاضة.txt": FORD, "שער.txt": GATE}


def metadata(algorithm: str = "SHA-256", hashes: dict[str, str] | None = None) -> str:
    """The file that the json_enricher writes."""
    hashes = hashes or {name: sha256(content) for name, content in MEDIA.items()}
    media = [
        {
            "filename": f"/tmp/tmpx/{name}",
            "_key": None,
            "urls": [],
            "properties": {"hash": f"{algorithm}:{digest}"},
        }
        for name, digest in hashes.items()
    ]
    return json.dumps({"status": "success", "metadata": {"url": "https://example.org/gate"}, "media": media})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    listed = "\n".join(map(sha256, MEDIA.values()))
    return write(tmp_path / "archived", {**MEDIA, "metadata.json": metadata(), "hashes.txt": listed})


def stamped(folder: Path, rsa: Maker) -> bytes:
    return rsa.reply(rsa.query((folder / "hashes.txt").read_bytes()))


def test_hashes_that_are_stated_in_json_and_listed_are_checked(
    bring: Bring, folder: Path, outcomes, record: Record
) -> None:
    report = bring(folder)
    assert not report.of("wrong")
    (weir,) = [item["item"] for item in record.items() if item["name"] == "weir.txt"]
    said = {outcome for item, _, outcome in outcomes() if item == weir}
    assert said == {
        "its bytes have the SHA-256 that metadata.json states",
        "its bytes have the SHA-256 that hashes.txt lists",
    }
    assert report.at("metadata.json media[0]")["item"] == weir


def test_the_other_algorithm_is_checked_as_well(bring: Bring, folder: Path) -> None:
    hashes = {name: hashlib.sha3_512(content.encode()).hexdigest() for name, content in MEDIA.items()}
    write(folder, {"metadata.json": metadata("SHA3-512", hashes), "hashes.txt": "\n".join(hashes.values())})
    report = bring(folder)
    assert not report.of("wrong")
    assert report.at("hashes.txt line 3")["status"] == "carried"


def test_an_altered_medium_is_kept_and_said_to_be_wrong(
    bring: Bring, folder: Path, outcomes, record: Record
) -> None:
    (folder / "weir.txt").write_text("The gate of the weir was open.")
    report = bring(folder)
    assert report.at("metadata.json media[0]")["reason"] == "its SHA-256 is not what metadata.json states"
    assert "no file here has the SHA-256" in report.at("hashes.txt line 1")["reason"]
    (weir,) = [item["item"] for item in record.items() if item["name"] == "weir.txt"]
    assert (weir, "wrong: its SHA-256 is not what metadata.json states") in [
        (one[0], one[2]) for one in outcomes()
    ]


@pytest.mark.parametrize("alone", [False, True])
def test_a_good_token_is_said_with_its_time_and_its_root(
    bring: Bring, folder: Path, rsa: Maker, outcomes, alone: bool
) -> None:
    """A whole response, as older versions wrote it, or the token alone, as newer ones do."""
    reply = stamped(folder, rsa)
    (folder / "reply").write_bytes(reply)
    token = openssl("ts", "-reply", "-in", folder / "reply", "-token_out") if alone else reply
    (folder / "reply").unlink()
    write(folder, {"timestamp_token_example": token, "1.crt": rsa.der("root"), "2.crt": rsa.der("between")})
    report = bring(folder)
    told = report.at("timestamp_token_example")
    assert told["status"] == "carried", told
    assert "it existed by 20" in told["reason"]
    assert hashlib.sha256(rsa.der("root")).hexdigest() in told["reason"]
    assert ("onrecord verify_time", told["reason"]) in [one[1:] for one in outcomes()]


def test_a_token_of_another_text_is_wrong(bring: Bring, folder: Path, rsa: Maker) -> None:
    write(folder, {"timestamp_token_example": rsa.reply(rsa.query(b"another list"))})
    assert "is of another text" in bring(folder).at("timestamp_token_example")["reason"]


def test_a_list_that_was_altered_after_it_was_stamped_shows(bring: Bring, folder: Path, rsa: Maker) -> None:
    write(folder, {"timestamp_token_example": stamped(folder, rsa)})
    (folder / "hashes.txt").write_text(sha256(WEIR))
    assert bring(folder).at("timestamp_token_example")["status"] == "wrong"


def test_a_token_with_altered_bytes_is_wrong(bring: Bring, folder: Path, rsa: Maker) -> None:
    token = bytearray(stamped(folder, rsa))
    token[-10] ^= 1
    assert is_token(bytes(token))
    write(folder, {"timestamp_token_example": bytes(token)})
    assert bring(folder).at("timestamp_token_example")["status"] == "wrong"


def test_a_token_of_the_file_beside_it_is_checked_against_that_file(
    bring: Bring, folder: Path, rsa: Maker
) -> None:
    write(folder, {"weir.txt.tsr": rsa.reply(rsa.query(WEIR.encode()))})
    report = bring(folder)
    assert report.at("weir.txt.tsr")["item"] == report.at("metadata.json media[0]")["item"]
    assert report.at("weir.txt.tsr")["status"] == "carried"


def test_a_report_and_a_table_state_hashes_too(bring: Bring, tmp_path: Path) -> None:
    page = f"<p>hash: SHA-256:{sha256(WEIR)}</p><p>hash: SHA-256:{'0' * 64}</p>"
    table = (
        "url,archive location,hash\n"
        f"https://example.org/a,https://store.example.org/x/%D7%A9%D7%A2%D7%A8.txt,SHA-256:{sha256(GATE)}\n"
        f"https://example.org/b,https://store.example.org/x/weir.txt,SHA-256:{'1' * 64}\n"
        f"https://example.org/c,https://store.example.org/x/far.txt,SHA-256:{'2' * 64}\n"
    )
    report = bring(write(tmp_path / "out", {**MEDIA, "report.html": page, "done.csv": table}))
    assert report.at("done.csv row 2")["status"] == "carried"
    assert report.at("done.csv row 3")["reason"] == "its SHA-256 is not what done.csv states"
    assert report.at("done.csv row 4")["reason"] == "the file that it is about is not here"
    assert report.at("done.csv row 4")["status"] == "not carried"
    assert report.at(f"report.html SHA-256:{'0' * 64}")["status"] == "wrong"
    assert report.at(f"report.html SHA-256:{sha256(WEIR)}")["status"] == "carried"


def test_a_link_in_the_folder_is_not_followed(
    bring: Bring, folder: Path, tmp_path: Path, record: Record
) -> None:
    (tmp_path / "secret.txt").write_text("not yours")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    report = bring(folder)
    assert report.at("link.txt")["reason"] == "it is a link, and links are not followed"
    assert sum("link" in str(row["from"]) for row in report) == 1
    assert "secret.txt" not in {item["name"] for item in record.items()}
