"""What an Excel workbook says of its sheets: their names and parts, its shared strings, its formats and its calendar."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from onrecord.intake.package import Element, Package, PackageBroken, as_noted, drop_before, local
from onrecord.intake.reading import LARGEST_TEXT_BYTES
from onrecord.intake.sheets.number_formats import BUILT_IN, GENERAL, NumberFormat, number_format

MOST_SHEETS, MOST_STRINGS, MOST_FORMATS = 1_000, 4_000_000, 65_536
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_FOUND = re.compile(r"xl/worksheets/[^/]+\.xml")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name, the part it stands in, and whether the file hides it."""

    name: str
    part: str
    hidden: bool = False


@dataclass(slots=True)
class Workbook:
    """What all sheets share. `formats` has the code of each style a cell may name, by its number."""

    sheets: list[Sheet]
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    understood: dict[str, NumberFormat | None] = field(default_factory=dict)
    from_1904: bool = False
    notes: list[str] = field(default_factory=list)

    def format_of(self, style: int) -> tuple[str, NumberFormat | None]:
        code = self.formats[style] if 0 <= style < len(self.formats) else GENERAL
        if code not in self.understood:
            self.understood[code] = number_format(code)
        return code, self.understood[code]


def workbook_of(package: Package) -> Workbook:
    """Raises `PackageBroken` where the workbook's own part cannot be read; sheets it names amiss are noted."""
    main = _main_part(package)
    root = package.tree(main)
    if root is None:
        raise PackageBroken(f"its part {main} is missing")
    targets = related(package, main)
    workbook = Workbook([])
    for element in root.iter():
        name = local(element.tag)
        if name == "workbookPr":
            workbook.from_1904 = element.get("date1904", "0").lower() in ("1", "true")
        elif name == "sheet" and len(workbook.sheets) < MOST_SHEETS:
            _add_sheet(workbook, package, element, targets)
        elif name == "sheet":
            workbook.notes.append(f"it has more than {MOST_SHEETS:,} sheets: the rest is not read")
            break
    _unnamed_sheets(workbook, package)
    workbook.formats = _formats(workbook, package, _part(package, targets, "styles", "xl/styles.xml"))
    strings = _part(package, targets, "sharedStrings", "xl/sharedStrings.xml")
    workbook.strings = _strings(workbook, package, strings)
    return workbook


def _main_part(package: Package) -> str:
    for kind, target in related(package, "").values():
        if kind == "officeDocument" and target in package:
            return target
    return "xl/workbook.xml"


def related(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part points to, by id: what it is to it, and its name; "" where it lies outside the package."""
    folder, name = posixpath.split(part)
    try:
        root = package.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
    except PackageBroken:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for one in () if root is None else root.iterchildren("{*}Relationship"):
        inside = one.get("TargetMode") != "External"
        target = unquote(one.get("Target", ""))
        whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], whole if inside else "")
    return found


def _add_sheet(
    workbook: Workbook, package: Package, element: Element, targets: dict[str, tuple[str, str]]
) -> None:
    name = unescaped(element.get("name", ""))
    id = next((value for key, value in element.attrib.items() if local(key) == "id" and key != "id"), "")
    kind, part = targets.get(str(id), ("", ""))
    if part not in package:
        workbook.notes.append(f"sheet “{as_noted(name)}” is named in the file, and its part is missing")
    elif kind not in ("worksheet", ""):
        workbook.notes.append(f"sheet “{as_noted(name)}” is a {kind}, and is not read")
    elif all(sheet.part != part for sheet in workbook.sheets):
        workbook.sheets.append(Sheet(name, part, element.get("state", "visible") != "visible"))


def _unnamed_sheets(workbook: Workbook, package: Package) -> None:
    known = {sheet.part for sheet in workbook.sheets}
    for part in sorted(package.names):
        if _FOUND.fullmatch(part) and part not in known and len(workbook.sheets) < MOST_SHEETS:
            workbook.sheets.append(Sheet(posixpath.basename(part), part))
            workbook.notes.append(f"part {part} is a sheet that the workbook does not name")


def _part(package: Package, targets: dict[str, tuple[str, str]], kind: str, usual: str) -> str | None:
    for told, target in targets.values():
        if told == kind and target in package:
            return target
    return usual if usual in package else None


def _formats(workbook: Workbook, package: Package, part: str | None) -> list[str]:
    try:
        root = package.tree(part) if part else None
    except PackageBroken as wrong:
        workbook.notes.append(f"its formats cannot be read, and numbers stand as kept: {wrong}")
        root = None
    if root is None:
        return []
    own = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
    styles = root.find("{*}cellXfs")
    return [] if styles is None else [_code(one, own) for one in list(styles)[:MOST_FORMATS]]


def _code(style: Element, own: dict[str | None, str]) -> str:
    number = style.get("numFmtId", "0")
    if number in own:
        return own[number]
    # A number with no code is one of the formats of a country; "!" is none, so that it counts as not understood.
    return (
        BUILT_IN.get(int(number), "[!]")
        if number.isascii() and number.isdigit() and len(number) < 6
        else "[!]"
    )


def _strings(workbook: Workbook, package: Package, part: str | None) -> list[str]:
    strings: list[str] = []
    size = 0
    try:
        for text in _each_string(package, part) if part else ():
            size += len(text)
            if len(strings) >= MOST_STRINGS or size > LARGEST_TEXT_BYTES:
                workbook.notes.append("it has too many words in its cells: the rest of them is not read")
                break
            strings.append(text)
    except PackageBroken as wrong:
        workbook.notes.append(f"the words of its cells cannot all be read: {wrong}")
    return strings


def _each_string(package: Package, part: str) -> Iterator[str]:
    for _, element in package.events(part, "{*}si"):
        yield rich_text(element)
        forget(element)


def rich_text(element: Element) -> str:
    """The words of a string or a comment, run after run, without the signs that say how they are spoken."""
    words = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            words.append(child.text or "")
        elif name == "r":
            words += (part.text or "" for part in child.iterchildren("{*}t"))
    return unescaped("".join(words))


def unescaped(text: str) -> str:
    """With characters that XML cannot hold, written as `_x000D_`, as themselves where a layer may hold them."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16)), text)


def _character(code: int) -> str:
    return "\ufffd" if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def forget(element: Element) -> None:
    """Free what was read of a large part: this element and those before it."""
    element.clear()
    drop_before(element)
