"""The record's name, and every log's own key, as the first entries state them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .grammar import device_of

if TYPE_CHECKING:
    from .record import Record


class Founding:
    """How the record and each of its logs began."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report
        self.problem = record.report.problem

    def judge(self) -> None:
        """The record's name and every log's own key as the first entries state them."""
        if not self.record.first:
            if not self.waits():
                return self.problem("record.db", "has no entry that says which record this is")
            self.report.notes.append(
                "This copy waits for its first merge: nothing here says yet how the record began."
            )
        stated = {device.at.name: (device.about, device.line) for device in self.record.devices}
        for log, key in self.record.keys.items():
            self.report.record = self.report.record or key.record
            if key.record != self.report.record:
                self.problem(f"keys/{log}.vkey", f"belongs to another record than {self.report.record}")
            place = 2 if log == self.record.first else 0
            for tip in self.record.rows[log].tips():
                row = next(row for row in tip.line() if row.first <= place)
                if stated.get(f"{row.name}/{place}") != (log, key.line):
                    what = f"is not the device entry with the key in keys/{log}.vkey"
                    self.problem(f"{row.name}/{place}", what)
        return None

    def waits(self) -> bool:
        """Whether this is a copy that was joined without a code: it holds only what its own device wrote."""
        devices = {device_of(row.log) for row in self.record.rows.values()}
        return (
            len(devices) == 1
            and all(row.here for row in self.record.rows.values())
            and not self.record.witnessed
        )
