"""Two authorities, made once, and where they answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.authorities import Maker, curve, rsa, serving

__all__ = ["curve", "rsa"]


@pytest.fixture
def rsa_address(rsa: Maker) -> Iterator[str]:
    with serving(lambda path, query: (200, rsa.reply(query))) as address:
        yield address


@pytest.fixture
def curve_address(curve: Maker) -> Iterator[str]:
    with serving(lambda path, query: (200, curve.reply(query))) as address:
        yield address


@pytest.fixture
def roots(rsa: Maker, curve: Maker, tmp_path: Path) -> Path:
    """A folder with the roots of both."""
    folder = tmp_path / "roots"
    folder.mkdir()
    for name, maker in (("rsa", rsa), ("ec", curve)):
        (folder / f"{name}.pem").write_text(maker.root.read_text())
    return folder
