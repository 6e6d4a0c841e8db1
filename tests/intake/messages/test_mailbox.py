"""Mailboxes: every mail an original of its own, with its bytes as they stand."""

from __future__ import annotations

import io

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from onrecord.intake.media import media_type
from onrecord.intake.messages import mailbox
from onrecord.intake.messages.mailbox import separators
from onrecord.intake.reading import Member, Source
from tests.intake.given import Given, given

FIRST = b"From guard@weir.example Tue May 14 07:15:00 2019\n"
SECOND = b"From vendor@ford.example Wed May 15 06:40:00 2019\n"
ONE = b"Subject: The gate\n\nThe gate was shut.\n>From then on nobody passed.\n\n"
OTHER = "Subject: البوابة\n\nהשער היה פתוח.\n".encode()
SAMPLE = FIRST + ONE + SECOND + OTHER


def read(content: bytes) -> Given:
    return given(mailbox, content, name="archive.mbox")


def test_each_mail_is_a_member_with_its_bytes_as_they_stand() -> None:
    found = read(SAMPLE)
    assert found.members == [("message-1.eml", ONE), ("message-2.eml", OTHER)]
    assert found.about[0]["from_line"] == "guard@weir.example Tue May 14 07:15:00 2019"


def test_it_has_no_layer_and_says_what_it_is() -> None:
    assert read(SAMPLE).reading.why_none == "a mailbox with 2 messages; each is an original of its own"


@pytest.mark.parametrize(
    "line",
    [
        b"From - Tue May 14 07:15:00 2019\r\n",
        b"From 1633@xxx Tue May 14 07:15:00 +0000 2019\n",
        b"From \n",
        b"From\n",
        b"From -\n",
    ],
)
def test_the_lines_of_several_programs_begin_a_mail(line: bytes) -> None:
    assert read(line + ONE + line + OTHER).members == [("message-1.eml", ONE), ("message-2.eml", OTHER)]


@pytest.mark.parametrize(
    "words",
    [
        b"From the gate: nothing.\nIt was shut.\n",
        b"\nFrom then on nobody passed.\nNote: it was shut.\n",
        b"\nFrom 07:15 on nobody passed.\nIt was shut.\n",
    ],
)
def test_words_that_begin_with_from_part_nothing(words: bytes) -> None:
    content = b"Subject: x\n\nHe said:\n" + words
    assert read(FIRST + content).members == [("message-1.eml", content)]


def test_a_dated_line_parts_mails_also_without_an_empty_line_before() -> None:
    assert len(read(FIRST + b"Subject: x\n\nwords\n" + SECOND + OTHER).members) == 2


@pytest.mark.parametrize("before", range(0, 60))
def test_a_line_is_found_wherever_the_file_is_cut_for_reading(before: int) -> None:
    words = b"Subject: x\n\n" + b"w" * ((1 << 20) - 120 + before * 3) + b"\n\n"
    assert read(FIRST + words + SECOND + OTHER).members == [
        ("message-1.eml", words),
        ("message-2.eml", OTHER),
    ]


def test_lines_of_any_length_have_an_end() -> None:
    content = FIRST + b"Subject: x\n\n" + b"\nFrom " + b"a" * 3_000_000 + b"\nX: y\n"
    assert len(read(content).members) == 1


def test_a_mail_comes_in_pieces() -> None:
    content = FIRST + b"Subject: x\n\n" + b"words\n" * 500_000
    (member, _) = mailbox.read(Source(io.BytesIO(content), len(content), "", "x"))
    assert isinstance(member, Member)
    assert max(map(len, member.chunks)) <= 1 << 18


def test_a_mailbox_is_known_by_its_first_lines() -> None:
    assert media_type(SAMPLE, "archive") == media_type(SAMPLE, "archive.mbox") == "application/mbox"
    assert media_type(SAMPLE, "one.eml") != "application/mbox"
    assert media_type(b"From the gate\nStatement: it was shut.\n", "x") == "text/plain"
    assert media_type(b"From: the gate\nDate: 3 May\n\nNothing.", "x") == "text/plain"


@for_all(st.binary(max_size=300))
def test_any_bytes_give_a_reading(content: bytes) -> None:
    read(content)
    read(FIRST + content)


@for_all(
    st.lists(
        st.sampled_from([FIRST, SECOND, b"From \n", b"\n", b"\r\n", b"X: y\n", b"words", b">From x\n"]),
        max_size=30,
    )
)
def test_no_byte_after_the_first_line_is_lost(parts: list[bytes]) -> None:
    content = FIRST + b"X: y\n" + b"".join(parts)
    members = b"".join(kept for _, kept in read(content).members)
    lines = sum(one.end - one.start for one in separators(io.BytesIO(content), len(content)))
    assert len(members) + lines == len(content)
