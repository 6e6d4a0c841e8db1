"""Campaigns count what they did, and the counts are printed at the end of the run whether or not output is captured."""

from __future__ import annotations

import importlib
from collections import Counter

import pytest

from onrecord.cli.verbs import PURPOSES, module_of
from tests.campaigns.world import World

TALLY = pytest.StashKey[dict[str, Counter[str]]]()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Counter[str]:
    """Counts of this campaign, by what was counted."""
    counts = request.config.stash.setdefault(TALLY, {})
    return counts.setdefault(request.node.name, Counter())


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world with which every campaign begins; to be copied. Modules are loaded here, for all children at once."""
    for verb in PURPOSES:
        importlib.import_module(module_of(verb))
    return World.begun(tmp_path_factory.mktemp("campaigns") / "begun")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for campaign, counts in config.stash.get(TALLY, {}).items():
        said = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        terminalreporter.write_line(f"campaign {campaign}: {said}")
