"""Reading an original again: with its password, in another encoding, or by recognising words; nothing cited moves."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from onrecord.api import Record
from onrecord.intake.documents import ocr
from onrecord.record.errors import (
    FieldInvalid,
    KindWrong,
    LayerMissing,
    PassageLost,
    PassphraseMissing,
    ProgramMissing,
)
from tests.intake.documents.pdfs import GATE, Sheet, pdf, words

SAID = {
    "eng": "The gate was shut at seven in the morning and the weir was dry until noon",
    "ara": "أغلقت البوابة في السابعة صباحا وكان السد جافا حتى الظهر",
    "heb": "השער נסגר בשבע בבוקר והסכר היה יבש עד הצהריים",
}


@pytest.fixture
def taken(record: Record, tmp_path: Path) -> Callable[[str, bytes], str]:
    def take(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        (line,) = record.add([tmp_path / name])
        return str(line["item"])

    return take


Taken = Callable[[str, bytes], str]


def found(record: Record, query: str) -> list[str]:
    return [hit["exact"] for hit in record.search(query)]


def test_a_locked_document_is_read_with_its_password_and_found(record: Record, taken: Taken) -> None:
    item = taken("gate.pdf", pdf(Sheet(words(GATE)), locked=("ford", "weir")))
    with pytest.raises(LayerMissing, match="locked with a password"):
        record.text(item)
    assert record.read(item, password="ford")["changed"]
    assert record.text(item)["text"] == GATE and found(record, "gate") == ["gate"]
    assert record.text(item)["segments"][0]["page"] == 1
    assert record.verify()["ok"]


def test_a_wrong_password_changes_nothing_and_no_password_is_kept(record: Record, taken: Taken) -> None:
    item = taken("gate.pdf", pdf(Sheet(words(GATE)), locked=("ford-secret", "weir")))
    with pytest.raises(PassphraseMissing, match="the one given does not open it"):
        record.read(item, password="gate")
    with pytest.raises(LayerMissing):
        record.text(item)
    record.read(item, password="ford-secret")
    kept = [path.read_bytes() for path in record.path.rglob("*") if path.is_file()]
    assert not any(b"ford-secret" in content for content in kept)


def test_a_letter_in_another_encoding_is_read_as_somebody_says(record: Record, taken: Taken) -> None:
    item = taken("letter.txt", "השער נסגר, והסכר יבש.".encode("cp1255"))
    record.read(item, encoding="cp1252")
    assert "השער" not in record.text(item)["text"]
    told = record.read(item, encoding="windows-1255")
    assert told["changed"] and record.text(item)["text"] == "השער נסגר, והסכר יבש."
    assert found(record, "הסכר") and not found(record, "äñëø")
    assert record.text(item)["recipe"]["parameters"]["encoding"]
    assert not record.read(item, encoding="windows-1255")["changed"]


def test_text_that_a_passage_rests_on_is_not_replaced(record: Record, taken: Taken) -> None:
    item = taken("letter.txt", "Café at the gate, très tôt".encode("cp1252"))
    record.read(item, encoding="cp1252")
    record.put([{"kind": "passage", "id": "p1", "item": item, "quote": "at the gate"}])
    before = record.text(item)
    with pytest.raises(PassageLost, match="a passage rests"):
        record.read(item, encoding="cp1255")
    assert record.text(item) == before and found(record, "gate")


def test_reading_again_is_a_step_of_custody(record: Record, taken: Taken) -> None:
    item = taken("gate.pdf", pdf(Sheet(words(GATE)), locked=("ford", "weir")))
    record.read(item, password="ford")
    steps = [thing.fields for thing in record._store.db.as_now().of_kind("custody")]
    assert [step["outcome"] for step in steps if step["item"] == item and step["step"] == "checked"] == [
        "its text was read again with its password"
    ]


def test_a_file_that_says_itself_how_to_read_it_takes_no_encoding(record: Record, taken: Taken) -> None:
    item = taken("gate.pdf", pdf(Sheet(words(GATE))))
    with pytest.raises(FieldInvalid, match="says itself how to read it"):
        record.read(item, encoding="cp1255")


def test_what_has_no_pages_is_not_looked_at_for_words(record: Record, letter: Callable[[str], str]) -> None:
    with pytest.raises(KindWrong, match="recognised in pictures and PDFs"):
        record.read(letter("The gate was shut."), ocr="eng")


def test_a_language_that_is_not_installed_is_named_with_its_package(record: Record, taken: Taken) -> None:
    item = taken("scan.pdf", pdf(Sheet(picture=True)))
    with pytest.raises(ProgramMissing, match=r"apt-get install tesseract-ocr-xyz\."):
        record.read(item, ocr="eng+xyz")
    with pytest.raises(FieldInvalid, match="--ocr ara"):
        record.read(item, ocr="-l eng; rm")


def test_without_tesseract_its_package_is_named(
    record: Record, taken: Taken, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    item = taken("scan.pdf", pdf(Sheet(picture=True)))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramMissing, match="apt-get install tesseract-ocr"):
        record.read(item, ocr="eng")


def test_a_document_whose_pages_all_have_text_is_left_alone(record: Record, taken: Taken) -> None:
    item = taken("gate.pdf", pdf(Sheet(words(GATE))))
    with pytest.raises(FieldInvalid, match="--all-pages"):
        record.read(item, ocr="eng")


def test_scanned_pages_in_three_scripts_become_a_rendition_that_is_found(
    record: Record, taken: Taken, tmp_path: Path
) -> None:
    item = taken("scan.pdf", scanned(tmp_path, list(SAID)))
    told = record.read(item, ocr="ara+heb+eng")
    assert told["pages"] == [1, 2, 3] and told["item"] == item
    made = record.get(told["rendition"])
    assert made["derived_from"] == item and made["media_type"] == ocr.HOCR
    assert made["recipe"]["tool"] == "tesseract"
    assert made["recipe"]["parameters"] == {"languages": "ara+heb+eng", "dpi": 300, "pages": [1, 2, 3]}
    layer = record.text(told["rendition"])
    for number, said in enumerate(SAID.values(), 1):
        there = [
            layer["text"][one["start"] : one["end"]] for one in layer["segments"] if one["page"] == number
        ]
        right = set(said.split()) & set(" ".join(there).split())
        assert len(right) >= 0.7 * len(set(said.split())), (said, there)
    assert found(record, "weir")
    with pytest.raises(LayerMissing):
        record.text(item)
    again = record.read(item, ocr="ara+heb+eng")
    assert again["rendition"] == told["rendition"] and record.verify()["ok"]


def test_a_photograph_that_lies_on_its_side_is_read_upright(
    record: Record, taken: Taken, tmp_path: Path
) -> None:
    upright = drawn(tmp_path, "eng")
    lying, turned = io.BytesIO(), Image.Exif()
    turned[0x0112] = 6
    upright.transpose(Image.Transpose.ROTATE_90).save(lying, "JPEG", exif=turned)
    told = record.read(taken("photo.jpg", lying.getvalue()), ocr="eng")
    assert "gate" in record.text(told["rendition"])["text"]


def drawn(tmp_path: Path, language: str) -> Image.Image:
    """What was said, printed and drawn as a picture."""
    weasyprint = pytest.importorskip("weasyprint")
    way = "ltr" if language == "eng" else "rtl"
    page = f"<style>@page{{size:A5}} body{{font: 18pt 'Noto Naskh Arabic','Noto Serif Hebrew',serif}}</style><p dir={way}>"
    weasyprint.HTML(string=page + SAID[language]).write_pdf(str(tmp_path / "page.pdf"))
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as document:
        picture: Image.Image = document[0].render(scale=300 / 72, grayscale=True).to_pil()
    return picture


def scanned(tmp_path: Path, languages: list[str]) -> bytes:
    """A PDF that holds nothing but pictures of pages."""
    first, *others = [drawn(tmp_path, language) for language in languages]
    made = io.BytesIO()
    first.save(made, "PDF", resolution=300, save_all=True, append_images=others)
    return made.getvalue()


def test_a_recording_is_looked_into_when_the_program_for_it_is_there(
    record: Record, taken: Taken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("nothing here makes a recording")
    clip = tmp_path / "clip.wav"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", str(clip)]
    subprocess.run(command, check=True)
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        item = taken("gate.wav", clip.read_bytes())
    assert "observed" not in record.get(item)
    assert any("ffprobe is not installed" in note for note in record.get(item)["notes"])
    done = record.read(item)
    assert done["changed"] and not done["text"]
    assert {"of": "container", "name": "duration", "value": "1.000000"}.items() <= next(
        fact for fact in record.get(item)["observed"] if fact["name"] == "duration"
    ).items()
    with pytest.raises(LayerMissing):
        record.read(item)
