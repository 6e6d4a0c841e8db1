"""Style and script as they stand inside a page, and the content policy that allows these and nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent


def sheets(names: Iterable[str]) -> str:
    return "\n".join(_read("css", f"{name}.css") for name in names)


def scripts(names: Iterable[str]) -> str:
    """The scripts as one program that leaves no names behind."""
    return inlined("(() => {", '"use strict";', *(_read("script", f"{name}.js") for name in names), "})();")


def inlined(*parts: str) -> str:
    return "\n".join(("", *parts, ""))


def policy(style: str, script: str) -> str:
    """Nothing is allowed but this page's own style, script, and embedded faces."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{_digest(style)}'",
            f"script-src 'sha256-{_digest(script)}'",
            "font-src data:",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _read(folder: str, name: str) -> str:
    return (HERE / folder / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
