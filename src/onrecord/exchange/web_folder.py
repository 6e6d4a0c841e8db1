"""A plain web folder as an exchange folder, for reading only: files by GET, from the one origin that was named.

Prefixes are found in the folder's own `list.json` (`{"prefixes": [log, …]}`) or in the index page that a web server
makes; the files of a prefix in that prefix's `list.json`.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import unquote, urlsplit

from onrecord.exchange import contents
from onrecord.exchange.place import Fill, Source, checked_prefixes, is_prefix
from onrecord.record.errors import ExchangeRefused

PATIENCE_SECONDS = 30.0
LONGEST_SECONDS = 6 * 3600.0
_LARGEST_INDEX = 4 << 20
_AT_ONCE = 1 << 16
_HREF = re.compile(r"""href\s*=\s*["']?\.?/?([^"'\s>/]+)/""", re.IGNORECASE)


class WebFolder:
    """Nothing is written here, no redirect is followed, and nothing of this laptop is sent along."""

    writable = False

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ExchangeRefused(
                address, "it is not the address of a web folder", "Write https://host/folder."
            )
        self.shown = address
        self._base = address.rstrip("/") + "/"
        self._opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
            self._opener.add_handler(handler)

    def prefixes(self) -> list[str]:
        names = self._named_in_list()
        if names is None:
            names = [unquote(one) for one in _HREF.findall(self._page())]
        return checked_prefixes(sorted({name for name in names if is_prefix(name)}), self.shown)

    def files(self, prefix: str) -> dict[str, int]:
        try:
            listed = contents.read_contents(self._small(f"{prefix}/{contents.NAME}", contents.LARGEST))
        except (OSError, ValueError):
            return {}
        return {**listed.sizes, contents.NAME: 0}

    def open(self, name: str) -> Source:
        return self._get(self._base + name)

    def write(self, name: str, fill: Fill) -> int:
        raise OSError("a web folder is for reading only")

    def delete(self, name: str) -> None:
        raise OSError("a web folder is for reading only")

    def sweep(self, prefix: str) -> None:
        pass

    def drop(self, prefix: str) -> None:
        pass

    def settle(self, prefix: str) -> None:
        pass

    def _named_in_list(self) -> list[str] | None:
        try:
            held = json.loads(self._small(contents.NAME, _LARGEST_INDEX))
            return [str(name) for name in held["prefixes"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _page(self) -> str:
        try:
            return self._small("", _LARGEST_INDEX).decode("utf-8", "replace")
        except OSError as wrong:
            raise ExchangeRefused(
                self.shown, f"it cannot be read ({wrong})", "Check the address and the network."
            ) from None

    def _small(self, name: str, most: int) -> bytes:
        source = self._get(self._base + name)
        try:
            data = source.read(most + 1)
        finally:
            source.close()
        if len(data) > most:
            raise OSError("it is too large")
        return data

    def _get(self, address: str) -> _Body:
        request = urllib.request.Request(address, headers={"User-Agent": "onrecord"})  # noqa: S310 - checked above
        try:
            answer = self._opener.open(request, timeout=PATIENCE_SECONDS)
        except (urllib.error.URLError, HTTPException, ValueError) as wrong:
            raise OSError(str(getattr(wrong, "reason", wrong))) from None
        if answer is None or answer.status != 200:
            status = answer.status if answer is not None else "no answer"
            raise FileNotFoundError(f"the web server says {status}")
        return _Body(answer)


class _Body:
    """An answer's bytes, for so long and no longer."""

    def __init__(self, answer: HTTPResponse) -> None:
        self._answer: Any = answer
        self._until = time.monotonic() + LONGEST_SECONDS

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer only at the end: taken as they come, so that a server that drips cannot hold this up."""
        parts: list[bytes] = []
        while size:
            if time.monotonic() > self._until:
                raise OSError("it takes too long")
            part = self._some(_AT_ONCE if size < 0 else size)
            if not part:
                break
            parts.append(part)
            size -= len(part) if size > 0 else 0
        return b"".join(parts)

    def _some(self, most: int) -> bytes:
        try:
            return bytes(self._answer.read1(most))
        except (HTTPException, ValueError) as wrong:
            raise OSError(str(wrong)) from None

    def close(self) -> None:
        self._answer.close()
