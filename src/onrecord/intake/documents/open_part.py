"""A walk through a part of an OpenDocument text, element by element, telling a flow what it meets (ODF 1.3 part 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from onrecord.intake.documents.flow import Key
from onrecord.intake.documents.walk import Walk, names
from onrecord.intake.package import Element, Package, drop_before

_NAMESPACE = re.compile(r"\{(?:urn:oasis:names:tc:opendocument:xmlns:|http://purl\.org/)(\w+)[^}]*\}(.*)")
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PASSED_OVER = names("text:note-citation office:binary-data office:forms text:linenumbering-separator")
# Elements that have no words of their own: what stands directly in them are only line ends of the file.
_NO_WORDS = names("text:note text:note-body text:list text:list-item text:list-header text:section")
_NO_WORDS_IN = (
    "dc",
    "meta",
    "office",
    "table",
    "draw",
    "svg",
    "style",
    "form",
    "chart",
    "dr3d",
    "presentation",
    "number",
    "",
)
_WHITE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 1_000
_HELD_BACK = 1_000_000


@dataclass(slots=True)
class _Change:
    """A tracked change as the list at the text's beginning tells of it."""

    kind: str = ""
    about: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OpenWalk(Walk):
    """Reads parts into a flow. `inserted` counts insertions."""

    inserted: int = 0
    _passing: int = 0
    _paragraphs: int = 0
    _lists: int = 0
    _comments: int = 0
    _hidden: list[bool] = field(default_factory=list)
    _style: str = ""
    _hiding: set[str] = field(default_factory=set)
    _changes: dict[str, _Change] = field(default_factory=dict)
    _change: _Change | None = None
    _spans: dict[str, Key] = field(default_factory=dict)
    _size_of_changes: int = 0

    def read(self, package: Package, part: str) -> None:
        """Raises `PackageBroken` where the part is not whole; what stands before that was told."""
        for event, element in package.events(part, both=True):
            name = qualified(element.tag)
            self._words_before(event, element, name)
            if event == "start":
                self._begin(name, element)
            else:
                self._end(name, element)
                if name in ("text:p", "text:h", "table:table-row", "text:changed-region"):
                    self._free(element)
            if self.flow.full:
                return

    def notes(self) -> Iterator[str]:
        if self.inserted:
            yield f"passages that were inserted with changes tracked stand in the text: {self.inserted:,}"

    def _free(self, element: Element) -> None:
        tail = element.tail
        element.clear()
        element.tail = tail
        if not self._paragraphs:
            drop_before(element)

    def _words_before(self, event: str, element: Element, name: str) -> None:
        """The words between the element or end before and this one: they are known whole only now."""
        if not self._paragraphs or self._passing:
            return
        if event == "start":
            before, holder = element.getprevious(), element.getparent()
            text = (
                holder.text
                if before is None and holder is not None
                else before.tail
                if before is not None
                else ""
            )
            name = qualified(holder.tag) if holder is not None else ""
        else:
            text = element[-1].tail if len(element) else element.text
        if text and name not in _NO_WORDS and name.partition(":")[0] not in _NO_WORDS_IN:
            self._words(_WHITE.sub(" ", text))

    def _words(self, text: str) -> None:
        if self._change is not None:
            self._size_of_changes += len(text)
            if self._size_of_changes <= _HELD_BACK:
                self._change.words.append(text)
        elif any(self._hidden):
            self.flow.apart("hidden", text)
        else:
            self.flow.words(text)

    def _begin(self, name: str, element: Element) -> None:
        if self._passing or name in _PASSED_OVER or name.startswith("svg:"):
            self._passing += 1
        elif begin := _BEGIN.get(name):
            begin(self, element)

    def _end(self, name: str, element: Element) -> None:
        if self._passing:
            self._passing -= 1
        elif end := _END.get(name):
            end(self, element)

    def begin_style(self, element: Element) -> None:
        self._style = element.get(f"{_STYLE}name", "")

    def style_words(self, element: Element) -> None:
        if element.get(f"{_TEXT}display") == "none" and self._style and len(self._hiding) < 10_000:
            self._hiding.add(self._style)

    def begin_paragraph(self, element: Element) -> None:
        self._paragraphs += 1
        self._hidden.append(self._is_hidden(element))
        if self._change is None:
            self.flow.begin_paragraph("list item" if self._lists else "paragraph")

    def begin_heading(self, element: Element) -> None:
        self.begin_paragraph(element)
        if self._change is None:
            self.flow.call("heading")

    def end_paragraph(self, element: Element) -> None:
        self._paragraphs -= 1
        self._hidden.pop()
        if self._change is None:
            self.flow.end_paragraph()
        else:
            self._change.words.append("\n")

    def begin_hiding(self, element: Element) -> None:
        self._hidden.append(self._is_hidden(element))

    def end_hiding(self, element: Element) -> None:
        self._hidden.pop()

    def _is_hidden(self, element: Element) -> bool:
        return element.get(f"{_TEXT}style-name") in self._hiding or element.get(f"{_TEXT}display") == "none"

    def hidden_words(self, element: Element) -> None:
        """A field that shows its words only on a condition: those it may show are kept as hidden."""
        self._hidden.append(True)
        self._words(element.get(f"{_TEXT}string-value", ""))

    def spaces(self, element: Element) -> None:
        count = element.get(f"{_TEXT}c", "1")
        number = int(count) if count.isascii() and count.isdigit() and len(count) < 9 else 1
        self._words(" " * min(number, _MOST_SPACES))

    def tab(self, element: Element) -> None:
        self._words("\t")

    def line_break(self, element: Element) -> None:
        self._words("\n")

    def begin_list(self, element: Element) -> None:
        self._lists += 1

    def end_list(self, element: Element) -> None:
        self._lists -= 1

    def begin_note(self, element: Element) -> None:
        kind = "endnote" if element.get(f"{_TEXT}note-class") == "endnote" else "footnote"
        self._begin_here(kind)

    def begin_comment(self, element: Element) -> None:
        self._begin_here("comment")

    def _begin_here(self, kind: str) -> None:
        self._comments += 1
        self.flow.refer(kind, str(self._comments))
        self.flow.begin_beside(kind, str(self._comments))

    def begin_box(self, element: Element) -> None:
        self.flow.begin_beside("text box")

    def begin_header(self, element: Element) -> None:
        self.flow.begin_beside("header")

    def begin_footer(self, element: Element) -> None:
        self.flow.begin_beside("footer")

    def end_creator(self, element: Element) -> None:
        self._tell("by", element)

    def end_date(self, element: Element) -> None:
        self._tell("time", element)

    def _tell(self, what: str, element: Element) -> None:
        if self._change is not None:
            self._change.about[what] = element.text or ""
        else:
            self.flow.tell(**{what: element.text or ""})

    def begin_region(self, element: Element) -> None:
        self._change = _Change()

    def begin_deletion(self, element: Element) -> None:
        self._name_change("deleted")

    def begin_insertion(self, element: Element) -> None:
        self._name_change("inserted")

    def _name_change(self, kind: str) -> None:
        if self._change is not None:
            self._change.kind = kind

    def end_region(self, element: Element) -> None:
        if self._change is not None and len(self._changes) < 100_000:
            name = element.get(f"{_TEXT}id") or element.get("{http://www.w3.org/XML/1998/namespace}id") or ""
            self._changes[name] = self._change
        self._change = None

    def end_changes(self, element: Element) -> None:
        self._change = None

    def change(self, element: Element) -> None:
        found = self._changes.get(element.get(f"{_TEXT}change-id", ""))
        if found is not None and found.kind == "deleted":
            self.flow.apart("deleted", "".join(found.words).strip("\n"), **found.about)

    def change_begins(self, element: Element) -> None:
        name = element.get(f"{_TEXT}change-id", "")
        found = self._changes.get(name)
        if found is not None and found.kind == "inserted" and name not in self._spans:
            self.inserted += 1
            self._spans[name] = self.flow.begin_span("inserted", **found.about)

    def change_ends(self, element: Element) -> None:
        span = self._spans.pop(element.get(f"{_TEXT}change-id", ""), None)
        if span is not None:
            self.flow.end_span(span)


@lru_cache(maxsize=4_000)
def qualified(tag: object) -> str:
    """An element's name with the usual short name of its namespace; "" where that is not one of OpenDocument's own."""
    found = _NAMESPACE.fullmatch(tag) if isinstance(tag, str) else None
    if not found:
        return ""
    space = {"drawing": "draw", "svg-compatible": "svg"}.get(found[1], found[1])
    return f"{space}:{found[2]}"


_Step = Callable[[OpenWalk, Element], None]
_BEGIN: dict[str, _Step] = {
    "style:style": OpenWalk.begin_style,
    "style:text-properties": OpenWalk.style_words,
    "style:header": OpenWalk.begin_header,
    "style:header-left": OpenWalk.begin_header,
    "style:header-first": OpenWalk.begin_header,
    "style:footer": OpenWalk.begin_footer,
    "style:footer-left": OpenWalk.begin_footer,
    "style:footer-first": OpenWalk.begin_footer,
    "text:p": OpenWalk.begin_paragraph,
    "text:h": OpenWalk.begin_heading,
    "text:span": OpenWalk.begin_hiding,
    "text:section": OpenWalk.begin_hiding,
    "text:hidden-text": OpenWalk.hidden_words,
    "text:s": OpenWalk.spaces,
    "text:tab": OpenWalk.tab,
    "text:line-break": OpenWalk.line_break,
    "text:list": OpenWalk.begin_list,
    "table:table": OpenWalk.begin_table,
    "table:table-row": OpenWalk.begin_row,
    "text:note": OpenWalk.begin_note,
    "office:annotation": OpenWalk.begin_comment,
    "draw:text-box": OpenWalk.begin_box,
    "text:changed-region": OpenWalk.begin_region,
    "text:deletion": OpenWalk.begin_deletion,
    "text:insertion": OpenWalk.begin_insertion,
    "text:change": OpenWalk.change,
    "text:change-start": OpenWalk.change_begins,
    "text:change-end": OpenWalk.change_ends,
}
_END: dict[str, _Step] = {
    **{f"style:{kind}": OpenWalk.end_beside for kind in ("header", "header-left", "header-first")},
    **{f"style:{kind}": OpenWalk.end_beside for kind in ("footer", "footer-left", "footer-first")},
    "text:p": OpenWalk.end_paragraph,
    "text:h": OpenWalk.end_paragraph,
    "text:span": OpenWalk.end_hiding,
    "text:section": OpenWalk.end_hiding,
    "text:hidden-text": OpenWalk.end_hiding,
    "text:list": OpenWalk.end_list,
    "table:table": OpenWalk.end_table,
    "table:table-row": OpenWalk.end_row,
    "table:table-cell": OpenWalk.end_cell,
    "table:covered-table-cell": OpenWalk.end_cell,
    "text:note": OpenWalk.end_beside,
    "office:annotation": OpenWalk.end_beside,
    "draw:text-box": OpenWalk.end_beside,
    "dc:creator": OpenWalk.end_creator,
    "dc:date": OpenWalk.end_date,
    "text:changed-region": OpenWalk.end_region,
    "text:tracked-changes": OpenWalk.end_changes,
}
