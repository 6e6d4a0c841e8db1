"""The plain-text guide in a dossier's folder: how to read it and how to check it, in words a stranger can follow."""

from __future__ import annotations

from onrecord.publishing.page.content import DossierPage

_GUIDE = """\
{title}

Open index.html in any browser. It needs no network.

To check that nothing here was changed, do one of these:

1. In the page, under its last heading, choose this folder. The page recomputes everything on your computer.
2. Run the program in this folder with Python 3.8 or later:   python3 verify.py
   It is short and plain; read it first, or use a copy of it from somewhere else.

Then compare the fingerprint of the publisher's key with what the publisher tells you by another way, on paper or by voice:

   {fingerprint}

The check proves that this release is what the holder of that key signed, that no file in it was changed, added or
taken away, and that the record entries beneath its citations existed by then. It does not prove that what anyone
says here is true. That these are the words in the originals, and who said them, is what the publisher attests.

manifest.json lists what was released, and every file with its SHA-256. proofs.json holds the signed release and
the proofs. Their format is described in Onrecord's documentation under "format".
"""


def guide(page: DossierPage) -> str:
    """The text of README.txt."""
    return _GUIDE.format(title=page.title, fingerprint=page.fingerprint)
