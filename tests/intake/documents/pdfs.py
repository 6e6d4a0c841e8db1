"""Small PDFs, written here object by object, in three scripts, plain, locked, turned or broken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GATE = "The gate was shut at 07:15."
ARABIC = "البوابة أغلقت في الساعة 07:15"
HEBREW = "השער נסגר בשעה 07:15"
SIZE, WIDE = 12, 6
"""Of a letter of `seen` and `spoken`: its size, and how wide each is."""

_LETTERS = (
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآةىئؤאבגדהוזחטיכךלמםנןסעפףצץקרשת0123456789:.,-/()«» TheGatwsuirﻟﺎﺑﻮ"
)
_CODES = dict(zip(_LETTERS, [*range(0x21, 0x7F), *range(0xA1, 0xFF)], strict=False))
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: what is drawn on it, how it is turned, and what more its dictionary says."""

    drawn: str = ""
    rotate: int = 0
    media: tuple[int, int, int, int] = (0, 0, 600, 800)
    more: str = ""
    picture: bool = False


def words(text: str, x: float = 72, y: float = 720, size: float = 12, turned: str = "1 0 0 1") -> str:
    """Latin words."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {turned} {x} {y} Tm ({escaped}) Tj ET\n"


def seen(text: str, x: float = 72, y: float = 720) -> str:
    """Any script, in the order of the eye: the first letter given stands farthest left."""
    return f"BT /F2 {SIZE} Tf {x} {y} Td <{_coded(text)}> Tj ET\n"


def spoken(text: str, right: float = 500, y: float = 720) -> str:
    """Right-to-left letters in the order of the tongue: each is put to the left of the one before."""
    places = [right - WIDE * number for number, _ in enumerate(text, 1)]
    return "".join(
        f"BT /F2 {SIZE} Tf {x} {y} Td <{_coded(letter)}> Tj ET\n"
        for x, letter in zip(places, text, strict=True)
        if letter != " "
    )


def _coded(text: str) -> str:
    return "".join(f"{_CODES[letter]:02x}" for letter in text)


def pdf(
    *sheets: Sheet,
    about: Mapping[str, str] | None = None,
    attached: Mapping[str, bytes] | None = None,
    locked: tuple[str, str] | None = None,
) -> bytes:
    """A whole file. `locked` is (the password that opens it, the owner's)."""
    parts: list[bytes | tuple[str, bytes]] = []
    parts.append(_catalogue(attached or {}, len(sheets)))
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(sheets)))
    parts.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode())
    parts.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    widths = " ".join("500" for _ in range(256))
    parts.append(
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /FirstChar 0 "
        f"/LastChar 255 /Widths [{widths}] /ToUnicode 5 0 R >>".encode()
    )
    parts.append(("", _to_unicode()))
    for number, sheet in enumerate(sheets):
        parts += _page(sheet, 7 + 2 * number, 6 + 2 * len(sheets))
    parts.append(
        (
            "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
            b"\0",
        )
    )
    for name, content in (attached or {}).items():
        held = f"{len(parts) + 2} 0 R"
        spec = f"<< /Type /Filespec /F (f) /UF <{_utf16(name)}> /EF << /F {held} /UF {held} >> >>"
        parts.append(spec.encode())
        parts.append(("/Type /EmbeddedFile", content))
    facts = "".join(f" /{name} <{_utf16(value)}>" for name, value in (about or {}).items())
    parts.append(f"<<{facts} >>".encode())
    return _file(parts, locked)


def _catalogue(attached: Mapping[str, bytes], pages: int) -> bytes:
    first = 7 + 2 * pages
    names = " ".join(f"<{_utf16(name)}> {first + 2 * at} 0 R" for at, name in enumerate(attached))
    tree = f" /Names << /EmbeddedFiles << /Names [{names}] >> >>" if attached else ""
    return f"<< /Type /Catalog /Pages 2 0 R{tree} >>".encode()


def _page(sheet: Sheet, contents: int, picture: int) -> Sequence[bytes | tuple[str, bytes]]:
    box = " ".join(map(str, sheet.media))
    drawn = sheet.drawn + ("q 500 0 0 700 50 50 cm /P Do Q\n" if sheet.picture else "")
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Rotate {sheet.rotate} /Contents {contents} 0 R "
        f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /P {picture} 0 R >> >> {sheet.more} >>"
    )
    return page.encode(), ("", drawn.encode("cp1252"))


def _to_unicode() -> bytes:
    pairs = "\n".join(f"<{code:02x}> <{_bare(letter)}>" for letter, code in _CODES.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /S def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(_CODES)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    ).encode()


def _bare(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _utf16(text: str) -> str:
    return "feff" + _bare(text)


def _file(parts: Sequence[bytes | tuple[str, bytes]], locked: tuple[str, str] | None) -> bytes:
    made, offsets = bytearray(b"%PDF-1.7\n"), []
    lock = _Lock(*locked) if locked else None
    for number, part in enumerate(parts, 1):
        offsets.append(len(made))
        made += f"{number} 0 obj\n".encode()
        if isinstance(part, bytes):
            made += part
        else:
            head, stream = part
            stream = lock.close(number, stream) if lock else stream
            made += f"<< {head} /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream"
        made += b"\nendobj\n"
    begins = len(made)
    made += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    lock_entry = lock.entry() if lock else ""
    info = "" if lock else f" /Info {len(parts)} 0 R"
    made += f"trailer << /Size {len(parts) + 1} /Root 1 0 R{info}{lock_entry} >>\nstartxref\n{begins}\n%%EOF\n".encode()
    return bytes(made)


class _Lock:
    """The standard security handler, revision 2 (ISO 32000-1, 7.6.3): weak, and known to every reader."""

    def __init__(self, user: str, owner: str) -> None:
        users, owners = (_padded(word) for word in (user, owner))
        self.owner = _rc4(hashlib.md5(owners).digest()[:5], users)
        self.key = hashlib.md5(users + self.owner + b"\xff\xff\xff\xff" + b"id").digest()[:5]
        self.user = _rc4(self.key, _PAD)

    def close(self, number: int, stream: bytes) -> bytes:
        key = hashlib.md5(self.key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        return _rc4(key, stream)

    def entry(self) -> str:
        return (
            f" /Encrypt << /Filter /Standard /V 1 /R 2 /O <{self.owner.hex()}> /U <{self.user.hex()}> /P -1 >>"
            f" /ID [<{b'id'.hex()}> <{b'id'.hex()}>]"
        )


def _padded(word: str) -> bytes:
    return (word.encode("latin-1") + _PAD)[:32]


def _rc4(key: bytes, content: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
