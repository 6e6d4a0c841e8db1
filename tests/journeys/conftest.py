"""A real browser, with the network off."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.reader import Reader

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium. Without it a page cannot be tested, and that is said, not passed over."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail(
            "Chromium is not installed: run `make test`, which installs it, or `apt-get install chromium`."
        )
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail("Playwright is not installed: run `make test`, which installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def reader(browser: Any) -> Iterator[Callable[..., Reader]]:
    readers: list[Reader] = []

    def meet(**settings: Any) -> Reader:
        readers.append(Reader(browser, **settings))
        return readers[-1]

    yield meet
    for one in readers:
        one.context.close()
