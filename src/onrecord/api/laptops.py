"""What goes between the laptops of a team."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onrecord.api.opened import Opened, Progress


class Laptops(Opened):
    """What goes between the laptops of a team."""

    def send(
        self,
        place: str | Path,
        *,
        purpose: str | None = None,
        invite: bool = False,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Write what a folder, `s3://…` prefix or stick lacks: for the "team", or for "travel" without sealed fields.

        A folder written for travel is written for the team only where that is said.
        """
        from onrecord.exchange.place import place_at
        from onrecord.exchange.send import send

        return send(self._store, place_at(place), purpose, invite, progress)

    def merge(self, place: str | Path, progress: Progress | None = None) -> dict[str, Any]:
        """Take in what colleagues sent to a folder, `s3://…` prefix or `https://…` folder."""
        from onrecord.exchange.merge import merge
        from onrecord.exchange.place import place_at

        return merge(self._store, place_at(place), progress)

    def laptops(self) -> list[dict[str, Any]]:
        """Every laptop that wrote in the record: whose it is, who let it in, and whether it still counts."""
        from onrecord.reading.laptops import laptops

        return laptops(self._store)

    def laptop(self, named: str) -> dict[str, Any]:
        """One of them, by its person's handle, its device, its log, or the beginning of its id or fingerprint."""
        from onrecord.reading.laptops import laptop

        return laptop(self._store, named)

    def admit(self, device: str, handle: str | None = None, role: str | None = None) -> dict[str, Any]:
        """Let a device in, or change the role of the person whose it is."""
        from onrecord.exchange.admit import admit

        return admit(self._store, device, handle, role)

    def revoke(self, device: str, reason: str, shares: Sequence[str | Path] = ()) -> dict[str, Any]:
        """Say that a device no longer writes for the team. With recovery shares it takes effect at once."""
        from onrecord.exchange.revoke import revoke

        return revoke(self._store, device, reason, [Path(share) for share in shares])
