"""`capture`: a page of the web as an original, with what its server sent along. Nothing is contacted before a yes."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.capturing.address import WebAddress, read_address, read_relative
from onrecord.capturing.failure import NotFetched
from onrecord.capturing.fetching import AGENT, REDIRECTS, Answer, Limits, fetch
from onrecord.capturing.named_files import named_files, title_of
from onrecord.capturing.wacz_file import Page, write_wacz
from onrecord.record.errors import CaptureFailed, CaptureRefused
from onrecord.store.record_store import RecordStore
from onrecord.writing.add import add
from onrecord.writing.put import put

MOST_REDIRECTS = 10
LONGEST_PAGE = 8 * 1000**2
LARGEST_WHOLE = 1000**3
_TOOL = "onrecord capture"
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Contact:
    """What is about to be asked, of whom: shown to a person before it is done. `why` is one of `WHY`."""

    why: str
    places: tuple[str, ...]
    files: tuple[str, ...]


WHY = ("page", "redirect", "resources")
Agree = Callable[[Contact], bool]


@dataclass(slots=True)
class Capturing:
    """One capture: who was agreed to, what came, and what did not."""

    agree: Agree
    allow_local: bool
    limits: Limits
    progress: Progress | None = None
    agreed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    left: int = LARGEST_WHOLE

    def may_contact(self, why: str, wanted: Sequence[WebAddress]) -> list[WebAddress]:
        """Those of the addresses whose places were agreed to, asking once for all that are still open."""
        places = dict.fromkeys(one.place for one in wanted)
        open_places = [place for place in places if place not in self.agreed | self.refused]
        if open_places:
            files = tuple(one.url for one in wanted if one.place in open_places)
            said_yes = self.agree(Contact(why, tuple(open_places), files))
            (self.agreed if said_yes else self.refused).update(open_places)
            if said_yes:
                # The same host over TLS is no other place; the way back is.
                self.agreed.update(
                    f"https://{one.host}" for one in wanted if one.place == f"http://{one.host}"
                )
        return [one for one in wanted if one.place in self.agreed]

    def fetch(self, address: WebAddress, keep_body: int = 0) -> Answer:
        largest = min(self.limits.largest_bytes, self.left)
        limits = Limits(largest, self.limits.longest_seconds, self.limits.patience_seconds)
        answer = fetch(address, self.allow_local, limits, keep_body)
        self.left -= min(self.left, answer.size)
        self.answers.append(answer)
        if self.progress:
            self.progress(len(self.answers), None, address.url)
        return answer

    def follow(self, address: WebAddress, why: str, keep_body: int = 0) -> Answer:
        """The last answer of a chain of redirects; each other host on the way is asked for. Raises `NotFetched`."""
        answer = self.fetch(address, keep_body)
        for _ in range(MOST_REDIRECTS):
            onward = answer.headers.get("location") if answer.status in REDIRECTS else None
            if not onward:
                return answer
            following = read_relative(answer.address.url, onward.encode("latin-1").decode("utf-8", "replace"))
            if following is None:
                raise NotFetched(f"it points to what is no web address: {onward[:200]}")
            if not self.may_contact(why, [following]):
                raise NotFetched(f"it points to {following.place}, which nobody agreed to contact")
            answer = self.fetch(following, keep_body)
        raise NotFetched(f"it points on and on, more than {MOST_REDIRECTS} times")


def capture(
    store: RecordStore,
    url: str,
    agree: Agree,
    *,
    resources: bool = False,
    allow_local: bool = False,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Fetch a page and take the archive of it in. `agree` is asked before each place that is contacted.

    Raises `CaptureRefused` where nobody agreed, and `CaptureFailed` where the page does not come.
    """
    address = read_address(url)
    capturing = Capturing(agree, allow_local, limits or Limits(), progress)
    if not capturing.may_contact("page", [address]):
        raise CaptureRefused(
            address.place, "nobody agreed to contact it, so nothing was", "Agree when asked, or give --yes."
        )
    try:
        page = _fetch_all(capturing, address, resources)
        return _take_in(store, capturing, page, url, resources)
    except NotFetched as wrong:
        raise CaptureFailed(address.url[:200], str(wrong), "Nothing was taken in.") from None
    finally:
        for answer in capturing.answers:
            answer.sent.close()


def _fetch_all(capturing: Capturing, address: WebAddress, resources: bool) -> Answer:
    page = capturing.follow(address, "redirect", LONGEST_PAGE)
    if resources and page.media_type in ("text/html", "application/xhtml+xml"):
        wanted = named_files(bytes(page.body), page.address.url)
        allowed = capturing.may_contact("resources", wanted)
        capturing.failed += [
            {"url": one.url, "why": "nobody agreed to contact it"} for one in wanted if one not in allowed
        ]
        for one in allowed:
            _fetch_one(capturing, one)
    return page


def _fetch_one(capturing: Capturing, address: WebAddress) -> None:
    if capturing.left <= 0:
        capturing.failed.append({"url": address.url, "why": "the capture is large enough already"})
        return
    try:
        capturing.follow(address, "redirect")
    except NotFetched as wrong:
        capturing.failed.append({"url": address.url, "why": str(wrong)})


def _take_in(
    store: RecordStore, capturing: Capturing, page: Answer, url: str, resources: bool
) -> dict[str, Any]:
    is_page = page.media_type in ("text/html", "application/xhtml+xml")
    title = title_of(bytes(page.body)) if is_page else None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{_file_name(page)}.wacz"
        write_wacz(file, capturing.answers, Page(page.address.url, page.at, title))
        lines = list(add(store, [file]))
    line = next(one for one in lines if not one.get("inside"))
    if line["status"] == "refused":
        raise CaptureFailed(page.address.url[:200], str(line["reason"]), "Nothing was taken in.")
    put(store, [_described(line["item"], page, url, title, resources)])
    told = {name: line[name] for name in ("item", "sha256", "media_type", "size", "status")}
    answers = [_told(answer) for answer in capturing.answers]
    members = [
        {**one, "path": str(one["path"]).rpartition(f"{file.name}/")[2]} for one in lines if one is not line
    ]
    return {
        "url": url,
        "page": page.address.url,
        **told,
        "title": title,
        "http_status": page.status,
        "fetched": answers,
        "failed": capturing.failed,
        "members": members,
    }


def _file_name(page: Answer) -> str:
    return f"{page.address.host.replace(':', '-')}-{page.at:%Y%m%dT%H%M%SZ}"


def _described(item: str, page: Answer, url: str, title: str | None, resources: bool) -> dict[str, Any]:
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {
        "kind": "item",
        "id": item,
        "received_at": now,
        "note": f"Captured from {url}",
        "recipe": {
            "tool": _TOOL,
            "version": AGENT.rpartition("/")[2],
            "parameters": {"url": url, "resources": "yes" if resources else "no"},
        },
        "reason": "It was captured from the web.",
    }
    return fields | {"title": title} if title else fields


def _told(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"url": answer.address.url, "status": answer.status, "size": answer.size}
    told |= {"media_type": answer.media_type or None, "from": answer.number}
    return told | {"cut": answer.cut} if answer.cut else told
