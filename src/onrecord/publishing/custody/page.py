"""Sets a custody report as one page that holds everything it needs: words, style and faces; no script, no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment

from onrecord.publishing.custody.facts import Report
from onrecord.publishing.page import render as dossier
from onrecord.publishing.page.faces import font_css
from onrecord.publishing.page.messages import Messages
from onrecord.publishing.page.render import strict_templates

HERE = Path(__file__).parent
MESSAGES = HERE / "messages"
GROUP = 4


def languages() -> list[str]:
    return sorted(file.stem for file in MESSAGES.glob("*.json"))


def messages_in(language: str) -> Messages:
    """The report's words in a language, or in its main part ("ar-PS" is "ar"), or in English."""
    main = language.split("-")[0].lower()
    known = main if main in languages() else "en"
    return Messages(known, json.loads((MESSAGES / f"{known}.json").read_text(encoding="utf-8")))


def render(report: Report, words: Messages) -> str:
    """One self-contained HTML page."""
    pages = _templates(words)
    body = pages.get_template("body.html").render(**_shown(report, words))
    style = "\n".join((font_css(body), _tokens(), _read("css", "report.css"), _foot(report, words)))
    return pages.get_template("page.html").render(
        title=_called(report, words), body=body, style=style, policy=_policy(style)
    )


def grouped(digits: str) -> str:
    """Hex digits in groups that two people can read to each other."""
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def thousands(number: int) -> str:
    """A number with its thousands apart, by spaces that do not break."""
    return f"{number:,}".replace(",", "\u202f")


def _shown(report: Report, words: Messages) -> dict[str, Any]:
    lay_in = [container.version for container in report.inside.containers]
    named = {
        version.sha256: version
        for version in (*report.made_from, *report.versions, *lay_in)
        if version.sha256
    }
    return {
        "report": report,
        "called": _called(report, words),
        "words": words,
        "size": _size(report.size, words),
        "read_size": _size(report.reading.size, words) if report.reading.size is not None else "–",
        "versions": named.values(),
    }


def _called(report: Report, words: Messages) -> str:
    return report.title or report.name or words.plain("untitled")


def _written(recipe: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name} {value}" for name, value in recipe)


def _size(size: int, words: Messages) -> str:
    """A size to the byte, in the plural form of its number, with its thousands apart."""
    return words.plain("bytes", n=size).replace(str(size), thousands(size))


def _templates(words: Messages) -> Environment:
    pages = strict_templates(HERE / "template")
    pages.filters.update(grouped=grouped, thousands=thousands)
    pages.globals.update(
        say=words.say,
        plain=words.plain,
        language=words.language,
        direction=words.direction,
        script_of=dossier.script_of,
        written=_written,
    )
    return pages


def _foot(report: Report, words: Messages) -> str:
    """The foot of every printed page: what it is, when it was printed, and which page of how many."""
    told = words.plain("foot", when=report.printed).replace("\\", "").replace('"', "”")
    near, far = ("right", "left") if words.direction == "rtl" else ("left", "right")
    return (
        f'@page {{ @bottom-{near} {{ content: "{told}"; }}'
        f' @bottom-{far} {{ content: counter(page) " / " counter(pages); }} }}'
    )


def _tokens() -> str:
    """The dossier's own colours, faces and sizes."""
    return (dossier.HERE / "css" / "tokens.css").read_text(encoding="utf-8")


def _read(folder: str, name: str) -> str:
    return (HERE / folder / name).read_text(encoding="utf-8")


def _policy(style: str) -> str:
    """Nothing is allowed but this page's own style and embedded faces."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    rules = ("default-src 'none'", f"style-src 'sha256-{digest}'", "font-src data:", "base-uri 'none'")
    return "; ".join((*rules, "form-action 'none'"))
