"""What the kinds of fingerprints are called, and which cuts of a picture they cover. Light, so that all may know it."""

from __future__ import annotations

PICTURE, CROPS, THUMBNAIL = "picture", "picture crops", "picture thumbnail"
TEXT = "text"
FRAME, NO_FRAMES = "frame", "no frames"

Cut = tuple[float, float, float, float]
"""Left, top, right and bottom edge of what stays of a picture, as parts of the whole."""

WHOLE: Cut = (0.0, 0.0, 1.0, 1.0)
CUTS: tuple[Cut, ...] = (
    WHOLE,
    (0.1, 0.0, 1.0, 1.0),
    (0.0, 0.1, 1.0, 1.0),
    (0.0, 0.0, 0.9, 1.0),
    (0.0, 0.0, 1.0, 0.9),
    (0.05, 0.05, 0.95, 0.95),
    (0.1, 0.1, 0.9, 0.9),
)
SIDE = 64
"""How many places a thumbnail has across and down."""
