"""Every verb in a line. Written down here so that `onrecord --help` imports none of them."""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "Keeping": {
        "new": "Make a new, empty record in a folder.",
        "add": "Take originals in: files, and folders with all they hold.",
        "import": "Take in what another tool hands over, checked line by line.",
        "capture": "Fetch a page of the web, after a yes, and take it in as an original.",
        "items": "List the originals.",
        "text": "Show the text of an original, as passages count it.",
        "read": "Read an original again: with its password, in an encoding, or by OCR.",
        "mark": "Mark the exact words in an original that carry a statement.",
        "put": "Write things, or new versions of them: all lines or none.",
        "resolve": "Say which version of a thing in conflict stands, and why.",
        "stamp": "Ask outside authorities to say when the record stood as it stands.",
    },
    "Reading": {
        "get": "Show one thing as it stands.",
        "history": "Show every version of one thing.",
        "conflicts": "List the things with two versions that nobody has resolved.",
        "alike": "Propose originals that may be one: copies, cuts, changed texts.",
        "search": "Find words in originals and things, in any spelling.",
        "windows": "Show one event as each side tells it.",
        "check": "Look for days, sums, figures and deadlines that cannot be right.",
    },
    "Giving out": {
        "publish": "Build a dossier, or say what stands in its way.",
        "custody": "Print the report on one original: who had it, what was done, what is not known.",
        "prove": "Write a proof that one thing existed, unaltered, by a date.",
        "root": "Write down the record root as it stands, for somebody outside to keep.",
        "verify": "Prove a record, a dossier or a proof unaltered.",
    },
    "Working on several laptops": {
        "send": "Write what colleagues lack to a stick, a folder or a store, encrypted to them.",
        "merge": "Take in what colleagues sent, after checking all of it.",
        "join": "Begin this laptop's own copy of a colleague's record.",
        "admit": "Let a further laptop in, so that what it writes stands.",
        "revoke": "Say that a laptop no longer writes for the team.",
        "laptops": "List whose laptops write in the record, and how each stands.",
    },
    "Keeping it safe": {
        "erase": "Erase for protection, with all that holds the words, and get a receipt.",
        "unseal": "Show what is sealed in one thing, for a reason that is kept.",
        "passphrase": "Put your key under a passphrase, change it, or make a new key.",
        "recovery": "Shares of a key that opens what is sealed, should yours be lost.",
        "pack": "Close the whole record into one encrypted file.",
        "rebuild": "Make the views and the index again from the log.",
        "unpack": "Open such a file as a record again.",
    },
    "Beginning": {
        "demo": "Build the sample record and show what can be done with it.",
        "completion": "Print the script that lets your shell complete commands.",
    },
}

PURPOSES: dict[str, str] = {name: purpose for verbs in GROUPS.values() for name, purpose in verbs.items()}

# A verb that is a word of Python cannot be a module's name.
_CALLED = {"import": "importing"}


def module_of(verb: str) -> str:
    """The module in which a verb stands."""
    return f"onrecord.cli.{_CALLED.get(verb, verb)}"
