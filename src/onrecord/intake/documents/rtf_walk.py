"""A walk through an RTF file, token by token, telling a flow what it meets (Rich Text Format specification 1.9.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from onrecord.intake.documents import rtf_words as known
from onrecord.intake.documents.flow import Flow, Key
from onrecord.intake.documents.rtf_besides import RtfBesides
from onrecord.intake.documents.rtf_state import TEXT, State
from onrecord.intake.encoding import decode

DEEPEST = 10_000
MOST_FONTS, MOST_STYLES = 10_000, 10_000
_HEADING = re.compile(r"(?:heading \d|title|subtitle)", re.IGNORECASE)
_SKIP = "skip"
_LONGEST_HELD = 4_000


@dataclass(slots=True)
class RtfWalk:
    """Reads a file into a flow, and gathers what it states of itself and the pictures in it."""

    flow: Flow
    besides: RtfBesides = field(default_factory=RtfBesides)
    notes: list[str] = field(default_factory=list)
    encoding: str = known.WESTERN
    inserted: int = 0
    damaged: int = 0
    _state: State = field(default_factory=State)
    _groups: list[State] = field(default_factory=list)
    _bytes: bytearray = field(default_factory=bytearray)
    _encoding: str = known.WESTERN
    _skipping: int = 0
    _high: int = 0
    _held: list[bytes] = field(default_factory=list)
    _held_size: int = 0
    _fonts: dict[int, str] = field(default_factory=dict)
    _default: int | None = None
    _font: int = 0
    _headings: set[int] = field(default_factory=set)
    _style: int = 0
    _authors: list[str] = field(default_factory=list)
    _rows: list[bool] = field(default_factory=lambda: [False])
    _comment: dict[str, str] = field(default_factory=dict)
    _beside: int = 0
    _span: tuple[Key, str, str] | None = None

    def read(self, content: bytes) -> None:
        """Any bytes are read to some end; what was wrong with them is among the notes."""
        at, end = 0, len(content)
        match = known.TOKEN.match
        while at < end and not self.flow.full:
            found = match(content, at)
            if found is None:
                break
            at = found.end()
            word, number, code, symbol, brace, run = found.groups()
            if run is not None:
                self._run(run)
            elif code is not None:
                self._run(bytes((int(code, 16),)))
            elif word is not None:
                name = word.decode("ascii")
                if name == "bin":
                    stop = at + min(max(0, int(number or 0)), end - at)
                    self._binary(content[at:stop])
                    at = stop
                else:
                    self._word(name, int(number) if number else None)
            elif symbol is not None:
                self._symbol(symbol)
            elif brace == b"{":
                if not self._open():
                    break
            elif brace is not None and not self._close():
                break
        self._finish()

    def _finish(self) -> None:
        if self._groups:
            self.notes.append("it breaks off before its end")
        while self._groups:
            self._close()
        self._flush()
        self._end_span()

    def _open(self) -> bool:
        self._flush()
        self._skipping = 0
        if len(self._groups) >= DEEPEST:
            self.notes.append(f"its groups are nested more than {DEEPEST:,} deep: the rest is not read")
            return False
        self._groups.append(self._state)
        return True

    def _close(self) -> bool:
        """End a group; what stands behind the last one is no part of the document."""
        self._flush()
        self._skipping = 0
        if not self._groups:
            return False
        ended, self._state = self._state, self._groups.pop()
        if ended.place != self._state.place:
            self._end_place(ended.place)
        return bool(self._groups)

    def _run(self, run: bytes) -> None:
        """Characters as they stand or as hex; after a Unicode one, those that stand in for it are passed over."""
        if self._skipping:
            passed = min(self._skipping, len(run))
            self._skipping -= passed
            run = run[passed:]
        place = self._state.place
        if not run or place == _SKIP:
            return
        if place in ("pict", "objdata"):
            self._held.append(run)
            return
        encoding = self._encoding_here()
        if encoding != self._encoding:
            self._flush()
            self._encoding = encoding
        self._bytes += run

    def _encoding_here(self) -> str:
        font = self._state.font if self._state.font is not None else self._default
        return self._fonts.get(font, self.encoding) if font is not None else self.encoding

    def _flush(self) -> None:
        if self._high:
            self._high = 0
            self._words("\ufffd")
        if self._bytes:
            content, self._bytes = bytes(self._bytes), bytearray()
            if content.isascii():
                self._words(content.decode("ascii"))
                return
            decoded = decode(content, chosen=self._encoding)
            self.damaged += bool(decoded.notes)
            self._words(decoded.text or "")

    def _binary(self, content: bytes) -> None:
        if self._state.place in ("pict", "objdata"):
            self._held.append(content.hex().encode("ascii"))

    def _symbol(self, symbol: bytes) -> None:
        sign = symbol.decode("latin-1")
        if self._skipping:
            self._skipping -= 1
        elif sign == "*":
            self._state = replace(self._state, starred=True)
        elif sign in "\r\n":
            self._end_paragraph()
        elif sign in known.SYMBOLS:
            self._flush()
            self._words(known.SYMBOLS[sign])

    def _word(self, word: str, number: int | None) -> None:
        if self._skipping and word != "u":
            self._skipping -= 1
            return
        if word == "u":
            self._unicode(number or 0)
            return
        self._flush()
        starred = self._state.starred
        if starred:
            self._state = replace(self._state, starred=False)
        if self._begins_place(word, starred) or self._state.place == _SKIP:
            return
        if word in known.SIGNS:
            self._words(known.SIGNS[word])
        elif step := _STEPS.get(word):
            step(self, number)
        elif self._state.place == "pict" and word in known.PICTURES:
            self.besides.picture = known.PICTURES[word]
        elif self._state.place in known.TIMES and word in ("yr", "mo", "dy", "hr", "min", "sec"):
            self.besides.numbers[word] = number or 0
        elif self._state.place == "info" and word in known.COUNTS and number is not None:
            self.besides.state(known.COUNTS[word], str(number))

    def _begins_place(self, word: str, starred: bool) -> bool:
        """Whether this word says what its group is; one that is starred and not known is passed over."""
        place = _PLACES.get(word)
        if place is None and not starred:
            return False
        if self._state.place == _SKIP and word != "ud":
            return True
        if place is None:
            place = _SKIP if word not in ("shpinst", "shppict", "cs", "ts") or self._state.place else None
        elif place == "stated" and self._state.place != "info" and word != "generator":
            return False
        if place is not None:
            self._enter(word if place in ("stated", "time", "beside") else place, word)
        return True

    def _enter(self, place: str, word: str) -> None:
        if word in known.BESIDE:
            self._end_span()
            kind = known.BESIDE[word]
            self._beside += 1
            key = str(self._beside) if kind in ("footnote", "comment") else ""
            if key:
                self.flow.refer(kind, key)
            self.flow.begin_beside(kind, key, **(self._comment if kind == "comment" else {}))
            self._rows.append(False)
            self._state = State(place, font=self._default, fallback=self._state.fallback)
            return
        self._held, self._held_size = [], 0
        self.besides.numbers = {}
        self._state = replace(self._state, place=TEXT if place == "text" else place)

    def _end_place(self, place: str) -> None:
        held, self._held, self._held_size = self._held, [], 0
        if place in known.BESIDE:
            self._end_span()
            self.flow.end_beside()
            if len(self._rows) > 1:
                self._rows.pop()
            self._comment = {}
        elif place in ("pict", "objdata"):
            self.besides.keep_picture(held, place)
        elif place in known.TIMES:
            self.besides.state_time(known.TIMES[place])
        elif place in known.STATED:
            self.besides.state(known.STATED[place], b"".join(held).decode("utf-8").rstrip(";"))
        elif place in ("atnauthor", "atndate"):
            value = b"".join(held).decode("utf-8").strip()
            if place == "atndate" and value.lstrip("-").isdigit() and len(value) < 12:
                value = known.moment(int(value))
            self._comment["by" if place == "atnauthor" else "time"] = value

    def _words(self, text: str) -> None:
        place = self._state.place
        if place == TEXT or place in known.BESIDE:
            self._show(text)
        elif place == "stylesheet":
            self._name_style(text)
        elif place == "revtbl":
            self._authors += [name for name in text.split(";") if name.strip()][
                : MOST_FONTS - len(self._authors)
            ]
        elif place not in (_SKIP, "fonttbl", "info", "pict", "objdata") and self._held_size < _LONGEST_HELD:
            self._held.append(text.encode("utf-8", "replace"))
            self._held_size += len(text)

    def _show(self, text: str) -> None:
        state = self._state
        if not self._groups:
            return
        self._stand_in_row(state.in_table)
        if state.deleted:
            about = {"by": self._author(state.deleted_by), "time": known.moment(state.deleted_time)}
            self.flow.apart("deleted", text, **about)
        elif state.hidden:
            self.flow.apart("hidden", text)
        else:
            self._span_as(state)
            self.flow.words(text)

    def _stand_in_row(self, in_table: bool) -> None:
        if in_table and not self._rows[-1]:
            self.flow.begin_row()
            self._rows[-1] = True
        elif not in_table and self._rows[-1]:
            self.flow.end_row()
            self.flow.end_table()
            self._rows[-1] = False

    def _span_as(self, state: State) -> None:
        told = (self._author(state.by), known.moment(state.time)) if state.revised else None
        if self._span and self._span[1:] != told:
            self._end_span()
        if told and not self._span:
            self.inserted += 1
            self._span = (self.flow.begin_span("inserted", by=told[0], time=told[1]), *told)

    def _end_span(self) -> None:
        if self._span:
            self.flow.end_span(self._span[0])
            self._span = None

    def _author(self, number: int) -> str:
        return self._authors[number] if 0 <= number < len(self._authors) else ""

    def _unicode(self, number: int) -> None:
        if self._bytes:
            self._flush()
        self._skipping = self._state.fallback
        code = number & 0xFFFF if number < 0 else number
        if 0xD800 <= code < 0xDC00:
            if self._high:
                self._words("\ufffd")
            self._high = code
            return
        high, self._high = self._high, 0
        if 0xDC00 <= code < 0xE000:
            self._words(chr(0x10000 + (high - 0xD800 << 10) + code - 0xDC00) if high else "\ufffd")
            return
        sign = chr(code) if 0 < code <= 0x10FFFF else "\ufffd"
        self._words("\ufffd" + sign if high else sign)

    def _end_paragraph(self, number: int | None = None) -> None:
        self._flush()
        if self._state.place == TEXT or self._state.place in known.BESIDE:
            self._end_span()
            self._stand_in_row(self._state.in_table)
            self.flow.call(self._state.kind)
            self.flow.end_paragraph()

    def _end_cell(self, number: int | None) -> None:
        self._end_span()
        self._stand_in_row(True)
        self.flow.end_cell()

    def _end_row(self, number: int | None) -> None:
        self._end_span()
        if self._rows[-1]:
            self.flow.end_row()
            self._rows[-1] = False

    def _page(self, number: int | None) -> None:
        found = known.encoding_of_page(number or 0)
        if found is None and number:
            self.notes.append(
                f"its code page {number} is not known here; letters are read as {known.WESTERN}"
            )
        self.encoding = found or known.WESTERN

    def _set_font(self, number: int | None) -> None:
        if self._state.place == "fonttbl":
            self._font = number or 0
        else:
            self._state = replace(self._state, font=number or 0)

    def _charset(self, number: int | None) -> None:
        found = known.encoding_of_charset(number if number is not None else 1)
        if self._state.place == "fonttbl" and found and len(self._fonts) < MOST_FONTS:
            self._fonts[self._font] = found

    def _set_default(self, number: int | None) -> None:
        self._default = number

    def _set_style(self, number: int | None) -> None:
        if self._state.place == "stylesheet":
            self._style = number or 0
        elif (number or 0) in self._headings:
            self._state = replace(self._state, kind="heading")

    def _outline(self, number: int | None) -> None:
        if self._state.place == "stylesheet":
            if number is not None and number < 9 and len(self._headings) < MOST_STYLES:
                self._headings.add(self._style)
        elif number is not None and number < 9:
            self._state = replace(self._state, kind="heading")

    def _name_style(self, text: str) -> None:
        if _HEADING.fullmatch(text.strip(" ;")) and len(self._headings) < MOST_STYLES:
            self._headings.add(self._style)

    def _fresh_paragraph(self, number: int | None) -> None:
        self._state = replace(self._state, in_table=False, kind="paragraph")

    def _fresh_words(self, number: int | None) -> None:
        self._state = replace(self._state, hidden=False, deleted=False, revised=False, font=self._default)

    def _list_text(self, number: int | None) -> None:
        self._state = replace(self._state, kind="list item")
        if self._groups:
            self._groups[-1] = replace(self._groups[-1], kind="list item")


_PLACES: dict[str, str] = {
    **dict.fromkeys(known.SKIPPED, _SKIP),
    **dict.fromkeys(known.STATED, "stated"),
    **dict.fromkeys(known.TIMES, "time"),
    **dict.fromkeys(known.BESIDE, "beside"),
    **{
        name: name
        for name in ("fonttbl", "stylesheet", "info", "pict", "objdata", "revtbl", "atnauthor", "atndate")
    },
    "ud": "text",
}


def _switched(name: str) -> Callable[[RtfWalk, int | None], None]:
    """A word that turns something on, or off with a 0 behind it."""

    def switch(walk: RtfWalk, number: int | None) -> None:
        changed: dict[str, Any] = {name: number != 0}
        walk._state = replace(walk._state, **changed)

    return switch


def _numbered(name: str) -> Callable[[RtfWalk, int | None], None]:
    def number_it(walk: RtfWalk, number: int | None) -> None:
        changed: dict[str, Any] = {name: max(0, number or 0) if name == "fallback" else number or 0}
        walk._state = replace(walk._state, **changed)

    return number_it


_STEPS: dict[str, Callable[[RtfWalk, int | None], None]] = {
    **dict.fromkeys(("par", "sect", "page"), RtfWalk._end_paragraph),
    "cell": RtfWalk._end_cell,
    "row": RtfWalk._end_row,
    "ansicpg": RtfWalk._page,
    "f": RtfWalk._set_font,
    "deff": RtfWalk._set_default,
    "fcharset": RtfWalk._charset,
    "s": RtfWalk._set_style,
    "outlinelevel": RtfWalk._outline,
    "pard": RtfWalk._fresh_paragraph,
    "plain": RtfWalk._fresh_words,
    "listtext": RtfWalk._list_text,
    "pntext": RtfWalk._list_text,
    "intbl": _switched("in_table"),
    "v": _switched("hidden"),
    "deleted": _switched("deleted"),
    "revised": _switched("revised"),
    "uc": _numbered("fallback"),
    "revauth": _numbered("by"),
    "revdttm": _numbered("time"),
    "revauthdel": _numbered("deleted_by"),
    "revdttmdel": _numbered("deleted_time"),
}
