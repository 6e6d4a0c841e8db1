"""Renders a dossier as one page that holds everything it needs: words, style, faces and the reader's check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from onrecord.publishing.page.content import Block, DossierPage, SideView, Text, ValueView, Words
from onrecord.publishing.page.faces import font_css
from onrecord.publishing.page.inline import inlined, policy, scripts, sheets
from onrecord.publishing.page.messages import Messages, messages_in
from onrecord.publishing.page.paragraphs import cited_in, rows, runs_of
from onrecord.publishing.page.rows import arrange
from onrecord.text.direction import script

HERE = Path(__file__).parent
STYLES = ("tokens", "base", "article", "windows", "check", "proof", "print")
SCRIPTS = (
    *("digest", "canonical", "signature", "proof", "dossier", "folder", "words", "panel"),
    *("listing", "der", "algorithms", "certificate", "revocation", "token", "calendar"),
    *("proof_file", "proof_panel", "sources"),
)
SPOKEN = ("how.unchecked", "how.checking", "how.verified", "how.failed", "close")
_FINGERPRINT = re.compile(r"[0-9a-f]{4}( [0-9a-f]{4})*")


def render(dossier: DossierPage) -> str:
    """One self-contained HTML page. It runs no script but its own and asks no network, by its own content policy."""
    words = messages_in(dossier.language)
    pages = templates(words)
    body = pages.get_template("body.html").render(_shown(dossier, words))
    style = inlined(font_css(body), sheets(STYLES), _paper_line(dossier, words))
    program = scripts(SCRIPTS)
    return pages.get_template("page.html").render(
        page=dossier,
        words=words,
        body=body,
        style=style,
        script=program,
        spoken={
            key: message for key, message in words.table.items() if key.startswith("js.") or key in SPOKEN
        },
        policy=policy(style, program),
    )


def _shown(dossier: DossierPage, words: Messages) -> dict[str, Any]:
    """What the body's templates read."""
    sources = {source.n: source for source in dossier.citations}
    article = rows(dossier.blocks, sources)
    return {
        "page": dossier,
        "words": words,
        "rows": article,
        "cited_in": cited_in(article),
        "who_of": {n: source.who for n, source in sources.items()},
        "windows": [{"view": view, "arranged": arrange(view)} for view in dossier.windows],
    }


def strict_templates(folder: Path) -> Environment:
    """The templates of a page that leaves: everything in them is escaped, and nothing may be undefined."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def templates(words: Messages) -> Environment:
    """The page's templates, speaking one language."""
    pages = strict_templates(HERE / "template")
    pages.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    pages.filters["urlpath"] = quote
    pages.globals.update(
        say=words.say,
        plain=words.plain,
        word=words.word,
        comma=words.plain("comma"),
        language=words.language,
        script_of=script_of,
        script_in=script_in,
        tongue=tongue,
        happening=happening,
    )
    return pages


def script_of(text: str) -> str:
    """The class of the script that most of a text is in: each script has its own size and line."""
    return {"arabic": "arab", "hebrew": "hebr"}.get(script(text), "latn")


def happening(property: str, value: ValueView) -> bool | None:
    """Whether a value says that the thing happened: the record's "yes" or "no", or its denial. None: neither."""
    if property != "happened" or value.text not in ("yes", "no"):
        return None
    return (value.text == "yes") != value.negated


def script_in(block: Block) -> str:
    return script_of("".join(run.text for run in runs_of(block) if isinstance(run, Text)))


def tongue(said: Block | Words | SideView) -> Markup:
    """The `lang` and `dir` of a text that may not be in the page's."""
    language = Markup(' lang="{}"').format(said.language) if said.language else Markup()
    return language + (Markup(' dir="{}"').format(said.direction) if said.direction else Markup())


def _paper_line(dossier: DossierPage, words: Messages) -> str:
    """The key's fingerprint at the foot of every printed page."""
    if not _FINGERPRINT.fullmatch(dossier.fingerprint):
        return ""
    label = words.plain("paper.key")
    return (
        "@page { font: 8pt/1.4 var(--sans);"
        f' @bottom-left {{ content: "{label} {dossier.fingerprint}"; }}'
        ' @bottom-right { content: counter(page) " / " counter(pages); } }'
    )
