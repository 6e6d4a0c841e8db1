"""Originals to measure with, made here: pictures, documents and clips that differ from each other as real ones do."""

from __future__ import annotations

import io
import random
import subprocess
import zipfile
from pathlib import Path

LATIN = (
    "the",
    "gate",
    "was",
    "shut",
    "before",
    "seven",
    "and",
    "nobody",
    "said",
    "why",
    "the",
    "weir",
    "the",
    "ford",
    "market",
    "road",
    "patrol",
)
ARABIC = ("البوابة", "أغلقت", "قبل", "السابعة", "ولم", "يقل", "أحد", "لماذا", "السوق", "الطريق")
HEBREW = ("השער", "נסגר", "לפני", "שבע", "ואיש", "לא", "אמר", "למה", "השוק", "הדרך")
WORDS = (*LATIN, *ARABIC, *HEBREW)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = "http://schemas.openxmlformats.org/"


def words(chosen: random.Random, count: int, latin: bool = False) -> str:
    return " ".join(chosen.choices(LATIN if latin else WORDS, k=count))


def picture(chosen: random.Random, size: tuple[int, int], quality: int = 85) -> bytes:
    """A JPEG with large and small shapes and grain, like a photograph to a hash of it."""
    from PIL import Image, ImageDraw

    coarse = Image.frombytes("RGB", (24, 18), chosen.randbytes(24 * 18 * 3)).resize(
        size, Image.Resampling.BICUBIC
    )
    draw = ImageDraw.Draw(coarse)
    for _ in range(40):
        x, y = chosen.randrange(size[0]), chosen.randrange(size[1])
        w, h = chosen.randrange(10, size[0] // 4), chosen.randrange(10, size[1] // 4)
        colour = tuple(chosen.randbytes(3))
        (draw.ellipse if chosen.random() < 0.5 else draw.rectangle)((x, y, x + w, y + h), fill=colour)
    out = io.BytesIO()
    coarse.save(out, "JPEG", quality=quality)
    return out.getvalue()


def pdf(chosen: random.Random, pages: int, lines: int = 40) -> bytes:
    """A PDF with lines of Latin text in a standard font, written by hand."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for _ in range(pages):
        shown = "".join(f"({words(chosen, 12, latin=True)}) Tj T*\n" for _ in range(lines))
        content = f"BT /F1 11 Tf 14 TL 50 780 Td\n{shown}ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {pages} >>"
    return _pdf_file(objects)


def _pdf_file(objects: list[str]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{at:010} 00000 n \n" for at in places)
    end = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode("ascii")
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{end}\n%%EOF\n".encode("ascii")
    return bytes(out)


def docx(chosen: random.Random, paragraphs: int = 40) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{words(chosen, 40)}</w:t></w:r></w:p>" for _ in range(paragraphs))
    document = f'<w:document xmlns:w="{_MAIN}wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    return _package("word/document.xml", document, "wordprocessingml.document.main+xml")


def xlsx(chosen: random.Random, rows: int = 100) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Visits")
    for n in range(rows):
        sheet.append([n, words(chosen, 3), words(chosen, 5), chosen.randrange(10**6), words(chosen, 2)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _package(name: str, content: str, kind: str) -> bytes:
    types = (
        f'<Types xmlns="{_MAIN}package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{name}" ContentType="{_OFFICE}{kind}"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{_MAIN}package/2006/relationships"><Relationship Id="r1" Target="{name}"'
        f' Type="{_MAIN}officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", types)
        made.writestr("_rels/.rels", relations)
        made.writestr(name, content)
    return out.getvalue()


def clip(folder: Path) -> bytes:
    """Two seconds of moving test pattern with a tone, by the system's ffmpeg."""
    out = folder / "clip.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=640x480:rate=25", "-f", "lavfi", "-i", "sine=440"]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *source, "-t", "2", "-c:v", "mpeg4", "-c:a", "aac", out], check=True
    )
    return out.read_bytes()
