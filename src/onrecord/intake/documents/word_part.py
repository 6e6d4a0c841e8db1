"""A walk through a part of a Word document, element by element, telling a flow what it meets (ECMA-376 part 1, 17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from onrecord.intake.documents.flow import Key
from onrecord.intake.documents.walk import Walk, names
from onrecord.intake.documents.word_styles import WordStyles, attribute
from onrecord.intake.package import Element, Package, drop_before, local

# Earlier forms of what stands, codes of fields, and the second telling of what newer programs read in its first.
_PASSED_OVER = names(
    "rPrChange pPrChange sectPrChange tblPrChange tblPrExChange trPrChange tcPrChange tblGridChange numberingChange "
    "instrText delInstrText fldData sectPr tblPr tblGrid binData"
)
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad", "ptab": "\t"}
_NO = ("0", "false", "off")
_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")
_REFERENCES = {
    "footnoteReference": "footnote",
    "endnoteReference": "endnote",
    "commentReference": "comment",
}


@dataclass(slots=True)
class PartWalk(Walk):
    """Reads parts into a flow. `inserted` counts insertions; `listed` says whether a list item was met."""

    styles: WordStyles
    inserted: int = 0
    listed: bool = False
    _passing: int = 0
    _runs: int = 0
    _hidden: bool = False
    _away: list[tuple[str, str, str]] = field(default_factory=list)
    _spans: list[Key] = field(default_factory=list)
    _choices: list[bool] = field(default_factory=list)
    _boxes: list[tuple[int, bool]] = field(default_factory=list)

    def read(self, package: Package, part: str) -> None:
        """Raises `PackageBroken` where the part is not whole; what stands before that was told."""
        self._passing, self._runs, self._hidden = 0, 0, False
        for clearing in (self._away, self._spans, self._choices, self._boxes):
            clearing.clear()
        for event, element in package.events(part, both=True):
            name = local(element.tag)
            if event == "start":
                self._begin(name, element)
            else:
                self._end(name, element)
                if name in ("p", "tr", "tbl", "r", "rPr", "pPr"):
                    element.clear()
                    drop_before(element)
            if self.flow.full:
                return

    def _begin(self, name: str, element: Element) -> None:
        if self._passing or name in _PASSED_OVER or (name == "Fallback" and self._has_choice()):
            self._passing += 1
            return
        if begin := _BEGIN.get(name):
            begin(self, element)
        elif name in _REFERENCES:
            self.flow.refer(_REFERENCES[name], attribute(element, "id"))
        elif name in _SIGNS and self._runs:
            self._words(_SIGNS[name])

    def _end(self, name: str, element: Element) -> None:
        if self._passing:
            self._passing -= 1
        elif end := _END.get(name):
            end(self, element)

    def _words(self, text: str) -> None:
        if self._away:
            kind, by, time = self._away[-1]
            self.flow.apart(kind, text, by=by, time=time)
        elif self._hidden:
            self.flow.apart("hidden", text)
        else:
            self.flow.words(text)

    def _has_choice(self) -> bool:
        return bool(self._choices) and self._choices[-1]

    def begin_choices(self, element: Element) -> None:
        self._choices.append(False)

    def begin_choice(self, element: Element) -> None:
        if self._choices:
            self._choices[-1] = True

    def end_choices(self, element: Element) -> None:
        if self._choices:
            self._choices.pop()

    def begin_paragraph(self, element: Element) -> None:
        self.flow.begin_paragraph()

    def end_paragraph(self, element: Element) -> None:
        self.flow.end_paragraph()

    def style(self, element: Element) -> None:
        if kind := self.styles.kinds.get(attribute(element, "val")):
            self.listed = self.listed or kind == "list item"
            self.flow.call(kind)

    def outline(self, element: Element) -> None:
        if attribute(element, "val") != "9":
            self.flow.call("heading")

    def numbered(self, element: Element) -> None:
        if attribute(element, "val") != "0":
            self.listed = True
            self.flow.call("list item")

    def begin_run(self, element: Element) -> None:
        self._runs += 1
        self._hidden = False

    def end_run(self, element: Element) -> None:
        self._runs = max(0, self._runs - 1)
        self._hidden = False

    def run_style(self, element: Element) -> None:
        if self._runs and attribute(element, "val") in self.styles.hidden:
            self._hidden = True

    def vanish(self, element: Element) -> None:
        if self._runs:
            self._hidden = attribute(element, "val") not in _NO

    def end_text(self, element: Element) -> None:
        self._words(element.text or "")

    def line_break(self, element: Element) -> None:
        self._words("\n")

    def symbol(self, element: Element) -> None:
        """A sign by its number in its font: most such fonts have theirs where Unicode leaves room for private ones."""
        code = attribute(element, "char")
        if 0 < len(code) <= 5 and all(sign in "0123456789abcdefABCDEF" for sign in code):
            number = int(code, 16)
            if 0x20 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF:
                self._words(chr(number))

    def begin_inserted(self, element: Element) -> None:
        if self._marks_a_break(element):
            return
        self.inserted += 1
        about = {"by": attribute(element, "author"), "time": attribute(element, "date")}
        self._spans.append(self.flow.begin_span("inserted", **about))

    def end_inserted(self, element: Element) -> None:
        if self._spans:
            self.flow.end_span(self._spans.pop())

    def begin_deleted(self, element: Element) -> None:
        self._go_away("deleted", element)

    def begin_moved(self, element: Element) -> None:
        self._go_away("moved away", element)

    def _marks_a_break(self, element: Element) -> bool:
        """Whether it is said of a paragraph's end or a row that it was inserted or deleted, and not of words."""
        parent = element.getparent()
        if parent is None or local(parent.tag) not in ("rPr", "trPr"):
            return False
        self._passing = 1
        return True

    def _go_away(self, kind: str, element: Element) -> None:
        if self._marks_a_break(element):
            return
        self._away.append((kind, attribute(element, "author"), attribute(element, "date")))

    def end_away(self, element: Element) -> None:
        if self._away:
            self._away.pop()

    def begin_box(self, element: Element) -> None:
        """A box stands inside a run of the paragraph it is fixed to, and has paragraphs and runs of its own."""
        self._boxes.append((self._runs, self._hidden))
        self._runs, self._hidden = 0, False
        self.flow.begin_beside("text box")

    def end_box(self, element: Element) -> None:
        self.flow.end_beside()
        if self._boxes:
            self._runs, self._hidden = self._boxes.pop()

    def begin_note(self, element: Element) -> None:
        if attribute(element, "type") in _SEPARATORS:
            self._passing = 1
            return
        about = {"by": attribute(element, "author"), "time": attribute(element, "date")}
        self.flow.begin_beside(local(element.tag), attribute(element, "id"), **about)


_Step = Callable[[PartWalk, Element], None]
_BEGIN: dict[str, _Step] = {
    "p": PartWalk.begin_paragraph,
    "pStyle": PartWalk.style,
    "rStyle": PartWalk.run_style,
    "outlineLvl": PartWalk.outline,
    "numId": PartWalk.numbered,
    "r": PartWalk.begin_run,
    "vanish": PartWalk.vanish,
    "br": PartWalk.line_break,
    "sym": PartWalk.symbol,
    "ins": PartWalk.begin_inserted,
    "moveTo": PartWalk.begin_inserted,
    "del": PartWalk.begin_deleted,
    "moveFrom": PartWalk.begin_moved,
    "tbl": PartWalk.begin_table,
    "tr": PartWalk.begin_row,
    "txbxContent": PartWalk.begin_box,
    "footnote": PartWalk.begin_note,
    "endnote": PartWalk.begin_note,
    "comment": PartWalk.begin_note,
    "AlternateContent": PartWalk.begin_choices,
    "Choice": PartWalk.begin_choice,
}
_END: dict[str, _Step] = {
    "p": PartWalk.end_paragraph,
    "r": PartWalk.end_run,
    "t": PartWalk.end_text,
    "delText": PartWalk.end_text,
    "ins": PartWalk.end_inserted,
    "moveTo": PartWalk.end_inserted,
    "del": PartWalk.end_away,
    "moveFrom": PartWalk.end_away,
    "tbl": PartWalk.end_table,
    "tr": PartWalk.end_row,
    "tc": PartWalk.end_cell,
    "txbxContent": PartWalk.end_box,
    "footnote": PartWalk.end_beside,
    "endnote": PartWalk.end_beside,
    "comment": PartWalk.end_beside,
    "AlternateContent": PartWalk.end_choices,
}
