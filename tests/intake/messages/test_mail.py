"""Mails: headers and body as the layer, every header as stated, and what is attached as members."""

from __future__ import annotations

import base64
import io
import re

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from onrecord.intake.messages import mail as reader
from onrecord.intake.messages.dates import edtf_of
from onrecord.intake.messages.parts import DEEPEST, MOST_PARTS
from onrecord.intake.reading import Member, Source
from tests.intake.given import Given, given
from tests.intake.messages.mails import PDF, SAMPLE, attached, letter, mail, multipart, part


def read(content: bytes, encoding: str | None = None) -> Given:
    return given(reader, content, name="letter.eml", encoding=encoding)


def plain(content: bytes, charset: str = "utf-8", *headers: str) -> Given:
    return read(mail("Subject: x", f"Content-Type: text/plain; charset={charset}", *headers, body=content))


def test_the_layer_is_the_headers_a_person_sees_and_then_the_body() -> None:
    assert read(SAMPLE).kinds() == [
        ("header", "From: שומרת הסכר <guard@weir.example>"),
        ("header", "To: البائعة <vendor@ford.example>"),
        ("header", "Date: Tue, 14 May 2019 07:15:00 +0300"),
        ("header", "Subject: The gate at the ford"),
        ("paragraph", "The gate was shut."),
        ("paragraph", "البوابة مغلقة"),
    ]


def test_every_header_is_kept_as_stated_in_its_order() -> None:
    found = read(SAMPLE).reading.observations
    assert [one.name for one in found] == [
        *("Received", "From", "To", "Date", "Subject", "Message-ID", "MIME-Version", "Content-Type")
    ]
    assert {one.of for one in found} == {"mail header"}
    assert found[1].value.startswith("=?utf-8?B?") and found[1].reads == "שומרת הסכר <guard@weir.example>"
    assert (found[3].value, found[3].reads) == (
        "Tue, 14 May 2019 07:15:00 +0300",
        "2019-05-14T07:15:00+03:00",
    )
    assert found[4].value == "The gate at the ford"


def test_a_chain_of_headers_of_one_name_keeps_them_all() -> None:
    found = read(mail("Received: by c", "Received: by b", "Received: by a", "Subject: x", body=b"words"))
    assert found.stated("Received") == ["by c", "by b", "by a"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Tue, 14 May 2019 07:15:00 +0300", "2019-05-14T07:15:00+03:00"),
        ("14 May 2019 07:15 GMT", "2019-05-14T07:15Z"),
        ("Tue, 14 May 2019 07:15:00 +0300 (IDT)", "2019-05-14T07:15:00+03:00"),
        ("Tue, 14 May 2019 07:15:00 -0000", "2019-05-14T07:15:00Z"),
        ("Mon, 14 May 2019 07:15:00 +0300", None),
        ("31 Apr 2019 07:15:00 +0300", None),
        ("14 May 19 07:15:00 +0300", None),
        ("14 May 2019 25:15:00 +0300", None),
        ("14 May 2019 07:15:00 +9900", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_told_in_our_form_and_never_guessed_from_a_malformed_one(
    written: str, expected: str | None
) -> None:
    assert edtf_of(written) == expected
    assert read(mail(f"Date: {written}", body=b"x")).observed("Date").reads == expected


def test_an_attachment_is_a_member_with_its_name_type_and_place() -> None:
    found = read(SAMPLE)
    assert found.members == [("report.pdf", PDF)]
    assert found.about == [{"name": "report.pdf", "part": "2", "content_disposition": "attachment"}]


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("; filename=../../etc/passwd", "../../etc/passwd"),
        ("; filename*=utf-8''%e2%80%aefdp.exe", "\u202efdp.exe"),
        ("; filename*0*=utf-8''%d7%a1%d7%9b; filename*1=%20weir.pdf", "סכ%20weir.pdf"),
        ('; filename="=?windows-1255?Q?=F1=EB=F8?=.pdf"', "סכר.pdf"),
        ('; filename="a \\"gate\\".pdf"', 'a "gate".pdf'),
        ("", "part-1.pdf"),
    ],
)
def test_a_name_is_kept_as_written_and_is_no_path(stated: str, name: str) -> None:
    assert read(letter(multipart("mixed", attached(stated, PDF)))).members == [(name, PDF)]


def test_a_mail_inside_a_mail_is_a_member_byte_for_byte() -> None:
    inner = mail("Subject: المعبر", body=b"The ford is shut.\r\n")
    found = read(letter(multipart("mixed", part("text/plain", b"See below."), part("message/rfc822", inner))))
    assert found.members == [("part-2.eml", inner)]
    assert "The ford" not in found.text


def test_a_body_of_html_alone_is_read_as_a_page() -> None:
    page = "<style>p{}</style><h1>הסכר</h1><p>The weir<br>is shut.</p>".encode("windows-1255")
    found = read(letter(part("text/html; charset=windows-1255", page)))
    assert found.kinds()[4:] == [("heading", "הסכר"), ("paragraph", "The weir\nis shut.")]
    assert found.reading.parameters == {"encoding": "windows-1255", "body": "text/html"}


def test_html_that_says_more_than_the_plain_text_is_kept_beside_it() -> None:
    html = b"<p>The gate was shut.</p><p>By order.</p>"
    both = multipart("alternative", part("text/plain", b"The gate was shut."), part("text/html", html))
    found = read(letter(both))
    assert "By order" not in found.text
    assert found.members == [("part-2.html", html)]
    assert "part 2 is another version of the body" in found.notes


def test_html_that_says_the_same_is_not_kept_apart() -> None:
    assert read(SAMPLE).names == ["report.pdf"]
    assert "another version" not in read(SAMPLE).notes


def test_an_empty_plain_version_does_not_hide_the_html() -> None:
    both = multipart("alternative", part("text/plain", b"\r\n"), part("text/html", b"<p>The gate.</p>"))
    found = read(letter(both))
    assert found.text.endswith("\n\nThe gate.") and found.members == []


def test_a_page_is_shown_also_where_an_invitation_follows_it() -> None:
    page, day = part("text/html", b"<p>The gate.</p>"), part("text/calendar", b"BEGIN:VCALENDAR")
    found = read(letter(multipart("alternative", part("text/plain", b" "), page, day)))
    assert found.text.endswith("\n\nThe gate.") and found.members == [("part-3.ics", b"BEGIN:VCALENDAR")]


def test_an_alternative_of_nothing_but_files_keeps_them() -> None:
    found = read(letter(multipart("alternative", part("image/png", b"a"), part("image/png", b"b"))))
    assert found.names == ["part-1.png", "part-2.png"]


def test_texts_between_attachments_are_all_in_the_body() -> None:
    parts = (part("text/plain", b"Before."), attached("; filename=a.pdf", PDF), part("text/plain", b"After."))
    found = read(letter(multipart("mixed", *parts)))
    assert found.text.endswith("\n\nBefore.\n\nAfter.") and found.names == ["a.pdf"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (multipart("encrypted", part("application/pgp-encrypted", b"Version: 1")), "encrypted (PGP/MIME)"),
        (part("application/pkcs7-mime; smime-type=enveloped-data", b"0"), "encrypted (S/MIME)"),
        (part("application/pkcs7-mime; smime-type=signed-data", b"0"), "signed (S/MIME)"),
        (
            multipart(
                "signed", part("text/plain", b"x"), more='; protocol="application/pgp-signature"'
            ),
            "signed (PGP/MIME)",
        ),
        (part("text/plain", b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQ"), "encrypted (PGP)"),
    ],
)  # fmt: skip
def test_what_is_locked_or_signed_is_said(body: bytes, said: str) -> None:
    assert said in read(letter(body)).notes


@pytest.mark.parametrize(
    ("charset", "actual", "words"),
    [
        ("windows-1256", "windows-1256", "البوابة مغلقة منذ الصباح"),
        ("us-ascii", "utf-8", "השער היה סגור"),
        ("utf-8", "windows-1255", "השער היה סגור מהבוקר ועד הערב"),
        ("rot13", "utf-8", "The gate was shut"),
        ("iso-8859-8-i", "iso8859-8", "השער היה סגור"),
        ("utf-16le", "utf-8", "The gate"),
    ],
)
def test_the_words_come_out_whatever_the_stated_encoding(charset: str, actual: str, words: str) -> None:
    assert plain(words.encode(actual), charset).text == f"Subject: x\n\n{words}"


def test_a_person_may_choose_the_encoding() -> None:
    content = mail("Content-Type: text/plain; charset=utf-8", body="שער".encode("windows-1255"))
    assert read(content, encoding="windows-1255").text == "שער"


def test_headers_in_eight_bits_are_read() -> None:
    content = b"Subject: " + "The gate, השער, البوابة".encode() + b"\r\n\r\nx"
    assert read(content).reading.title == "The gate, השער, البوابة"


def test_a_word_cut_between_two_encoded_words_is_whole() -> None:
    first, second = (base64.b64encode(one).decode() for one in ("שער".encode()[:3], "שער".encode()[3:]))
    found = read(mail(f"Subject: =?utf-8?B?{first}?=\r\n =?utf-8?B?{second}?= end", body=b"x"))
    assert found.reading.title == "שער end"


def test_an_encoded_line_break_makes_no_second_header() -> None:
    found = read(mail("Subject: =?utf-8?Q?a=0D=0AFrom:_forged?=", body=b"x"))
    assert found.kinds()[0] == ("header", "Subject: a From: forged")


def test_several_senders_are_all_shown() -> None:
    found = read(mail("From: a@weir.example", "From: b@ford.example", body=b"x"))
    assert [text for kind, text in found.kinds() if kind == "header"] == [
        *("From: a@weir.example", "From: b@ford.example")
    ]


def test_what_goes_on_after_base64_has_ended_is_said() -> None:
    content = base64.b64encode(b"first") + b"\r\n" + base64.b64encode(b"second") + b"\r\n"
    found = read(letter(multipart("mixed", part("image/png", content, "Content-Transfer-Encoding: base64"))))
    assert found.members == [("part-1.png", b"first")]
    assert "part 1 goes on after the end of its encoding" in found.notes


def test_an_encoding_that_is_not_undone_is_said_and_its_bytes_stay() -> None:
    body = part("image/png", b"begin 644 a.png", "Content-Transfer-Encoding: x-uuencode")
    found = read(letter(body))
    assert found.members == [("part-1.png", b"begin 644 a.png")]
    assert "not undone here (x-uuencode)" in found.notes


@for_all(st.binary(max_size=2_000), st.sampled_from([4, 57, 76, 1_000]))
def test_base64_and_quoted_printable_come_out_as_they_went_in(content: bytes, width: int) -> None:
    import quopri

    raw = base64.b64encode(content)
    lines = b"\r\n".join(raw[at : at + width] for at in range(0, len(raw), width))
    parts = (
        part("image/png", lines, "Content-Transfer-Encoding: base64"),
        part(
            "image/png",
            quopri.encodestring(content, quotetabs=True),
            "Content-Transfer-Encoding: quoted-printable",
        ),
    )
    found = read(letter(multipart("mixed", *parts)))
    assert [kept for _, kept in found.members] == [content, content]


def test_a_missing_boundary_leaves_the_mail_whole_and_says_so() -> None:
    found = read(letter(b"Content-Type: multipart/mixed\r\n\r\n--a\r\n\r\nwords\r\n--a--\r\n"))
    assert "does not say what parts it" in found.notes
    assert found.members == [("part-1", b"--a\r\n\r\nwords\r\n--a--\r\n")]


def test_a_boundary_that_never_ends_keeps_the_last_part() -> None:
    found = read(letter(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nThe gate was sh"))
    assert found.text.endswith("The gate was sh") and "breaks off" in found.notes


def test_a_longer_line_than_the_boundary_is_none() -> None:
    found = read(
        letter(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\none\r\n--ab\r\ntwo\r\n--a--")
    )
    assert found.text.endswith("one\n--ab\ntwo")


@pytest.mark.parametrize("before", range(0, 40))
def test_a_boundary_is_found_wherever_the_file_is_cut_for_reading(before: int) -> None:
    size = (1 << 20) - 340 + before * 11
    big = b"x" * size
    found = read(letter(multipart("mixed", part("image/png", big), part("image/png", b"y"))))
    assert [len(kept) for _, kept in found.members] == [size, 1]


def test_nesting_has_an_end_and_the_rest_is_kept_together() -> None:
    body = part("text/plain", b"deep")
    for depth in range(DEEPEST + 30):
        body = multipart("mixed", body, boundary=f"b{depth}")
    found = read(letter(body))
    assert f"more than {DEEPEST} deep" in found.notes
    assert len(found.members) == 1 and b"deep" in found.members[0][1]


def test_thousands_of_parts_have_an_end() -> None:
    found = read(letter(multipart("mixed", *[part("image/png", b"x")] * (MOST_PARTS + 500))))
    assert len(found.members) < MOST_PARTS
    assert f"more than {MOST_PARTS:,} parts" in found.notes


def test_endless_headers_have_an_end_and_the_body_is_read() -> None:
    found = read(b"Subject: gate\r\n" + b"X-Much: more\r\n" * 200_000 + b"\r\nThe words.")
    assert found.text == "Subject: gate\n\nThe words."
    assert "more headers than are read" in found.notes and "not listed" in found.notes


def test_a_header_of_megabytes_is_cut_where_it_is_observed() -> None:
    found = read(b"X-Long: " + b"a" * 3_000_000 + b"\r\n\r\nwords")
    assert found.observed("X-Long").value.endswith("a…")


@pytest.mark.parametrize(
    "value", ["=?utf-8?Q?" + "=41" * 100_000 + "?=", "=?" * 200_000, "=?a?b?" * 100_000, "=?utf-8?B?QQ==?=" * 30_000]
)  # fmt: skip
def test_bombs_of_encoded_words_give_a_reading(value: str) -> None:
    assert read(mail(f"Subject: {value}", body=b"words")).text.endswith("\n\nwords")


@pytest.mark.parametrize(
    "value", ["; x" * 100_000, "; x=" * 100_000, '; n="' + "\\" * 100_000, ";" + " " * 200_000]
)
def test_bombs_of_parameters_give_a_reading(value: str) -> None:
    assert read(mail(f"Content-Type: text/plain{value}", body=b"words")).text.endswith("words")


def test_a_large_attachment_is_never_held_at_once() -> None:
    line = base64.b64encode(b"x" * 57) + b"\r\n"
    content = letter(
        multipart("mixed", part("video/mp4", line * 100_000, "Content-Transfer-Encoding: base64"))
    )
    sizes = [
        len(chunk)
        for one in reader.read(Source(io.BytesIO(content), len(content), "", "x"))
        if isinstance(one, Member)
        for chunk in one.chunks
    ]
    assert sum(sizes) == 5_700_000 and max(sizes) <= 1 << 18


def test_a_body_too_long_to_be_one_is_kept_as_a_file() -> None:
    found = read(letter(part("text/plain", b"words \r\n" * 3_000_000)))
    assert "too long for a body" in found.notes and len(found.members) == 1


def test_a_mail_with_nothing_has_no_layer_and_a_reason() -> None:
    assert read(b"").reading.why_none == "it has no headers and no body that could be read"


@for_all(st.binary(max_size=400))
def test_any_bytes_give_a_reading(content: bytes) -> None:
    read(content)


PIECES = [
    b"\r\n",
    b"--sluice",
    b"--inner",
    b"--",
    b'boundary="',
    b"Content-Type: ",
    b"multipart/mixed; ",
    b"=?utf-8?",
    b"\xff\0",
    b":",
    b";",
]


@for_all(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.sampled_from(PIECES), st.integers(0, 60)), max_size=8)
)
def test_any_change_to_a_mail_gives_a_reading(changes: list[tuple[int, bytes, int]]) -> None:
    content = SAMPLE
    for place, put, gone in changes:
        content = content[:place] + put + content[place + gone :]
    found = read(content)
    assert re.sub(r"\s", "", found.text) or found.members or found.reading.why_none
