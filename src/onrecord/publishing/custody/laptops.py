"""The laptops that a report speaks of: each once, however many logs it has written, and whether it was revoked."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.publishing.custody.facts import Further, Laptop, Revoked
from onrecord.publishing.custody.moments import moment
from onrecord.publishing.custody.telling import Telling
from onrecord.publishing.page.messages import Messages
from onrecord.reading.laptops import public_key
from onrecord.record.canonical import decode
from onrecord.record.checkpoint import fingerprint
from onrecord.record.ids import device_of, incarnation_of, log_of
from onrecord.record.things import Things
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import span

_FIRST = "SELECT bytes FROM body WHERE entry >= ? AND entry < ? ORDER BY entry LIMIT 1"


class Laptops:
    """Numbers the laptops in the order in which the report speaks of them."""

    def __init__(self, store: RecordStore, things: Things) -> None:
        self._store = store
        self._things = things
        self._here = {key.device for key in store.keys.log_keys()}
        self._judged = store.membership()
        self._met: dict[str, set[str]] = {}
        self._people = {
            str(version.fields.get("log")): str(version.fields.get("person"))
            for device in things.of_kind("device")
            for version in device.heads
        }

    def number(self, log: str) -> int:
        """The number of the laptop that writes a log: a backup that was restored goes on in a further one."""
        log = log_of(log)
        device = device_of(log)
        self._met.setdefault(device, set()).add(log)
        return list(self._met).index(device) + 1

    def told(self, telling: Telling, words: Messages) -> tuple[Laptop, ...]:
        return tuple(self._told(n, device, telling, words) for n, device in enumerate(self._met, 1))

    def _told(self, n: int, device: str, telling: Telling, words: Messages) -> Laptop:
        first, *later = self._logs(device)
        return Laptop(
            n=n,
            log=first,
            keeper=telling.words(self._store.handle(self._people.get(first, ""))),
            fingerprint=self._fingerprint(first),
            here=device in self._here,
            further=tuple(Further(self._since(log, words), self._fingerprint(log)) for log in later),
            revoked=tuple(self._revoked(device, telling, words)),
        )

    def _logs(self, device: str) -> list[str]:
        """Those that the report met, and those that count as the same laptop's."""
        known = {log_of(row) for row in self._store.db.log_numbers() if device_of(log_of(row)) == device}
        return sorted(
            self._met[device] | {log for log in known if self._judged.counts(log)}, key=incarnation_of
        )

    def _fingerprint(self, log: str) -> str | None:
        key = public_key(self._store, log)
        return fingerprint(key) if key else None

    def _since(self, log: str, words: Messages) -> str:
        number = self._store.db.log_numbers().get(log)
        row = number and self._store.db.connection.execute(_FIRST, span(number)).fetchone()
        return moment(decode(row[0])["clock"], self._store.zone, words) if row else words.plain("no.time")

    def _revoked(self, device: str, telling: Telling, words: Messages) -> Iterator[Revoked]:
        """The words by which it is revoked, the earliest first. One that takes no effect is not told."""
        effective = {one.entry for one in self._judged.effective if one.device == device}
        found = [
            version
            for word in self._things.of_kind("revocation")
            for version in word.heads
            if version.name in effective
        ]
        for version in sorted(found, key=lambda one: (one.clock, one.name)):
            yield Revoked(
                when=moment(version.clock, self._store.zone, words),
                by=telling.words(self._store.handle(version.author)),
                why=telling.words(version.reason) if version.reason else None,
            )
