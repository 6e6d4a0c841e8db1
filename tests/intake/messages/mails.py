"""Mails for the tests: invented, in three scripts."""

from __future__ import annotations

import base64

PDF = b"%PDF-1.4 the report of the weir " * 40


def mail(*headers: str, body: bytes = b"", line: str = "\r\n") -> bytes:
    return (line.join(headers) + line * 2).encode("utf-8") + body


def multipart(kind: str, *parts: bytes, boundary: str = "sluice", more: str = "") -> bytes:
    """A part, or with headers before it a mail, of the kind given."""
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{more}\r\n\r\n'.encode()
    inner = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
    return head + inner + f"--{boundary}--\r\n".encode()


def part(content_type: str, content: bytes, *headers: str) -> bytes:
    return mail(f"Content-Type: {content_type}", *headers, body=content)


def attached(name: str, content: bytes, content_type: str = "application/pdf") -> bytes:
    """An attachment in base64; `name` is a whole Content-Disposition after its first word."""
    return part(
        content_type,
        base64.encodebytes(content).strip(),
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment{name}",
    )


HEADERS = (
    "Received: from ford.example (ford.example [192.0.2.7]) by weir.example; Tue, 14 May 2019 07:16:02 +0300",
    "From: =?utf-8?B?16nXldee16jXqiDXlNeh15vXqA==?= <guard@weir.example>",
    "To: =?windows-1256?Q?=C7=E1=C8=C7=C6=DA=C9?= <vendor@ford.example>",
    "Date: Tue, 14 May 2019 07:15:00 +0300",
    "Subject: The gate",
    " at the ford",
    "Message-ID: <1@weir.example>",
    "MIME-Version: 1.0",
)


def letter(body: bytes) -> bytes:
    """The headers of the sample mail, then whatever follows, which begins with a Content-Type."""
    return ("\r\n".join(HEADERS) + "\r\n").encode() + body


SAMPLE = letter(
    multipart(
        "mixed",
        multipart(
            "alternative",
            part("text/plain; charset=utf-8", "The gate was shut.\r\n\r\nالبوابة مغلقة\r\n".encode()),
            part("text/html; charset=utf-8", "<p>The gate was shut.<p>البوابة مغلقة".encode()),
            boundary="inner",
        ),
        attached('; filename="report.pdf"', PDF),
    )
)
