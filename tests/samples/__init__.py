"""A small valid file of every kind that is read, made here in three scripts; and archives that state whatever they are told."""

from __future__ import annotations

from functools import cache

from tests.samples import archives, documents, messages, pages, pictures, recordings, texts

FAMILIES = (texts, pages, documents, messages, pictures, recordings, archives)


@cache
def every() -> dict[str, bytes]:
    """Every sample by a file name that fits it. Those made by a program that is not installed are left out."""
    return {name: content for family in FAMILIES for name, content in family.samples().items()}
