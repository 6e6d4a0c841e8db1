"""Documents and sheets, made from their parts."""

from __future__ import annotations

import io
import zipfile

from tests.samples.texts import ALL, ENGLISH

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_MAIN = "application/vnd.openxmlformats-officedocument."


def zipped(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name) if name == "mimetype" else name, content)
    return made.getvalue()


def word(body: str, prolog: str = "") -> bytes:
    types = (
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}wordprocessingml.document.main+xml"/>'
    )
    return zipped(
        {
            "[Content_Types].xml": _types(types),
            "_rels/.rels": _links(
                f'<Relationship Id="a" Type="{_OF}/officeDocument" Target="word/document.xml"/>'
            ),
            "word/document.xml": f'{prolog}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        }
    )


def sheet(rows: str, prolog: str = "") -> bytes:
    types = (
        f'<Override PartName="/xl/workbook.xml" ContentType="{_MAIN}spreadsheetml.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_MAIN}spreadsheetml.worksheet+xml"/>'
    )
    return zipped(
        {
            "[Content_Types].xml": _types(types),
            "_rels/.rels": _links(
                f'<Relationship Id="a" Type="{_OF}/officeDocument" Target="xl/workbook.xml"/>'
            ),
            "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OF}"><sheets>'
            '<sheet name="سد" sheetId="1" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _links(
                f'<Relationship Id="a" Type="{_OF}/worksheet" Target="worksheets/sheet1.xml"/>'
            ),
            "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


def odt(body: str, prolog: str = "") -> bytes:
    content = (
        f'{prolog}<office:document-content xmlns:office="{_OPEN}:office:1.0" xmlns:text="{_OPEN}:text:1.0">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _types(more: str) -> str:
    return f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>{more}</Types>'


def _links(more: str) -> str:
    return f'<Relationships xmlns="{_LINKS}">{more}</Relationships>'


def pdf(objects: list[bytes], count: int = 1, kids: str = "3 0 R") -> bytes:
    """A PDF of these objects, numbered from 3; 1 and 2 are the catalogue and the pages."""
    whole = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        *objects,
    ]
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(whole, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(whole) + 1, table)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(whole) + 1, start)
    return bytes(made)


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), more, content)


def _page(contents: str, resources: str) -> bytes:
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {contents} /Resources << {resources} >> >>"
    return page.encode()


def samples() -> dict[str, bytes]:
    paragraphs = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in ALL)
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{words}</t></is></c><c r="B{number}"><v>43599</v></c></row>'
        for number, words in enumerate(ALL, 1)
    )
    plain = pdf(
        [
            _page("4 0 R", "/Font << /F 5 0 R >>"),
            _stream(f"BT /F 12 Tf 72 720 Td ({ENGLISH}) Tj ET".encode()),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )
    picture = b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8"
    scanned = pdf(
        [
            _page("4 0 R", "/XObject << /I 5 0 R >>"),
            _stream(b"q 600 0 0 800 0 0 cm /I Do Q"),
            _stream(bytes(range(0, 256, 4)), picture),
        ]
    )
    rich = (
        "{\\rtf1\\ansi\\ansicpg1252\\uc1 "
        + "\\par ".join(
            "".join(letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in words) for words in ALL
        )
        + "}"
    )
    return {
        "letter.pdf": plain,
        "scan.pdf": scanned,
        "letter.docx": word(paragraphs),
        "letter.odt": odt("".join(f"<text:p>{words}</text:p>" for words in ALL)),
        "letter.rtf": rich.encode("ascii"),
        "figures.xlsx": sheet(rows),
    }
