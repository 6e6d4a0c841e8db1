"""What the entries of a record say, taken in as they are read."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from .canonical import unpack
from .grammar import IS_HASH, IS_ID, IS_ROW, must, utf8
from .listing import read_listing
from .statements import (
    Device,
    Fork,
    Place,
    Quote,
    Recovery,
    Revocation,
    Witnessed,
    count_in,
    list_in,
    text_in,
)

if TYPE_CHECKING:
    from .record import Record

DEVICE_SAYS = ("vouched_by", "vouched", "after", "after_leaf", "person")


class Sayings:
    """What entries say of files, keys and other logs goes to the record that is being read."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report
        self.takes = {
            **{"item": self.take_item, "passage": self.take_passage, "device": self.take_device},
            **{"record": self.take_record, "revocation": self.take_revocation, "merge": self.take_merge},
            **{"recovery": self.take_recovery, "fork": self.take_fork, "erasure": self.take_erasure},
            "stamp": self.take_stamp,
        }

    def take(self, at: Place, said: dict[str, Any]) -> None:
        """What an entry says of files, keys and other logs. That there is one beginning is for every log to keep to."""
        with self.report.at(at.name) if said["kind"] == "record" else self.record.saying(at):
            self.takes[said["kind"]](at, said, said["fields"])

    def take_item(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        digest, size = text_in(fields, "sha256"), count_in(fields, "size")
        must(IS_HASH(digest) is not None, "is an item whose sha256 is none")
        held = self.record.originals.setdefault(digest, (size, at.name))
        must(held[0] == size, f"states another size for its original than {held[1]}")
        self.record.items.add(said["thing"])

    def take_passage(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        if "layer" not in fields:
            return must(not {"start", "end"} & fields.keys(), "is a passage with offsets in no text layer")
        layer = text_in(fields, "layer")
        must(IS_HASH(layer) is not None, "is a passage whose layer is no hash")
        quote = Quote(at.name, count_in(fields, "start"), count_in(fields, "end"), text_in(fields, "quote"))
        self.record.quotes.setdefault(layer, []).append(quote)
        return None

    def take_device(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        more = (str(fields.get(name, "")) for name in DEVICE_SAYS)
        self.record.devices.append(Device(at, text_in(fields, "log"), text_in(fields, "vkey"), *more))

    def take_record(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        must(at.seq == 0 and not self.record.first, "is a second beginning of the record")
        must(fields.get("format") == 1, "is a record of another format than 1")
        self.record.first, self.report.record = at.log, text_in(fields, "record")
        must(IS_ID(self.report.record) is not None, "is a record whose name is no id")
        self.record.title = str(fields.get("title", ""))

    def take_revocation(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        device = text_in(fields, "device")
        seen = list_in(fields, "seen", {"log": str, "size": int, "root": str})
        must(IS_ID(device) is not None and all(one["size"] >= 0 for one in seen), "revokes no device")
        sizes = [(one["log"], one["size"], one["root"]) for one in seen]
        self.record.revocations.append(Revocation(at, device, sizes, str(fields.get("signed", ""))))

    def take_recovery(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        self.record.recoveries.append(Recovery(at, str(fields.get("recipient", "")), text_in(fields, "vkey")))

    def take_merge(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        for head in list_in(fields, "heads", {"log": str, "size": int, "root": str, "cosigned": str}):
            must(IS_ROW(head["log"]) is not None and head["size"] > 0, "saw no head of a log")
            root, cosigned = unpack(head["root"]), unpack(head["cosigned"])
            must(len(root) == 32 and len(cosigned) == 72, "has no root of 32 bytes, or no cosignature")
            self.record.witnessed.append(Witnessed(at, head["log"], head["size"], root, cosigned))
        if self.record.rows[at.row].here:
            clock = said["clock"]
            for one in list_in(fields, "awaited", {"sha256": str, "size": int}):
                self.record.arrivals.append((clock, at, one["sha256"], False))
            self.record.arrivals += [(clock, at, digest, True) for digest in list_in(fields, "arrived")]
            self.record.withheld += [
                (one["entry"], at) for one in list_in(fields, "withheld", {"entry": str})
            ]

    def take_stamp(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        """What a stamp lists was held by whoever asked for it: it is a witness too, and its time is in a token."""
        listing = text_in(fields, "listing")
        must(
            sha256(utf8(listing)).hexdigest() == fields.get("root"), "has another root than its listing gives"
        )
        key = self.record.keys.get(at.log)
        for log, stated in read_listing(listing, key.record if key else self.report.record):
            self.record.witnessed.append(Witnessed(at, log, stated.size, stated.root, b""))

    def take_fork(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        notes = list_in(fields, "notes")
        must(1 <= len(notes) <= 2, "is a fork without the checkpoints that show it")
        self.record.forks.append(Fork(at, text_in(fields, "log"), count_in(fields, "at"), notes))

    def take_erasure(self, at: Place, said: dict[str, Any], fields: dict[str, Any]) -> None:
        if "folder" not in fields:
            self.record.confirmed += [(order, at) for order in list_in(fields, "orders")]
