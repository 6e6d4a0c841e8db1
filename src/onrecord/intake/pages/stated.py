"""What a page states of itself: when and by whom it was published, where it came from, and which files it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.intake.pages.markup import Comment, Tag, Text, attributes_of, tokens
from onrecord.intake.reading import Observation
from onrecord.record.edtf import parse_point
from onrecord.record.errors import TimeInvalid

OF = "page"
MOST = 500
MOST_RESOURCES = 300
LONGEST_VALUE = 2_000
_META = re.compile(
    r"(?:og|article|book|profile|twitter|dc|dcterms|sailthru|parsely|citation)[:._-].{1,60}|author|date|generator"
    r"|publisher|description|last-modified|pubdate|publishdate|news_keywords|copyright|language",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(r"time|date|created|modified|issued|published", re.IGNORECASE)
_SAVED_FROM = re.compile(r"\s*saved from url=\(\d{1,9}\)(.{1,2000}?)\s*", re.IGNORECASE | re.DOTALL)
_SINGLE_FILE = re.compile(
    r"^\s*(url|saved date|archive service|info)\s*:\s*(.{1,2000}?)\s*$", re.IGNORECASE | re.MULTILINE
)
_SAVED_COMMENT = re.compile(r"<!--\s*page saved with singlefile", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|\?", re.IGNORECASE)
_RESOURCES = {"img": "src", "source": "src", "video": "src", "audio": "src", "iframe": "src", "embed": "src"}
_RESOURCES |= {
    "frame": "src",
    "object": "data",
    "script": "src",
    "link": "href",
    "image": "href",
    "track": "src",
}


def stated(source: str) -> tuple[Observation, ...]:
    """At most 500, in the order of the source; the files it names come last, each once."""
    found: list[Observation] = []
    resources: dict[str, None] = {}
    takes_title, has_title = False, False
    for token in tokens(source):
        if len(found) >= MOST - MOST_RESOURCES and len(resources) >= MOST_RESOURCES:
            break
        if isinstance(token, Comment):
            found += _of_comment(source[token.start : min(token.end, token.start + 4_000)])
        elif isinstance(token, Text):
            if takes_title and not has_title and token.text.strip():
                found.append(observed("title", " ".join(token.text.split())))
                has_title = True
        elif not token.closes:
            takes_title = token.name == "title"
            found += _of_tag(token)
            for named in _resources(token):
                resources.setdefault(named)
        else:
            takes_title = False
    kept = found[: MOST - MOST_RESOURCES]
    return (*kept, *(observed("resource", one) for one in list(resources)[:MOST_RESOURCES]))


def observed(name: str, value: str, reads: str | None = None) -> Observation:
    value = value.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    kept = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
    return Observation(OF, name, kept, reads)


def edtf_of(written: str) -> str | None:
    """A date as pages state it (ISO 8601), where it is one in EDTF, too."""
    said = re.sub(r"(:[0-9]{2})\.[0-9]{1,9}", r"\1", written.strip()[:60], count=1)
    said = re.sub(r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2", said) if "T" in said else said
    try:
        return parse_point(said).text
    except TimeInvalid:
        return None


def _of_comment(comment: str) -> Iterator[Observation]:
    inner = comment.removeprefix("<!--").removesuffix("-->")
    if found := _SAVED_FROM.fullmatch(inner):
        yield observed("saved from url", found[1])
    elif _SAVED_COMMENT.match(comment):
        for line in _SINGLE_FILE.finditer(inner):
            yield observed(f"saved with SingleFile, {line[1].lower()}", line[2])


def _of_tag(tag: Tag) -> Iterator[Observation]:
    if tag.name == "meta":
        attributes = attributes_of(tag)
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        value = attributes.get("content", "").strip()
        if value and _META.fullmatch(name):
            yield observed(name, value, edtf_of(value) if _DATE_NAME.search(name) else None)
    elif tag.name == "link" and "canonical" in tag.attributes.lower():
        attributes = attributes_of(tag)
        if "canonical" in attributes.get("rel", "").lower().split() and attributes.get("href"):
            yield observed("canonical", attributes["href"].strip())
    elif tag.name == "time" and "datetime" in tag.attributes.lower():
        written = attributes_of(tag).get("datetime", "").strip()
        if written:
            yield observed("time", written, edtf_of(written))


def _resources(tag: Tag) -> Iterator[str]:
    """Files beside the page that it names: saved with it, or lost."""
    wanted = _RESOURCES.get(tag.name)
    if wanted is None or wanted not in tag.attributes.lower():
        return
    attributes = attributes_of(tag)
    if tag.name == "link" and not set(attributes.get("rel", "").lower().split()) & {
        "stylesheet",
        "icon",
        "preload",
    }:
        return
    named = attributes.get(wanted, "").strip()
    if named and not _ELSEWHERE.match(named):
        yield named
