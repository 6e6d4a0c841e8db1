"""The program itself: the standard library is enough, nothing is written, and what it prints can be read."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

import pytest
import tiny

from onrecord.publishing.carried import carried_verifier
from onrecord.store.part import Part
from onrecord_verify.checking import verify
from onrecord_verify.report import MOST_NAMED
from tests.verifier.laid_out import (
    VERIFIER,
    everything_in,
    fill,
    lay_out_record,
    modules,
    vector,
    write_files,
)

RECORD = vector("record.json")
WATCHED = """
import runpy, sys
def watch(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & 0b11:
        raise SystemExit(f"opened for writing: {args}")
    if event in {"os.mkdir", "os.remove", "os.rename", "os.chmod", "os.utime", "socket.connect", "subprocess.Popen"}:
        raise SystemExit(f"{event} {args}")
sys.addaudithook(watch)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return write_files(vector("dossier.json")["files"], tmp_path / "dossier")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return lay_out_record(RECORD, tmp_path / "record")


def run(*words: str | Path, program: Path = VERIFIER) -> subprocess.CompletedProcess[str]:
    """As a stranger runs it, with no site packages, no user settings and a terminal that knows only ASCII."""
    command = [sys.executable, "-I", "-S", "-B", program, *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_record_is_verified_with_the_standard_library_alone(record: Path) -> None:
    done = run(record)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "verified"
    assert "17 entries in 2 logs, 2 items" in done.stdout


def test_a_dossier_is_verified_with_the_standard_library_alone(dossier: Path) -> None:
    done = run(dossier)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "verified"


def test_the_fingerprint_is_the_release_keys_and_has_to_be_compared(dossier: Path) -> None:
    keys = vector("keys.json")["good"]
    said = run(dossier).stdout
    assert "Compare it" in said
    assert said.index(keys[0]["fingerprint"]) < said.index(keys[1]["fingerprint"])
    assert json.loads(run("--json", dossier).stdout)["fingerprints"] == [keys[0]["fingerprint"]]


def test_what_is_proven_is_told_from_what_is_attested_and_what_is_not_shown(dossier: Path) -> None:
    said = run(dossier).stdout
    headings = [line for line in said.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings[-3:] == [
        "Proven, if the fingerprints are the right ones:",
        "Attested by the publisher:",
        "What this does not show:",
    ]
    proven, attested, not_shown = (section(said, heading) for heading in headings[-3:])
    assert "unaltered" in proven and "existed" in proven
    assert "words" in attested and "who spoke" in attested
    assert "true" in not_shown


def section(said: str, heading: str) -> str:
    """The list under a heading."""
    return "".join(
        takewhile(lambda line: line.startswith("  - "), said.partition(heading + "\n")[2].splitlines(True))
    )


def test_a_record_has_no_publisher(record: Path) -> None:
    said = run(record).stdout
    assert "publisher" not in said
    assert "Every quotation" in section(said, "Proven, if the fingerprints are the right ones:")
    assert "checkpoints kept elsewhere" in section(said, "What this does not show:")


def test_notes_are_a_list_of_their_own(record: Path) -> None:
    assert section(run(record).stdout, "Notes:") == "  - Entries whose bodies were erased by order: 1.\n"


def test_a_problem_is_a_line_with_its_place_and_the_exit_code_is_1(dossier: Path) -> None:
    (dossier / "index.html").write_text("other")
    done = run(dossier)
    assert done.returncode == 1
    assert "index.html: has 5 bytes instead of" in done.stdout
    assert "NOT verified: 1 problem" in done.stdout
    assert "Proven" not in done.stdout


def test_json_holds_the_contract(record: Path, dossier: Path) -> None:
    good = json.loads(run("--json", record).stdout)
    assert (good["ok"], good["entries"], good["items"], good["problems"]) == (True, 17, 2, [])
    (dossier / "x").write_text("")
    bad = json.loads(run("--json", dossier).stdout)
    assert (bad["ok"], bad["entries"], bad["items"]) == (False, 5, 1)
    assert bad["problems"] == [{"what": "does not belong here", "where": "x"}]


def test_another_folder_is_neither_and_the_exit_code_is_2(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "neither a record nor a dossier" in done.stderr
    assert run(tmp_path / "nowhere").returncode == 2


def test_without_a_folder_it_checks_the_one_it_stands_in(dossier: Path) -> None:
    (dossier / "verify.py").write_bytes(carried_verifier())
    done = run(program=dossier / "verify.py")
    assert done.returncode == 1  # the tiny dossier lists another verify.py
    assert "verify.py: has" in done.stdout


def test_its_folder_checks_wherever_it_is_put_and_nothing_is_written_beside_it(
    record: Path, tmp_path: Path
) -> None:
    for path in modules():
        place = tmp_path / "elsewhere" / path.relative_to(VERIFIER.parent)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    before = everything_in(tmp_path)
    command = [sys.executable, "-I", "-S", tmp_path / "elsewhere" / "verify.py", record]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_it_is_written_for_python_3_8_and_a_stranger_can_read_it_file_by_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    assert ast.get_docstring(tree) and len(text.splitlines()) < 300


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_it_imports_the_standard_library_and_itself_alone(path: Path) -> None:
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    named = set()
    for node in tree:
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            named.add(str(node.module))
    ours = {"onrecord_verify"} if path.parent == VERIFIER.parent else set()
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names | ours


@pytest.mark.parametrize("kind", ["record", "dossier"])
def test_verifying_writes_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(kind)
    before = everything_in(folder)
    command = [sys.executable, "-I", "-S", "-B", "-c", WATCHED, VERIFIER, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("verified\n"), done.stdout + done.stderr
    assert everything_in(folder) == before


def half_written(folder: Path) -> Path:
    """A copy taken while a program had the record open: the log stands in the write-ahead file only."""
    write_files(RECORD["files"], folder / "open")
    db = sqlite3.connect(folder / "open" / "record.db")
    db.execute("PRAGMA journal_mode = WAL")
    lay_out_tables(db)
    copy = shutil.copytree(folder / "open", folder / "copy")
    db.close()
    return Path(copy)


def lay_out_tables(db: sqlite3.Connection) -> None:
    from tests.verifier.laid_out import TABLES

    db.executescript(TABLES)
    fill(db, RECORD["tables"])
    db.commit()


@pytest.mark.parametrize("shared_memory", [True, False])
def test_what_waits_in_the_write_ahead_log_is_read_and_left_there(
    tmp_path: Path, shared_memory: bool
) -> None:
    folder = half_written(tmp_path)
    assert (folder / "record.db-wal").stat().st_size > 0
    if not shared_memory:
        (folder / "record.db-shm").unlink()
    before = everything_in(folder)
    report = verify(folder)
    assert (report.problems, report.entries) == ([], 17)
    assert everything_in(folder) == before


def test_a_program_that_has_the_record_open_is_not_disturbed(tmp_path: Path) -> None:
    folder = lay_out_record(RECORD, tmp_path / "record")
    db = sqlite3.connect(folder / "record.db")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    assert verify(folder).problems == []
    db.execute("CREATE TABLE further (x)")
    db.commit()
    assert verify(folder).problems == []
    db.close()


def killed_at_work(folder: Path) -> Path:
    """A record whose program was killed: the log stands in the write-ahead file, and shared memory lies beside it."""
    write_files(RECORD["files"], folder)
    program = (
        "import sqlite3, sys, time\nfrom tests.verifier.test_stand_alone import lay_out_tables\n"
        "db = sqlite3.connect(sys.argv[1])\ndb.execute('PRAGMA journal_mode = WAL')\n"
        "lay_out_tables(db)\nprint(flush=True)\ntime.sleep(60)"
    )
    roots = os.pathsep.join(
        map(str, [VERIFIER.parents[1], VERIFIER.parent, VERIFIER.parents[1] / "tests/vectors"])
    )
    command = [sys.executable, "-c", program, folder / "record.db"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": roots}) as writer:
        assert writer.stdout and writer.stdout.readline()
        writer.kill()
    return folder


def test_what_a_killed_program_left_is_read_and_left_there(tmp_path: Path) -> None:
    folder = killed_at_work(tmp_path / "record")
    assert {"record.db-wal", "record.db-shm"} <= {one.name for one in folder.iterdir()}
    before = everything_in(folder)
    report = verify(folder)
    assert (report.problems, report.entries) == ([], 17)
    assert everything_in(folder) == before


def test_links_are_not_followed(record: Path, tmp_path: Path) -> None:
    shutil.move(record / "record.db", tmp_path / "elsewhere.db")
    (record / "record.db").symlink_to(tmp_path / "elsewhere.db")
    found = {one["where"]: one["what"] for one in verify(record).problems}
    assert "link" in found["record.db"]


def test_a_pipe_does_not_hold_it_up(dossier: Path) -> None:
    (dossier / "index.html").unlink()
    os.mkfifo(dossier / "index.html")
    assert "index.html" in {one["where"] for one in verify(dossier).problems}


@pytest.mark.parametrize("database", [b"", b"x" * 5000, b"SQLite format 3\x00" + bytes(5000)])
def test_what_is_no_database_is_a_problem(record: Path, database: bytes) -> None:
    (record / "record.db").write_bytes(database)
    assert "record.db" in {one["where"] for one in verify(record).problems}


@pytest.mark.parametrize("table", ["log", "head", "body", "checkpoint"])
def test_a_view_in_the_place_of_a_table_is_refused(record: Path, table: str) -> None:
    with sqlite3.connect(record / "record.db") as db:
        db.execute(f"ALTER TABLE {table} RENAME TO real_{table}")
        db.execute(f"CREATE VIEW {table} AS SELECT * FROM real_{table}")
    db.close()
    assert f"has no table {table} such as the format describes" in {
        one["what"] for one in verify(record).problems
    }


def test_a_deep_or_huge_manifest_does_not_bring_it_down(dossier: Path) -> None:
    for text in ("[" * 10**6, '{"a":' * 10**5, "9" * 10**6, '"' + "a" * 10**6):
        (dossier / "manifest.json").write_text(text)
        assert verify(dossier).problems


def test_a_strangers_text_cannot_steer_the_terminal(dossier: Path) -> None:
    (dossier / "\x1b[2Jverified\u202e").write_text("")
    done = run(dossier)
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout
    assert "\\x1b[2Jverified\\u202e: does not belong here" in done.stdout


def test_progress_is_told(record: Path) -> None:
    heard: list[tuple[int, int | None, str]] = []
    verify(record, lambda done, total, what: heard.append((done, total, what)))
    assert heard and heard[-1][2] == "files"


def test_an_entry_erased_by_order_is_a_note_and_no_problem(record: Path) -> None:
    report = verify(record)
    assert report.problems == []
    assert report.notes == ["Entries whose bodies were erased by order: 1."]


def test_an_erasure_that_waits_is_a_note_and_no_problem(record: Path) -> None:
    """An order for an entry whose body still stands here is not damage: a person has yet to accept it."""
    erased = tiny.Tiny().erased
    assert erased is not None
    with sqlite3.connect(record / "record.db") as db:
        db.execute("INSERT INTO body VALUES (?, ?, ?)", ((1 << 40) + 9, erased[0], erased[1].encode()))
    db.close()
    report = verify(record)
    assert report.problems == []
    assert report.notes == ["Entries whose erasure is ordered and not yet done here: 1."]


def test_a_device_that_nobody_let_in_is_a_note(tmp_path: Path) -> None:
    """Without the entry that admits the second device, its log is sound and does not count."""
    made = tiny.Tiny()
    made.first.heads.pop(), made.first.bodies.pop()
    folder = lay_out_record(tiny.laid_out(made), tmp_path / "record")
    report = verify(folder)
    assert report.problems == []
    assert any(tiny.SECOND in note and "let in" in note for note in report.notes)


def strays(folder: Path, count: int) -> list[str]:
    """Originals that no entry names."""
    texts = {sha256(text.encode()).hexdigest(): text for text in map(str, range(count))}
    write_files({f"originals/{name[:2]}/{name}": text for name, text in texts.items()}, folder)
    return sorted(f"originals/{name[:2]}/{name}" for name in texts)


def test_originals_that_no_entry_names_are_counted_and_named(record: Path) -> None:
    names = strays(record, 3)
    note = next(note for note in verify(record).notes if "no entry names" in note)
    assert note.startswith("3 originals that no entry names: an add was stopped before it entered them")
    assert note.endswith(". " + ", ".join(names))


def test_very_many_are_counted_and_the_first_named(record: Path) -> None:
    names = strays(record, 300)
    note = next(note for note in verify(record).notes if "no entry names" in note)
    assert note.startswith("300 originals")
    assert note.endswith(f"{names[MOST_NAMED - 1]} and {300 - MOST_NAMED} more")


@pytest.mark.parametrize("room", ["originals", "layers", "keys"])
def test_a_link_or_folder_named_as_a_temporary_file_is_a_problem(record: Path, room: str) -> None:
    link, folder = (f"{room}/.taking-1-{digit * 16}" for digit in "01")
    (record / link).symlink_to(record / "README.txt")
    (record / folder).mkdir()
    found = {one["where"]: one["what"] for one in verify(record).problems}
    assert "link" in found[link] and "belong" in found[folder]


def test_the_programs_own_temporary_files_are_known(record: Path) -> None:
    for room in ("originals", "layers", "keys"):
        Part(record / room, "never put in place")
    report = verify(record)
    assert report.problems == []
    assert any(note.startswith("3 temporary files left by a write") for note in report.notes)


def test_a_path_at_which_nothing_stands_is_said_to_be_empty(tmp_path: Path) -> None:
    result = run(tmp_path / "nofile.json")
    assert result.returncode == 2 and "nothing stands at" in result.stderr
