"""Looking through every byte of every file for words that should be gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from onrecord.text.fold import fold

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def traces(folder: Path, *texts: str) -> list[str]:
    """Where in a folder one of these texts, or a word of them, stands: as written or folded, in UTF-8 or UTF-16.

    Give texts whose words stand nowhere else. Short words are looked for only as part of the whole.
    """
    forms = list(_forms(texts))
    return [
        f"{path.relative_to(folder)}: {form}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for form, encoded in _encoded(forms)
        if encoded in path.read_bytes()
    ]


def _forms(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        words = [text, *(word for word in text.replace(".", " ").split() if len(word) > 4)]
        yield from dict.fromkeys(form for word in words for form in (word, fold(word)))


def _encoded(forms: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for form in forms:
        yield from ((form, form.encode(encoding)) for encoding in ENCODINGS)
        escaped = json.dumps(form)[1:-1]
        if escaped != form:
            yield form, escaped.encode("ascii")
