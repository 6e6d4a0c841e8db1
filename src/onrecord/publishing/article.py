"""A publication's Markdown as blocks of the page, with its citations numbered in the order of reading.

Only what paper can hold is kept: headings, paragraphs, quotations, lists, emphasis. A link keeps its words and, in
brackets, its address; a picture its description; a table or code its text. Nothing is dropped without its words.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.publishing.page.content import (
    Block,
    Citation,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Run,
    Runs,
    Text,
)
from onrecord.writing.citations import CITATION

if TYPE_CHECKING:
    from markdown_it.token import Token

# Noncharacters stand for a citation while Markdown is read: none may stand in the text itself, nor can an entity
# write one.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"


@dataclass(frozen=True, slots=True)
class Article:
    """The blocks of a text, the things it cites in the order of their numbers, from 1, and those without a number."""

    blocks: tuple[Block, ...]
    cited: tuple[str, ...]
    unnumbered: tuple[str, ...] = ()


def read_article(text: str, citations: Mapping[str, str], unnumbered: Container[str] = ()) -> Article:
    """Blocks of a Markdown text. `citations` maps what stands between `[[` and `]]` to a thing's id.

    Things in `unnumbered` are cited as a whole and leave no number in the text.
    """
    numbers: dict[str, int] = {}
    others: dict[str, None] = {}

    def numbered(written: str) -> str:
        thing = citations[written.strip()]
        if thing in unnumbered:
            others[thing] = None
            return ""
        return f"{_OPEN}{numbers.setdefault(thing, len(numbers) + 1)}{_CLOSE}"

    plain = text.replace(_OPEN, "").replace(_CLOSE, "")
    marked = CITATION.sub(lambda match: numbered(match.group(1)), plain)
    return Article(tuple(_blocks(_parse(marked))), tuple(numbers), tuple(others))


def _parse(text: str) -> list[Token]:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        inner = tokens[at + 1 : end]
        token = tokens[at]
        if token.type == "heading_open":
            yield Heading(_all_runs(inner), max(2, int(token.tag[1:])))
        elif token.type == "blockquote_open":
            yield Quote(tuple(_each_inline(inner)))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield Listing(tuple(_items(inner)), ordered=token.type.startswith("ordered"))
        elif token.type in ("fence", "code_block", "html_block"):
            yield Paragraph(tuple(_cited(token.content.rstrip("\n"))))
        elif inner:
            yield from (Paragraph(runs) for runs in _each_inline(inner))
        at = end + 1


def _end(tokens: list[Token], at: int) -> int:
    """The place of the token that closes the one at `at`, or `at` itself if it stands alone."""
    if tokens[at].nesting != 1:
        return at
    return next(place for place in range(at + 1, len(tokens)) if tokens[place].level == tokens[at].level)


def _items(tokens: list[Token]) -> Iterator[Runs]:
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        runs = _all_runs(tokens[at + 1 : end])
        if runs:
            yield runs
        at = end + 1


def _all_runs(tokens: list[Token]) -> Runs:
    """The runs of everything inside, a space between what stood apart."""
    joined: list[Run] = []
    for runs in _each_inline(tokens):
        joined += [Text(" "), *runs] if joined else runs
    return tuple(joined)


def _each_inline(tokens: list[Token]) -> Iterator[Runs]:
    for token in tokens:
        if token.type == "inline":
            yield tuple(_runs(token.children or []))
        elif token.type in ("fence", "code_block", "html_block"):
            yield tuple(_cited(token.content.rstrip("\n")))


def _runs(children: list[Token]) -> Iterator[Run]:
    emphasis = strong = 0
    address = ""
    for token in children:
        if token.type in ("em_open", "em_close"):
            emphasis += token.nesting
        elif token.type in ("strong_open", "strong_close"):
            strong += token.nesting
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            yield Text(f" ({address})")
        elif token.type in ("softbreak", "hardbreak"):
            yield Text(" ")
        else:
            yield from _cited(token.content, bool(emphasis), bool(strong))


def _cited(text: str, emphasis: bool = False, strong: bool = False) -> Iterator[Run]:
    """Text and the citations that stand in it."""
    before, _, rest = text.partition(_OPEN)
    if before:
        yield Text(before, emphasis, strong)
    if rest:
        number, _, after = rest.partition(_CLOSE)
        yield Citation(int(number))
        yield from _cited(after, emphasis, strong)
