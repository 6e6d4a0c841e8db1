"""Asking for a passphrase on the terminal: without echo, on stderr, and never where nobody sits."""

from __future__ import annotations

import sys

import click

from onrecord.cli.terminal.clean import clean_line
from onrecord.record.errors import PassphraseMissing
from onrecord.store.asking import Asking, nobody_to_ask

TRIES = 3


def ask_once(thing: str) -> str:
    """The passphrase of the thing named. Raises `PassphraseMissing` where there is no terminal."""
    return ask_hidden(f"Passphrase of {clean_line(thing)}") if sys.stderr.isatty() else nobody_to_ask(thing)


ask = Asking(ask_once, tries=TRIES)


def ask_twice(thing: str) -> str:
    """A new passphrase, typed twice alike. Raises `PassphraseMissing` where they differ."""
    from onrecord.writing.passphrase import nobody_to_ask_anew

    if not sys.stderr.isatty():
        return nobody_to_ask_anew(thing)
    first = ask_hidden(f"New passphrase for {clean_line(thing)}")
    if ask_hidden("The same once more") != first:
        raise PassphraseMissing(thing, "the two were not alike", "Try again; nothing was changed.")
    return first


def ask_hidden(prompt: str) -> str:
    said: str = click.prompt(prompt, hide_input=True, err=True, default="", show_default=False)
    return said
