"""Documents made to overwhelm their readers: each is kept, and says what came of reading it."""

from __future__ import annotations

import pytest

from tests.hostile_originals.taking import Taking, is_plain
from tests.samples.documents import odt, pdf, sheet, word
from tests.samples.messages import mail

GATE = "The gate was shut."
BOMB = (
    "<!DOCTYPE x ["
    + '<!ENTITY a0 "weir weir weir weir ">'
    + "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 11))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a10 SYSTEM "file:///etc/passwd">]>'
KINDS = {
    "a.docx": lambda prolog: word("<w:p><w:r><w:t>&a10;</w:t></w:r></w:p>", prolog),
    "a.xlsx": lambda prolog: sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&a10;</t></is></c></row>', prolog
    ),
    "a.odt": lambda prolog: odt("<text:p>&a10;</text:p>", prolog),
    "a.svg": lambda prolog: (
        f'<?xml version="1.0"?>{prolog}<svg xmlns="http://www.w3.org/2000/svg"><text>&a10;</text></svg>'.encode()
    ),
    "a.html": lambda prolog: f"<!doctype html>{prolog}<html><body><p>&a10;</p></body></html>".encode(),
}


@pytest.mark.parametrize("prolog", [BOMB, OUTSIDE], ids=["bomb", "a file of the machine"])
@pytest.mark.parametrize("name", KINDS)
def test_entities_of_xml_neither_grow_nor_reach_outside(taking: Taking, name: str, prolog: str) -> None:
    own, _ = taking.one(name, KINDS[name](prolog))
    assert own["status"] == "added"
    text = taking.record.text(own["item"])["text"] if own["text"] else ""
    assert len(text) < 100_000 and "root:" not in text
    assert own["text"] or all(is_plain(note) for note in own["notes"])


def test_a_pdf_that_holds_itself_is_kept(taking: Taking) -> None:
    pages_in_pages = pdf([b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Parent 2 0 R /Count 1000000 >>"], 1_000_000)
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 5 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
    drawn = pdf([page, b"<< /Length 5 >>\nstream\n/F Do\nendstream", form + b"\nstream\n/F Do\nendstream"])
    lines = taking({"pages.pdf": pages_in_pages, "form.pdf": drawn})
    assert [line["status"] for line in lines] == ["added", "added"]


def test_a_pdf_of_a_million_pages_is_kept_and_says_what_was_not_read(taking: Taking) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    own, _ = taking.one("many.pdf", pdf([page], 1_000_000, "3 0 R " * 1_000_000))
    assert own["status"] == "added" and own["notes"]
    assert all(is_plain(note) for note in own["notes"])


def test_a_mail_of_hundreds_of_attachments_or_nested_without_end_is_kept(taking: Taking) -> None:
    part = '--weir\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="{0}.txt"\r\n\r\nweir {0}\r\n'
    head = (
        'From: a@weir.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="weir"\r\n\r\n'
    )
    many = head + "".join(part.format(number) for number in range(400)) + "--weir--\r\n"
    nested = b"deepest"
    for number in range(300):
        nested = mail(nested, f"b{number}").replace(b"application/pdf", b"message/rfc822", 1)[:400_000]
    lines = taking({"many.eml": many.encode(), "nested.eml": nested})
    assert [line["status"] for line in lines if line["path"].endswith(".eml")].count("added") >= 2
    assert len([line for line in lines if "/many.eml/" in line["path"]]) >= 400


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00\xd8" * 400,
        b"\xef\xbb\xbf\xff\xfe" * 90,
        b"\x1b$B\x1b(B\x0e\x0f" * 400,
        "ש".encode()[:1] * 900,
        b"\xc0\x80" * 90,
    ],
    ids=["half surrogates", "marks", "escapes", "halves of letters", "overlong zeros"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.html", "a.srt"])
def test_broken_encodings_are_kept(taking: Taking, name: str, content: bytes) -> None:
    own, _ = taking.one(name, content)
    assert own["status"] == "added"


def test_a_page_nested_without_end_is_kept(taking: Taking) -> None:
    own, _ = taking.one("deep.html", b"<!doctype html>" + b"<div>" * 100_000 + GATE.encode())
    assert own["status"] == "added"


def test_a_bitmap_that_states_a_vast_size_is_kept(taking: Taking) -> None:
    import struct
    import zlib

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))
        )

    head = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(9_000_000)))
        + chunk(b"IEND", b"")
    )
    own, _ = taking.one("vast.png", png)
    assert own["status"] == "added"


@pytest.mark.parametrize("content", [b" ", b"\n\n", b"\x1f", "\u2029".encode()])
def test_a_text_without_a_word_is_kept(taking: Taking, content: bytes) -> None:
    own, _ = taking.one("blank.txt", content)
    assert own["status"] == "added"
