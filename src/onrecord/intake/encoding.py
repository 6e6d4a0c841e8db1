"""Turning bytes into characters, and saying how the encoding was told. No byte sequence raises an error."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
# The name we report (the WHATWG label where there is one), Python's codec, and the further labels pages use. What
# pages call ISO-8859-1 is read as windows-1252, as every browser does. Labels outside this list are not obeyed:
# Python also has codecs that unpack or rewrite their input.
_KNOWN = (
    ("utf-8", "utf-8", "utf8 unicode-1-1-utf-8 unicode"),
    ("utf-16le", "utf-16-le", "utf-16 utf16"),
    ("utf-16be", "utf-16-be", ""),
    ("utf-32le", "utf-32-le", ""),
    ("utf-32be", "utf-32-be", ""),
    ("windows-1250", "cp1250", "cp1250 x-cp1250"),
    ("windows-1251", "cp1251", "cp1251 x-cp1251"),
    ("windows-1252", "cp1252", "cp1252 x-cp1252 iso-8859-1 iso8859-1 latin1 latin-1 l1 us-ascii ascii ansi"),
    ("windows-1253", "cp1253", "cp1253 x-cp1253"),
    ("windows-1254", "cp1254", "cp1254 x-cp1254 iso-8859-9 latin5"),
    ("windows-1255", "cp1255", "cp1255 x-cp1255"),
    ("windows-1256", "cp1256", "cp1256 x-cp1256"),
    ("windows-1257", "cp1257", "cp1257"),
    ("windows-1258", "cp1258", "cp1258"),
    ("windows-874", "cp874", "tis-620 iso-8859-11"),
    ("latin-1", "latin-1", ""),
    ("iso-8859-2", "iso8859-2", "iso8859-2 latin2"),
    ("iso-8859-5", "iso8859-5", "iso8859-5 cyrillic"),
    ("iso-8859-6", "iso8859-6", "iso8859-6 arabic asmo-708 ecma-114 iso-8859-6-e iso-8859-6-i"),
    ("iso-8859-7", "iso8859-7", "iso8859-7 greek"),
    ("iso-8859-8", "iso8859-8", "iso8859-8 hebrew iso-8859-8-e iso-8859-8-i logical visual"),
    ("iso-8859-15", "iso8859-15", "iso8859-15 latin9"),
    ("koi8-r", "koi8-r", "koi8 koi"),
    ("koi8-u", "koi8-u", "koi8-ru"),
    ("ibm862", "cp862", "cp862 dos-862"),
    ("ibm864", "cp864", "cp864"),
    ("dos-720", "cp720", "cp720"),
    ("ibm866", "cp866", "cp866 866"),
    ("macintosh", "mac-roman", "mac x-mac-roman"),
    ("x-mac-arabic", "mac-arabic", ""),
    ("x-mac-cyrillic", "mac-cyrillic", ""),
    ("shift_jis", "cp932", "shift-jis sjis x-sjis ms_kanji windows-31j"),
    ("euc-jp", "euc-jp", "x-euc-jp"),
    ("iso-2022-jp", "iso2022-jp", ""),
    ("gb18030", "gb18030", "gbk gb2312 gb_2312-80 x-gbk chinese"),
    ("big5", "big5hkscs", "big5-hkscs x-x-big5"),
    ("euc-kr", "cp949", "ks_c_5601-1987 korean windows-949"),
)
_CODECS = {name: codec for name, codec, _ in _KNOWN}
_LABELS = {label: name for name, _, others in _KNOWN for label in (name, *others.split())}

# Looked for first, as they are what this record's users have; only text that reads badly as all of these is
# compared with the others, which short texts too easily pass for.
_NEAR = ("windows-1256", "windows-1255", "windows-1252", "iso-8859-6")
_FAR = (
    *_NEAR,
    *(
        "windows-1251",
        "windows-1250",
        "windows-1253",
        "windows-1254",
        "koi8-r",
        "shift_jis",
        "gb18030",
        "big5",
        "euc-kr",
    ),
)
_READS_WELL = 0.02
_SAMPLE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters without a byte order mark, by which encoding, and what a person should know of how it was told.

    `text` is None where no encoding fits; `notes` then says why.
    """

    text: str | None
    encoding: str | None = None
    notes: tuple[str, ...] = ()


def known_label(label: str) -> str | None:
    """The encoding that a label in a page or a header stands for, or None."""
    return _LABELS.get(label.strip().lower())


def decode(content: bytes, declared: str | None = None, chosen: str | None = None) -> Decoded:
    """Decode by the encoding a person chose; else by byte order mark, as UTF-8, as declared, or by its letters.

    `declared` is a label the file itself carries. Bytes that are not of the encoding become U+FFFD, and are counted.
    """
    if chosen:
        name = known_label(chosen)
        return (
            _by_name(content, name)
            if name
            else Decoded(None, None, (f"{chosen!r} is no encoding known here",))
        )
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _by_name(content[len(mark) :], name)
    if b"\0" in content:
        return Decoded(None, None, ("it holds zero bytes and no byte order mark, so it is not plain text",))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(content, declared)
    return Decoded(text, "utf-8", _contradicted(text, declared))


def _contradicted(text: str, declared: str | None) -> tuple[str, ...]:
    name = known_label(declared or "utf-8")
    if name == "utf-8" or text.isascii():
        return ()
    return (f"it says its encoding is {declared}, but its bytes are UTF-8, and are read so",)


def _by_name(content: bytes, name: str) -> Decoded:
    codec = _CODECS[name]
    try:
        return Decoded(content.decode(codec), name)
    except UnicodeDecodeError as wrong:
        text = content.decode(codec, "replace")
        return Decoded(text, name, (_damage(text, content, codec, wrong.start),))


def _damage(text: str, content: bytes, codec: str, first: int) -> str:
    bad = _replaced(text, content, codec)
    places = "1 place is" if bad == 1 else f"{bad} places are"
    return f"{places} not valid {_reported(codec)} and stand as U+FFFD, the first at byte {first}"


def _replaced(text: str, content: bytes, codec: str) -> int:
    """How many replacement characters decoding added to those that were in the file."""
    own = content.decode(codec, "ignore").count("\ufffd")
    return text.count("\ufffd") - own


def _reported(codec: str) -> str:
    return next(name for name, known, _ in _KNOWN if known == codec)


def _not_utf8(content: bytes, declared: str | None) -> Decoded:
    if _is_damaged_utf8(content):
        return _by_name(content, "utf-8")
    name = known_label(declared or "")
    if name and name != "utf-8" and _reads_as(content, name):
        return _by_name(content, name)
    found = _by_letters(content)
    if declared and found.text is not None:
        note = f"it says its encoding is {declared}, but its bytes are not"
        return Decoded(found.text, found.encoding, (note, *found.notes))
    return found


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether far more characters are whole UTF-8 sequences than broken ones, which no other encoding gives."""
    text = content.decode("utf-8", "replace")
    bad = _replaced(text, content, "utf-8")
    plain = len(content.translate(None, delete=bytes(range(0x80, 0x100))))
    return len(text) - plain - bad >= 10 * bad


def _reads_as(content: bytes, name: str) -> bool:
    """Whether at most one character in fifty is not of this encoding."""
    text = content.decode(_CODECS[name], "replace")
    return 50 * _replaced(text, content, _CODECS[name]) <= len(text)


def _strictly(content: bytes, name: str) -> str | None:
    try:
        return content.decode(_CODECS[name])
    except UnicodeDecodeError:
        return None


def _by_letters(content: bytes) -> Decoded:
    """What charset-normalizer finds most like the letters of a language; the others that fit are named."""
    sample = _sample(content)
    fitting = _fitting(sample, _NEAR)
    if not fitting or fitting[0][1] > _READS_WELL:
        fitting = _fitting(sample, _FAR) or fitting
    for name, _ in fitting:
        text = _strictly(content, name)
        if text is not None:
            others = [other for other, _ in fitting if other != name]
            return Decoded(text, name, (_told_by_letters(name, others),))
    text = _strictly(content, "iso-8859-8")
    if text is not None and not re.search("[\x80-\x9f]", text):
        return Decoded(text, "iso-8859-8", (_told_by_letters("iso-8859-8", []),))
    return Decoded(None, None, ("no encoding known here gives readable text",))


def _told_by_letters(name: str, others: list[str]) -> str:
    note = f"the file does not say its encoding; by its letters it is {name}"
    return f"{note}, and {', '.join(others)} would also fit" if others else note


def _sample(content: bytes) -> bytes:
    """A beginning that does not break off inside a character."""
    if len(content) <= _SAMPLE_BYTES:
        return content
    end = content.rfind(b"\n", 0, _SAMPLE_BYTES)
    return content[: end if end > 0 else _SAMPLE_BYTES]


def _fitting(sample: bytes, names: tuple[str, ...]) -> list[tuple[str, float]]:
    """Encodings that give readable text, the likeliest first, each with its share of mess (0 to 1)."""
    from charset_normalizer import from_bytes

    asked = _normalizer_names(names)
    found = from_bytes(sample, cp_isolation=list(asked), preemptive_behaviour=False, enable_fallback=False)
    return [(asked[match.encoding], match.chaos) for match in found if match.encoding in asked]


@cache
def _normalizer_names(names: tuple[str, ...]) -> dict[str, str]:
    from charset_normalizer.utils import iana_name

    return {iana_name(_CODECS[name].replace("-", "_")): name for name in names}


def detector() -> str:
    """The tool that tells an encoding by its letters, and its version: part of how such a layer was made."""
    from charset_normalizer import __version__

    return f"charset-normalizer {__version__}"


def load_codecs() -> None:
    """Load every encoding that may be met, and the detector: for a process that can open no file later."""
    import charset_normalizer.cd
    import charset_normalizer.md  # noqa: F401

    for codec in (*_CODECS.values(), "ascii", "idna", "punycode", "utf-8-sig", "utf-16", "utf-32", "charmap"):
        codecs.lookup(codec)
    decode("שער السوق".encode("cp1255", "replace") * 40)
