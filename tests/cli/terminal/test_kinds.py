"""Kinds of files in a few words."""

from __future__ import annotations

import pytest

from onrecord.cli.terminal.kinds import kind_said
from onrecord.intake.formats import FORMATS


@pytest.mark.parametrize("media_type", sorted(FORMATS))
def test_what_is_read_has_a_kind_that_leaves_room_for_a_name(media_type: str) -> None:
    assert 0 < len(kind_said(media_type)) <= 24


def test_a_kind_that_is_not_known_stands_as_it_is() -> None:
    assert kind_said("application/x-unheard-of") == "application/x-unheard-of"
    assert kind_said("video/x-matroska") == "video, MATROSKA"
