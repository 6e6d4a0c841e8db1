"""The visible text of a page, block by block in the order of its source, each with the place it came from.

Everything a reader of the page without scripts and style sheets could see is kept; what is left out is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from onrecord.intake.pages.markup import RAW, Comment, Tag, Text, attributes_of, tokens


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_VOID = _names("area base basefont bgsound br col embed frame hr img input link meta param source track wbr")
_BLOCKS = _names(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav ol optgroup option p pre "
    "search section select summary textarea ul xmp"
)
_TABLE = _names("table tr td th tbody thead tfoot caption")
_CELLS = frozenset({"td", "th", "caption"})
_ENDED_BY_THE_NEXT = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "option": ("select",)}
_KINDS = dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")
_KINDS |= dict.fromkeys(("li", "dt", "dd"), "list item") | dict.fromkeys(("caption", "figcaption"), "caption")
_KINDS |= dict.fromkeys(("pre", "listing", "xmp", "textarea"), "preformatted")
_NEVER_SHOWN = frozenset({"script", "style", "iframe", "noembed", "noframes", "title", "template"})
_RAW_AND_HIDDEN = RAW & _NEVER_SHOWN
_LINE_LENGTH = 500

_SPACES = re.compile("[ \t\n\r\f]+")
# Stands for `<br>` until a block is whole; the source has no zero byte left.
_BREAK = "\0"
_LINE_BREAK = re.compile(" ?\0 ?")
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row; `source[start:end]` is where its words stand."""

    text: str
    kind: str
    start: int
    end: int
    continues_table: bool = False


@dataclass(frozen=True, slots=True)
class Blocks:
    """A page's blocks, its title, how deep its elements are nested, and what is not shown, by kind and number."""

    blocks: list[Block]
    title: str | None
    depth: int
    not_shown: Counter[str]


@dataclass(slots=True)
class _Element:
    name: str
    hides: bool
    kind: str | None


@dataclass(slots=True)
class _Scope:
    """The page, a table or a cell: end tags inside do not reach what was opened outside."""

    owner: str
    elements: list[_Element] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Row:
    """A table's row being read: the blocks of each cell. `split` once its cells hold more than a line can."""

    cells: list[list[Block]] = field(default_factory=list)
    split: bool = False
    follows: bool = False


def visible_blocks(source: str) -> Blocks:
    """Walk a page's source once. Any source gives a result; badly nested ones are mended much as browsers do."""
    walk = _Walk(len(source))
    for token in tokens(source):
        if isinstance(token, Text):
            walk.text(token)
        elif isinstance(token, Comment):
            walk.comment(source[token.start : token.end], token.end == len(source))
        elif token.closes:
            walk.close(token.name)
        else:
            walk.open(token)
    walk.end()
    return Blocks(walk.blocks, walk.title, walk.depth, walk.not_shown)


class _Walk:
    def __init__(self, length: int) -> None:
        self._length = length
        self.blocks: list[Block] = []
        self.title: str | None = None
        self.not_shown: Counter[str] = Counter()
        self.depth = 0
        self._open = 0
        self._hidden = 0
        self._kinds: list[str] = []
        self._scopes = [_Scope("page")]
        self._rows: list[_Row] = []
        self._pieces: list[str] = []
        self._start = self._end = 0

    def text(self, token: Text) -> None:
        if self._hidden:
            return self._text_in_hiding(token)
        blank = not token.text.strip(" \t\n\r\f")
        if not self._pieces:
            if blank and not self._keeps_spaces():
                return
            self._start = token.start
        self._pieces.append(token.text)
        if not blank:
            self._end = token.end

    def comment(self, source: str, is_last: bool) -> None:
        if not source.startswith("<!--"):
            return
        self.not_shown["comments"] += 1
        if is_last and not source.endswith(">"):
            self.not_shown["words in a comment that never ends"] += len(source.split())

    def open(self, tag: Tag) -> None:
        name = tag.name
        if name in _VOID:
            return self._open_void(name)
        if name in _TABLE:
            return self._open_in_table(tag)
        if name in _BLOCKS:
            self._flush()
            self._close_open("p")
        if name in _ENDED_BY_THE_NEXT:
            self._close_sibling(name)
        self._push(tag)

    def close(self, name: str) -> None:
        if name == "br":
            return self._open_void(name)
        if name in _TABLE and self._rows:
            return self._close_in_table(name)
        if name in _BLOCKS or name in _TABLE:
            self._flush()
        self._close_open(name)

    def end(self) -> None:
        self._flush()
        while self._rows:
            self._close_in_table("table")

    def _open_void(self, name: str) -> None:
        if name == "br":
            if self._pieces:
                self._pieces.append("\n" if self._keeps_spaces() else _BREAK)
        elif name == "hr":
            self._flush()
            self._close_open("p")
        elif name == "img":
            self.not_shown["pictures"] += 1

    def _text_in_hiding(self, token: Text) -> None:
        inside = self._scopes[-1].elements[-1].name if self._scopes[-1].elements else ""
        if inside in _RAW_AND_HIDDEN and token.end == self._length:
            self.not_shown[f"words in a {inside} that never ends"] += len(token.text.split())
        elif inside == "title" and self.title is None:
            self.title = " ".join(token.text.split()) or None
        elif inside not in ("script", "style"):
            self.not_shown["words in hidden parts"] += len(token.text.split())

    def _keeps_spaces(self) -> bool:
        return bool(self._kinds) and self._kinds[-1] == "preformatted"

    # Elements

    def _push(self, tag: Tag) -> None:
        scope = self._scopes[-1]
        element = _Element(tag.name, _hides(tag), _KINDS.get(tag.name))
        scope.elements.append(element)
        scope.open[tag.name] += 1
        self._open += 1
        self.depth = max(self.depth, self._open)
        self._hidden += element.hides
        if element.kind:
            self._kinds.append(element.kind)
        if tag.name in ("script", "style", "iframe"):
            self.not_shown[f"{tag.name}s"] += 1

    def _pop(self, scope: _Scope) -> str:
        element = scope.elements.pop()
        scope.open[element.name] -= 1
        self._open -= 1
        self._hidden -= element.hides
        if element.kind:
            self._kinds.pop()
        return element.name

    def _close_open(self, name: str) -> None:
        """Close the innermost open element of this name in this scope and all it holds; if none is open, nothing."""
        scope = self._scopes[-1]
        if scope.open[name]:
            while self._pop(scope) != name:
                pass

    def _close_sibling(self, name: str) -> None:
        """A list item ends the one before it. Only near ones are looked for, so that depth costs no time."""
        for element in reversed(self._scopes[-1].elements[-8:]):
            if element.name in _ENDED_BY_THE_NEXT[name]:
                return
            if element.name == name:
                return self._close_open(name)

    # Tables

    def _open_in_table(self, tag: Tag) -> None:
        self._flush()
        if tag.name == "table":
            self._split_row()
            self._enter(tag)
            self._rows.append(_Row())
        elif not self._rows:
            self._push(tag)
        else:
            self._leave_to_table()
            self._open_row_part(tag)

    def _open_row_part(self, tag: Tag) -> None:
        if tag.name not in _CELLS:
            self._finish_row()
            for name in ("tr",) if tag.name == "tr" else ("tbody", "thead", "tfoot"):
                self._close_open(name)
            self._push(tag)
            return
        if tag.name == "caption":
            self._finish_row()
        self._enter(tag)
        self._rows[-1].cells.append([])

    def _close_in_table(self, name: str) -> None:
        self._flush()
        if name in _CELLS and self._scopes[-1].owner not in _CELLS:
            return
        self._leave_to_table()
        if name in _CELLS - {"caption"}:
            return
        self._finish_row()
        if name == "table":
            self._leave_scope()
            self._rows.pop()
        elif name != "caption":
            self._close_open(name)

    def _enter(self, tag: Tag) -> None:
        self._scopes.append(_Scope(tag.name))
        self._push(tag)

    def _leave_scope(self) -> None:
        scope = self._scopes.pop()
        while scope.elements:
            self._pop(scope)

    def _leave_to_table(self) -> None:
        while self._scopes[-1].owner != "table":
            self._leave_scope()

    def _split_row(self) -> None:
        """A table inside a cell: the row around it is layout, and its cells become blocks of their own."""
        if self._rows:
            row = self._rows[-1]
            self.blocks += (block for cell in row.cells for block in cell)
            row.cells = [[] for _ in row.cells]
            row.split, row.follows = bool(row.cells), False

    def _finish_row(self) -> None:
        row = self._rows[-1]
        cells = row.cells
        self._rows[-1] = _Row(follows=row.follows)
        if not any(cells):
            return
        if len(cells) == 1 or not _fits_a_line(cells):
            self._emit(*(block for cell in cells for block in cell))
            return
        self.blocks.append(_as_line(cells, row.follows))
        self._rows[-1].follows = True

    # Blocks

    def _flush(self) -> None:
        """End the block being read, if it holds anything but white space."""
        raw, self._pieces = "".join(self._pieces), []
        if not raw:
            return
        keeps = self._keeps_spaces()
        text = _as_kept(raw) if keeps else _as_shown(raw)
        if text.strip():
            self._emit(Block(text, self._kinds[-1] if self._kinds else "paragraph", self._start, self._end))

    def _emit(self, *blocks: Block) -> None:
        """Into the cell being read, or into the text. Rows around a table were split when it began."""
        row = self._rows[-1] if self._rows else None
        if row and row.cells and not row.split:
            row.cells[-1].extend(blocks)
            return
        self.blocks.extend(blocks)
        if row:
            row.follows = False


def _hides(tag: Tag) -> bool:
    if tag.name in _NEVER_SHOWN:
        return True
    if not tag.attributes:
        return False
    told = tag.attributes.lower()
    if "hidden" not in told and "display" not in told:
        return False
    attributes = attributes_of(tag)
    return "hidden" in attributes or bool(_NOT_DISPLAYED.search(attributes.get("style", "")))


def _as_shown(raw: str) -> str:
    """White space as a browser shows it: runs as one space, none at the ends of lines, `<br>` as a line feed."""
    return _LINE_BREAK.sub("\n", _SPACES.sub(" ", raw)).strip(" \n")


def _as_kept(raw: str) -> str:
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def _fits_a_line(cells: list[list[Block]]) -> bool:
    parts = [block for cell in cells for block in cell]
    if any(block.kind == "preformatted" and "\n" in block.text for block in parts):
        return False
    return all(len(cell) <= 1 for cell in cells) or sum(len(block.text) for block in parts) <= _LINE_LENGTH


def _as_line(cells: list[list[Block]], continues: bool) -> Block:
    """A row as one line with a tab between its cells, also where a cell is empty."""
    parts = [block for cell in cells for block in cell]
    texts = (
        " ".join(" ".join(block.text.splitlines()) for block in cell).replace("\t", " ") for cell in cells
    )
    return Block("\t".join(texts), "row", parts[0].start, parts[-1].end, continues)
