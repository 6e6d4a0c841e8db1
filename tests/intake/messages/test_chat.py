"""Exported chats: the text stays as it is, and each message has its sender and time as written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.intake.media import media_type
from onrecord.intake.messages.chat import read_chat
from onrecord.intake.messages.sniff_chat import CHAT, looks_like_chat
from onrecord.intake.reading import Reading

ANDROID = """12/05/2019, 07:15 - Messages and calls are end-to-end encrypted.
12/05/2019, 07:15 - Salma: We are at the weir
and wait: still
14/05/2019, 07:16 - Dan: <Media omitted>
14/05/2019, 07:17 - +00 123: IMG-20190514-WA0001.jpg (file attached)
look
14/05/2019, 07:18 - Salma changed the subject to "gate: closed"
"""
ANDROID_ARABIC = """١٢\u200f/٥\u200f/٢٠١٩، ٧:١٥ ص - سلمى: نحن عند السد
١٢\u200f/٥\u200f/٢٠١٩، ٧:١٦ م - دان: <تم استبعاد الوسائط>
١٣\u200f/٥\u200f/٢٠١٩، ٧:١٧ م - دان: صورة.jpg (الملف مرفق)
"""
IPHONE = """[12/05/2019, 7:15:03\u202fAM] Salma: at the ford
\u200e[12/05/2019, 7:16:03\u202fPM] ~\u00a0Dan: \u200e<attached: 00000012-PHOTO-2019-05-12-07-16-03.jpg>
[1/05/2019, 7:17:00\u202fPM] Dan: \u200eimage omitted
"""
IPHONE_HEBREW = """[14.5.2019, 7:15:03] סלמה: אנחנו ליד השער
[14.5.2019, 7:16:03] דן: \u200f<מצורף: 00000012-PHOTO.jpg>
[15.5.2019, 8:16:03] דן: כן: כן
"""
MARKDOWN = """[2019-05-29, 15:04] Me: How is it at the gate?

[2019-05-29, 15:10] سلمى: ![weir.jpg](media/weir.jpg)
[2019-05-29, 15:20] דן: לא
"""
SHORT = """2019-05-29 15:04 You: At the weir?
2019-05-29 15:10 Dan: [reply to You on 2019-05-29 15:04, 2 attachments] כן
2019-05-29 15:11 سلمى: نعم
"""
FULL = """Conversation: Salma (+000)

From: Salma (+000)
Type: incoming
Sent: Wed, 29 May 2019 15:04:00 +0300
Received: Wed, 29 May 2019 15:04:01 +0300
Attachment: weir.jpg (image/jpeg, 5 bytes)

عند السد

From: You
Type: outgoing
Sent: Wed, 29 May 2019 15:05:00 +0300

כן
"""
DATABASE = (
    "[\n"
    + ",\n".join(
        json.dumps(one, ensure_ascii=False)
        for one in (
            {
                "id": "a",
                "conversationId": "c",
                "type": "incoming",
                "source": "+000",
                "sent_at": 1559131440000,
                "body": "عند السد",
                "attachments": [{"fileName": "weir.jpg"}, {"fileName": "gate.jpg"}],
            },
            {"id": "b", "conversationId": "c", "type": "outgoing", "sent_at": 1559131450000, "body": "כן"},
        )
    )
    + "\n]\n"
)
ALL = [ANDROID, ANDROID_ARABIC, IPHONE, IPHONE_HEBREW, MARKDOWN, SHORT, FULL, DATABASE]


def told(reading: Reading) -> list[dict[str, object]]:
    return [dict(part.about) for part in reading.segments if part.kind == "message"]


def words(reading: Reading) -> list[str]:
    text = reading.layer_text or ""
    return [text[part.start : part.end] for part in reading.segments if part.kind == "message"]


@pytest.mark.parametrize("text", ALL)
def test_the_text_stays_as_it_is_and_is_known_as_a_chat(text: str) -> None:
    assert read_chat(text.encode()).layer_text == text
    assert read_chat(text.replace("\n", "\r\n").encode("utf-8-sig")).layer_text == text
    assert looks_like_chat(text.encode(), "chat.txt")
    assert media_type(text.encode(), "_chat.txt") == CHAT


def test_an_android_export_has_senders_times_and_notices() -> None:
    reading = read_chat(ANDROID.encode())
    assert told(reading) == [
        {"time": "12/05/2019, 07:15"},
        {"time": "12/05/2019, 07:15", "sender": "Salma"},
        {"time": "14/05/2019, 07:16", "sender": "Dan"},
        {"time": "14/05/2019, 07:17", "sender": "+00 123", "attachment": "IMG-20190514-WA0001.jpg"},
        {"time": "14/05/2019, 07:18"},
    ]
    assert words(reading)[1].endswith("at the weir\nand wait: still")
    assert "not named in this export: 1" in reading.notes[-1]


def test_arabic_digits_and_halves_of_the_day_stay_as_written() -> None:
    reading = read_chat(ANDROID_ARABIC.encode())
    assert [one["sender"] for one in told(reading)] == ["سلمى", "دان", "دان"]
    assert told(reading)[0]["time"] == "١٢\u200f/٥\u200f/٢٠١٩، ٧:١٥ ص"
    assert told(reading)[2]["attachment"] == "صورة.jpg"
    assert "fit only one order: day, month, year" in reading.notes[1]


def test_an_iphone_export_is_told_by_its_brackets_and_marks() -> None:
    reading = read_chat(IPHONE.encode())
    assert [one["sender"] for one in told(reading)] == ["Salma", "~\u00a0Dan", "Dan"]
    assert told(reading)[0]["time"] == "12/05/2019, 7:15:03\u202fAM"
    assert told(reading)[1]["attachment"] == "00000012-PHOTO-2019-05-12-07-16-03.jpg"
    assert "the order of day and month in its dates is not certain" in reading.notes[1]


def test_a_hebrew_iphone_export_keeps_what_follows_a_second_colon() -> None:
    reading = read_chat(IPHONE_HEBREW.encode())
    assert [one["sender"] for one in told(reading)] == ["סלמה", "דן", "דן"]
    assert words(reading)[2].endswith("דן: כן: כן")
    assert told(reading)[1]["attachment"] == "00000012-PHOTO.jpg"


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (("12/05/2019", "01/02/2019"), "day, month, year or month, day, year"),
        (("13/05/2019", "01/02/2019"), "only one order: day, month, year"),
        (("5/13/19", "1/2/19"), "only one order: month, day, year"),
        (("2019/5/13", "2019/1/2"), "only one order: year, month, day"),
        (("13/05/2019", "05/13/2019"), "fit no single order"),
    ],
)
def test_the_order_of_day_and_month_is_said_as_far_as_the_dates_tell_it(
    days: tuple[str, ...], order: str
) -> None:
    text = "".join(f"{day}, 07:15 - Salma: نعم\n" for day in days)
    assert order in read_chat(text.encode()).notes[1]


def test_signal_exports_have_their_senders_times_and_files() -> None:
    assert told(read_chat(MARKDOWN.encode()))[1] == {
        "sender": "سلمى",
        "time": "2019-05-29, 15:10",
        "attachment": "weir.jpg",
    }
    assert [one["sender"] for one in told(read_chat(SHORT.encode()))] == ["You", "Dan", "سلمى"]
    assert told(read_chat(FULL.encode())) == [
        {"sender": "Salma (+000)", "time": "Wed, 29 May 2019 15:04:00 +0300", "attachment": "weir.jpg"},
        {"sender": "You", "time": "Wed, 29 May 2019 15:05:00 +0300"},
    ]
    assert told(read_chat(DATABASE.encode())) == [
        {
            "sender": "+000",
            "time": "1559131440000",
            "attachment": "weir.jpg",
            "attachments": ["weir.jpg", "gate.jpg"],
        },
        {"time": "1559131450000"},
    ]


def test_how_much_was_said_by_how_many_is_told() -> None:
    assert read_chat(ANDROID.encode()).notes[0] == (
        "a chat as exported (WhatsApp): messages: 3, senders named: 3, notices: 2"
    )
    assert read_chat(DATABASE.encode()).notes == (
        "a chat as exported (Signal, by sigtop, JSON): messages: 2, senders named: 1",
    )


def test_what_stands_before_the_first_message_is_a_part_too() -> None:
    reading = read_chat(FULL.encode())
    first = reading.segments[0]
    assert first.kind == "paragraph"
    assert FULL[first.start : first.end] == "Conversation: Salma (+000)"


@pytest.mark.parametrize(
    "text",
    [
        "2019-05-14 07:15:03 - INFO: started\n2019-05-14 07:15:04 - ERROR: x: y\n2019-05-14 07:15:05 - INFO: z\n",
        "2019-05-14 07:15 INFO: started\n2019-05-14 07:16 INFO: stopped\n",
        "12/05/2019, 07:15 - one line of a diary\nwithout names\nand so on\n",
        "[1] Salma: note\n[2] Dan: note\n",
        "Dear Dan,\n12/05/2019, 07:15 - Salma: quoted\n12/05/2019, 07:15 - Dan: quoted\n12/05/2019, 07:15 - Dan: x\n",
        '[{"id": 1, "type": "x"}]',
        "From: Salma\nTo: Dan\nSubject: the gate\n\nYes\n",
        "",
    ],
)
def test_other_texts_are_no_chats(text: str) -> None:
    assert not looks_like_chat(text.encode(), "notes.txt")


def test_a_text_that_a_person_calls_a_chat_and_is_none_is_plain_text() -> None:
    reading = read_chat("نعم\n\nכן\n".encode())
    assert reading.layer_text == "نعم\n\nכן\n"
    assert "read as plain text" in reading.notes[-1]


@settings(max_examples=150)
@given(st.sampled_from(ALL), st.data())
def test_every_message_is_in_the_layer_whatever_the_file(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    sound(read_chat((text[:start] + data.draw(st.text(max_size=8)) + text[end:]).encode()))


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reader(content: bytes) -> None:
    sound(read_chat(content))
    looks_like_chat(content, "x")


@pytest.mark.parametrize(
    "long",
    [
        "\u200f" * 100_000,
        " " * 100_000,
        "(" * 100_000,
        "<" * 50_000,
        "(صورف" * 20_000,
        "[" * 100_000,
        ":" * 100_000,
    ],
)
def test_long_lines_of_marks_take_no_long_time(long: str) -> None:
    sound(read_chat(f"12/05/2019, 07:15 - Salma: a.jpg {long}\n12/05/2019, 07:15{long}\n".encode()))
    sound(
        read_chat(f"[2019-05-29, 15:04] Me: {long}\n2019-05-29 15:04 {long}\nType: a\nSent: {long}".encode())
    )
    looks_like_chat(f"12/05/2019, 07:15{long}".encode(), "x")


def sound(reading: Reading) -> None:
    assert (reading.layer_text is None) == bool(reading.why_none)
    at = 0
    for part in reading.segments:
        assert at <= part.start < part.end <= len(reading.layer_text or "")
        json.dumps(part.as_json(), ensure_ascii=False).encode("utf-8")
        at = part.end
