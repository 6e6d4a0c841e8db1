"""age files under a passphrase: what another implementation writes opens here, and the other way round."""

import io
import os

import pyrage
import pytest

from onrecord.record.errors import PassphraseMissing, RecordUnreadable
from onrecord.store import passphrase_file
from onrecord.store.passphrase_file import CHUNK, decrypt, decrypted, encrypt, encrypted, is_under_passphrase

PASSPHRASE = "kettle orbit ليمون cellar"


@pytest.fixture
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same files at a cost that a test can pay: the number of rounds stands in each."""
    monkeypatch.setattr(passphrase_file, "WORK", 10)


def test_another_age_program_opens_what_is_written_here(little_work: None) -> None:
    data = os.urandom(CHUNK + 5)
    assert pyrage.passphrase.decrypt(encrypted(data, PASSPHRASE), PASSPHRASE) == data


def test_what_another_age_program_wrote_opens_here() -> None:
    written = pyrage.passphrase.encrypt(b"words", PASSPHRASE)
    assert is_under_passphrase(written)
    assert decrypted(written, PASSPHRASE, "file") == b"words"


def test_the_cost_is_that_of_the_age_program() -> None:
    assert b" 18\n" in encrypted(b"", PASSPHRASE)[:64]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_every_length_comes_back(little_work: None, size: int) -> None:
    data = os.urandom(size)
    written = encrypted(data, PASSPHRASE)
    assert decrypted(written, PASSPHRASE, "file") == data
    assert size < 16 or data not in written


def test_one_letter_typed_on_two_keyboards_is_one_letter(little_work: None) -> None:
    written = encrypted(b"words", "cafe\u0301 au lait")
    assert decrypted(written, "caf\u00e9 au lait", "file") == b"words"


def test_a_wrong_passphrase_is_said_to_be_wrong(little_work: None) -> None:
    with pytest.raises(PassphraseMissing, match="does not open it"):
        decrypted(encrypted(b"words", PASSPHRASE), "kettle orbit", "file")


def test_a_byte_changed_or_missing_anywhere_is_found(little_work: None) -> None:
    written = encrypted(b"w" * 40, PASSPHRASE)
    for place in range(len(written)):
        changed = written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :]
        with pytest.raises((RecordUnreadable, PassphraseMissing)):
            decrypted(changed, PASSPHRASE, "file")
        with pytest.raises((RecordUnreadable, PassphraseMissing)):
            decrypted(written[:place], PASSPHRASE, "file")
    with pytest.raises(RecordUnreadable):
        decrypted(written + b"x", PASSPHRASE, "file")


def test_a_file_cut_between_two_chunks_is_found(little_work: None) -> None:
    written = encrypted(bytes(2 * CHUNK), PASSPHRASE)
    whole = len(written) - (CHUNK + 16)
    with pytest.raises(RecordUnreadable, match="cut short"):
        decrypted(written[:whole], PASSPHRASE, "file")


def test_a_file_that_asks_for_more_work_than_a_laptop_has_is_refused(little_work: None) -> None:
    written = encrypted(b"words", PASSPHRASE).replace(b" 10\n", b" 40\n", 1)
    with pytest.raises(RecordUnreadable):
        decrypted(written, PASSPHRASE, "file")


def test_pieces_of_any_size_are_read_and_written(little_work: None) -> None:
    class Drop(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 777))

    data, out, back = os.urandom(2 * CHUNK + 9), io.BytesIO(), io.BytesIO()
    encrypt(Drop(data), out, PASSPHRASE)
    decrypt(Drop(out.getvalue()), back, PASSPHRASE, "file")
    assert back.getvalue() == data
