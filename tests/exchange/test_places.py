"""The same folder in an object store and on the web. Everything runs on this machine."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.exchange import place as places
from onrecord.exchange import web_folder
from onrecord.exchange.place import place_at
from onrecord.record.errors import ExchangeRefused
from tests.exchange.laptops import Laptop, a_team

VIDEO = bytes(range(256)) * 90_000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An object store on this machine."""
    pytest.importorskip("obstore")
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket, and the usual variables that say where it is."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "an-access-key",
        "AWS_SECRET_ACCESS_KEY": "a-secret-key",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    for path in ("/moto-api/reset", "/team"):
        method = "PUT" if path == "/team" else "POST"
        urllib.request.urlopen(urllib.request.Request(endpoint + path, method=method)).close()
    return "s3://team/records/one"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Redirecting(Quiet):
    """Sends every request on to somewhere else."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()


class Dripping(Quiet):
    """Answers everything with a byte now and then, so that no single wait is long, and without an end."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "60000")
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(200):
                self.wfile.write(b" ")
                time.sleep(0.05)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address at which a plain web server shows it."""
    folder = tmp_path / "served"
    folder.mkdir()
    with serving(functools.partial(Quiet, directory=str(folder))) as address:
        yield folder, address


class serving:  # noqa: N801 - reads as a verb
    def __init__(self, handler: object) -> None:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)  # type: ignore[arg-type]

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_a_record_travels_through_an_object_store(bucket: str, tmp_path: Path) -> None:
    mira, noam = a_team(tmp_path, "mira", "noam")
    mira.add("video.mp4", VIDEO)
    mira.put({"kind": "actor", "names": ["Anna"]})
    sent = mira.send(bucket)
    assert sent["missing"] == [] and sent["originals"] == 1
    assert mira.send(bucket)["entries"] == 0
    assert noam.merge(bucket)["missing"] == []
    assert noam.things() == mira.things() and noam.verify()["problems"] == []


def test_an_object_store_shows_neither_names_nor_hashes(bucket: str, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.add("guard.mp4", VIDEO)
    mira.send(bucket)
    place = place_at(bucket)
    assert place.prefixes() == [mira.log]
    assert all(map(places.is_file, place.files(mira.log)))


def test_errors_of_an_object_store_show_no_credentials(bucket: str, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    for address in ("s3://nowhere-at-all/x", "s3://-", "s3://"):
        with pytest.raises(ExchangeRefused) as wrong:
            mira.send(address)
        assert "secret" not in str(wrong.value) and "access-key" not in str(wrong.value)


def test_without_keys_for_object_stores_the_variables_are_named_and_nobody_is_asked(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira = Laptop.new(tmp_path, "mira")
    for gone in ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(gone)
        with pytest.raises(ExchangeRefused, match=r"AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") as wrong:
            mira.send(bucket)
        assert "169.254" not in str(wrong.value)
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    place_at(bucket)


@pytest.mark.parametrize("listed", [False, True])
def test_a_web_folder_is_read_by_its_index_page_or_its_list(
    served: tuple[Path, str], tmp_path: Path, listed: bool
) -> None:
    folder, address = served
    mira, noam = a_team(tmp_path, "mira", "noam")
    mira.add("note.txt", "The gate was shut.")
    mira.send(folder)
    if listed:
        (folder / "index.html").write_text("nothing to see")
        (folder / "list.json").write_text(f'{{"prefixes": ["{mira.log}"]}}')
    assert noam.merge(address)["missing"] == []
    assert noam.things() == mira.things()


def test_a_web_folder_is_not_written_to(served: tuple[Path, str], tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    with pytest.raises(ExchangeRefused, match="reading only"):
        mira.send(served[1])


def test_a_web_folder_that_sends_on_elsewhere_is_refused(tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    with serving(Redirecting) as address, pytest.raises(ExchangeRefused, match="302"):
        mira.merge(address)


def test_a_web_server_that_drips_is_left_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira = Laptop.new(tmp_path, "mira")
    monkeypatch.setattr(web_folder, "LONGEST_SECONDS", 0.2)
    began = time.monotonic()
    with serving(Dripping) as address, pytest.raises(ExchangeRefused, match="too long"):
        mira.merge(address)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    "address", ["http://", "https://name@host/x", "https://host/x?y", "http://127.0.0.1:1/"]
)
def test_an_address_that_is_none_or_answers_nothing_is_refused(address: str, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    with pytest.raises(ExchangeRefused):
        mira.merge(address)


def test_a_web_folder_is_joined_with_a_code_and_nothing_is_written_there(
    served: tuple[Path, str], tmp_path: Path
) -> None:
    folder, address = served
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    mira.add("note.txt", "The gate was shut.")
    joined = noam.join(address, mira.send(folder, invite=True)["code"])
    assert joined["sent"] is False and joined["missing"] == []
    assert noam.things() == mira.things()
