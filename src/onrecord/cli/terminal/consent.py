"""A yes from the person at the keyboard, asked on stderr, so that it is seen where the output goes elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

import click


def somebody_to_ask() -> bool:
    """Whether a person sits at the keyboard, wherever the output goes."""
    return sys.stdin.isatty()


@contextmanager
def shown_to_the_person() -> Iterator[None]:
    """What is printed inside goes to stderr where the output is read by somebody else."""
    if sys.stdout.isatty():
        yield
    else:
        with redirect_stdout(sys.stderr):
            yield


def agrees(question: str) -> bool:
    """Whether the answer is yes. Nothing, or anything else, is no."""
    click.echo(f"{question} [y/N]: ", err=True, nl=False)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
