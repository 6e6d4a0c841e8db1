"""A record to harm; and what the campaign counted, printed at the end of the run whether or not output is captured."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from onrecord.api import Record
from tests.hostile_originals.taking import Taking

TALLY = pytest.StashKey[dict[str, Counter[str]]]()


@pytest.fixture
def taking(record: Record, tmp_path: Path) -> Taking:
    return Taking(record, tmp_path / "handed over")


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Counter[str]:
    """Counts of this campaign, by what was counted."""
    counts = request.config.stash.setdefault(TALLY, {})
    return counts.setdefault(request.node.name, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for campaign, counts in config.stash.get(TALLY, {}).items():
        said = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        terminalreporter.write_line(f"campaign {campaign}: {said}")
