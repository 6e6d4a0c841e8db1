"""Pictures: what they state is kept as written, what is broken is named, and no bytes stop the reader."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from onrecord.intake.pictures import picture
from onrecord.intake.pictures.exif import taken_at
from onrecord.record.edtf import parse
from tests.intake.pictures.made import EAST, NORTH, XMP, exif, heic, looked_at, reads, saved, scene, stated


def test_a_camera_is_told_tag_by_tag_under_its_standard_names() -> None:
    reading = looked_at(saved(scene(), exif=exif()))
    assert stated(reading) == {
        "Make": "Weir works",
        "Model": "Two",
        "Orientation": "6",
        "DateTimeOriginal": "2019:05:14 07:15:03",
        "BodySerialNumber": "0042",
        "MakerNote": "300 bytes",
    }
    assert stated(reading, "picture") == {"size": "320 x 240", "format": "JPEG", "mode": "RGB"}
    assert reading.layer_text is None
    assert reading.why_none == "a picture: it has no text layer"
    assert not reading.notes


@pytest.mark.parametrize(
    ("time", "offset", "read"),
    [
        ("2019:05:14 07:15:03", None, "2019-05-14T07:15:03"),
        ("2019:05:14 07:15:03", "+03:00", "2019-05-14T07:15:03+03:00"),
        ("2019:05:14 07:15:03", "   :  ", "2019-05-14T07:15:03"),
        ("0000:00:00 00:00:00", None, None),
        ("1980:01:01 00:00:12", None, None),
        ("2019:02:30 07:15:03", None, None),
        ("2019:05:14 24:15:03", None, None),
        ("14/05/2019 07:15", None, None),
        ("    :  :     :  :  ", None, None),
    ],
)
def test_a_camera_time_is_read_only_where_it_is_one(time: str, offset: str | None, read: str | None) -> None:
    reading = looked_at(saved(scene(), exif=exif(time, offset)))
    assert stated(reading)["DateTimeOriginal"] == time
    assert reads(reading, "DateTimeOriginal") == read


@given(st.datetimes(), st.sampled_from(["", "Z", "+03:00", "-11:30", "+99:00", "03:00"]))
def test_what_is_read_of_a_time_is_always_edtf(moment: Any, offset: str) -> None:
    read = taken_at(f"{moment.year:04d}:{moment.month:02d}:{moment.day:02d} {moment:%H:%M:%S}", offset)
    if read:
        parse(read)


@pytest.mark.parametrize(
    ("place", "read"),
    [
        ((NORTH, "N", EAST, "E"), "31.5, 34.4"),
        ((NORTH, "S", EAST, "W"), "-31.5, -34.4"),
        (((31.0, 61.0, 0.0), "N", EAST, "E"), None),
        (((91.0, 0.0, 0.0), "N", EAST, "E"), None),
        ((NORTH, "Q", EAST, "E"), None),
        ((NORTH, "N", (34.0, 24.0), "E"), None),
    ],
)
def test_a_place_is_read_as_degrees_only_where_it_can_be_right(place: Any, read: str | None) -> None:
    reading = looked_at(saved(scene(), exif=exif(place=place)))
    assert reads(reading, "GPSPosition") == read
    assert stated(reading)["GPSLatitude"].startswith(f"{place[0][0]:.0f}/1 ")
    assert stated(reading)["GPSLatitudeRef"] == place[1]


def test_a_place_without_a_divisor_is_no_place() -> None:
    tags = exif(place=(NORTH, "N", EAST, "E"))
    content = saved(scene(), exif=tags).replace(
        struct.pack("<LLLL", 31, 1, 30, 1), struct.pack("<LLLL", 31, 0, 30, 1)
    )
    content = content.replace(struct.pack(">LLLL", 31, 1, 30, 1), struct.pack(">LLLL", 31, 0, 30, 1))
    reading = looked_at(content)
    assert stated(reading)["GPSLatitude"] == "31/0 30/1 0/1"
    assert reads(reading, "GPSPosition") is None


def test_words_in_a_picture_keep_their_script() -> None:
    tags = exif()
    content = saved(scene(), exif=tags, comment="אצל השער".encode(), xmp=XMP.encode())
    reading = looked_at(content.replace(b"Weir works", "السد ".encode() + b"w"))
    assert stated(reading)["Make"] == "السد w"
    assert stated(reading, "JPEG") == {"comment": "אצל השער"}
    assert stated(reading, "XMP") == {"xmp:CreatorTool": "Desk 3", "dc:title": "السد", "dc:creator": "דנה"}


def test_an_agency_caption_is_read() -> None:
    data = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for dataset, text in ((120, "قرب السد"), (80, "דנה"), (90, "The ford")):
        raw = text.encode()
        data += bytes([0x1C, 2, dataset]) + len(raw).to_bytes(2, "big") + raw
    block = b"8BIM\x04\x04\0\0" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)
    marked = b"Photoshop 3.0\0" + block
    content = saved(scene())
    segment = b"\xff\xed" + (len(marked) + 2).to_bytes(2, "big") + marked
    reading = looked_at(content[:2] + segment + content[2:])
    assert stated(reading, "IPTC") == {"Caption-Abstract": "قرب السد", "By-line": "דנה", "City": "The ford"}


def test_the_texts_of_a_png_are_under_their_own_names() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Software", "Ford paint")
    texts.add_itxt("Title", "السد", zip=True)
    reading = looked_at(saved(scene(), "PNG", pnginfo=texts), "image/png")
    assert stated(reading, "PNG") == {"Software": "Ford paint", "Title": "السد"}


def test_entities_of_xmp_are_not_followed() -> None:
    hostile = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + XMP.replace(
        "Desk 3", "&amp;"
    ).replace("السد", "&e;")
    reading = looked_at(saved(scene(), xmp=hostile.encode()))
    assert "dc:title" not in stated(reading, "XMP")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF"])
def test_every_kind_of_picture_has_its_size_and_fingerprints(kind: str) -> None:
    reading = looked_at(saved(scene(), kind))
    assert stated(reading, "picture")["size"] == "320 x 240"
    assert reading.fingerprints


def test_several_pictures_in_one_file_are_counted() -> None:
    pages = [scene(64, 48), scene(48, 64), scene(32, 32)]
    tiff = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert stated(looked_at(tiff), "picture")["frames"] == "3"
    gif = saved(pages[0], "GIF", save_all=True, append_images=pages[1:])
    assert stated(looked_at(gif), "picture")["frames"] == "more than 1"


def test_a_phones_heic_is_read_for_its_words_and_not_decoded() -> None:
    reading = looked_at(heic(exif(offset="+03:00", place=(NORTH, "N", EAST, "E"))), "image/heic")
    assert stated(reading, "picture") == {"size": "4032 x 3024"}
    assert reads(reading, "DateTimeOriginal") == "2019-05-14T07:15:03+03:00"
    assert reads(reading, "GPSPosition") == "31.5, 34.4"
    assert "not decoded here" in reading.notes[0]
    assert not reading.fingerprints


def test_a_picture_that_breaks_off_keeps_its_words() -> None:
    content = saved(scene(), exif=exif())
    reading = looked_at(content[: len(content) // 2])
    assert stated(reading)["Model"] == "Two"
    assert "cannot be decoded" in reading.notes[0]
    assert not reading.fingerprints


def test_a_picture_of_too_many_points_is_told_and_not_decoded() -> None:
    content = saved(Image.new("1", (8, 8)), "BMP")
    large = content[:18] + struct.pack("<ll", 20_000, 20_000) + content[26:]
    reading = looked_at(large, "image/bmp")
    assert stated(reading, "picture")["size"] == "20000 x 20000"
    assert "more than 50 million points" in reading.notes[0]


@pytest.mark.parametrize(("progressive", "decoded"), [(False, True), (True, False)])
def test_a_large_photograph_is_decoded_at_a_fraction_where_that_can_be_done(
    monkeypatch: pytest.MonkeyPatch, progressive: bool, decoded: bool
) -> None:
    monkeypatch.setattr(picture, "MOST_PIXELS", 100)
    reading = looked_at(saved(scene(), progressive=progressive))
    assert bool(reading.fingerprints) == decoded


def test_the_library_refuses_large_pictures_elsewhere_as_before() -> None:
    before = Image.MAX_IMAGE_PIXELS
    looked_at(saved(scene()))
    assert before == Image.MAX_IMAGE_PIXELS is not None


def test_too_many_texts_are_cut_off_and_that_is_said() -> None:
    texts = PngImagePlugin.PngInfo()
    for number in range(600):
        texts.add_text(f"Note {number}", "x" * 3000)
    reading = looked_at(saved(scene(), "PNG", pnginfo=texts))
    assert len(reading.observations) == 500
    assert all(len(one.value) <= 2001 for one in reading.observations)
    assert "more than 500" in reading.notes[-1]


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"GIF89a", b"no picture at all"])
def test_what_is_no_picture_is_said(content: bytes) -> None:
    reading = looked_at(content)
    assert reading.why_none
    assert reading.notes


WHOLE = {
    "image/jpeg": saved(scene(48, 32), exif=exif(place=(NORTH, "N", EAST, "E")), xmp=XMP.encode()),
    "image/png": saved(scene(48, 32), "PNG", exif=exif()),
    "image/tiff": saved(scene(48, 32), "TIFF"),
    "image/webp": saved(scene(48, 32), "WEBP", exif=exif(), xmp=XMP.encode()),
    "image/gif": saved(scene(48, 32), "GIF"),
    "image/heic": heic(exif()),
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_no_change_to_a_picture_stops_its_reader(kind: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[kind])
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=12)
    ):
        content[at] = byte
    cut = data.draw(st.integers(len(content) // 4, len(content)))
    check(looked_at(bytes(content[:cut]), kind))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(WHOLE)))
def test_no_bytes_stop_the_reader(content: bytes, kind: str) -> None:
    check(looked_at(content, kind))
    check(looked_at(WHOLE[kind][:12] + content, kind))


def check(reading: Any) -> None:
    assert reading.why_none
    for one in reading.observations:
        assert len(one.value) <= 2001
        one.value.encode("utf-8")
    assert io.StringIO("".join(reading.notes))
