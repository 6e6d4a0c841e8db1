"""Citations in a publication's Markdown: `[[id]]` stays as written beside a stored map of what it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from onrecord.record.errors import FieldInvalid, OnrecordError
from onrecord.record.fields import Writing

CITATION = re.compile(r"\[\[([^\[\]\n]{1,120})\]\]")
CITABLE = ("statement", "claim", "passage", "item", "event", "norm", "assessment")


def citations(
    fields: Mapping[str, Any], writing: Writing, before: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """The stored map for a publication's text. Raises `FieldInvalid` naming a citation of nothing known.

    What a citation stood for `before` it still stands for, whatever answers to the same name by now.
    """
    text = fields.get("text")
    if not isinstance(text, str):
        return []
    cited = []
    for written in dict.fromkeys(match.group(1).strip() for match in CITATION.finditer(text)):
        try:
            ref = (before or {}).get(written) or writing.resolve(written, CITABLE)
        except OnrecordError as wrong:
            raise FieldInvalid("text", f"it cites [[{written}]]: {wrong.reason}", wrong.mend) from None
        cited.append({"as_written": written, "ref": ref})
    return cited
