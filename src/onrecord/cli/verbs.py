"""Every verb in a line. Written down here so that `onrecord --help` imports none of them."""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "Keeping": {
        "new": "Make a new, empty record in a folder.",
        "add": "Take originals in: files, and folders with all they hold.",
        "items": "List the originals.",
        "text": "Show the text of an original, as passages count it.",
        "mark": "Mark the exact words in an original that carry a statement.",
        "put": "Write things, or new versions of them: all lines or none.",
    },
    "Reading": {
        "get": "Show one thing as it stands.",
        "history": "Show every version of one thing.",
        "search": "Find words in originals and things, in any spelling.",
        "windows": "Show one event as each side tells it.",
        "check": "Look for days, sums, figures and deadlines that cannot be right.",
    },
    "Giving out": {
        "publish": "Build a dossier, or say what stands in its way.",
        "custody": "Print the report on one original: who had it, what was done, what is not known.",
        "verify": "Prove a record or a dossier unaltered.",
    },
    "Keeping it safe": {
        "unseal": "Show what is sealed in one thing, for a reason that is kept.",
        "passphrase": "Put your key under a passphrase, change it, or make a new key.",
        "recovery": "Shares of a key that opens what is sealed, should yours be lost.",
        "pack": "Close the whole record into one encrypted file.",
        "unpack": "Open such a file as a record again.",
    },
    "Beginning": {
        "demo": "Build the sample record and show what can be done with it.",
        "completion": "Print the script that lets your shell complete commands.",
    },
}

PURPOSES: dict[str, str] = {name: purpose for verbs in GROUPS.values() for name, purpose in verbs.items()}
