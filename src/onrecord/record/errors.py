"""Every error a person can meet, named for what is wrong in their world."""

from __future__ import annotations

from typing import ClassVar


class OnrecordError(Exception):
    """Something is wrong. The message names the thing, the reason and the mend."""

    exit_code: ClassVar[int] = 2

    def __init__(self, thing: str, reason: str, mend: str = "") -> None:
        super().__init__(thing, reason, mend)
        self.thing = thing
        self.reason = reason
        self.mend = mend

    def __str__(self) -> str:
        said = f"{self.thing}: {self.reason}."
        return f"{said} {self.mend}" if self.mend else said


class RecordMissing(OnrecordError):
    """No record stands at the place named."""


class RecordExists(OnrecordError):
    """A record, or something else, already stands where a new one was asked for."""


class RecordUnreadable(OnrecordError):
    """The record's files cannot be opened or are not of a format this version reads."""


class RecordBusy(OnrecordError):
    """Another program is writing to the record, and did not finish in time."""


class RecordNotWritten(OnrecordError):
    """The record's disk, or the folder of this laptop's keys, does not take what was to be written; nothing was."""


class ThingUnknown(OnrecordError):
    """No thing has this id or slug."""


class SlugAmbiguous(OnrecordError):
    """Two things answer to one slug."""


class KindWrong(OnrecordError):
    """The thing is of another kind than the request needs."""


class FieldInvalid(OnrecordError):
    """A field is unknown, missing, or holds what it cannot hold."""


class TimeInvalid(OnrecordError):
    """A date or time is not written in a form that can be read without guessing."""


class FormulaInvalid(OnrecordError):
    """A formula cannot be read."""


class PassageLost(OnrecordError):
    """A quote is not found in the text layer of its original."""


class QuoteAmbiguous(OnrecordError):
    """A quote is found more than once."""


class LayerMissing(OnrecordError):
    """The original has no text layer."""


class PutRefused(OnrecordError):
    """Some lines cannot be put, so nothing was written."""

    def __init__(self, errors: list[dict[str, object]], total: int) -> None:
        super().__init__(
            "put", f"{total} of the lines cannot be put, and nothing was written", "Mend them and put again."
        )
        self.errors = errors
        self.total = total


class MapInvalid(OnrecordError):
    """A mapping of a sheet's rows to things cannot be used as it is written."""


class SheetInvalid(OnrecordError):
    """A sheet is not as its mapping says: it has no such sheet, column, header or row."""


class InConflict(OnrecordError):
    """The thing has two versions that nobody has resolved."""


class OriginalAltered(OnrecordError):
    """An original's bytes are not those that came in."""

    exit_code = 1


class TermsForbid(OnrecordError):
    """What was agreed does not allow this to leave."""

    exit_code = 1


class FileRefused(OnrecordError):
    """A file cannot be taken in."""

    exit_code = 1


class ReaderFailed(OnrecordError):
    """The reader of a file's format failed on it."""

    exit_code = 1


class OutputExists(OnrecordError):
    """Something stands where the result was to be written."""


class OutputNotWritten(OnrecordError):
    """The place named for a result does not take it: its disk is full, it may not be written to, or lies inside the record."""


class KeyMissing(OnrecordError):
    """A private key that this needs is not on this laptop."""


class PassphraseMissing(OnrecordError):
    """Something is under a passphrase that was not given, or the one that was given does not open it."""


class SharesRefused(OnrecordError):
    """Recovery shares are too few, damaged, or not of one set."""


class ExchangeRefused(OnrecordError):
    """An exchange folder cannot be used as asked: it is another record's, cannot be reached, or is not what it says."""


class AdmissionRefused(OnrecordError):
    """A device cannot be let in, or out, as asked."""


class CaptureRefused(OnrecordError):
    """A page may not be captured as asked: nobody agreed to contact its server, or its address is none that may be asked."""


class CaptureFailed(OnrecordError):
    """A page could not be fetched from the web, so nothing was taken in."""

    exit_code = 1


class AuthorityMissing(OnrecordError):
    """No time authority is named, or the part of Onrecord that asks one is not installed."""


class ProgramMissing(OnrecordError):
    """A program of the system, or a part of Onrecord, that this needs is not installed."""
