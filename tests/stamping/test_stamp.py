"""`stamp`: asking authorities, keeping what they answer, and remembering who owes."""

from __future__ import annotations

import base64
import builtins
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import AuthorityMissing, FieldInvalid
from onrecord.record.listing import parse_listing
from onrecord.stamping.wanted import read_wanted
from onrecord.verifying import time_checks
from tests.authorities import Maker, serving

Take = Callable[[str], str]
NOWHERE = "http://127.0.0.1:9/"


def kept(record: Record) -> list[dict[str, Any]]:
    """The fields of every stamp in the record."""
    return [dict(thing.heads[0].fields) for thing in record._store.db.as_now().of_kind("stamp")]


def test_each_authority_gives_one_token_and_all_stand_in_one_entry(
    record: Record, letter: Take, rsa_address: str, curve_address: str
) -> None:
    letter("a letter")
    told = record.stamp([rsa_address, curve_address])
    (fields,) = kept(record)
    assert [one["authority"] for one in fields["tokens"]] == [rsa_address, curve_address]
    assert told["failed"] == [] and told["stamp"] == record.stamps()[0]["by"][0]["stamp"]
    assert fields["root"] == told["root"]
    for token in fields["tokens"]:
        assert time_checks().check_kept(token, fields["listing"].encode()).time == token["time"]


def test_the_authority_gets_nothing_but_one_hash(record: Record, letter: Take, rsa: Maker) -> None:
    letter("a letter that nobody may see")
    got: list[bytes] = []
    with serving(lambda path, query: (200, rsa.reply(got.append(query) or query))) as address:
        root = record.stamp([address])["root"]
    (query,) = got
    assert bytes.fromhex(root) in query and len(query) < 100


def test_a_signed_checkpoint_of_the_stamped_size_is_kept(
    record: Record, letter: Take, rsa_address: str
) -> None:
    letter("a letter")
    record.stamp([rsa_address])
    letter("another letter")
    (log,) = parse_listing(kept(record)[0]["listing"]).logs
    query = "SELECT count(*) FROM checkpoint WHERE size = ? AND kept"
    assert record._store.db.connection.execute(query, (log.size,)).fetchone() == (1,)


def test_the_chain_is_kept_with_the_token_where_roots_are_known(
    record: Record, rsa: Maker, rsa_address: str, roots: Path
) -> None:
    record.settings = replace(record.settings, authority_roots=roots)
    record.stamp([rsa_address])
    (token,) = kept(record)[0]["tokens"]
    assert token["certificates"] == [base64.b64encode(rsa.der("root")).decode()]


def test_a_token_that_leads_to_no_known_root_is_not_kept(
    record: Record, curve: Maker, rsa_address: str, tmp_path: Path
) -> None:
    record.settings = replace(record.settings, authority_roots=curve.root)
    told = record.stamp([rsa_address])
    assert told["stamp"] is None and kept(record) == []
    assert "does not lead to one of the roots" in told["failed"][0]["why"]


def test_without_known_roots_the_last_certificate_is_named_for_a_person_to_compare(
    record: Record, rsa_address: str
) -> None:
    (token,) = record.stamp([rsa_address])["tokens"]
    assert (token["root_name"], token["complete"]) == ("CN=rsa between", False)


def test_who_does_not_answer_is_told_and_the_others_tokens_are_kept(record: Record, rsa_address: str) -> None:
    told = record.stamp([NOWHERE, rsa_address])
    assert [one["authority"] for one in told["failed"]] == [NOWHERE]
    assert "could not be reached" in told["failed"][0]["why"]
    assert len(kept(record)[0]["tokens"]) == 1


def test_who_owes_a_token_is_asked_again(record: Record, letter: Take, rsa: Maker) -> None:
    letter("a letter")
    answers = iter([(503, b"asleep"), None])
    with serving(lambda path, query: next(answers) or (200, rsa.reply(query))) as address:
        assert "503" in record.stamp([address])["failed"][0]["why"]
        assert record.stamps()[-1]["stamped"] is False
        assert read_wanted(record._store.keys.path).authorities == (address,)
        assert record.stamp()["failed"] == []
    assert record.stamps()[-1]["stamped"] is True
    assert not read_wanted(record._store.keys.path)


def test_what_is_owed_survives_a_restart_and_a_spoilt_file_owes_nothing(
    record: Record, laptop: onrecord.settings.Settings
) -> None:
    record.stamp([NOWHERE])
    record.close()
    with onrecord.open(record.path, settings=laptop) as again:
        assert [one["authority"] for one in again.stamp()["failed"]] == [NOWHERE]
        (again._store.keys.path / "stamp.wanted").write_text("{")
        with pytest.raises(AuthorityMissing):
            again.stamp()


def test_naming_one_authority_leaves_what_others_owe(record: Record, rsa_address: str) -> None:
    record.stamp([NOWHERE])
    assert record.stamp([rsa_address])["failed"] == []
    assert read_wanted(record._store.keys.path).authorities == (NOWHERE,)


def test_nobody_is_asked_unless_somebody_is_named(record: Record) -> None:
    with pytest.raises(AuthorityMissing, match="ONRECORD_AUTHORITIES"):
        record.stamp()


def test_the_settings_name_the_usual_authorities(
    record: Record, rsa_address: str, curve_address: str
) -> None:
    record.settings = replace(record.settings, authorities=(rsa_address, curve_address))
    assert [one["authority"] for one in record.stamp()["tokens"]] == [rsa_address, curve_address]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.org/", "example.org", "https://", "https://a b/", "https://h[/"],
)
def test_only_web_addresses_are_asked(record: Record, address: str) -> None:
    with pytest.raises(FieldInvalid, match="no web address"):
        record.stamp([address])
    assert not read_wanted(record._store.keys.path)


def test_an_address_with_a_password_is_refused_as_it_would_be_kept_for_good(record: Record) -> None:
    with pytest.raises(FieldInvalid, match="name or password") as refused:
        record.stamp(["https://me:secret@example.org/"])
    assert "secret" not in str(refused.value)


def test_an_answer_to_another_request_is_not_kept(record: Record, rsa: Maker) -> None:
    other = rsa.query(b"another text")
    with serving(lambda path, query: (200, rsa.reply(other))) as address:
        told = record.stamp([address])
    assert "of another text" in told["failed"][0]["why"] and kept(record) == []


def test_an_old_answer_to_the_same_text_is_not_kept(record: Record, rsa: Maker, tmp_path: Path) -> None:
    """A replayed answer has the right imprint and another nonce."""

    def replay(path: str, query: bytes) -> tuple[int, bytes]:
        imprint = time_checks().read_request(query).digest
        again = tmp_path / "again.tsq"
        from tests.authorities import openssl

        openssl("ts", "-query", "-digest", imprint.hex(), "-sha256", "-cert", "-out", again)
        return 200, rsa.reply(again.read_bytes())

    with serving(replay) as address:
        told = record.stamp([address])
    assert "its nonce is another" in told["failed"][0]["why"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, b""), "no good"),
        ((200, b"<html>hello</html>"), "no good"),
        ((200, b"0" * (1 << 20) + b"00"), "larger than 1 MB"),
        ((404, b""), "404"),
        ((200, bytes.fromhex("300530030201023000")), "no good"),
        ((302, b"", {"Location": "file:///etc/passwd"}), "not allowed"),
        ((307, b"", {"Location": "ftp://127.0.0.1/"}), "another kind"),
    ],
)
def test_what_is_no_token_is_told_and_not_kept(record: Record, answer: Any, why: str) -> None:
    with serving(lambda path, query: answer) as address:
        told = record.stamp([address])
    assert why in told["failed"][0]["why"] and kept(record) == []


def test_a_refusal_is_passed_on_in_the_authoritys_words(record: Record) -> None:
    refused = bytes.fromhex("3013 3011 020102 300c 0c0a".replace(" ", "")) + b"not today!"
    with serving(lambda path, query: (200, refused)) as address:
        assert "not granted" in (why := record.stamp([address])["failed"][0]["why"]) and "not today!" in why


def test_a_moved_authority_is_followed_and_asked_the_same(record: Record, rsa: Maker) -> None:
    def answer(path: str, query: bytes) -> Any:
        return (200, rsa.reply(query)) if path == "/there" else (307, b"", {"Location": "/there"})

    with serving(answer) as address:
        assert record.stamp([address])["failed"] == []


def test_a_missing_extra_is_named(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.startswith(("rfc3161_client", "opentimestamps")):
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(AuthorityMissing, match=r"pip install 'onrecord\[time\]'"):
        record.stamp([NOWHERE])
    with pytest.raises(AuthorityMissing, match=r"pip install 'onrecord\[bitcoin\]'"):
        record.stamp([], [NOWHERE])


def test_the_record_verifies_after_stamping(record: Record, letter: Take, rsa_address: str) -> None:
    letter("a letter")
    record.stamp([rsa_address])
    assert record.verify(views=True)["problems"] == []
