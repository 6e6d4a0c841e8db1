"""A page's source cut into text and tags, each with its place, as the HTML standard's tokenizer does.

It takes time in proportion to the length, whatever the source holds, and its result depends on no library's version:
the text layer of a page, on which passages rest, is made from it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Generator, Iterator
from typing import NamedTuple

# After `<` and a letter comes a tag up to the `>` outside quoted values. Every group is possessive: no backtracking.
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][^\s/>]*+)
        ((?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|(?=>)))?+|=)*+)>""",
    re.VERBOSE | re.ASCII,
)
_ATTRIBUTE = re.compile(
    r"""([^\s/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)))?+""", re.VERBOSE | re.ASCII
)
_COMMENT_END = re.compile(r"--!?>")
_LONG_NUMBER = re.compile(r"&#([0-9]{9,});?")
_XML = re.compile(r"[\ufeff \t\r\n]*<\?xml")

# Elements whose content holds no tags; of these, a browser shows what is in `textarea` and `xmp`.
RAW = frozenset({"script", "style", "iframe", "noembed", "noframes", "xmp", "textarea", "title"})
_WITH_REFERENCES = frozenset({"textarea", "title"})


class Text(NamedTuple):
    """Characters with references resolved, and where their source stands."""

    text: str
    start: int
    end: int


class Tag(NamedTuple):
    """A start tag, or an end tag where `closes`. `attributes` is their source; see `attributes_of`."""

    name: str
    closes: bool
    attributes: str
    start: int
    end: int


class Comment(NamedTuple):
    """What no browser shows: a comment, a document type or a processing instruction."""

    start: int
    end: int


Token = Text | Tag | Comment


def tokens(source: str) -> Iterator[Token]:
    """The whole source, in order. A tag that never ends is kept as text, so that no words are lost with it.

    `<script/>` is a whole element only in pages written as XML; a browser takes all that follows it for the script.
    """
    at, is_xml = 0, bool(_XML.match(source))
    while at < len(source):
        begins = source.find("<", at)
        if begins < 0:
            begins = len(source)
        if begins > at:
            yield Text(_resolved(source[at:begins]), at, begins)
        if begins == len(source):
            return
        token = _markup(source, begins)
        yield token
        at = token.end
        if isinstance(token, Tag) and token.name in RAW and not token.closes:
            if is_xml and token.attributes.endswith("/"):
                yield Tag(token.name, True, "", at, at)
            else:
                at = yield from _raw_content(source, token.name, at)


def attributes_of(tag: Tag) -> dict[str, str]:
    """Names in lower case with their values; of a repeated name the first counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag.attributes):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), _resolved(value))
    return found


def _markup(source: str, at: int) -> Token:
    following = source[at + 1 : at + 3]
    if following[:1].isascii() and following[:1].isalpha():
        return _tag(source, at)
    if following[:1] == "/" and following[1:].isascii() and following[1:].isalpha():
        return _tag(source, at)
    if source.startswith("<!--", at):
        return _comment(source, at)
    if following[:1] in ("!", "?", "/") and following != "/":
        ends = source.find(">", at)
        return Comment(at, ends + 1) if ends >= 0 else Text(source[at:], at, len(source))
    return Text("<", at, at + 1)


def _tag(source: str, at: int) -> Token:
    match = _TAG.match(source, at)
    if match is None:
        return Text(_resolved(source[at:]), at, len(source))
    return Tag(match[2].lower(), bool(match[1]), match[3], at, match.end())


def _comment(source: str, at: int) -> Comment:
    for abrupt in ("<!-->", "<!--->"):
        if source.startswith(abrupt, at):
            return Comment(at, at + len(abrupt))
    match = _COMMENT_END.search(source, at + 4)
    return Comment(at, match.end() if match else len(source))


def _raw_content(source: str, name: str, at: int) -> Generator[Token, None, int]:
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII).search(source, at)
    ends = match.start() if match else len(source)
    if ends > at:
        content = source[at:ends]
        yield Text(_resolved(content) if name in _WITH_REFERENCES else _without_zeros(content), at, ends)
    return ends


def _resolved(text: str) -> str:
    """Character references resolved; a zero byte and a number that is no character become U+FFFD."""
    text = _without_zeros(text)
    if "&" not in text:
        return text
    return html.unescape(_LONG_NUMBER.sub(_shortened, text))


def _shortened(number: re.Match[str]) -> str:
    """Python refuses to read a number of thousands of digits."""
    digits = number[1].lstrip("0")
    return f"&#{digits or '0'};" if len(digits) < 9 else "\ufffd"


def _without_zeros(text: str) -> str:
    return text.replace("\0", "\ufffd")
