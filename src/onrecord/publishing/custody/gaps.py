"""What the record cannot say of an item, admitted plainly: each as a message and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.publishing.custody.facts import Gap, Report
from onrecord.record.fields import is_stated
from onrecord.record.ids import device_of, log_of, split_entry
from onrecord.record.things import Thing, Version
from onrecord.store.record_store import RecordStore


def gaps(report: Report, item: Thing, store: RecordStore, first: Version) -> Iterator[Gap]:
    """Every gap, those of the receipt first. Which hold is read from the item's own fields, not from what is told."""
    yield from _of_receipt(report, item)
    yield from _of_time(report, item)
    yield from _of_laptop(report, store, first)
    yield from _of_what_is_held(report, item)
    yield from _of_what_is_told(report, item)


def _of_receipt(report: Report, item: Thing) -> Iterator[Gap]:
    for field in ("received_from", "received_at", "place"):
        if not is_stated(item.fields.get(field)) and field not in report.inside.stated:
            yield Gap(f"gap.no.{field}", {})
    if report.inside.withheld:
        yield Gap("gap.inside.withheld", {})
    yield Gap("gap.no.second", {})
    yield Gap("gap.no.device", {})


def _of_time(report: Report, item: Thing) -> Iterator[Gap]:
    yield Gap("gap.clock", {"n": report.laptop})
    if is_stated(item.fields.get("captured_at")):
        yield Gap("gap.captured", {"when": report.captured_at or ""})
    else:
        yield Gap("gap.no.captured", {})
    if is_stated(item.fields.get("received_at")):
        yield Gap("gap.between", {"received": report.received_at or "", "recorded": report.recorded})
    if not report.stamps:
        yield Gap("gap.no.stamp", {})
    if any(step.at for step in report.steps):
        yield Gap("gap.said.later", {})


def _of_laptop(report: Report, store: RecordStore, first: Version) -> Iterator[Gap]:
    own = {key.device for key in store.keys.log_keys()}
    if first.erased:
        yield Gap("gap.first.erased", {})
    if device_of(log_of(split_entry(first.name)[0])) not in own:
        yield Gap("gap.by.word", {"n": report.laptop})
    if not report.holders:
        yield Gap("gap.no.witness", {})
    if report.checkpoint is None or not report.checkpoint.good:
        yield Gap("gap.checkpoint", {})


def _of_what_is_held(report: Report, item: Thing) -> Iterator[Gap]:
    if report.unreadable:
        yield Gap("gap.unreadable", {"bytes": f"{report.unreadable:,}".replace(",", "\u202f")})
    if report.reading.comparison == "absent":
        yield Gap("gap.absent", {})
    elif len(report.steps) > 1:
        yield Gap("gap.not.measured", {})
    if not report.steps:
        yield Gap("gap.no.steps", {})
    if item.in_conflict:
        yield Gap("gap.conflict", {})


def _of_what_is_told(report: Report, item: Thing) -> Iterator[Gap]:
    if report.sha256 is None:
        yield Gap("gap.hash.withheld", {})
    if report.name is None and item.fields.get("name"):
        yield Gap("gap.name.withheld", {})
    if report.inside.paths_withheld:
        yield Gap("gap.path.withheld", {})
    if report.title is None and item.fields.get("title"):
        yield Gap("gap.title.withheld", {})
