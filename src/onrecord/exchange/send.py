"""`send`: writing what the folder lacks into this laptop's own part of it, and nothing anywhere else.

Every file is written whole or not at all. What others wrote is read, to see what is there already, and never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from onrecord.exchange import contents, holdings
from onrecord.exchange.catalogue import Catalogue, catalogue
from onrecord.exchange.contents import Contents
from onrecord.exchange.devices import member_recipients
from onrecord.exchange.earlier_parts import EarlierParts
from onrecord.exchange.encrypting import encrypt_into
from onrecord.exchange.hello import Hello
from onrecord.exchange.holdings import Holding
from onrecord.exchange.invitation import new_code
from onrecord.exchange.local_folder import LocalFolder
from onrecord.exchange.names import hidden_name
from onrecord.exchange.orders import Orders
from onrecord.exchange.others import Others
from onrecord.exchange.own_prefix import OwnPrefix, is_readable, own_prefix, readdress_former
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Trouble, opening_with
from onrecord.exchange.purpose import TEAM, TRAVEL, require_not_for_travel
from onrecord.exchange.ring import Ring
from onrecord.exchange.segment import Header, SegmentName, cut, segment_bytes
from onrecord.exchange.spans import Span, said, uncovered
from onrecord.record.checkpoint import Signer, verifier_key
from onrecord.record.entries import Draft
from onrecord.record.errors import ExchangeRefused
from onrecord.record.ids import device_of, mint
from onrecord.store.folding import Receipts
from onrecord.store.outside import require_outside
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]


def send(
    store: RecordStore,
    place: Place,
    purpose: str | None = None,
    invite: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write what the folder lacks: `{"entries", "originals", "missing", "forks", …}`; with `invite` also a `code`.

    Without a purpose it is for the team, and refused where the folder was written for travel.
    """
    if not place.writable:
        raise ExchangeRefused(
            place.shown, "a web folder is for reading only", "Send to a folder or an s3:// prefix."
        )
    if isinstance(place, LocalFolder):
        require_outside(store, place.path)
    store.keys.exchange_recipient()
    found = catalogue(place, store.id, opening_with(store.keys.exchange_identities()))
    if purpose is None:
        require_not_for_travel(store, place, found)
        purpose = TEAM
    with store.writing(keep_checkpoint=True) as writer:
        signer, log = writer.signer, writer.log
        _pass_over_imitation(found, signer, log)
        folder = _folder_of(found, log) or mint()
        if not _was_sent(store, folder, purpose):
            fields = {"folder": folder, "for": purpose, "place": place.shown}
            writer.append(Draft("sent", mint(), fields))
    sending = _begin(store, place, found, signer, log, folder, purpose, invite)
    sending.progress = progress
    return sending.run(invite)


def _pass_over_imitation(found: Catalogue, signer: Signer, log: str) -> None:
    """A part in this log's name whose hello another key signed is not this laptop's."""
    former = found.prefixes.get(log)
    if former is not None and former.hello.public != signer.public:
        del found.prefixes[log]


def _folder_of(found: Catalogue, log: str) -> str | None:
    former = found.prefixes.get(log)
    return former.hello.folder if former else None


def _was_sent(store: RecordStore, folder: str, purpose: str) -> bool:
    sent = (thing.fields for thing in store.db.as_now().of_kind("sent") if not thing.in_conflict)
    return any(fields.get("folder") == folder and fields.get("for") == purpose for fields in sent)


def _begin(
    store: RecordStore,
    place: Place,
    found: Catalogue,
    signer: Signer,
    log: str,
    folder: str,
    purpose: str,
    invite: bool,
) -> Sending:
    recipient = store.keys.exchange_recipient()
    to = {recipient, *readers(store, found)}
    held = holdings.holdings(store)
    mine = next(one for one in held if one.row == log)
    own = own_prefix(store.keys, place, found, mine, signer, to, purpose)
    hello = Hello(store.id, log, verifier_key(signer.origin, signer.public), recipient, folder)
    readdress_former(store, place, found, log, own.ring)
    earlier = EarlierParts.of(store, place, found, log, purpose)
    others = Others() if invite else Others.of(store, found, {log, *earlier.logs}, own.ring.to)
    withheld = Receipts(store.db.connection).withheld
    return Sending(store, place, found, held, own, hello, signer, others, withheld, earlier)


def readers(store: RecordStore, found: Catalogue) -> set[str]:
    """Whom this laptop encrypts to: all members' devices. One that still waits for its first merge knows none of
    them, and encrypts to those that wrote in the folder."""
    if store.waiting:
        return {prefix.hello.recipient for prefix in found.prefixes.values()}
    return member_recipients(store)


@dataclass(slots=True)
class Sending:
    """One sending under way, and what of it is done."""

    store: RecordStore
    place: Place
    found: Catalogue
    held: list[Holding]
    own: OwnPrefix
    hello: Hello
    signer: Signer
    others: Others
    withheld: holdings.Withheld
    earlier: EarlierParts
    progress: Progress | None = None
    entries: int = 0
    originals: int = 0
    missing: list[Trouble] = field(default_factory=list)
    _sizes: dict[str, int] = field(default_factory=dict)
    _why: str = ""

    @property
    def log(self) -> str:
        return self.hello.log

    def run(self, invite: bool) -> dict[str, Any]:
        orders = Orders.of(self.store)
        fresh = self.own.begun_again
        stale = orders.names - self.own.ring.erased if not fresh else frozenset()
        self._sizes = {
            name: size for name, size in self._former_sizes().items() if self._still_good(name, stale)
        }
        self._greet(bool(stale))
        self._send_all()
        code = self._invite(invite)
        self._drop_leftovers()
        if self.own.former is not None and not self.missing:
            orders.confirm(self.store, self.hello.folder)
        self._close(orders)
        if not self.missing:
            self._remove_earlier()
        told: dict[str, Any] = {"entries": self.entries, "originals": self.originals}
        told |= {"missing": [one.as_json() for one in self.missing], "forks": [], "folder": self.hello.folder}
        if self.own.ring.purpose == TRAVEL:
            told["left_out"] = holdings.sealed_things(self.store)
        return told | ({"code": code} if code else {})

    def _former_sizes(self) -> dict[str, int]:
        """What lies here whole: in the size that was listed or, where a full stick took no list, readable to its end."""
        former = self.own.former
        if former is None or self.own.begun_again:
            return {}
        return {
            name: size
            for name, size in former.files.items()
            if former.whole(name) or (name not in former.sizes and is_readable(self.place, former, name))
        }

    def _still_good(self, name: str, stale: Iterable[str]) -> bool:
        """Whether a file of ours may stay: a segment that holds what was erased since has to be written again."""
        segment = SegmentName.read(self.log, name)
        return segment is None or not any(_names_one_in(segment, entry) for entry in stale)

    def _greet(self, renew: bool) -> None:
        """The hello and the ring, before anything that needs them."""
        ring = self.own.ring
        if renew:
            ring = ring.renewed()
        self.own = replace(self.own, ring=ring)
        try:
            for log in {self.log, *self._former_logs()}:
                self.place.sweep(log)
            former = self.own.former
            if self.own.begun_again and former:
                # It says of files that nobody can read by now that they are whole.
                self.place.delete(f"{self.log}/{contents.NAME}")
            if former is None or former.hello != self.hello or "hello.json" not in self._sizes:
                self._write("hello.json", self.hello.to_bytes(self.signer))
            if former is None or former.ring != ring or "ring.age" not in self._sizes:
                self._write_ring(ring)
        except OSError as wrong:
            raise ExchangeRefused(
                self.place.shown,
                f"nothing can be written there ({wrong.strerror or wrong})",
                "Make room there, or name another folder.",
            ) from None

    def _former_logs(self) -> set[str]:
        """The logs that this device wrote before and sent here: what a stop left of them nobody else takes away."""
        return {log for log in self.found.prefixes if device_of(log) == device_of(self.log)}

    def _send_all(self) -> None:
        """Everything that the folder lacks. A full stick ends it, and what is left is named."""
        work: list[tuple[Trouble, Callable[[], None]]] = []
        for held in self.held:
            for gap in uncovered(held.first, held.beyond, self._covered(held)):
                trouble = Trouble("entries", said(held.row, gap))
                work.append((trouble, lambda held=held, gap=gap: self._send_entries(held, gap)))  # type: ignore[misc]
        for folder, digests in (("layers", holdings.layers), ("originals", holdings.originals)):
            for digest in digests(self.store):
                if not self._lies_there(folder, digest):
                    trouble = Trouble(folder.removesuffix("s"), digest)
                    work.append((trouble, lambda f=folder, d=digest: self._send_file(f, d)))  # type: ignore[misc]
        self._work_through(work)

    def _work_through(self, work: list[tuple[Trouble, Callable[[], None]]]) -> None:
        for done, (trouble, step) in enumerate(work):
            if self.progress:
                self.progress(done, len(work), "sending")
            if not self._why:
                try:
                    step()
                    continue
                except OSError as wrong:
                    self._why = wrong.strerror or str(wrong)
            self.missing.append(replace(trouble, why=self._why))

    def _covered(self, held: Holding) -> list[Span]:
        """Which places of a log or branch lie in the folder, readable for everybody whom this laptop sends to."""
        spans = [
            (name.first, name.last + 1)
            for name in (SegmentName.read(self.log, file) for file in self._sizes)
            if name and name.row == held.row
        ]
        return [*spans, *self.others.covered(held)]

    def _lies_there(self, folder: str, digest: str) -> bool:
        own = f"{folder}/{hidden_name(self.own.ring.names, digest)}"
        return own in self._sizes or self.others.hold(folder, digest)

    def _send_entries(self, held: Holding, gap: Span) -> None:
        without_sealed = self.own.ring.purpose == TRAVEL
        vkey = self.store.folder.key_file(held.log).read_text(encoding="ascii").strip()
        for run in cut(holdings.lines(held, *gap, self.withheld, without_sealed)):
            name = SegmentName(held.row, run[0][0], run[-1][0])
            about = Header(self.store.id, held.log, vkey, name.first)
            data = segment_bytes(about, (line for _, line in run), self.own.ring.recipient)
            self._write(name.within(self.log), data)
            self.entries += name.last + 1 - name.first

    def _send_file(self, folder: str, digest: str) -> None:
        held = self.store.originals if folder == "originals" else self.store.layers
        name = f"{folder}/{hidden_name(self.own.ring.names, digest)}"
        to = self.own.ring.recipient
        try:
            file = held.path(digest).open("rb")
        except OSError as wrong:
            why = f"it cannot be read here ({wrong.strerror})"
            self.missing.append(Trouble(folder.removesuffix("s"), digest, why))
            return
        with file:
            self._sizes[name] = self.place.write(
                f"{self.log}/{name}", lambda sink: encrypt_into(file, sink, to)
            )
        self.originals += folder == "originals"

    def _invite(self, wanted: bool) -> str | None:
        """An invitation lasts until the next sending. With something missing, none is made."""
        if not wanted or self.missing:
            self.place.delete(f"{self.log}/invite.age")
            self._sizes.pop("invite.age", None)
            return None
        code = new_code()
        self._write("invite.age", self.own.ring.locked(code))
        return code

    def _close(self, orders: Orders) -> None:
        """Say what lies here. Of orders it is said only now that they were followed, so that a stop before leaves
        them to the next sending."""
        notes = {held.row: holdings.last_note(held) for held in self.held}
        try:
            followed = replace(self.own.ring, erased=orders.names)
            if not self.missing and followed != self.own.ring:
                self._write_ring(followed)
            self._write(contents.NAME, Contents(self._sizes, notes).to_bytes())
            self.place.settle(self.log)
        except OSError as wrong:
            self.missing.append(Trouble("list", f"{self.log}/{contents.NAME}", wrong.strerror or str(wrong)))

    def _remove_earlier(self) -> None:
        """What it held lies in this laptop's present part by now."""
        try:
            self.earlier.remove(self.store, self.place)
        except OSError as wrong:
            self.missing.append(Trouble("folder", ", ".join(self.earlier.logs), wrong.strerror or str(wrong)))

    def _drop_leftovers(self) -> None:
        """Files of ours that are no longer good, and originals and layers that no entry names any more."""
        names = self.own.ring.names
        wanted = {f"originals/{hidden_name(names, one)}" for one in holdings.named_originals(self.store)}
        wanted |= {f"layers/{hidden_name(names, one)}" for one in holdings.named_layers(self.store)}
        for name in self.place.files(self.log):
            stays = name in self._sizes or name == contents.NAME or self.missing
            if not stays or (name.startswith(("originals/", "layers/")) and name not in wanted):
                self.place.delete(f"{self.log}/{name}")
                self._sizes.pop(name, None)

    def _write_ring(self, ring: Ring) -> None:
        """Write the ring, remembered before so that only our own is ever used again: in its place lies this one or, after
        a stop, the former one."""
        keys, folder = self.store.keys, self.hello.folder
        keys.keep_rings(folder, [ring.digest, *keys.rings(folder)[:1]])
        self._write("ring.age", ring.to_bytes())
        keys.keep_rings(folder, [ring.digest])

    def _write(self, name: str, data: bytes) -> None:
        self._sizes[name] = self.place.write(f"{self.log}/{name}", lambda sink: sink.write(data))


def _names_one_in(segment: SegmentName, entry: str) -> bool:
    row, _, seq = entry.partition("/")
    return segment.row == row and segment.first <= int(seq) <= segment.last
