"""What leaves the record, and what is proven of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from onrecord.api.opened import Opened, Progress
from onrecord.api.verifying import verify
from onrecord.record.errors import FieldInvalid


class GivingOut(Opened):
    """What leaves the record, and what is proven of it."""

    def publish(
        self,
        publication: str | None,
        out: str | Path,
        progress: Progress | None = None,
        *,
        form: str | None = None,
    ) -> dict[str, Any]:
        """Build a publication's dossier or, with `form` ("bagit", "ro-crate") and no publication, copy the whole record."""
        from onrecord.publishing.keeping.whole_copy import keep_whole
        from onrecord.publishing.publish import publish

        if (publication is None) == (form is None):
            raise FieldInvalid(
                "publication",
                "either a publication is built, or the whole record is copied",
                "Name a publication; or leave it out and say --as bagit or --as ro-crate.",
            )
        if form is not None:
            return keep_whole(self._store, form, Path(out), progress)
        return publish(self._store, str(publication), Path(out), progress)

    def custody(
        self, item: str, out: str | Path, audience: str = "court", language: str = "en"
    ) -> dict[str, Any]:
        from onrecord.publishing.custody.report import custody

        return custody(self._store, item, Path(out), audience, language)

    def stamp(
        self,
        authorities: Sequence[str] = (),
        calendars: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Ask time authorities: those named, or those of the settings and whoever still owes a token."""
        from onrecord.stamping.stamp import stamp
        from onrecord.stamping.wanted import Wanted
        from onrecord.verifying import read_roots

        asked, usual = Wanted(tuple(authorities), tuple(calendars)), Wanted(self.settings.authorities)
        return stamp(self._store, asked, usual, read_roots(self.settings.authority_roots), progress)

    def forget_authorities(self, addresses: Iterable[str]) -> dict[str, Any]:
        """Ask authorities or calendars no more that were asked and never answered: `{"forgotten", "owed"}`."""
        from onrecord.stamping.wanted import forget

        named = tuple(addresses)
        left = forget(self._store.keys.path, named)
        return {"forgotten": list(named), "owed": [*left.authorities, *left.calendars]}

    def keep_revoked(self, lists: Iterable[str | Path]) -> dict[str, Any]:
        """Keep lists of revoked certificates (CRLs) with the tokens that they concern."""
        from onrecord.stamping.revoked import keep_revoked

        return keep_revoked(self._store, [Path(one) for one in lists])

    def stamps(self) -> list[dict[str, Any]]:
        """Every day with entries, and the tokens that cover it."""
        from onrecord.stamping.days import days
        from onrecord.verifying import read_roots

        return days(self._store, read_roots(self.settings.authority_roots))

    def prove(
        self, name: str, out: str | Path, audience: str = "court", with_body: bool = True
    ) -> dict[str, Any]:
        from onrecord.publishing.prove import prove

        return prove(self._store, name, Path(out), audience, with_body)

    def root(self, out: str | Path | None = None) -> dict[str, Any]:
        from onrecord.stamping.root_file import write_root

        return write_root(self._store, None if out is None else Path(out))

    def verify(
        self, views: bool = False, progress: Progress | None = None, against: Sequence[str | Path] = ()
    ) -> dict[str, Any]:
        """Verify this record. It is closed meanwhile: reading its file beside an open connection would drop its locks."""
        self._store.close()
        try:
            return verify(self.path, views=views, progress=progress, against=against)
        finally:
            self._store = self._opened()
