"""The page that checks proof files and does nothing else, for somebody who has a proof, a browser and no more.

It is one file in every language, made of the same parts as a dossier's page but without faces, so that it stays
small enough to read. It lies beside the stand-alone verifier: python -m onrecord.publishing.page.checker verifier
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from onrecord.publishing.page.inline import inlined, policy, scripts, sheets
from onrecord.publishing.page.messages import Messages, languages, messages_in
from onrecord.publishing.page.render import templates

NAME = "check-proof.html"
STYLES = ("tokens", "base", "article", "check", "proof")
SCRIPTS = (
    *("languages", "digest", "canonical", "signature", "proof", "listing", "der", "algorithms"),
    *("certificate", "revocation", "token", "calendar", "proof_file", "words", "proof_panel"),
)
SPOKEN = ("js.proof.", "js.why.")


def render_checker() -> str:
    """One self-contained HTML page, English first."""
    tables = [messages_in(language) for language in sorted(languages(), key=lambda one: (one != "en", one))]
    style, program = inlined(sheets(STYLES)), scripts(SCRIPTS)
    return (
        templates(tables[0])
        .get_template("checker.html")
        .render(
            tables=tables,
            parts=[_part(words) for words in tables],
            style=style,
            script=program,
            policy=policy(style, program),
        )
    )


def _part(words: Messages) -> dict[str, Any]:
    spoken = {key: message for key, message in words.table.items() if key.startswith(SPOKEN)}
    return {
        "words": words,
        "markup": templates(words).get_template("proof.html").render(),
        "spoken": spoken,
    }


def main(folder: str) -> None:
    page = Path(folder) / NAME
    page.write_text(render_checker(), encoding="utf-8")
    print(f"{page}: {page.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
