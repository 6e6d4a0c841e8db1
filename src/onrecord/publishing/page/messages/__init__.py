"""The page's own words in each language, as a table of plain text. English where a language has no table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

FOLDER = Path(__file__).parent
Message = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Messages:
    """One language's table."""

    language: str
    table: Mapping[str, Message]

    @property
    def direction(self) -> str:
        return "rtl" if self.language in ("ar", "he") else "ltr"

    def plain(self, key: str, **values: object) -> str:
        """The message as text, for attributes and the title. `n`, where given, chooses the plural form."""
        return self._form(key, values.get("n")).format(**values)

    def say(self, key: str, **values: object) -> Markup:
        """The message as markup, every value escaped and isolated from the direction around it."""
        isolated = {name: Markup("<bdi>{}</bdi>").format(value) for name, value in values.items()}
        return escape(self._form(key, values.get("n"))).format(**isolated)

    def word(self, group: str, word: str) -> str:
        """A word of the format (an act, a basis ...) in this language; a word it does not know, as it is."""
        key = f"{group}.{word}"
        return self.plain(key) if key in self.table else word

    def _form(self, key: str, n: object) -> str:
        message = self.table[key]
        if isinstance(message, str):
            return message
        form = plural(self.language, n) if isinstance(n, int) else "other"
        return message.get(form, message["other"])


def plural(language: str, n: int) -> str:
    """The CLDR plural category of a whole number in the languages that have a table."""
    if n == 1:
        return "one"
    if language in ("ar", "he") and n == 2:
        return "two"
    if language == "ar":
        return "zero" if n == 0 else "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"
    return "other"


def languages() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def messages_in(language: str) -> Messages:
    """The table for a language, or for its main part ("ar-PS" is "ar"), or English."""
    main = language.split("-")[0].lower()
    known = main if main in languages() else "en"
    return Messages(known, json.loads((FOLDER / f"{known}.json").read_text(encoding="utf-8")))
