"""A member that turns out broken while its bytes are read."""

from __future__ import annotations


class BadMember(Exception):
    """Raised by a member's `chunks`: what came of it is not to be kept, and why. Its reader goes on with the next.

    Whoever takes the member's bytes turns this into a refusal of that one member. `chunks` is a generator of its own,
    so that raising in it does not end the `read` that gave the member.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
