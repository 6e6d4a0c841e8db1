"""Words in three scripts, and files that are plain text."""

from __future__ import annotations

ENGLISH = "The weir was opened at noon, and the ford was dry by two."
ARABIC = "فُتح السد عند الظهر، وجفت المخاضة في الثانية."
HEBREW = "הסכר נפתח בצהריים, והשער נסגר בשתיים."
ALL = (ENGLISH, ARABIC, HEBREW)


def samples() -> dict[str, bytes]:
    cues = "\n\n".join(
        f"{number}\n00:00:0{number},000 --> 00:00:0{number},900\n{words}"
        for number, words in enumerate(ALL, 1)
    )
    return {
        "notes.txt": "\n\n".join(ALL).encode(),
        "hebrew.txt": (HEBREW + "\r\n").encode("cp1255") * 9,
        "arabic.txt": ("فتح السد عند الظهر وجفت المخاضة في الثانية\r\n").encode("cp1256") * 9,
        "wide.txt": "\r\n".join(ALL).encode("utf-16"),
        "figures.csv": f'place,words,count\nweir,"{ENGLISH}",7\nسد,{ARABIC},٧\nסכר,"{HEBREW}",7\n'.encode(),
        "figures.tsv": "place\tcount\nweir\t7\nسد\t٧\nסכר\t7\n".encode(),
        "cues.srt": cues.encode(),
        "cues.vtt": ("WEBVTT\n\n" + cues.replace(",", ".")).encode(),
        "things.json": f'{{"said": ["{ENGLISH}", "{HEBREW}"]}}'.encode(),
        "drawing.svg": f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>{ARABIC}</text></svg>'.encode(),
    }
