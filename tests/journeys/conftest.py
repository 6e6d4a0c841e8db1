"""A real browser, with the network off."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.publishing.page.checker import NAME, render_checker
from tests.journeys.reader import Doubter, Reader

VERIFIER = Path(__file__).resolve().parents[2] / "verifier"

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


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("checker") / NAME
    page.write_text(render_checker(), encoding="utf-8")
    return page


@pytest.fixture
def doubter(browser: Any, checker: Path) -> Any:
    one = Doubter(browser)
    yield one.at(checker)
    one.context.close()


@pytest.fixture(scope="module")
def program() -> Any:
    """The stand-alone verifier, as a stranger has it."""
    package = VERIFIER / "onrecord_verify"
    spec = importlib.util.spec_from_file_location(
        "stand_alone_verifier", package / "__init__.py", submodule_search_locations=[str(package)]
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return importlib.import_module("stand_alone_verifier.checking")
