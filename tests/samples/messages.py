"""Mails, a mailbox, and a chat as a telephone exports it."""

from __future__ import annotations

import base64

from tests.samples.texts import ALL, ARABIC, ENGLISH, HEBREW


def mail(attached: bytes = b"%PDF-1.4 weir", boundary: str = "weir") -> bytes:
    return (
        f"From: Mira <mira@weir.example>\r\nTo: Noa <noa@gate.example>\r\nSubject: =?utf-8?b?{_coded(ARABIC[:20])}?=\r\n"
        "Date: Tue, 14 May 2019 07:15:00 +0300\r\nMessage-ID: <1@weir.example>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{_coded(HEBREW)}\r\n"
        f'--{boundary}\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="weir.pdf"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(attached).decode()}\r\n--{boundary}--\r\n"
    ).encode()


def _coded(words: str) -> str:
    return base64.b64encode(words.encode()).decode()


def samples() -> dict[str, bytes]:
    simple = (
        b"From: a@weir.example\nDate: Tue, 14 May 2019 07:15:00 +0300\nMessage-ID: <2@weir.example>\n\n"
        + ENGLISH.encode()
    )
    start = b"From mira@weir.example Tue May 14 07:15:00 2019\n"
    names = ("Mira", "ريم", "נועה")
    chat = "".join(
        f"14/05/2019, 07:{minute:02} - {names[minute % 3]}: {ALL[minute % 3]}\n" for minute in range(12)
    )
    return {
        "letter.eml": mail(),
        "letters.mbox": start + simple + b"\n\n" + start + mail().replace(b"\r\n", b"\n") + b"\n",
        "WhatsApp Chat with Mira.txt": chat.encode(),
    }
