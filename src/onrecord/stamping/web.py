"""One question to one address on the network, that the user asked for: with limits on time, size and where it leads."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import IO, cast
from urllib.parse import urlsplit

from onrecord.record.errors import FieldInvalid

PATIENCE_SECONDS = 30.0
LONGEST_SECONDS = 60.0
LARGEST = 1 << 20
_SCHEMES = ("http", "https")


class NotAnswered(Exception):
    """An authority or calendar gave nothing that can be kept. The message says why."""


def check_address(address: str) -> str:
    """The address of an authority or calendar. Raises `FieldInvalid`.

    It is kept in the record for good, so it may hold no password.
    """
    try:
        parts = urlsplit(address)
        sound = parts.scheme in _SCHEMES and bool(parts.hostname) and address.isascii() and " " not in address
    except ValueError:
        sound = False
    if not sound:
        raise FieldInvalid(
            repr(address), "is no web address", "Write one that begins with https:// or http://."
        )
    if "@" in parts.netloc:
        raise FieldInvalid(
            parts.hostname or "",
            "its address holds a name or password",
            "The record keeps it for good: leave it out.",
        )
    return address


def fetch(address: str, body: bytes | None = None, *, kind: str, accept: str) -> bytes:
    """What an address answers. With a `body` (of media type `kind`) it is posted. Raises `NotAnswered`."""
    headers = {"Accept": accept, "User-Agent": "onrecord"} | (
        {"Content-Type": kind} if body is not None else {}
    )
    request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 - the scheme was checked
    try:
        with _opener.open(request, timeout=PATIENCE_SECONDS) as response:
            return _read(cast(HTTPResponse, response))
    except urllib.error.HTTPError as wrong:
        raise NotAnswered(f"it answered {wrong.code} {wrong.reason}") from None
    except urllib.error.URLError as wrong:
        raise NotAnswered(f"it could not be reached ({_reason(wrong.reason)})") from None
    except TimeoutError:
        raise NotAnswered(f"it did not answer within {PATIENCE_SECONDS:.0f} seconds") from None
    except (OSError, HTTPException, ValueError) as wrong:
        raise NotAnswered(f"it could not be reached ({_reason(wrong)})") from None


def _reason(wrong: object) -> str:
    return getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__


def _read(response: HTTPResponse) -> bytes:
    until, found = time.monotonic() + LONGEST_SECONDS, b""
    while chunk := response.read1(1 << 16):
        found += chunk
        if len(found) > LARGEST:
            raise NotAnswered("its answer is larger than 1 MB")
        if time.monotonic() > until:
            raise NotAnswered("its answer took too long")
    return found


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to the same scheme or from http to https, and posts again what was posted."""

    max_redirections = 3

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request:
        scheme = urlsplit(newurl).scheme
        if scheme not in _SCHEMES or (req.type == "https" and scheme != "https"):
            raise NotAnswered(f"it points to an address of another kind: {newurl[:200]}")
        return urllib.request.Request(newurl, data=req.data, headers=req.headers)  # noqa: S310 - checked above

    http_error_307 = http_error_308 = urllib.request.HTTPRedirectHandler.http_error_302


_opener = urllib.request.build_opener(_Redirects)
