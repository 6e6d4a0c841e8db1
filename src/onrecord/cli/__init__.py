"""The command line: one file per verb. What is said to a person, to a program and by an exit code is decided here."""

from __future__ import annotations


def main() -> None:
    """Run the command line of this process. Does not return."""
    from onrecord.cli.program import onrecord

    onrecord.main(prog_name="onrecord")
