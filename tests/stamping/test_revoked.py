"""Lists of revoked certificates, kept with the tokens that they concern."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

import onrecord
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import mint
from onrecord.stamping.histories import listing_of
from tests.authorities import Maker, openssl, serving
from tests.vectors.authority import Authority, Holder


def stamped(record: Record, maker: Maker, clock: str) -> None:
    with serving(lambda path, query: (200, maker.reply(query, clock))) as address:
        assert record.stamp([address])["failed"] == []


def listed(maker: Maker, place: Path, form: str = "PEM") -> Path:
    place.write_bytes(openssl("crl", "-inform", "DER", "-outform", form, input=maker.crl()))
    return place


def stamped_yesterday(record: Record, maker: Maker, clock: str) -> None:
    """As the clock would have answered then: its key is at hand."""
    key = serialization.load_pem_private_key((maker.folder / f"{clock}.key").read_bytes(), None)
    certificates = [x509.load_der_x509_certificate(maker.der(one)) for one in (clock, "between", "root")]
    by = Authority("https://clock.example/", tuple(Holder(key, one) for one in certificates))
    listing = listing_of(record._store.db.connection, record.id)
    token = by.stamp(bytes.fromhex(listing.root), 7, datetime.now(UTC) - timedelta(days=1))
    with record._store.writing() as writer:
        fields = {"listing": listing.text, "root": listing.root, "tokens": [token]}
        writer.append(Draft("stamp", mint(), fields))


@pytest.mark.parametrize("form", ["PEM", "DER"])
def test_a_token_whose_clock_was_replaced_since_stays_good(
    record: Record, rsa: Maker, tmp_path: Path, form: str
) -> None:
    name = f"replaced-later-{form}"
    rsa.certify(name)
    stamped_yesterday(record, rsa, name)
    rsa.revoke(name, "superseded")
    assert record.keep_revoked([listed(rsa, tmp_path / "list", form)]) == {"tokens": 1, "bad": []}
    assert record.stamps()[0]["stamped"] is True
    assert record.keep_revoked([tmp_path / "list"])["tokens"] == 0


def test_the_list_goes_with_a_proof(record: Record, rsa: Maker, tmp_path: Path) -> None:
    rsa.certify("replaced-then-proven")
    stamped_yesterday(record, rsa, "replaced-then-proven")
    rsa.revoke("replaced-then-proven", "superseded")
    record.keep_revoked([listed(rsa, tmp_path / "list")])
    name = f"{next(iter(record._store.db.log_numbers()))}/0"
    record.prove(name, tmp_path / "proof.json", with_body=False)
    found = onrecord.verify(tmp_path / "proof.json")
    assert found["ok"] and any("revoked later" in note for note in found["notes"])


def test_a_stolen_key_makes_its_tokens_bad_and_the_day_open_again(
    record: Record, rsa: Maker, tmp_path: Path
) -> None:
    rsa.certify("stolen-later")
    stamped(record, rsa, "stolen-later")
    assert record.stamps()[0]["stamped"] is True
    rsa.revoke("stolen-later", "keyCompromise")
    told = record.keep_revoked([listed(rsa, tmp_path / "list")])
    assert told["tokens"] == 1 and len(told["bad"]) == 1
    (day,) = record.stamps()
    assert day["stamped"] is False and "revoked" in day["problems"][0]["why"]


def test_another_authoritys_list_concerns_no_token(
    record: Record, rsa: Maker, curve: Maker, tmp_path: Path
) -> None:
    stamped(record, rsa, "clock")
    assert record.keep_revoked([listed(curve, tmp_path / "list")])["tokens"] == 0


def test_what_is_no_list_or_an_altered_one_is_refused(record: Record, rsa: Maker, tmp_path: Path) -> None:
    stamped(record, rsa, "clock")
    (tmp_path / "other").write_bytes(rsa.der("root"))
    bent = bytearray(rsa.crl())
    bent[-1] ^= 1
    (tmp_path / "bent").write_bytes(bent)
    for name, why in (("other", "holds no list"), ("bent", "altered")):
        with pytest.raises(FieldInvalid, match=why):
            record.keep_revoked([tmp_path / name])
