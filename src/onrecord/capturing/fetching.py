"""One question to one web server, and its answer kept byte for byte as it was sent: headers, chunks and all.

No script runs, no cookie is kept, no proxy of the surroundings is used, and nothing of this laptop is sent along but
the name of this program.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import IO, Any, cast

from onrecord.capturing.address import WebAddress, resolve
from onrecord.capturing.failure import NotFetched
from onrecord.version import __version__

AGENT = f"onrecord/{__version__}"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_IN_MEMORY = 1 << 20
_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may use. `patience_seconds` is the longest silence."""

    largest_bytes: int = 200 * 1000**2
    longest_seconds: float = 120.0
    patience_seconds: float = 30.0


@dataclass(slots=True)
class Answer:
    """What was asked, when, of which number, and what came: `sent` holds every byte, the headers in the first `head`.

    `cut` says why the answer is not whole, in the words of the WARC standard: "length", "time" or "disconnect".
    """

    address: WebAddress
    at: dt.datetime
    request: bytes
    number: str
    sent: IO[bytes]
    head: int
    status: int
    headers: dict[str, str]
    size: int = 0
    cut: str | None = None
    body: bytearray = field(default_factory=bytearray)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def fetch(address: WebAddress, allow_local: bool, limits: Limits, keep_body: int = 0) -> Answer:
    """Ask once, following nothing. The first `keep_body` bytes of content are also given. Raises `NotFetched`."""
    numbers = resolve(address, allow_local)
    at = dt.datetime.now(dt.UTC)
    with _deadline(limits.longest_seconds) as watched:
        try:
            link, number = _connected(address, numbers, limits, watched)
            with link:
                return _ask(address, at, link, number, limits, keep_body, watched)
        except ssl.SSLCertVerificationError as wrong:
            raise NotFetched(f"its certificate does not hold ({wrong.verify_message})") from None
        except (OSError, HTTPException, ValueError) as wrong:
            late = watched.over
            why = f"it did not answer within {limits.longest_seconds:.0f} seconds" if late else _why(wrong)
            raise NotFetched(why) from None


def _why(wrong: Exception) -> str:
    if isinstance(wrong, TimeoutError):
        return "it does not answer"
    said = getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__
    return f"it could not be asked ({said[:200]})"


@dataclass(slots=True)
class _Watched:
    """The links that are cut when the time is over, however slowly a server drips."""

    links: list[socket.socket] = field(default_factory=list)
    over: bool = False

    def end(self) -> None:
        self.over = True
        for link in self.links:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(link, socket.SHUT_RDWR)


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[_Watched]:
    watched = _Watched()
    timer = threading.Timer(seconds, watched.end)
    timer.daemon = True
    timer.start()
    try:
        yield watched
    finally:
        timer.cancel()


def _connected(
    address: WebAddress, numbers: list[str], limits: Limits, watched: _Watched
) -> tuple[socket.socket, str]:
    """A link to the first number that takes one; over TLS, with the certificate checked for the name that was asked."""
    failed: OSError = OSError("it has no number")
    for number in numbers[:4]:
        try:
            bare = socket.create_connection((number, address.port), limits.patience_seconds)
        except OSError as wrong:
            failed = wrong
            continue
        watched.links.append(bare)
        if address.scheme == "http":
            return bare, number
        secured = ssl.create_default_context().wrap_socket(
            bare, server_hostname=address.host, do_handshake_on_connect=False
        )
        watched.links.append(secured)
        secured.do_handshake()
        return secured, number
    raise failed


def _request(address: WebAddress) -> bytes:
    lines = (
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.named}",
        f"User-Agent: {AGENT}",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


class _Copied:
    """What is read of an answer, copied as it comes: nothing more, and nothing in another form."""

    def __init__(self, inner: Any, copy: IO[bytes]) -> None:
        self._inner, self._copy = inner, copy

    def readline(self, most: int = -1) -> bytes:
        return self._copied(self._inner.readline(most))

    def read(self, most: int = -1) -> bytes:
        return self._copied(self._inner.read(most))

    def read1(self, most: int = -1) -> bytes:
        return self._copied(self._inner.read1(most))

    def readinto(self, room: Any) -> int:
        count = int(self._inner.readinto(room))
        self._copy.write(memoryview(room)[:count])
        return count

    def _copied(self, piece: bytes) -> bytes:
        self._copy.write(piece)
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _ask(
    address: WebAddress,
    at: dt.datetime,
    link: socket.socket,
    number: str,
    limits: Limits,
    keep_body: int,
    watched: _Watched,
) -> Answer:
    request = _request(address)
    link.sendall(request)
    response = HTTPResponse(link, method="GET")
    sent = cast(IO[bytes], tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the answer is its owner
    response.fp = cast(Any, _Copied(response.fp, sent))
    with contextlib.closing(response):
        response.begin()
        _require_whole_head(sent)
        headers: dict[str, str] = {}
        for name, value in response.getheaders():
            headers.setdefault(name.lower(), value)
        answer = Answer(address, at, request, number, sent, sent.tell(), response.status, headers)
        answer.cut = _take(response, answer, limits, keep_body)
    if answer.cut == "disconnect" or response.length is None:
        answer.cut = "time" if watched.over else answer.cut
    return answer


def _require_whole_head(sent: IO[bytes]) -> None:
    """The library takes the end of a link for the end of the headers, too."""
    sent.seek(max(0, sent.tell() - 4))
    if not sent.read().endswith((b"\r\n\r\n", b"\n\n")):
        raise HTTPException("its headers break off")


def _take(response: HTTPResponse, answer: Answer, limits: Limits, keep_body: int) -> str | None:
    """Read the content, as much as may be; why it is not whole, if it is not."""
    try:
        while piece := response.read1(_AT_ONCE):
            answer.size += len(piece)
            answer.body += piece[: max(0, keep_body - len(answer.body))]
            if answer.size > limits.largest_bytes:
                return "length"
    except (OSError, HTTPException, ValueError):
        return "disconnect"
    return "disconnect" if response.length else None
