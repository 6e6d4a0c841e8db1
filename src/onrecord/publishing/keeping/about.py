"""What a whole copy says of itself, in its README and in what other programs read."""

from __future__ import annotations

from dataclasses import dataclass

README = """\
A whole copy of the record {title}, made on {day} with {program}.

This copy is for keeping, not for giving out. It holds EVERYTHING that the record holds: names, terms, notes, and
every original. No terms were asked. Whoever has it can read all of it, but for the fields that were sealed: these
stay encrypted, and the keys that open them are not in it. Keep it as you keep the record: on an encrypted disk, in
hands that you chose.

{record}        The record itself. Its own README.txt says how to read it.
{readable}      The same in plain files, for programs and people that do not know the record's format:
                things.jsonl has a line for every version of every thing, with whether it stands; items.csv is a
                table of the originals.
{more}
verify.py       Checks, with the folder onrecord_verify beside it, that nothing in the record was altered. It needs
                nothing but Python: python3 verify.py {record}

{missing}If something in the record is erased later, this copy still holds it. The record's list of what has not confirmed
an erasure names this copy, as "{place}": destroy or replace it then.
"""


@dataclass(frozen=True, slots=True)
class About:
    """A copy's record, title, day, program, and where it was made."""

    record: str
    title: str
    day: str
    program: str
    place: str

    @property
    def description(self) -> str:
        return f"A whole copy of the Onrecord record {self.title}. It holds everything, and is not for giving out."

    def readme(self, record: str, readable: str, more: str, missing: int) -> str:
        """The README of a copy that has the record and the plain files at these paths."""
        lost = "One original was" if missing == 1 else f"{missing} originals were"
        told = f"{lost} not on the laptop that made this copy, and not copied.\n\n" if missing else ""
        return README.format(
            title=self.title,
            day=self.day,
            program=self.program,
            place=self.place,
            record=record,
            readable=readable,
            more=more,
            missing=told,
        )
