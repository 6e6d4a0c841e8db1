"""Web archives: pages, documents and pictures as members, digests checked, the rest counted."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import zlib

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from onrecord.intake.media import media_type
from onrecord.intake.pages import warc
from onrecord.intake.reading import Member, Source
from tests.intake.given import Given, given
from tests.intake.pages.archives import GATE, PAGE, PICTURE, Archive, bare, chunked, in_one_stream, sample

HOLDS, DOES_NOT_HOLD = "digest holds", "digest does not hold"


def read(content: bytes) -> Given:
    return given(warc, content, name="weir.warc.gz")


def one(content_type: str = "text/html", body: bytes = PAGE, **more: str) -> Given:
    return read(Archive().answer(GATE, content_type, body, **more).bytes)


def by_hand(block: bytes, **headers: str) -> Given:
    stated = {
        "WARC-Type": "response",
        "WARC-Target-URI": GATE,
        "Content-Type": "application/http; msgtype=response",
    }
    stated |= {name.replace("_", "-"): value for name, value in headers.items()}
    return read(bare(stated | {"Content-Length": str(len(block))}, block))


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize("compressed", [True, False])
def test_pages_and_pictures_of_size_are_members_and_the_rest_is_counted(compressed: bool) -> None:
    found = read(sample(compressed))
    assert found.members == [(GATE, PAGE), (f"{GATE}.png", PICTURE)]
    for said in (
        "small pictures: 1",
        "text/css: 1",
        "no page (a redirect or an error): 1",
        "metadata records: 1",
    ):
        assert said in found.notes


def test_a_member_says_where_and_when_it_was_found() -> None:
    (about, _) = read(sample()).about
    assert about["url"] == GATE and about["date"].endswith("Z") and about["digest"].startswith("sha1:")


def test_it_has_no_layer_and_says_why() -> None:
    assert "each page in it is an original of its own" in (read(sample()).reading.why_none or "")


def test_what_the_archive_states_of_itself_is_observed() -> None:
    found = read(sample())
    assert found.stated("software") == ["a crawler"] and found.stated("ispartof") == ["the weir"]


def test_every_digest_of_another_program_holds() -> None:
    found = read(sample())
    assert len(found.stated(HOLDS)) >= 12 and found.stated(DOES_NOT_HOLD) == []


@pytest.mark.parametrize("name", ["WARC-Payload-Digest", "WARC-Block-Digest"])
def test_a_digest_that_does_not_hold_is_named_and_the_member_still_comes(name: str) -> None:
    false = "sha1:" + base64.b32encode(hashlib.sha1(b"another").digest()).decode()
    found = by_hand(ANSWER + PAGE, **{name.replace("-", "_"): false})
    assert found.members == [(GATE, PAGE)]
    assert found.stated(DOES_NOT_HOLD) == [f"{GATE} ({false})"]
    assert found.notes.startswith(f"digest does not hold: {GATE}")


WRITTEN = {
    "hex": lambda value: value.hex(),
    "upper hex": lambda value: value.hex().upper(),
    "base32": lambda value: base64.b32encode(value).decode(),
    "base64": lambda value: base64.b64encode(value).decode(),
    "without padding": lambda value: base64.b32encode(value).decode().rstrip("="),
}


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512", "md5"])
def test_digests_are_read_in_every_form(form: str, algorithm: str) -> None:
    written = f"{algorithm}:{WRITTEN[form](hashlib.new(algorithm, PAGE).digest())}"
    assert by_hand(ANSWER + PAGE, WARC_Payload_Digest=written).stated(HOLDS) == [f"{GATE} ({written})"]


def test_a_digest_of_an_unknown_kind_is_said_to_be_so() -> None:
    found = by_hand(ANSWER + PAGE, WARC_Payload_Digest="gost:aaaa")
    assert found.stated("digest of a kind that is not known here") == [f"{GATE} (gost:aaaa)"]


def test_an_archive_without_digests_says_so() -> None:
    assert "no digests" in by_hand(ANSWER + PAGE).notes


@pytest.mark.parametrize("over", ["as sent", "unchunked"])
def test_a_chunked_answer_comes_out_whole_and_its_digest_may_be_of_either_form(over: str) -> None:
    sent = chunked(PAGE)
    digest = "sha256:" + hashlib.sha256(sent if over == "as sent" else PAGE).hexdigest()
    head = ANSWER.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    found = by_hand(head + sent, WARC_Payload_Digest=digest)
    assert found.members == [(GATE, PAGE)] and len(found.stated(HOLDS)) == 1


def test_an_answer_that_only_says_it_is_chunked_stays_as_it_is() -> None:
    assert one(Transfer_Encoding="chunked").members == [(GATE, PAGE)]


@pytest.mark.parametrize(
    ("packed_as", "packed"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("gzip", PAGE),
        ("identity", PAGE),
    ],
)
def test_what_was_packed_for_the_way_is_unpacked(packed_as: str, packed: bytes) -> None:
    assert one(body=packed, Content_Encoding=packed_as).members == [(GATE, PAGE)]


def test_a_packing_that_is_not_undone_is_said() -> None:
    found = one(body=b"br", Content_Encoding="br")
    assert found.members == [(GATE, b"br")] and found.about[0]["content_encoding"] == "br"
    assert "left packed as they were sent (br): 1" in found.notes


def test_a_packed_answer_that_breaks_off_is_refused_alone() -> None:
    archive = Archive().answer(GATE, "text/html", gzip.compress(PAGE * 9)[:-20], Content_Encoding="gzip")
    found = read(archive.answer(f"{GATE}.png", "image/png", PICTURE).bytes)
    assert found.broken == [(GATE, "it breaks off before its end")] and found.names == [f"{GATE}.png"]


@pytest.mark.parametrize(
    "kind",
    ["application/pdf", "video/mp4", "audio/ogg", "text/plain", "application/vnd.oasis.opendocument.text"],
)
def test_documents_and_recordings_are_taken_out(kind: str) -> None:
    assert one(kind, b"words").names == [GATE]


def test_a_record_without_a_server_is_taken_out_by_its_own_type() -> None:
    archive = Archive().other("resource", "https://weir.example/report.pdf", "application/pdf", b"%PDF-1.4")
    assert read(archive.bytes).members == [("https://weir.example/report.pdf", b"%PDF-1.4")]


def test_records_of_repeats_questions_and_names_are_counted() -> None:
    archive = Archive().other("request", GATE, "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n")
    archive.other("revisit", GATE, "application/http; msgtype=response", b"HTTP/1.1 200 OK\r\n\r\n")
    archive.other("response", "dns:weir.example", "text/dns", b"192.0.2.7")
    found = read(archive.bytes)
    assert found.members == []
    for said in ("request records: 1", "revisit records: 1", "answers that are not of the web: 1"):
        assert said in found.notes


def test_an_address_is_only_a_name() -> None:
    archive = Archive().answer("https://weir.example/../../etc/passwd", "text/html", PAGE)
    assert read(archive.bytes).names == ["https://weir.example/../../etc/passwd"]


def test_records_in_one_stream_are_read_too() -> None:
    assert read(in_one_stream(sample(False))).members == read(sample()).members


@pytest.mark.parametrize("compressed", [True, False])
def test_an_archive_that_breaks_off_keeps_what_came_whole(compressed: bool) -> None:
    whole = Archive(compressed).answer(GATE, "text/html", PAGE).bytes
    cut = (
        Archive(compressed).answer(GATE, "text/html", PAGE).answer("https://b.example/", "text/html", PAGE)
    ).bytes
    found = read(cut[: len(whole) + (len(cut) - len(whole)) * 3 // 4])
    assert found.members == [(GATE, PAGE)]
    assert "breaks off" in found.notes


def test_what_is_no_record_ends_the_reading_and_is_said() -> None:
    found = read(Archive(False).answer(GATE, "text/html", PAGE).bytes + b"words and more words\r\n")
    assert found.members == [(GATE, PAGE)] and "after 1 records it is no web archive" in found.notes


@pytest.mark.parametrize("length", ["-1", "9" * 40, "ten", "", "²"])
def test_a_length_that_is_none_ends_the_reading(length: str) -> None:
    found = read(bare({"WARC-Type": "response", "Content-Length": length}, b"x"))
    assert "no web archive any more" in found.notes


def test_a_length_that_lies_breaks_only_the_end() -> None:
    stated = {"WARC-Type": "response", "WARC-Target-URI": GATE, "Content-Type": "application/http"}
    found = read(bare(stated | {"Content-Length": str(10**14)}, ANSWER + PAGE))
    assert found.members == [] and found.broken == [(GATE, "it breaks off before its end")]


def test_a_line_without_end_is_not_held() -> None:
    assert "no web archive any more" in read(b"WARC/1.0\r\n" + b"a" * 5_000_000).notes


def test_an_answer_that_unpacks_to_very_much_comes_in_pieces() -> None:
    archive = Archive().answer(GATE, "text/html", gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
    source = Source(io.BytesIO(archive.bytes), len(archive.bytes), "", "x")
    (member,) = [part for part in warc.read(source) if isinstance(part, Member)] or [None]
    assert member
    source.file.seek(0)
    for part in warc.read(source):
        if isinstance(part, Member):
            sizes = [len(chunk) for chunk in part.chunks]
            assert sum(sizes) == 50_000_000 and max(sizes) <= 1 << 18


def test_members_that_nobody_takes_are_passed_over_and_their_digests_checked() -> None:
    content = sample()
    *_, reading = warc.read(Source(io.BytesIO(content), len(content), "", "x"))
    assert sum(part.name == HOLDS for part in reading.observations) >= 12  # type: ignore[union-attr]


@for_all(st.lists(st.tuples(st.binary(max_size=300), st.booleans()), max_size=5))
def test_it_gives_what_another_program_reads(pages: list[tuple[bytes, bool]]) -> None:
    archive = Archive()
    for number, (body, in_chunks) in enumerate(pages):
        more = {"Transfer_Encoding": "chunked"} if in_chunks else {}
        archive.answer(f"{GATE}/{number}", "text/html", chunked(body) if in_chunks else body, **more)
    theirs = [record.content_stream().read() for record in ArchiveIterator(io.BytesIO(archive.bytes))]
    assert [kept for _, kept in read(archive.bytes).members] == theirs


def test_a_web_archive_is_known_by_its_first_bytes() -> None:
    assert media_type(sample(False), "x") == "application/warc"
    assert media_type(sample(), "x") == "application/warc+gzip"
    assert media_type(gzip.compress(b"words"), "x.warc.gz") == "application/gzip"


@for_all(st.binary(max_size=300))
def test_any_bytes_give_a_reading(content: bytes) -> None:
    read(content)
    read(b"\x1f\x8b" + content)
    read(b"WARC/1.0\r\nContent-Length: 20\r\nWARC-Type: response\r\n\r\n" + content)


@pytest.mark.parametrize("compressed", [True, False])
@for_all(st.data())
def test_any_change_to_an_archive_gives_a_reading(compressed: bool, data: st.DataObject) -> None:
    content = sample(compressed)
    place = data.draw(st.integers(0, len(content)))
    gone = data.draw(st.integers(0, 50))
    read(content[:place] + data.draw(st.binary(max_size=20)) + content[place + gone :])
