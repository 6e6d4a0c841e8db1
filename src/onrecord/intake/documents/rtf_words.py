"""The words of RTF that a reader has to know: which groups hold no text, which signs are written as words, which code pages."""

from __future__ import annotations

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)

SIGNS = {
    "tab": "\t",
    "line": "\n",
    "softline": "\n",
    "emdash": "\u2014",
    "endash": "\u2013",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "ltrmark": "\u200e",
    "rtlmark": "\u200f",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "zwbo": "\u200b",
    "zwnbo": "\u2060",
    "nestcell": " ",
    "nestrow": " ",
}
SYMBOLS = {"~": "\u00a0", "-": "\u00ad", "_": "\u2011", "{": "{", "}": "}", "\\": "\\", "\t": "\t"}

# Groups that hold no text of the document: tables of fonts and styles, codes of fields, data of pictures and objects.
SKIPPED = _names(
    "aftncn aftnsep aftnsepc atnicn atnid atnparent atnref atrfend atrfstart background bkmkend bkmkstart blipuid "
    "colorschememapping colortbl datafield datastore defchp defpap docvar falt fchars ffdeftext ffentrymcr ffexitmcr "
    "ffformat ffhelptext ffl ffname ffstattext file filetbl fldinst fldtype fname fontemb fontfile formfield ftncn ftnsep "
    "ftnsepc g gridtbl hl htmltag keycode latentstyles lchars levelnumbers leveltext lfolevel linkval list listlevel "
    "listname listoverride listoverridetable listpicture liststylename listtable lsdlockedexcept mailmerge mhtmltag "
    "mmathPr nesttableprops nextfile nonesttables nonshppict objalias objclass objname objsect objtime oldcprops oldpprops "
    "oldsprops oldtprops oleclsid panose passwordhash pgp pgptbl picprop pn pnseclvl private propname protend protstart "
    "protusertbl pxe rsidtbl rxe shprslt sn sp staticval sv svb tc template themedata txe upr userprops wgrffmtfilter "
    "windowcaption writereservation writereservhash xe xform xmlattrname xmlattrvalue xmlclose xmlname xmlnstbl "
    "xmlopen"
)
TIMES = {"creatim": "created", "revtim": "modified", "printim": "printed", "buptim": "backed up"}
STATED = {
    "title": "title",
    "subject": "subject",
    "author": "author",
    "operator": "last modified by",
    "manager": "manager",
    "company": "company",
    "category": "category",
    "keywords": "keywords",
    "doccomm": "comment",
    "hlinkbase": "link base",
    "generator": "application",
}
COUNTS = {"version": "version", "vern": "internal version", "edmins": "minutes of editing"}
BESIDE = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    "footnote": "footnote",
    "annotation": "comment",
    "shptxt": "text box",
    "dptxbxtext": "text box",
}
PICTURES = {
    "pngblip": "png",
    "jpegblip": "jpg",
    "emfblip": "emf",
    "wmetafile": "wmf",
    "macpict": "pict",
    "dibitmap": "dib",
    "wbitmap": "ddb",
}

WESTERN = "windows-1252"
_BY_CHARSET = {
    0: WESTERN,
    77: "macintosh",
    81: "x-mac-arabic",
    84: "x-mac-cyrillic",
    128: "shift_jis",
    129: "euc-kr",
    134: "gb18030",
    136: "big5",
    161: "windows-1253",
    162: "windows-1254",
    163: "windows-1258",
    177: "windows-1255",
    178: "windows-1256",
    186: "windows-1257",
    204: "windows-1251",
    222: "windows-874",
    238: "windows-1250",
}
_BY_PAGE = {
    **{number: f"windows-{number}" for number in range(1250, 1259)},
    708: "iso-8859-6",
    720: "dos-720",
    862: "ibm862",
    864: "ibm864",
    866: "ibm866",
    874: "windows-874",
    932: "shift_jis",
    936: "gb18030",
    949: "euc-kr",
    950: "big5",
    10000: "macintosh",
    10004: "x-mac-arabic",
    10007: "x-mac-cyrillic",
    65001: "utf-8",
}


def encoding_of_charset(charset: int) -> str | None:
    """The encoding of a font by its character set, or None where the document's own holds."""
    return _BY_CHARSET.get(charset)


def encoding_of_page(page: int) -> str | None:
    """The encoding of a code page, or None where it is not known here."""
    return _BY_PAGE.get(page)


def moment(packed: int) -> str:
    """A time of a tracked change: minutes, hours, days, months and years in the bits of one number; "" where it is none."""
    packed &= 0xFFFFFFFF
    minute, hour, day = packed & 63, packed >> 6 & 31, packed >> 11 & 31
    month, year = packed >> 16 & 15, 1900 + (packed >> 20 & 511)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}"
