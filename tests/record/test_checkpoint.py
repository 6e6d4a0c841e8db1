import pytest

from onrecord.record.checkpoint import (
    NoteInvalid,
    Signer,
    fingerprint,
    open_note,
    origin_of,
    parse_verifier_key,
    verifier_key,
)

ORIGIN = origin_of("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb.1")
SIGNER = Signer(ORIGIN, bytes(range(32)))
NOTE = SIGNER.note(7, b"r" * 32)


def test_a_note_opens_with_its_key() -> None:
    opened = open_note(NOTE, ORIGIN, SIGNER.public)
    assert (opened.size, opened.root) == (7, b"r" * 32)


@pytest.mark.parametrize("place", range(0, len(NOTE), 5))
def test_a_note_with_one_bit_changed_does_not_open(place: int) -> None:
    changed = bytearray(NOTE)
    changed[place] ^= 1
    with pytest.raises(NoteInvalid):
        open_note(bytes(changed), ORIGIN, SIGNER.public)


def test_a_note_does_not_open_for_another_log() -> None:
    with pytest.raises(NoteInvalid, match="origin"):
        open_note(NOTE, origin_of("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb.2"), SIGNER.public)


def test_cosignatures_of_others_are_passed_over() -> None:
    other = Signer("another.example/witness", b"w" * 32)
    line = other.note(7, b"r" * 32).split(b"\n\n")[1]
    assert open_note(NOTE + line, ORIGIN, SIGNER.public).size == 7


def test_a_verifier_key_comes_back_and_a_changed_one_does_not() -> None:
    text = verifier_key(ORIGIN, SIGNER.public)
    assert parse_verifier_key(text) == (ORIGIN, SIGNER.public)
    with pytest.raises(NoteInvalid):
        parse_verifier_key(text.replace("bbbb.1", "bbbb.2"))


def test_a_fingerprint_is_eight_groups_of_four() -> None:
    assert [len(group) for group in fingerprint(SIGNER.public).split(" ")] == [4] * 8
