"""`onrecord capture` on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.capturing.servers import Server, answer, serving
from tests.cli.conftest import Program, Run, document

PAGE = "<title>The gate</title><p>השער היה סגור</p><img src='/wall.png'>".encode()


@pytest.fixture
def site() -> Iterator[Server]:
    with serving(
        {"/gate": answer(PAGE), "/wall.png": answer(b"\x89PNG\r\n\x1a\n" * 900, "image/png")}
    ) as server:
        yield server


def test_a_script_that_gives_no_yes_contacts_nobody(run: Run, case: Path, site: Server) -> None:
    done = run("-r", case, "capture", site.url("/gate"), "--allow-local")
    assert done.exit_code == 2
    assert f"{site.url('')}  (1 file)" in done.stderr and "give --yes" in done.stderr
    assert site.connections == 0


def test_with_a_yes_it_says_what_it_contacts_and_what_it_keeps(run: Run, case: Path, site: Server) -> None:
    done = run("-r", case, "capture", site.url("/gate"), "--allow-local", "--yes", "--resources")
    assert done.exit_code == 0, done.stderr
    assert site.url("") in done.stderr
    assert "The gate" in done.stdout and site.url("/wall.png") in done.stdout


def test_json_has_the_archive_and_the_page_in_it(run: Run, case: Path, site: Server) -> None:
    told = document(run("-r", case, "--json", "capture", site.url("/gate"), "--allow-local", "--yes"))
    assert told["media_type"] == "application/wacz" and told["failed"] == []
    assert [one["path"] for one in told["members"]] == [site.url("/gate")]


def test_an_answer_that_is_no_page_ends_with_exit_code_1(run: Run, case: Path, site: Server) -> None:
    done = run("-r", case, "capture", site.url("/nowhere"), "--allow-local", "--yes")
    assert done.exit_code == 1 and "The server answered 404" in done.stdout


def test_this_laptop_is_not_contacted_unless_that_is_allowed(run: Run, case: Path, site: Server) -> None:
    done = run("-r", case, "capture", site.url("/gate"), "--yes")
    assert done.exit_code == 1 and "--allow-local" in done.stderr and site.connections == 0


def test_what_is_no_web_address_is_a_wrong_request(run: Run, case: Path) -> None:
    done = run("-r", case, "capture", "file:///etc/passwd", "--yes")
    assert done.exit_code == 2 and "is no web address" in done.stderr


@pytest.mark.parametrize(("said", "code", "contacts"), [("n", 2, 0), ("", 2, 0), ("y", 0, 1)])
def test_whoever_sits_at_the_keyboard_is_asked(
    program: Program, case: Path, site: Server, said: str, code: int, contacts: int
) -> None:
    ours, theirs = os.openpty()
    os.write(ours, f"{said}\n".encode())
    try:
        done = program("-r", case, "capture", site.url("/gate"), "--allow-local", stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.returncode, site.connections) == (code, contacts), done.stderr
    assert "Contact it? [y/N]" in done.stderr
