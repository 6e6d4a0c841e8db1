"""Capturing a page: nothing before a yes, every byte as it was sent, and the archive opens elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from onrecord.api import Record
from onrecord.capturing.capture import Contact, capture
from onrecord.capturing.fetching import Limits
from onrecord.intake.pages import wacz
from onrecord.record.errors import CaptureFailed, CaptureRefused
from tests.capturing.servers import Server, answer, certified, redirect, serving
from tests.intake.given import given

PAGE = (
    "<html><head><title>البوابة</title></head><body><p>The gate was shut.<p>השער נסגר</body></html>".encode()
)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30
Given = dict[str, Any]


class Person:
    """Says yes to the places that hold one of the words, and remembers what was asked."""

    def __init__(self, *words: str) -> None:
        self.words, self.asked = words, []  # type: ignore[var-annotated]

    def __call__(self, contact: Contact) -> bool:
        self.asked.append(contact)
        return any(word in place for word in self.words for place in contact.places)


def everyone() -> Person:
    return Person("")


def take(record: Record, url: str, agree: Callable[[Contact], bool] | None = None, **more: Any) -> Given:
    return capture(record._store, url, agree or everyone(), allow_local=True, **more)


def package_of(record: Record, told: Given) -> bytes:
    return record._store.originals.path(told["sha256"]).read_bytes()


def records_of(record: Record, told: Given) -> list[tuple[str, str, bytes]]:
    """As another program reads them, with every digest checked."""
    with zipfile.ZipFile(io.BytesIO(package_of(record, told))) as package:
        warc = package.read("archive/data.warc.gz")
    found = []
    for one in ArchiveIterator(io.BytesIO(warc), check_digests=True):
        content = one.content_stream().read()
        assert one.digest_checker.passed, one.digest_checker.problems
        found.append((one.rec_type, one.rec_headers.get_header("WARC-Target-URI") or "", content))
    return found


def responses(record: Record, told: Given) -> list[tuple[str, bytes]]:
    return [(url, content) for kind, url, content in records_of(record, told) if kind == "response"]


@pytest.fixture
def site() -> Iterator[Server]:
    with serving({"/gate": answer(PAGE), "/a.png": answer(PICTURE, "image/png")}) as server:
        yield server


def nothing_was_taken_in(record: Record) -> bool:
    return list(record.items()) == []


def test_without_a_yes_nothing_is_contacted_and_nothing_is_taken_in(record: Record, site: Server) -> None:
    person = Person("nobody")
    with pytest.raises(CaptureRefused, match="nobody agreed"):
        take(record, site.url("/gate"), person)
    assert site.connections == 0 and nothing_was_taken_in(record)
    assert person.asked == [Contact("page", (site.url(""),), (site.url("/gate"),))]


def test_an_address_of_this_laptop_is_refused_unless_it_is_allowed(record: Record, site: Server) -> None:
    with pytest.raises(CaptureFailed, match="--allow-local"):
        capture(record._store, site.url("/gate", "localhost"), everyone())
    assert site.connections == 0 and nothing_was_taken_in(record)


def test_a_page_becomes_an_item_inside_its_archive(record: Record, site: Server) -> None:
    told = take(record, site.url("/gate"))
    assert (told["media_type"], told["status"], told["title"]) == ("application/wacz", "added", "البوابة")
    (member,) = told["members"]
    assert member["path"] == site.url("/gate") and member["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert record.text(member["item"])["text"] == "The gate was shut.\n\nהשער נסגר"


def test_the_item_says_how_and_when_it_came(record: Record, site: Server) -> None:
    told = take(record, site.url("/gate"))
    fields = record.get(told["item"])["heads"][0]["fields"]
    assert fields["recipe"]["tool"] == "onrecord capture" and fields["recipe"]["parameters"][
        "url"
    ] == site.url("/gate")
    assert fields["note"] == f"Captured from {site.url('/gate')}" and fields["title"] == "البوابة"
    assert fields["received_at"].endswith("Z") and fields["name"].endswith(".wacz")


def test_question_and_answer_are_kept_as_they_were_sent(record: Record, site: Server) -> None:
    told = take(record, site.url("/gate"))
    package = package_of(record, told)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        warc = opened.read("archive/data.warc.gz")
    blocks = {
        one.rec_type: one.raw_stream.read() for one in ArchiveIterator(io.BytesIO(warc), no_record_parse=True)
    }
    assert blocks["response"] == answer(PAGE)
    assert blocks["request"] == site.asked[0]


def test_little_is_told_to_the_server(record: Record, site: Server) -> None:
    take(record, site.url("/gate"))
    lines = site.asked[0].decode().split("\r\n")
    assert [line.partition(":")[0] for line in lines[1:] if line] == [
        *("Host", "User-Agent", "Accept", "Accept-Encoding", "Connection")
    ]


def test_another_program_and_our_own_reader_find_the_archive_sound(record: Record, site: Server) -> None:
    told = take(record, site.url("/gate"))
    assert responses(record, told) == [(site.url("/gate"), PAGE)]
    found = given(wacz, package_of(record, told))
    assert found.members == [(site.url("/gate"), PAGE)]
    assert found.stated("digest does not hold") == [] and len(found.stated("digest holds")) >= 7
    assert found.stated("page") == [site.url("/gate")]


def test_the_index_leads_to_each_answer(record: Record, site: Server) -> None:
    told = take(record, site.url("/gate"))
    with zipfile.ZipFile(io.BytesIO(package_of(record, told))) as package:
        assert {one.compress_type for one in package.infolist()} == {zipfile.ZIP_STORED}
        warc = package.read("archive/data.warc.gz")
        (line,) = package.read("indexes/index.cdx").decode().splitlines()
    place, _, stated = line.split(" ", 2)
    stands = json.loads(stated)
    assert place == f"127.0.0.1:{site.port})/gate"
    part = warc[int(stands["offset"]) : int(stands["offset"]) + int(stands["length"])]
    found = next(iter(ArchiveIterator(io.BytesIO(part))))
    assert found.content_stream().read() == PAGE


def test_a_chunked_answer_is_kept_with_its_chunks(record: Record) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    with serving({"/": head + b"5\r\n<p>Th\r\n9\r\ne gate.</\r\n0\r\n\r\n"}) as site:
        told = take(record, site.url("/"))
    assert responses(record, told) == [(site.url("/"), b"<p>The gate.</")]
    assert "cut" not in told["fetched"][0]


def test_a_redirect_on_one_host_is_followed_and_kept(record: Record) -> None:
    with serving({"/": redirect("/gate"), "/gate": answer(PAGE)}) as site:
        person = everyone()
        told = take(record, site.url("/"), person)
        assert told["page"] == site.url("/gate") and len(person.asked) == 1
        assert [one["status"] for one in told["fetched"]] == [302, 200]
        assert [url for url, _ in responses(record, told)] == [site.url("/"), site.url("/gate")]


def test_a_redirect_to_another_host_is_asked_for(record: Record) -> None:
    with (
        serving({"/gate": answer(PAGE)}) as other,
        serving({"/": redirect(other.url("/gate", "localhost"))}) as site,
    ):
        person = Person("127.0.0.1")
        with pytest.raises(CaptureFailed, match="nobody agreed to contact"):
            take(record, site.url("/"), person)
        assert other.connections == 0 and nothing_was_taken_in(record)
        assert [one.why for one in person.asked] == ["page", "redirect"]
        assert take(record, site.url("/"))["page"] == other.url("/gate", "localhost")


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://weir.example/", "http://a:b@weir.example/", "//"]
)
def test_a_redirect_to_what_is_no_web_address_ends_it(record: Record, to: str) -> None:
    with serving({"/": redirect(to)}) as site, pytest.raises(CaptureFailed):
        take(record, site.url("/"))
    assert nothing_was_taken_in(record)


def test_a_circle_of_redirects_has_an_end(record: Record) -> None:
    with serving({"/": redirect("/")}) as site:
        with pytest.raises(CaptureFailed, match="on and on"):
            take(record, site.url("/"))
        assert site.connections == 11


FILES = "<link rel=stylesheet href=/s.css><img src=a.png><img src='{other}/b.png'><img src=a.png><script src=x.js></script>"


def test_pictures_and_styles_are_fetched_where_that_was_asked(record: Record) -> None:
    pages: dict[str, Any] = {"/s.css": answer(b"p{}", "text/css"), "/a.png": answer(PICTURE, "image/png")}
    with serving({"/b.png": answer(PICTURE, "image/png")}) as other, serving(pages) as site:
        pages["/"] = answer(FILES.format(other=other.url("")).encode())
        told = take(record, site.url("/"), resources=True)
        urls = [url for url, _ in responses(record, told)]
        assert urls == [site.url(path) for path in ("/", "/s.css", "/a.png")] + [other.url("/b.png")]
        assert take(record, site.url("/"))["fetched"][1:] == []


def test_files_on_other_hosts_are_named_first_and_left_where_nobody_agrees(record: Record) -> None:
    pages: dict[str, Any] = {"/s.css": answer(b"p{}", "text/css"), "/a.png": answer(PICTURE, "image/png")}
    with serving({}) as other, serving(pages) as site:
        pages["/"] = answer(FILES.format(other=other.url("", "localhost")).encode())
        person = Person("127.0.0.1")
        told = take(record, site.url("/"), person, resources=True)
        assert person.asked[1] == Contact(
            "resources", (other.url("", "localhost"),), (other.url("/b.png", "localhost"),)
        )
        assert other.connections == 0 and len(told["fetched"]) == 3
        assert told["failed"] == [
            {"url": other.url("/b.png", "localhost"), "why": "nobody agreed to contact it"}
        ]


def test_an_answer_larger_than_is_taken_is_kept_in_part_and_said(record: Record) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"

    def endless() -> Iterator[bytes]:
        yield head
        while True:
            yield b"again and " * 8_000

    with serving({"/": endless}) as site:
        told = take(record, site.url("/"), limits=Limits(largest_bytes=300_000))
    assert told["fetched"][0]["cut"] == "length" and 300_000 < told["fetched"][0]["size"] < 500_000
    assert len(responses(record, told)) == 1


@pytest.mark.parametrize("part", ["headers", "content"])
def test_a_server_that_drips_has_so_much_time_and_no_more(record: Record, part: str) -> None:
    import time

    def dripping() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" if part == "headers" else b"HTTP/1.1 200 OK\r\n\r\n<p>The gate"
        for _ in range(400):
            time.sleep(0.05)
            yield b"a"

    with serving({"/": dripping}) as site:
        limits = Limits(longest_seconds=0.5)
        if part == "headers":
            with pytest.raises(CaptureFailed, match="did not answer within"):
                take(record, site.url("/"), limits=limits)
        else:
            assert take(record, site.url("/"), limits=limits)["fetched"][0]["cut"] == "time"


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<p>The gate",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n<p>The gate",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n<p>The gate\r\nzz\r\n",
    ],
)
def test_an_answer_shorter_than_its_server_said_is_kept_and_said(record: Record, sent: bytes) -> None:
    with serving({"/": sent}) as site:
        told = take(record, site.url("/"))
    assert told["fetched"][0]["cut"] == "disconnect"
    with zipfile.ZipFile(io.BytesIO(package_of(record, told))) as package:
        warc = package.read("archive/data.warc.gz")
    (kept,) = [
        one.raw_stream.read()
        for one in ArchiveIterator(io.BytesIO(warc), no_record_parse=True)
        if one.rec_type == "response"
    ]
    assert (sent.startswith(kept) and kept.endswith(b"<p>The gate"[:11])) or kept == sent


@pytest.mark.parametrize(
    "sent", [b"", b"words\r\n\r\n", b"HTTP/1.1 two\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000]
)
def test_what_is_no_answer_is_said_and_nothing_is_taken_in(record: Record, sent: bytes) -> None:
    with serving({"/": sent}) as site, pytest.raises(CaptureFailed, match="could not be asked"):
        take(record, site.url("/"))
    assert nothing_was_taken_in(record)


def test_a_server_that_is_not_there_is_said(record: Record) -> None:
    with serving({}) as site:
        pass
    with pytest.raises(CaptureFailed, match="could not be asked"):
        take(record, site.url("/"))


def test_an_answer_that_is_an_error_is_kept_as_what_it_is(record: Record, site: Server) -> None:
    told = take(record, site.url("/nowhere"))
    assert told["http_status"] == 404 and responses(record, told) == [(site.url("/nowhere"), b"not here")]


def test_a_document_is_captured_like_a_page(record: Record, site: Server) -> None:
    told = take(record, site.url("/a.png"), resources=True)
    assert [one["sha256"] for one in told["members"]] == [hashlib.sha256(PICTURE).hexdigest()]


def test_a_certificate_that_nobody_vouches_for_is_refused(record: Record, tmp_path: Path) -> None:
    secure, _ = certified(tmp_path)
    with serving({"/": answer(PAGE)}, secure) as site:
        with pytest.raises(CaptureFailed, match="certificate does not hold"):
            take(record, site.url("/", "localhost"))
        assert site.asked == [] and nothing_was_taken_in(record)


@pytest.mark.parametrize(("name", "holds"), [("localhost", True), ("weir.example", False)])
def test_a_certificate_has_to_be_of_the_name_that_was_asked(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, holds: bool
) -> None:
    secure, certificate = certified(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    refused = (
        contextlib.nullcontext() if holds else pytest.raises(CaptureFailed, match="certificate does not hold")
    )
    with serving({"/": answer(PAGE)}, secure) as site:
        with refused:
            assert responses(record, take(record, site.url("/", "localhost"))) == [
                (site.url("/", "localhost"), PAGE)
            ]
        assert len(site.asked) == holds


def test_no_proxy_of_the_surroundings_is_used(
    record: Record, site: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        take(record, site.url("/gate"))
        assert proxy.connections == 0


def test_no_copy_is_left_behind(
    record: Record, site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    take(record, site.url("/gate"))
    assert list(aside.iterdir()) == []
