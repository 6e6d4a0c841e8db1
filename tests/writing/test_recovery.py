"""Recovery shares: enough of them open what is sealed and sign, fewer do nothing, and errors name the share."""

import shutil
from pathlib import Path
from typing import Any

import pyrage
import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.checkpoint import parse_verifier_key, signed_by
from onrecord.record.errors import AdmissionRefused, KeyMissing, OutputExists, SharesRefused, ThingUnknown
from onrecord.settings import Settings
from onrecord.store import passphrase_file
from onrecord.store.recovery import new_shares, recovered
from onrecord.store.share_file import share_text, write_shares
from onrecord.writing.recovery import signer_from_shares
from tests.exchange.laptops import Laptop

SEALED = {"names": [{"text": "Zeinab Qarawi"}]}
WITNESS = {"kind": "actor", "id": "witness", "names": ["Witness 3"], "sealed": SEALED}


def shares_of(record: Record, out: Path, shares: int = 3, needed: int = 2) -> list[Path]:
    return [Path(share) for share in record.make_recovery(shares, needed, out)["shares"]]


@pytest.fixture
def shares(record: Record, tmp_path: Path) -> list[Path]:
    return shares_of(record, tmp_path / "shares")


def words_of(share: Path) -> str:
    """The words of a share as somebody types them in from the paper."""
    return share.read_text(encoding="utf-8").partition("The words of this share:")[2]


def test_any_two_of_three_open_what_was_sealed_since(
    record: Record, shares: list[Path], tmp_path: Path
) -> None:
    record.put([WITNESS])
    one, two, three = shares
    elsewhere = Settings(home=tmp_path / "elsewhere", handle="noam", zone="UTC")
    record.close()
    for pair in ([one, two], [three, one], [two, three], [one, two, three]):
        with onrecord.open(record.path, settings=elsewhere) as other:
            opened = other.recover(pair, "witness", "mira was arrested")
            assert opened["sealed"] == SEALED
            assert "recovery shares" in other.get(opened["custody"])["tool"]


def test_what_is_sealed_names_the_recovery_key_beside_the_keepers(record: Record, shares: list[Path]) -> None:
    record.put([WITNESS])
    made = record.show_recovery()["recovery"]
    assert made in record.get("witness")["sealed"]["to"]
    assert len(record.get("witness")["sealed"]["to"]) == 2
    assert record.unseal("witness", "why")["sealed"] == SEALED


def test_a_share_says_what_it_is_and_names_nothing_of_the_record(tmp_path: Path) -> None:
    laptop = Settings(home=tmp_path / "home", handle="Mira-71", zone="UTC")
    onrecord.new(tmp_path / "record", title="The Ilvane crossing", settings=laptop)
    with onrecord.open(tmp_path / "record", settings=laptop) as record:
        made = record.make_recovery(5, 3, tmp_path / "shares")
        page = Path(made["shares"][1]).read_text(encoding="utf-8")
        assert page.startswith("RECOVERY SHARE 2 OF 5\n3 are needed.")
        assert made["fingerprint"] in page and "2 other shares" in page
        for secret in ("Ilvane", "crossing", "Mira-71", record.id):
            assert secret not in page
        assert all(len(line) <= 80 for line in page.splitlines())


def test_shares_are_for_their_owner_only_and_nothing_else_is_kept_of_the_key(
    record: Record, shares: list[Path], home: Path
) -> None:
    assert all(share.stat().st_mode & 0o077 == 0 for share in shares)
    key = recovered(shares[:2]).identity.encode()
    for top in (record.path, home):
        assert not any(key in file.read_bytes() for file in top.rglob("*") if file.is_file())


def test_words_typed_in_by_hand_are_a_share(record: Record, shares: list[Path], tmp_path: Path) -> None:
    record.put([WITNESS])
    typed = tmp_path / "typed.txt"
    typed.write_text("\ufeff" + words_of(shares[0]).upper().replace("  ", "\n"), encoding="utf-8")
    assert record.recover([typed, shares[2]], "witness", "why")["sealed"] == SEALED


def test_too_few_shares_say_how_many_are_missing(record: Record, tmp_path: Path) -> None:
    first, *others = shares_of(record, tmp_path / "shares", 5, 3)
    with pytest.raises(
        SharesRefused, match=r"share-1-of-5\.txt: 3 different shares are needed.*there is 1.*Ask 2"
    ):
        recovered([first])
    shutil.copy(first, tmp_path / "copy.txt")
    with pytest.raises(SharesRefused, match="its copy count as one"):
        recovered([first, tmp_path / "copy.txt", others[0]])
    with pytest.raises(SharesRefused, match="no share was given"):
        recovered([])


def test_a_damaged_share_is_named_without_its_words(shares: list[Path], tmp_path: Path) -> None:
    words = words_of(shares[0]).split()
    listed = words[1::2]
    for damaged, said in (
        ([*listed[:4], "xylophone", *listed[5:]], "word 5 is not a word"),
        ([listed[1], listed[0], *listed[2:]], "are not a share"),
        (listed[:-1], "its 32 words are not a share"),
        (["good", "morning", "to", "you"], "holds no share"),
        ([], "holds no share"),
    ):
        file = tmp_path / "damaged.txt"
        file.write_text(" ".join(damaged), encoding="utf-8")
        with pytest.raises(SharesRefused, match=said) as wrong:
            recovered([file, shares[1]])
        assert "damaged.txt" in str(wrong.value)
        assert not any(f" {word} " in str(wrong.value) for word in listed if len(word) > 6)


@pytest.mark.parametrize("held", [b"\xff\xfe\x00", None])
def test_what_is_no_text_is_no_share(shares: list[Path], tmp_path: Path, held: bytes | None) -> None:
    file = tmp_path / "odd"
    if held:
        file.write_bytes(held)
    with pytest.raises(SharesRefused, match="odd"):
        recovered([file, shares[1]])


def test_shares_of_two_keys_do_not_mix(shares: list[Path], tmp_path: Path) -> None:
    key, words = new_shares(3, 2)
    others = write_shares(
        tmp_path / "others", [share_text(one, n, 3, 2, key.fingerprint) for n, one in enumerate(words, 1)]
    )
    with pytest.raises(
        SharesRefused, match=r"others/share-2-of-3\.txt: it is a share of another recovery key"
    ):
        recovered([shares[0], others[1]])


def test_shares_of_another_record_are_refused(record: Record, tmp_path: Path, laptop: Settings) -> None:
    record.put([WITNESS])
    shares_of(record, tmp_path / "shares")
    onrecord.new(tmp_path / "second", settings=laptop)
    with onrecord.open(tmp_path / "second", settings=laptop) as second:
        theirs = shares_of(second, tmp_path / "theirs")
    with pytest.raises(SharesRefused, match="another record's recovery key"):
        record.recover(theirs[:2], "witness", "why")


def test_a_record_keeps_the_recovery_key_it_has(record: Record, shares: list[Path], tmp_path: Path) -> None:
    with pytest.raises(OutputExists, match="has one already"):
        record.make_recovery(3, 2, tmp_path / "more")
    assert not (tmp_path / "more").exists()


def test_a_folder_with_something_in_it_gets_no_shares(record: Record, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    with pytest.raises(OutputExists):
        record.make_recovery(3, 2, tmp_path / "full")
    assert record.show_recovery()["recovery"] is None


@pytest.mark.parametrize(("shares", "needed"), [(3, 4), (3, 1), (1, 1), (17, 2)])
def test_numbers_that_cannot_be_are_refused(record: Record, tmp_path: Path, shares: int, needed: int) -> None:
    with pytest.raises(SharesRefused, match="cannot be"):
        record.make_recovery(shares, needed, tmp_path / "shares")


def test_what_was_sealed_before_is_counted_and_can_be_sealed_again(record: Record, tmp_path: Path) -> None:
    record.put([WITNESS, {**WITNESS, "id": "other", "sealed": {"names": ["Another"]}}])
    first = record.get("witness")["heads"][0]["version"]
    made = record.make_recovery(3, 2, tmp_path / "shares")
    assert made["earlier"] == 2
    with pytest.raises(KeyMissing):
        record.recover(made["shares"][:2], "witness", "why")
    assert record.reseal() == {"resealed": 2, "left": []}
    assert record.show_recovery()["earlier"] == 0
    assert record.recover(made["shares"][:2], "witness", "why")["sealed"] == SEALED
    thing = record.get("witness")
    assert (thing["slug"], thing["in_conflict"]) == ("witness", False)
    assert thing["heads"][0]["supersedes"] == [first]
    assert [hit["id"] for hit in record.search("Witness")].count(thing["id"]) == 1
    assert record.verify(views=True)["problems"] == []


def test_to_seal_again_what_needs_it_not_writes_nothing(record: Record, shares: list[Path]) -> None:
    record.put([WITNESS])
    before = record.history("witness")
    assert record.reseal() == {"resealed": 0, "left": []}
    assert record.history("witness") == before


def test_who_lost_a_passphrase_gets_a_new_key_and_shares_seal_to_it(
    record: Record, shares: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passphrase_file, "WORK", 10)
    record.put([WITNESS])
    record.close()
    anew = Settings(
        home=home, handle="Mira-71", zone="UTC", passphrase="kettle orbit", new_passphrase="kettle orbit"
    )
    with onrecord.open(record.path, settings=anew) as again:
        again.passphrase(new_identity=True, lost=True)
        assert again.show_recovery()["earlier"] == 1
        assert [row["why"] for row in again.reseal()["left"]] == ["no key given here opens it"]
        assert again.reseal(shares[1:]) == {"resealed": 1, "left": []}
        assert again.unseal("witness", "why")["sealed"] == SEALED


def test_without_a_recovery_key_shares_are_asked_for_in_vain(record: Record, tmp_path: Path) -> None:
    record.put([WITNESS])
    with pytest.raises(ThingUnknown, match="recovery make"):
        record.recover([tmp_path / "x"], "witness", "why")


def test_the_shares_sign_as_the_key_that_the_record_names(record: Record, shares: list[Path]) -> None:
    sign = signer_from_shares(record._store, shares[:2])
    named = record._store.recovery()
    assert named
    origin, public = parse_verifier_key(named.vkey)
    assert origin == f"onrecord-recovery/{record.id}"
    assert signed_by(public, b"onrecord revocation v1\n", sign(b"onrecord revocation v1\n"))


def test_every_key_is_one_that_age_reads(tmp_path: Path) -> None:
    for _ in range(20):
        key, _words = new_shares(2, 2)
        assert str(pyrage.x25519.Identity.from_str(key.identity)) == key.identity
        assert str(pyrage.x25519.Identity.from_str(key.identity).to_public()) == key.recipient


@pytest.fixture
def two(tmp_path: Path) -> tuple[Laptop, Laptop, str]:
    """Mira's laptop, that of Noam whom she let in as a keeper, and the id of his device."""
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    stick = tmp_path / "stick"
    stick.mkdir()
    device = noam.join(stick, mira.send(stick, invite=True)["code"])["device"]
    mira.merge(stick)
    mira.admit(device, handle="noam", role="keeper")
    mira.send(stick)
    noam.merge(stick)
    return mira, noam, device


def test_a_keeper_on_another_laptop_opens_what_was_sealed_since_and_what_was_sealed_again(
    two: tuple[Laptop, Laptop, str], tmp_path: Path
) -> None:
    mira, noam, _ = two
    mira.put(WITNESS)
    mira.send(tmp_path / "stick")
    noam.merge(tmp_path / "stick")
    with noam.record() as record:
        opened = record.unseal("witness", "a lawyer called")
        assert opened["sealed"] == SEALED
        assert record.get(opened["custody"])["by"] == "noam"


def test_a_laptop_that_shares_shut_out_is_no_longer_sealed_to(
    two: tuple[Laptop, Laptop, str], tmp_path: Path
) -> None:
    mira, _, device = two
    mira.put(WITNESS)
    with mira.record() as record:
        shares = record.make_recovery(3, 2, tmp_path / "shares")["shares"]
        record.reseal()
        assert len(record.get("witness")["sealed"]["to"]) == 3
        assert record.revoke(device, "stolen at the checkpoint", shares[:2])["revoked"]
        assert record.show_recovery()["earlier"] == 1
        assert record.reseal()["resealed"] == 1
        assert len(record.get("witness")["sealed"]["to"]) == 2
        assert record.unseal("witness", "why")["sealed"] == SEALED
        assert record.verify(views=True)["problems"] == []


def carry(one: Laptop, other: Laptop, stick: Path) -> dict[str, Any]:
    one.send(stick)
    return other.merge(stick)


def test_a_key_made_on_another_laptop_counts_once_a_second_keeper_confirms_it(
    two: tuple[Laptop, Laptop, str], tmp_path: Path
) -> None:
    mira, noam, _ = two
    with noam.record() as record:
        made = record.make_recovery(3, 2, tmp_path / "shares")
        assert made["counts"] is False and record.show_recovery()["recovery"] is None
        with pytest.raises(OutputExists, match="waits for a second"):
            record.make_recovery(3, 2, tmp_path / "more")
        with pytest.raises(ThingUnknown, match="none waits"):
            record.confirm_recovery()
        with pytest.raises(ThingUnknown, match="recovery make"):
            record.revoke(mira.device, "usurped", made["shares"][:2])
    carry(noam, mira, tmp_path / "stick")
    mira.put(WITNESS)
    with mira.record() as record:
        assert len(record.get("witness")["sealed"]["to"]) == 2
        (waiting,) = record.show_recovery()["waiting"]
        assert waiting == {"fingerprint": made["fingerprint"], "by": "noam", "here": False}
        with pytest.raises(ThingUnknown, match="none waits"):
            record.confirm_recovery("0" * 64)
        assert record.confirm_recovery(made["fingerprint"][:6])["counts"] is True
        assert record.show_recovery()["waiting"] == []
        record.put([{**WITNESS, "id": "later"}])
        assert len(record.get("later")["sealed"]["to"]) == 3
    carry(mira, noam, tmp_path / "stick")
    with noam.record() as record:
        assert record.show_recovery()["fingerprint"] == made["fingerprint"]
        assert record.recover(made["shares"][1:], "later", "why")["sealed"] == SEALED
        assert record.verify(views=True)["problems"] == []


def test_only_a_keeper_makes_or_confirms_one(two: tuple[Laptop, Laptop, str], tmp_path: Path) -> None:
    mira, noam, device = two
    mira.admit(device, role="member")
    carry(mira, noam, tmp_path / "stick")
    with noam.record() as record, pytest.raises(AdmissionRefused, match="only a keeper"):
        record.make_recovery(3, 2, tmp_path / "shares")
    assert not (tmp_path / "shares").exists()
