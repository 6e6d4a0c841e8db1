"""Programs of the system run confined: no network, no writing but in their scratch folder, and only so much of anything."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from onrecord.intake.programs import ProgramLimits, run_confined
from onrecord.record.errors import ProgramMissing, ReaderFailed

SMALL = ProgramLimits(cpu_seconds=1, wall_seconds=3, output_bytes=100_000)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_an_original_goes_in_as_standard_input_from_its_beginning(tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_bytes("שער\nبوابة".encode())
    with original.open("rb") as file:
        file.read(3)
        assert run_confined(["cat", "/dev/stdin"], file) == "שער\nبوابة".encode()


def test_its_scratch_folder_is_the_only_place_it_can_write_to(tmp_path: Path) -> None:
    scratch, outside = tmp_path / "scratch", tmp_path / "outside"
    scratch.mkdir()
    run_confined(["sh", "-c", "echo kept > here"], scratch=scratch)
    assert (scratch / "here").read_text() == "kept\n"
    for attempt in (
        f"echo x > {outside}",
        f"mkdir {outside}",
        f"ln -s /etc {outside}",
        f"rm -r {scratch}/..",
    ):
        with pytest.raises(ReaderFailed):
            run_confined(["sh", "-c", attempt], scratch=scratch)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scratch"]


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"])
def test_it_has_no_network(family: str) -> None:
    with pytest.raises(ReaderFailed, match="Permission denied"):
        run_confined(python(f"import socket; socket.socket(socket.{family}, socket.SOCK_RAW)"))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("while True: pass", "it takes too long"),
        ("import time; time.sleep(60)", "it takes too long"),
        ("import sys; sys.stdout.write('x' * 10_000_000)", "it says: OSError|it gives too much"),
        ("import sys; sys.stderr.write('x' * 10_000_000); sys.exit(3)", "it says|it ended|it gives too much"),
        ("x = 'x' * (1 << 33)", "MemoryError"),
        ("import os; os.kill(os.getpid(), 9)", r"it was ended \(SIGKILL\)|it takes too long"),
        ("raise SystemExit(5)", "it ended with code 5"),
    ],
)
def test_what_takes_too_much_or_fails_is_said(code: str, reason: str) -> None:
    with pytest.raises(ReaderFailed, match=reason):
        run_confined(python(code), limits=SMALL)


def test_nothing_that_it_started_stays() -> None:
    said = run_confined(["sh", "-c", "sleep 100 & echo $!"], limits=SMALL)
    for _ in range(100):
        if not Path(f"/proc/{int(said)}").exists():
            return
        if Path(f"/proc/{int(said)}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("it still runs")


def test_it_is_given_no_other_open_file_and_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONRECORD_PASSPHRASE", "not to be told")
    seen = run_confined(python("import os; print(sorted(os.listdir('/proc/self/fd')), dict(os.environ))"))
    assert b"not to be told" not in seen
    assert seen.startswith(b"['0', '1', '2', '3']"), "the three standard ones, and the folder being listed"


def test_several_run_side_by_side() -> None:
    answers: dict[int, bytes] = {}

    def run(number: int) -> None:
        answers[number] = run_confined(["echo", str(number)])

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"{number}\n".encode() for number in range(6)}


def test_a_process_made_by_forking_starts_its_own(tmp_path: Path) -> None:
    assert run_confined(["echo", "parent"]) == b"parent\n"
    child = os.fork()
    if child == 0:
        right = run_confined(["echo", "child"]) == b"child\n"
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert run_confined(["echo", "again"]) == b"again\n"


def test_a_program_that_is_not_there_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProgramMissing, match="apt-get install tesseract-ocr"):
        run_confined(["tesseract", "--version"])


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket(socket.AF_UNIX)",
        "import os; os.kill(os.getppid(), 0)",
        "import os; os.chmod(__FILE__, 0o777)",
        "import os; os.chmod(0, 0o777)",
        "import os; os.truncate(__FILE__, 0)",
        "import os; os.utime(__FILE__, (1, 1))",
        "import os; os.setxattr(0, 'user.x', b'1')",
        "import resource, os; resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
        "import os; os.fork() or os.setsid()",
        "open('/dev/stdin', 'r+b')",
    ],
)
def test_it_reaches_no_other_process_and_changes_no_file(tmp_path: Path, attempt: str) -> None:
    original = tmp_path / "original"
    original.write_bytes(b"words")
    before = original.stat()
    code = (
        f"try: {attempt.replace('__FILE__', repr(str(original)))}\nexcept PermissionError: print('refused')"
    )
    code = code.replace("try: import", "import", 1).replace("; ", "\ntry: ", 1) if "import" in code else code
    with original.open("rb") as file:
        assert b"refused" in run_confined(python(code), file)
    after = original.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_size) == (
        before.st_mode,
        before.st_mtime_ns,
        before.st_size,
    )


def test_where_nobody_looks_for_what_it_leaves_it_can_leave_nothing() -> None:
    with pytest.raises(ReaderFailed, match="Permission denied"):
        run_confined(python("open('here', 'w')"))
