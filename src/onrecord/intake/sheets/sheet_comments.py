"""What people remarked on the cells of an Excel sheet, in notes and in threads, with the names they go by there."""

from __future__ import annotations

from onrecord.intake.package import Element, Package, PackageBroken, as_noted, local
from onrecord.intake.sheets.rows import Rows
from onrecord.intake.sheets.workbook import Sheet, forget, related, rich_text, unescaped

MOST_COMMENTS = 50_000
_IN_THREADS = "tc="


def add_comments(package: Package, sheet: Sheet, rows: Rows, notes: list[str]) -> None:
    """Each comment as a part of its own after the sheet's rows."""
    targets = sorted(related(package, sheet.part).values())
    threads = [part for kind, part in targets if kind == "threadedComment" and part in package]
    try:
        people = _people(package) if threads else {}
        for part in threads:
            _add_thread(package, part, people, rows)
        for kind, part in targets:
            if kind == "comments" and part in package:
                _add_notes(package, part, rows, bool(threads))
    except PackageBroken as wrong:
        notes.append(f"the comments of sheet “{as_noted(sheet.name)}” cannot all be read: {wrong}")


def _add_notes(package: Package, part: str, rows: Rows, in_threads: bool) -> None:
    """Old programs find a thread's words once more as a note; it is left out where the thread itself is there."""
    authors: list[str] = []
    count = 0
    for _, element in package.events(part, "{*}author", "{*}comment"):
        if local(element.tag) == "author":
            authors.append(element.text or "")
            continue
        number = element.get("authorId", "")
        by = (
            authors[int(number)]
            if number.isascii() and number.isdigit() and int(number) < len(authors)
            else ""
        )
        words = "".join(rich_text(text) for text in element.iterchildren("{*}text"))
        if not (in_threads and by.startswith(_IN_THREADS)):
            rows.remark("comment", words, "comment", _about(element, by, None))
        forget(element)
        count += 1
        if count >= MOST_COMMENTS:
            break


def _add_thread(package: Package, part: str, people: dict[str, str], rows: Rows) -> None:
    for count, (_, element) in enumerate(package.events(part, "{*}threadedComment")):
        words = "".join(unescaped(text.text or "") for text in element.iterchildren("{*}text"))
        by = people.get(element.get("personId", ""), "")
        rows.remark("comment", words, "comment", _about(element, by, element.get("dT")))
        forget(element)
        if count >= MOST_COMMENTS:
            break


def _about(element: Element, by: str, time: str | None) -> dict[str, str]:
    stated = {"cell": element.get("ref"), "by": by, "time": time}
    return {name: value[:200] for name, value in stated.items() if value}


def _people(package: Package) -> dict[str, str]:
    named: dict[str, str] = {}
    for part in package.names:
        if part.startswith("xl/persons/") and part.endswith(".xml"):
            root = package.tree(part)
            for one in root.iterchildren("{*}person") if root is not None else ():
                named[one.get("id", "")] = one.get("displayName", "")
    return named
