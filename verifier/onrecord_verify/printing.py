"""A report as a person reads it."""

from __future__ import annotations

import json

from .report import Report


def told(report: Report, as_json: bool) -> int:
    """Print a report; the exit code that says whether everything holds."""
    if as_json:
        print(json.dumps(report.as_json()))
    else:
        print_report(report)
    return 1 if report.problems else 0


def print_report(report: Report) -> None:
    for line in report.lines:
        print(line)
    if report.keys:
        print(f"\n{report.compare}")
    for at, key in enumerate(report.keys):
        if at == 1 and report.kind == "dossier":
            print("The keys of the other logs beneath it:")
        print(f"    {key['fingerprint']}    {key['log']}")
    if report.notes:
        print("\nNotes:")
    for note in report.notes:
        print(f"  - {note}")
    print()
    if report.problems:
        for problem in report.problems:
            print(f"{problem['where']}: {problem['what']}")
        count = len(report.problems) + report.unlisted
        print(
            f"\nNOT verified: {count} problem{'s' * (count > 1)}"
            + (", not all listed" * bool(report.unlisted))
        )
    else:
        for heading, points in report.proven:
            print(heading)
            for point in points:
                print(f"  - {point}")
        print("\nverified")
