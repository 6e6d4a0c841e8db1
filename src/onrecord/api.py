"""The Python API: a record with the same verbs as the command line, giving the same JSON-ready values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onrecord.record.canonical import check
from onrecord.record.errors import FieldInvalid
from onrecord.settings import Settings
from onrecord.store.asking import Ask, Asking, asking_after, nobody_to_ask
from onrecord.store.disk import is_encrypted
from onrecord.store.record_store import Founding, RecordStore, found_record
from onrecord.writing.put import Line

if TYPE_CHECKING:
    from onrecord.capturing.capture import Contact

Progress = Callable[[int, int | None, str], None]


def new(
    path: str | Path,
    *,
    title: str | None = None,
    handle: str | None = None,
    zone: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Make a record in a new or empty folder: `{"record", "device", "path"}`."""
    settings = settings or Settings.from_environment()
    zone = zone or settings.zone or _local_zone()
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise FieldInvalid(
            "zone", f"{zone!r} is not a time zone", "Use a name such as Asia/Jerusalem or UTC."
        ) from None
    handle = handle or settings.handle or "keeper"
    check({"title": title, "handle": handle}, "new")
    log = found_record(Path(path), settings.home, Founding(title, zone, handle))
    with open(path, settings=settings) as record:
        return {"record": record.id, "device": log, "path": str(path), "notices": about_disk(Path(path))}


def about_disk(path: Path) -> list[str]:
    """A word of warning where the record lies on a disk that is not encrypted, or may not be."""
    encrypted = is_encrypted(path)
    if encrypted:
        return []
    told = "is not encrypted" if encrypted is False else "may not be encrypted; this could not be told"
    return [
        f"The disk under {path} {told}. Whoever takes it can read all that is not sealed: encrypt the whole disk."
    ]


def _local_zone() -> str:
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"


def open(path: str | Path, *, settings: Settings | None = None, ask: Ask | None = None) -> Record:
    """Open a record. Raises `RecordMissing` or `RecordUnreadable`.

    `ask` gives the passphrase of the thing named, where there is one and the settings have none.
    """
    return Record(Path(path), settings or Settings.from_environment(), ask)


def join(
    stick: str | Path,
    path: str | Path,
    *,
    code: str | None = None,
    record: str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Make this laptop's own copy of a record from what a colleague sent: `{"record", "device", "admitted", …}`.

    `code` is that of an invitation; `record` says which, where several lie there.
    """
    from onrecord.exchange.join import join
    from onrecord.exchange.place import place_at

    settings = settings or Settings.from_environment()
    told = join(
        place_at(stick),
        Path(path),
        settings.home,
        code=code or settings.code,
        record=record,
        handle=settings.handle,
        progress=progress,
    )
    return told | {"path": str(path), "notices": about_disk(Path(path))}


def _asking(settings: Settings, ask: Ask | None) -> Asking:
    """The passphrase from the settings, and where that does not open it, from who can be asked."""
    return asking_after(settings.passphrase, ask or nobody_to_ask)


def unpack(
    file: str | Path,
    path: str | Path,
    *,
    shares: Iterable[str | Path] = (),
    settings: Settings | None = None,
    ask: Ask | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Open a packed record into a new folder, and verify it: `{"path", "files", "ok", "problems", "notices"}`."""
    from onrecord.writing.unpacking import unpack

    settings = settings or Settings.from_environment()
    asking = _asking(settings, ask)
    told = unpack(Path(file), Path(path), settings.home, asking, [Path(share) for share in shares])
    found = verify(path, progress=progress)
    return told | {
        "ok": found["ok"],
        "problems": found["problems"],
        "notices": about_disk(Path(path)),
    }


def verify(
    path: str | Path,
    *,
    views: bool = False,
    progress: Progress | None = None,
    original: str | Path | None = None,
    roots: str | Path | None = None,
    against: Sequence[str | Path] = (),
) -> dict[str, Any]:
    """Verify a record's folder, a dossier or a proof: `{"ok", "entries", "items", "problems"}`.

    For a proof, `original` is the file it is about, and `roots` certificates that its tokens have to lead to.
    `against` is what was kept of a record elsewhere; `against` in what is given says of each whether it goes on from it.
    """
    from onrecord.verifying import verify_folder

    original, roots = (None if one is None else Path(one) for one in (original, roots))
    kept = [Path(one) for one in against]
    return verify_folder(
        Path(path), views=views, progress=progress, original=original, roots=roots, against=kept
    )


class Record:
    """An opened record. Every method answers with what its verb prints with `--json`."""

    def __init__(self, path: Path, settings: Settings, ask: Ask | None = None) -> None:
        self.path = path
        self.settings = settings
        self._ask = _asking(settings, ask)
        self._store = self._opened()
        self._finish_what_was_cut_off()

    def _finish_what_was_cut_off(self) -> None:
        from onrecord.erasing.leaving import leaving

        if leaving(self._store.db.connection):
            from onrecord.erasing.finishing import finish_if_possible

            finish_if_possible(self._store)

    def _opened(self) -> RecordStore:
        return RecordStore(self.path, self.settings.home, self._ask, self.settings.handle)

    @property
    def id(self) -> str:
        return self._store.id

    @property
    def title(self) -> str | None:
        return self._store.title

    @property
    def waiting(self) -> bool:
        """Whether this copy still waits for its first merge, and so holds nothing of the record yet."""
        return self._store.waiting

    @property
    def notices(self) -> list[str]:
        """What a person should know about how this record was written to, in plain words."""
        return self._store.notices

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(
        self,
        paths: Iterable[str | Path],
        progress: Progress | None = None,
        *,
        handover: Mapping[str, Any] | None = None,
        terms: Mapping[str, Any] | None = None,
        inventory: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """Take files and folders in, and what lies inside archives and mails. With `handover` (fields of an item), `terms`
        (without `over`) or `inventory`, one item with what lay there is made first, and all of it lies inside that."""
        from onrecord.matching.near import Near
        from onrecord.writing.add import add
        from onrecord.writing.adding.handover import Handover

        said = Handover(handover or {}, terms, inventory)
        near = Near(self._store.fingerprints, self._store.item_with)
        return add(self._store, [Path(path) for path in paths], progress, said, near)

    def look_at(
        self, paths: Iterable[str | Path], progress: Progress | None = None
    ) -> Iterator[dict[str, Any]]:
        """What `add` would do with files and folders, a line each. Nothing is written."""
        from onrecord.writing.adding.looking import look

        return look(self._store, [Path(path) for path in paths], progress)

    def import_from(
        self,
        path: str | Path,
        form: str | None = None,
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Take in what another tool handed over: a line for everything in it. `form` says what it is, if need be."""
        from onrecord.exchange.neighbours.carrying import bring

        return bring(self._store, Path(path), form, dry_run, progress)

    def capture(
        self,
        url: str,
        agree: Callable[[Contact], bool],
        *,
        resources: bool = False,
        allow_local: bool = False,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Fetch a page of the web and take it in as a web archive. `agree` is asked before any place is contacted."""
        from onrecord.capturing.capture import capture

        return capture(
            self._store, url, agree, resources=resources, allow_local=allow_local, progress=progress
        )

    def items(self) -> Iterator[dict[str, Any]]:
        from onrecord.reading.items import items

        return items(self._store)

    def text(self, item: str) -> dict[str, Any]:
        from onrecord.reading.items import text

        return text(self._store, item)

    def read(
        self,
        item: str,
        *,
        password: str | None = None,
        encoding: str | None = None,
        ocr: str | None = None,
        all_pages: bool = False,
        speech: str | Path | None = None,
        language: str = "auto",
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Read an original again, or with `ocr` (languages such as "ara+heb+eng") recognise words in its pictures.

        With `speech`, a model that is on this laptop, what is said in a recording is written down.
        """
        from onrecord.writing.rereading import read_again, recognise

        if speech is not None:
            from onrecord.writing.transcribing import transcribe_item

            return transcribe_item(self._store, item, speech, language=language, progress=progress)
        if ocr is None:
            return read_again(self._store, item, encoding=encoding, password=password)
        return recognise(self._store, item, ocr, all_pages=all_pages, password=password, progress=progress)

    def mark(self, item: str, quote: str, nth: int | None = None) -> dict[str, Any]:
        from onrecord.writing.mark import mark

        return mark(self._store, item, quote, nth)

    def put(self, lines: Iterable[Line], progress: Progress | None = None) -> list[dict[str, Any]]:
        from onrecord.writing.put import put

        return put(self._store, lines, progress)

    def put_sheet(
        self,
        source: str | Path,
        map: str | Path | Mapping[str, Any],
        preview: bool = False,
        reason: str | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Put the rows of a sheet, a file or an item, by a mapping; with `preview`, only look what would be put."""
        from onrecord.writing.sheets.put_sheet import put_sheet

        return put_sheet(self._store, source, map, preview=preview, reason=reason, progress=progress)

    def get(self, name: str) -> dict[str, Any]:
        from onrecord.reading.things import get

        return get(self._store, name)

    def history(self, name: str) -> dict[str, Any]:
        from onrecord.reading.things import history

        return history(self._store, name)

    def unseal(self, name: str, reason: str, entry: str | None = None) -> dict[str, Any]:
        from onrecord.writing.unsealing import unseal

        return unseal(self._store, name, reason, entry)

    def passphrase(
        self,
        *,
        remove: bool = False,
        new_identity: bool = False,
        lost: bool = False,
        ask_new: Ask | None = None,
    ) -> dict[str, Any]:
        """Set, change or remove the passphrase over this person's key, or make a new key."""
        from onrecord.writing import passphrase

        asking = self._asking_anew(ask_new)
        if new_identity:
            return passphrase.new_key(self._store, lost=lost, ask_new=asking)
        if remove:
            return passphrase.remove_passphrase(self._store)
        return passphrase.set_passphrase(self._store, asking)

    def _asking_anew(self, ask_new: Ask | None) -> Ask:
        from onrecord.writing.passphrase import nobody_to_ask_anew

        given = self.settings.new_passphrase
        return (lambda _: given) if given is not None else ask_new or nobody_to_ask_anew

    def make_recovery(self, shares: int, needed: int, out: str | Path) -> dict[str, Any]:
        from onrecord.writing.recovery import make_recovery

        return make_recovery(self._store, shares, needed, Path(out))

    def key_to_confirm(self, named: str | None = None) -> dict[str, Any]:
        """The recovery key that somebody else made and that waits for a second member: `{"fingerprint", "by", …}`."""
        from onrecord.writing.naming_recovery import key_to_confirm

        return key_to_confirm(self._store, named).as_json()

    def confirm_recovery(self, named: str | None = None) -> dict[str, Any]:
        from onrecord.writing.naming_recovery import confirm_recovery

        return confirm_recovery(self._store, named)

    def show_recovery(self) -> dict[str, Any]:
        from onrecord.writing.recovery import show_recovery

        return show_recovery(self._store)

    def reseal(self, shares: Iterable[str | Path] = ()) -> dict[str, Any]:
        from onrecord.writing.recovery import reseal

        return reseal(self._store, [Path(share) for share in shares])

    def recover(
        self, shares: Iterable[str | Path], name: str, reason: str, entry: str | None = None
    ) -> dict[str, Any]:
        """What is sealed in one thing, opened with recovery shares."""
        from onrecord.writing.recovery import recovery_key
        from onrecord.writing.unsealing import unseal

        key = recovery_key(self._store, [Path(share) for share in shares])
        return unseal(self._store, name, reason, entry, key.identity)

    def pack(
        self,
        out: str | Path,
        *,
        passphrase: bool = False,
        remove: bool = False,
        ask_new: Ask | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Close the whole record into one age file. Where `remove` deletes the folder, the record is closed after."""
        from onrecord.writing.packing import pack
        from onrecord.writing.passphrase import strong

        under = strong(self._asking_anew(ask_new)(str(out))) if passphrase else None
        removed = False
        try:
            packed = pack(self._store, Path(out), passphrase=under, remove=remove, progress=progress)
            removed = remove
            return packed
        finally:
            self._store.close()
            if not removed:
                self._store = self._opened()

    def look_at_erasing(self, *names: str, whole: bool = False, older: bool = False) -> dict[str, Any]:
        """What `erase` would take, touch and leave. Nothing is written."""
        from onrecord.erasing.erase import look

        return look(self._store, names, whole=whole, older=older)

    def erase(
        self,
        name: str | Sequence[str],
        reason: str,
        authority: Sequence[str],
        *,
        whole: bool = False,
        older: bool = False,
        shown: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Erase one thing or several with all that holds their words; the receipt. `shown` is what was looked at and agreed to."""
        from onrecord.erasing.erase import erase

        names = [name] if isinstance(name, str) else name
        return erase(self._store, names, reason, authority, whole=whole, older=older, shown=shown)

    def erasures(self, waiting: bool = False) -> list[dict[str, Any]]:
        """Every erasure ordered, or those from other laptops that nobody here has accepted yet."""
        from onrecord.erasing.receipt import listed

        return listed(self._store, waiting)

    def accept_erasure(self, order: str) -> dict[str, Any]:
        from onrecord.erasing.erase import accept

        return accept(self._store, order)

    def confirm_destroyed(self, folder: str) -> dict[str, Any]:
        """Enter that an exchange folder or packed file no longer exists, and so holds nothing that was erased."""
        from onrecord.erasing.confirming import confirm_destroyed

        copy = confirm_destroyed(self._store, folder)
        return {"folder": copy.folder, "place": copy.place, "by": self._store.handle(copy.person)}

    def finish_erasing(self) -> list[str]:
        """Finish erasures that were cut off; the orders that are carried out now."""
        from onrecord.erasing.finishing import finish

        return finish(self._store)

    def conflicts(self) -> Iterator[dict[str, Any]]:
        from onrecord.reading.conflicts import conflicts

        return conflicts(self._store)

    def alike(
        self, items: Iterable[str] = (), *, video: bool = True, progress: Progress | None = None
    ) -> Iterator[dict[str, Any]]:
        """Originals that may be one, each with why. With `video`, recordings are looked at first that were not yet."""
        from onrecord.intake.recordings.pairing import transcript_of
        from onrecord.matching.alike import alike
        from onrecord.writing.framing import frame_recordings
        from onrecord.writing.names import resolve_kind

        named = [resolve_kind(self._store, item, "item") for item in items]
        if video:
            self.notices.extend(frame_recordings(self._store, named, progress))
        return alike(self._store, named, transcript_of, progress)

    def conflict(self, name: str) -> dict[str, Any]:
        from onrecord.reading.conflicts import conflict

        return conflict(self._store, name)

    def resolve(
        self, name: str, reason: str, keep: str | None = None, take: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        from onrecord.writing.resolving import resolving

        return resolving(self._store, name, reason, keep, take)

    def search(self, query: str, limit: int | None = 50) -> Iterator[dict[str, Any]]:
        from onrecord.reading.hits import hits

        return hits(self._store, query, limit)

    def windows(
        self,
        event: str,
        sides: Sequence[str] | None = None,
        as_known_on: str | None = None,
        *,
        reading: str | None = None,
        device: str | None = None,
    ) -> dict[str, Any]:
        """One event as each side tells it; on a day as it was "received" (here, or on a device), "stated" or "proven"."""
        from onrecord.reading.windows import windows

        return windows(self._store, event, sides, as_known_on, reading, device)

    def check(self, today: dt.date | None = None) -> Iterator[dict[str, Any]]:
        from onrecord.record.checks import checks
        from onrecord.text.weekdays import weekday_claims

        return checks(self._store.db.as_now(), today or self._store.today(), weekday_claims)

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

    def rebuild(self, progress: Progress | None = None) -> dict[str, Any]:
        """Make the views and the index again from the log: `{"entries"}`, how many there are."""
        from onrecord.writing.indexing import rebuild

        rebuild(self._store, progress)
        (entries,) = self._store.db.connection.execute("SELECT count(*) FROM head").fetchone()
        return {"entries": entries}

    def verify(
        self, views: bool = False, progress: Progress | None = None, against: Sequence[str | Path] = ()
    ) -> dict[str, Any]:
        """Verify this record. It is closed meanwhile: reading its file beside an open connection would drop its locks."""
        self._store.close()
        try:
            return verify(self.path, views=views, progress=progress, against=against)
        finally:
            self._store = self._opened()
