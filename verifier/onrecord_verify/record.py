"""A record (format, section 9): one pass over the log, one over the files, and what follows from all together."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .bodies import Bodies
from .branches import Branches
from .database import moment
from .files import read_small
from .founding import Founding
from .grammar import LARGEST_HEAD, Broken, must
from .log import Log
from .membership import Membership
from .notes import Key, read_key
from .originals import Originals
from .report import Report, show
from .rows import Row
from .statements import Device, Fork, Place, Quote, Recovery, Revocation, Witnessed
from .witnesses import Witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .report import Points, Progress

ATTEMPTS = 3
COMPARE = (
    "The fingerprints of its keys. Compare them with what you were given another way, such as by telephone:"
)
PROVEN: Points = [
    (
        "Proven, if the fingerprints are the right ones:",
        [
            "The entries are those that these keys signed, in this order; none was altered, added or taken out.",
            "The originals are the files that the entries are about.",
            "Every quotation stands where its entry says.",
        ],
    ),
    (
        "What this does not show:",
        [
            "That what was said is true.",
            "When anything was written: the clocks are the writers' own.",
            "That nobody with the keys rewrote it or cut it off: compare with checkpoints kept elsewhere.",
        ],
    ),
]


class Record:
    """One pass over the log, which gathers what the files have to be; then one over the files."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report, self.problem, self.at = report, report.problem, report.at
        self.keys: dict[str, Key] = {}
        self.rows: dict[str, Row] = {}
        self.whole = False
        self.first = ""
        self.title = ""
        self.devices: list[Device] = []
        self.revocations: list[Revocation] = []
        self.recoveries: list[Recovery] = []
        self.witnessed: list[Witnessed] = []
        self.forks: list[Fork] = []
        self.faults: list[tuple[Place, str]] = []
        self.arrivals: list[tuple[int, Place, str, bool]] = []
        self.withheld: list[tuple[str, Place]] = []
        self.confirmed: list[tuple[str, Place]] = []
        self.orders: dict[str, list[Place]] = {}
        self.bodiless: set[str] = set()
        self.items: set[str] = set()
        self.originals: dict[str, tuple[int, str]] = {}
        self.quotes: dict[str, list[Quote]] = {}

    def read(self, in_use: bool) -> None:
        """The log and its keys. A key is on the disk before its log begins, so they are read after the log's names."""
        with self.at("record.db"):
            Log(self).read_database(self.folder / "record.db", in_use)
        if self.whole:
            Founding(self).judge()
            self.members = Membership(self)
            Bodies(self).judge()
            Witnesses(self).judge()
            Branches(self).judge()
            self.members.describe()
        self.judge_faults()

    def finish(self) -> None:
        """The files. Those of every entry were on the disk before it."""
        files = Originals(self)
        files.read()
        self.report.items = len(self.items)
        files.describe()

    def key_of(self, log: str) -> Key:
        """The key in the file of this log. Raises `Broken` or `OSError`."""
        path = self.folder / "keys" / f"{log}.vkey"
        must(not path.parent.is_symlink(), "is in a folder that is a link, and links are not followed")
        text = read_small(path, LARGEST_HEAD).decode("ascii", "replace")
        must(text.endswith("\n"), "does not end with a line feed")
        key = read_key(text[:-1])
        must(key.log == log, "is named for another log than its key")
        return key

    @contextmanager
    def saying(self, at: Place) -> Iterator[None]:
        """What an entry says is a problem only if it stands: else whoever was let in nowhere could make some."""
        try:
            yield
        except Broken as wrong:
            self.faults.append((at, str(wrong)))

    def judge_faults(self) -> None:
        for at, what in self.faults:
            if not self.whole or not self.first or self.rows[at.row].here or self.members.stands(at):
                self.problem(at.name, what)
            else:
                self.report.notes.append(f"{at.name} rests, and {show(what)}.")


def verify_record(
    folder: Path, progress: Progress | None, in_use: bool, against: Iterable[Path] = ()
) -> Report:
    """A problem that is found while somebody writes may be of the reading, which holds no lock if nobody wrote when
    it began: then it is read again. A log in which no problem is found is sound, however it was read."""
    for attempt in range(ATTEMPTS):
        report = Report("record", progress)
        report.compare, report.proven = COMPARE, PROVEN
        record = Record(folder, report)
        before = moment(folder / "record.db")
        record.read(in_use)
        written = moment(folder / "record.db") != before
        if not (written and report.problems) or attempt == ATTEMPTS - 1:
            break
    if written and report.problems:
        report.notes.append(
            "Another program wrote to this record while it was read: check again when it is done."
        )
    record.finish()
    if against and record.whole:
        from .against import Comparison

        Comparison(record).compare(against)
    return report
