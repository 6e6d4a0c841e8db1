"""One share of a recovery key as a page of plain text: to be printed, put into an envelope, and typed in again."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.record.errors import FileRefused, OutputExists, RecordNotWritten, SharesRefused
from onrecord.store.part import write_durably

_WORDS_BEGIN = "The words of this share:"
_LARGEST = 65536
_WORD = re.compile(r"[A-Za-z]+")
_A_ROW = 4


@dataclass(frozen=True, slots=True)
class ShareFile:
    """A share as read from its file: which of its set it is, how many are needed. `words` are secret."""

    file: Path
    set: int
    number: int
    needed: int
    words: str = field(repr=False)


def share_text(words: str, number: int, shares: int, needed: int, fingerprint: str) -> str:
    """The page that the holder of a share gets. It names no record, no title and no person."""
    others = needed - 1
    told = (
        f"This is one of {shares} shares of the recovery key of a record kept with Onrecord. Any {needed} of the "
        f"{shares} together open what is sealed in that record, and can shut a lost or stolen laptop out of it. "
        f"With fewer than {needed}, nothing can be learned.",
        "Keep it on paper, away from the record, from laptops and from the other shares, best in another country. "
        "Show it to nobody. Do not photograph it. Tell those who gave it to you if it is lost or seen by others.",
        f"When you are asked for it, first make sure who asks: speak with them. Then bring it together with "
        f"{others} other share{'s' if others != 1 else ''}: type the words below into a text file, one file for each "
        "share, on a laptop that you trust, and run there, in the record's folder:",
    )
    paragraphs = [textwrap.fill(one, 76) for one in told]
    listed = words.split()
    rows = [
        "  ".join(
            f"{at + 1:2}. {listed[at]:<12}" for at in range(first, min(first + _A_ROW, len(listed)))
        ).rstrip()
        for first in range(0, len(listed), _A_ROW)
    ]
    return "\n".join(
        (
            f"RECOVERY SHARE {number} OF {shares}",
            f"{needed} are needed. Fingerprint of the key: {fingerprint}",
            "",
            *(f"{paragraph}\n" for paragraph in paragraphs),
            "  onrecord recovery reseal SHARE1 SHARE2     a new key for who lost theirs",
            "  onrecord recovery open SHARE1 SHARE2 --unseal ID --reason TEXT",
            "",
            _WORDS_BEGIN,
            "",
            *rows,
            "",
        )
    )


def write_shares(folder: Path, texts: list[str]) -> list[Path]:
    """Write the pages into a folder that is new or empty; where each stands. Raises `OutputExists`."""
    files = [folder / f"share-{number}-of-{len(texts)}.txt" for number in range(1, len(texts) + 1)]
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputExists(str(folder), "something stands there", "Name a folder that is new or empty.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file, text in zip(files, texts, strict=True):
            write_durably(file, text.encode("utf-8"), mode=0o600)
    except OSError as wrong:
        raise RecordNotWritten(str(folder), f"{wrong.strerror}", "Name another folder.") from None
    except FileRefused as wrong:
        raise RecordNotWritten(str(folder), wrong.reason, "Name another folder.") from None
    return files


def read_share(file: Path) -> ShareFile:
    """The share in a file: the page as it was written, or only its words. Raises `SharesRefused`, without a word."""
    from shamir_mnemonic import MnemonicError, Share

    words = _words_in(_text_of(file))
    _require_known(file, words)
    try:
        share = Share.from_mnemonic(" ".join(words))
    except (MnemonicError, ValueError):
        raise SharesRefused(
            str(file),
            f"its {len(words)} words are not a share: one is wrong, left out, or stands in another's place",
            "Compare it with the paper, word by word.",
        ) from None
    return ShareFile(file, share.identifier, share.index + 1, share.member_threshold, " ".join(words))


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_LARGEST).decode("utf-8-sig")
    except OSError as wrong:
        raise SharesRefused(
            str(file), f"it cannot be read ({wrong.strerror})", "Name a share file."
        ) from None
    except UnicodeDecodeError:
        raise SharesRefused(str(file), "it is not plain text", "Type its words into a text file.") from None


def _words_in(text: str) -> list[str]:
    _, page, below = text.partition(_WORDS_BEGIN)
    return [word.lower() for word in _WORD.findall(below if page else text)]


def _require_known(file: Path, words: list[str]) -> None:
    from shamir_mnemonic.wordlist import WORDLIST

    known = frozenset(WORDLIST)
    unknown = [place for place, word in enumerate(words, 1) if word not in known]
    if not words or len(unknown) > len(words) // 2:
        raise SharesRefused(str(file), "it holds no share", "Name a share file.")
    if unknown:
        raise SharesRefused(
            str(file),
            f"word {unknown[0]} is not a word that shares are made of",
            "Compare it with the paper, letter by letter.",
        )
