"""Files that are not what `put` takes: the slip is named once, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, document

PLACE = {"kind": "place", "id": "ford", "names": [{"text": "Ford"}]}
LINE = json.dumps(PLACE)


@pytest.mark.parametrize(
    ("held", "slip", "mend"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is not text", "onrecord add"),
        (LINE.encode("utf-16"), "it is text in UTF-16", "Save it as UTF-8."),
        (json.dumps([PLACE] * 3, indent=1).encode(), "it is one JSON array", "jq -c '.[]'"),
        (json.dumps([PLACE]).encode(), "it is one JSON array", "jq -c '.[]'"),
        ((json.dumps(PLACE, indent=1) + "\n").encode() * 3, "spread over several lines", "jq -c ."),
        (b'{\n  "kind": "place",\n  "names": oops\n}\n', "spread over several lines", "jq -c ."),
        (b"kind,id,name\nplace,ford,Ford\n" * 200, "no line of it is a JSON object", '{"kind": "actor"'),
    ],
)
def test_a_file_of_another_form_has_one_error(
    run: Run, case: Path, tmp_path: Path, held: bytes, slip: str, mend: str
) -> None:
    file = tmp_path / "places.json"
    file.write_bytes(held)
    result = run("-r", case, "put", file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {file}: ")
    assert slip in result.stderr
    assert mend in result.stderr
    assert result.stderr.count("\n") == 1
    told = run("-r", case, "put", file, "--json")
    assert set(document(told)) == {"line", "error"}
    assert run("-r", case, "get", "ford").exit_code == 2


def test_one_bad_line_among_good_ones_is_told_by_its_number_alone(run: Run, case: Path) -> None:
    result = run("-r", case, "put", "-", input=f"{LINE}\nnot json\n[1]\n")
    assert "line 2: it is not JSON" in result.stderr
    assert "line 3: it is not an object" in result.stderr
    assert "line: " not in result.stderr


def test_standard_input_is_called_so(run: Run, case: Path) -> None:
    assert run("-r", case, "put", "-", input="[]").stderr.startswith(
        "error: standard input: it is one JSON array"
    )


def test_a_working_file_in_the_records_own_folder_is_warned_of(run: Run, case: Path, tmp_path: Path) -> None:
    for folder, warned in ((case, True), (tmp_path, False)):
        file = folder / "places.jsonl"
        file.write_text(json.dumps(PLACE | {"id": f"ford-{warned}"}))
        result = run("-r", case, "put", file)
        assert result.exit_code == 0
        assert ("lies in the record's own folder" in result.stderr) is warned


def test_put_says_what_was_unchanged(run: Run, case: Path) -> None:
    actor = '{"kind": "actor", "id": "baker", "names": ["Baker"]}\n'
    place = '{"kind": "place", "id": "ford", "names": ["Ford"]}\n'
    assert "Put 1 line: 1 actor." in run("-r", case, "put", "-", input=actor).stdout
    assert "Nothing changed: 1 line, and" in run("-r", case, "put", "-", input=actor).stdout
    both = run("-r", case, "put", "-", input=actor + place)
    assert "Put 2 lines: 1 written (1 place), 1 unchanged." in both.stdout and both.stderr == ""
    assert "Nothing changed: 2 lines, and" in run("-r", case, "put", "-", input=actor + place).stdout


def test_put_notices_a_line_without_an_id_that_was_put_before(run: Run, case: Path) -> None:
    terms = '{"kind": "terms", "over": ["guard"], "agreed_with": {"ref": "guard"}, "uses": {"team": "yes"}}\n'
    assert run("-r", case, "put", "-", input=terms).stderr == ""
    again = run("-r", case, "put", "-", input=terms)
    assert again.exit_code == 0 and again.stderr.startswith("notice: line 1 says the same as terms ")
    assert "id of your own" in again.stderr
