"""An original goes whole only where nothing that is known to stand in it is closed: metadata, members, transcripts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from onrecord.api import Record
from onrecord.publishing.unseen import unseen_texts
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from tests.conftest import lines

Letter = Callable[..., str]
OPEN = dict.fromkeys(("media", "court", "words", "name", "place", "image"), "yes")
DANA = {
    "kind": "actor",
    "id": "dana",
    "names": [{"text": "Dana Levi"}, {"text": "דנה לוי"}, {"text": "دانا ليفي"}],
}


def agreed(*over: str, **uses: str) -> dict[str, Any]:
    return {"kind": "terms", "over": list(over), "agreed_with": "a person", "uses": uses or OPEN}


def taken(record: Record, place: Path, content: bytes) -> list[str]:
    """The items of a file and of what lies in it."""
    place.write_bytes(content)
    return [str(row["item"]) for row in record.add([place])]


def released(record: Record, item: str, out: Path) -> list[str]:
    """Why the whole of an original was refused; empty where it went."""
    record.put(
        lines(
            {"kind": "publication", "id": "pub", "title": "A gate", "audience": "public", "contents": [item]}
        )
    )
    return [str(row["term"]) for row in record.publish("pub", out)["refused"]]


def picture(**stated: str) -> bytes:
    told, content = PngImagePlugin.PngInfo(), io.BytesIO()
    for name, value in stated.items():
        told.add_itxt(name, value, zip=True)
    Image.new("RGB", (40, 40), "white").save(content, "PNG", pnginfo=told)
    return content.getvalue()


def transcript(record: Record, letter: Letter, of: str, words: str) -> str:
    """A text that was made from an item, as by a program that recognises words in it."""
    made = letter(words, "transcript.txt")
    record.put(lines({"kind": "item", "id": made, "derived_from": of, "reason": "made from it"}))
    return made


def test_a_picture_goes_where_nothing_closed_is_known_of_it(
    record: Record, letter: Letter, tmp_path: Path
) -> None:
    (item,) = taken(record, tmp_path / "gate.png", picture(Author="Noor"))
    transcript(record, letter, item, "The gate was shut.")
    record.put(lines(DANA, agreed("dana", name="no"), agreed(item)))
    assert released(record, item, tmp_path / "out") == []


@pytest.mark.parametrize("name", ["Dana Levi", "דנה לוי", "دانا ليفي"])
def test_a_closed_name_in_what_a_picture_states_packed_keeps_it_back(
    record: Record, tmp_path: Path, name: str
) -> None:
    (item,) = taken(record, tmp_path / "gate.png", picture(Author=f"{name}, {name}, {name}"))
    record.put(lines(DANA, agreed("dana", name="no"), agreed(item)))
    assert released(record, item, tmp_path / "out") == ["name: no"]


@pytest.mark.parametrize("name", ["Dana Levi", "דנה לוי", "سلمى"])
def test_letters_of_two_bytes_are_read_in_a_pictures_file(tmp_path: Path, name: str) -> None:
    place = tmp_path / "gate.jpg"
    place.write_bytes(b"\xff\xd8" + bytes(64) + name.encode("utf-16-le") + bytes(64))
    assert any(name in text for text in unseen_texts(place, "image/jpeg"))


def test_a_closed_name_in_the_words_read_from_a_picture_keeps_the_picture_back(
    record: Record, letter: Letter, tmp_path: Path
) -> None:
    (item,) = taken(record, tmp_path / "gate.png", picture())
    transcript(record, letter, item, "דנה לוי עמדה ליד השער.")
    record.put(lines(DANA, agreed("dana", name="no"), agreed(item)))
    assert released(record, item, tmp_path / "out") == ["name: no"]


def test_words_that_somebody_closed_in_a_transcript_keep_what_it_was_made_from_back(
    record: Record, letter: Letter, tmp_path: Path
) -> None:
    (item,) = taken(record, tmp_path / "gate.png", picture())
    made = transcript(record, letter, item, "The gate was shut at nine.")
    words = record.mark(made, "shut at nine")["passage"]
    said = {"kind": "statement", "id": "s", "speaker": "dana", "passages": [words]}
    record.put(lines(DANA, said, agreed("s", words="no"), agreed(item)))
    assert released(record, item, tmp_path / "out") == ["words: no"]


def archive(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for path, text in members.items():
            made.writestr(path, text)
    return content.getvalue()


@pytest.mark.parametrize(
    "members", [{"a.txt": "Dana Levi shut the gate."}, {"dana levi.txt": "The gate was shut."}]
)
def test_a_closed_name_inside_an_archive_keeps_even_its_hash_back(
    record: Record, tmp_path: Path, members: dict[str, str]
) -> None:
    container, _ = taken(record, tmp_path / "a.zip", archive(**members))
    record.put(lines(DANA, agreed("dana", name="no"), agreed(container)))
    result = record.custody(container, tmp_path / "report.html")
    assert result["withheld"]
    assert str(record.get(container)["sha256"])[:4] + " " not in (tmp_path / "report.html").read_text()
    assert record.prove(container, tmp_path / "proof.json")["refused"]


def test_what_was_agreed_over_a_container_later_binds_bytes_that_were_held_before(
    record: Record, letter: Letter, tmp_path: Path
) -> None:
    item = letter("The gate was shut.", "a.txt")
    record.put(lines(agreed(item)))
    container, member = taken(record, tmp_path / "a.zip", archive(**{"again.txt": "The gate was shut."}))
    record.put(lines(agreed(container, media="no")))
    assert member == item
    assert released(record, item, tmp_path / "out") == ["media: no"]


def test_a_plain_text_in_an_old_encoding_is_searched_in_each_that_fits(
    record: Record, tmp_path: Path
) -> None:
    content = "دخلت دانا ليفي من البوابة".encode("cp1256")
    texts = list(unseen_texts(_written(tmp_path / "a.txt", content), "text/plain"))
    assert any("دانا ليفي" in text for text in texts)


def _written(place: Path, content: bytes) -> Path:
    place.write_bytes(content)
    return place


def test_a_layer_that_a_colleagues_passage_rests_on_is_searched_as_well(
    record: Record, tmp_path: Path
) -> None:
    (item,) = taken(record, tmp_path / "gate.png", picture())
    layer = record._store.layers.write("Dana Levi shut the gate.")
    quoted = {"item": item, "layer": layer, "quote": "shut the gate", "start": 10, "end": 23}
    with record._store.writing() as writer:
        writer.append(Draft("passage", mint(), quoted))
    record.put(lines(DANA, agreed("dana", name="no"), agreed(item)))
    assert released(record, item, tmp_path / "out") == ["name: no"]


def test_a_cell_of_a_sheet_goes_by_what_was_agreed_over_the_archive_that_the_sheet_lay_in(
    record: Record, tmp_path: Path
) -> None:
    content = archive(**{"rows.csv": "who,what\nNoor,saw the gate\n"})
    container, sheet = taken(record, tmp_path / "a.zip", content)
    passage = record.mark(sheet, "saw the gate")["passage"]
    said = {"kind": "statement", "id": "s", "speaker": "dana", "passages": [passage]}
    record.put(lines(DANA, said, agreed(sheet), agreed(container, words="no")))
    told = {"kind": "publication", "id": "cell", "title": "A gate", "audience": "public", "text": "So.[[s]]"}
    record.put(lines(told))
    assert "words: no" in {row["term"] for row in record.publish("cell", tmp_path / "out")["refused"]}


def test_a_closed_name_in_a_members_path_is_found_in_whatever_case(record: Record, tmp_path: Path) -> None:
    content = archive(**{"Interview levi/1.txt": "The gate was shut."})
    container, member = taken(record, tmp_path / "a.zip", content)
    record.put(lines(DANA, agreed("dana", name="no"), agreed(container)))
    assert record.prove(member, tmp_path / "proof.json")["refused"]


def test_a_step_of_custody_goes_only_where_what_it_is_of_may_go(record: Record, tmp_path: Path) -> None:
    (item,) = taken(record, tmp_path / "gate.txt", b"The gate was shut.")
    (step,) = (one.id for one in record._store.db.as_now().pointing_at(item, "custody", "item"))
    record.put(lines(agreed(step), agreed(item)))
    assert record.prove(step, tmp_path / "open.json")["refused"] == []
    record.put(lines(agreed(item, words="no")))
    assert record.prove(step, tmp_path / "closed.json")["refused"]


@pytest.mark.parametrize(
    "packed", ["=D7=93=D7=A0=D7=94 =D7=9C=D7=95=D7=99", "15PXoNeUINec15XXmQ==", "RGFuYSBMZXZp"]
)
def test_a_name_in_the_signs_of_a_mail_or_an_address_card_is_found(
    record: Record, letter: Letter, tmp_path: Path, packed: str
) -> None:
    item = letter(f"BEGIN:VCARD\nFN;CODED:{packed}\nEND:VCARD\n", "card.vcf")
    record.put(lines(DANA, agreed("dana", name="no"), agreed(item)))
    assert released(record, item, tmp_path / "out") == ["name: no"]
