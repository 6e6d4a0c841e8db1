"""Several programs erase and write in one record at once: each erasure is whole, and nothing else is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import onrecord
from onrecord.api import Record
from onrecord.settings import Settings
from tests.conftest import lines

PROGRAM = """
import sys
from pathlib import Path
import onrecord
from onrecord.settings import Settings
place, turn, does = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
for n in range(turn * 10, turn * 10 + 5):
    with onrecord.open(place / "record", settings=Settings(home=place / "home", handle="mira", zone="UTC")) as record:
        if does == "erase":
            record.erase(f"s{n}", "she is in danger", ["Noam"])
        else:
            record.put([{"kind": "place", "id": f"place{n}", "names": [f"Place {n}"]}])
            list(record.search("place"))
"""


def test_programs_do_not_bring_back_what_another_erased(
    record: Record, tmp_path: Path, laptop: Settings
) -> None:
    record.put(
        lines(
            {"kind": "actor", "id": "nurse", "names": ["Witness N"]},
            *(
                {"kind": "statement", "id": f"s{n}", "speaker": "nurse", "text": f"said mark{n:03}x " * 40}
                for n in range(100)
            ),
        )
    )
    record.close()
    started = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path), str(turn), does])
        for turn, does in enumerate(("erase", "put", "erase", "put"))
    ]
    assert [one.wait() for one in started] == [0, 0, 0, 0]
    held = b"".join(path.read_bytes() for path in record.path.rglob("*") if path.is_file())
    gone = [*range(5), *range(20, 25)]
    assert [n for n in range(100) if f"mark{n:03}x".encode() not in held] == gone
    assert onrecord.verify(record.path, views=True)["ok"]
    with onrecord.open(record.path, settings=laptop) as again:
        assert len(again.erasures()) == len(gone)
        assert not any(row["unconfirmed"] for row in again.erasures())
        assert [again.get(f"place{n}")["kind"] for n in (10, 34)] == ["place", "place"]
