"""The examples in every verb's help do what they say, in the sample record."""

from __future__ import annotations

import hashlib
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from onrecord.api import open as open_record
from onrecord.cli.program import onrecord
from onrecord.cli.verb import Verb
from onrecord.cli.verbs import PURPOSES
from onrecord.settings import Settings
from tests.branches import merge
from tests.capturing.servers import answer, serving
from tests.cli.conftest import Run, documents

MAY_FIND_SOMETHING = ("check",)


def examples() -> list[str]:
    found: list[str] = []
    for name in PURPOSES:
        command = onrecord.get_command(click.Context(onrecord), name)
        assert isinstance(command, Verb)
        assert command.examples
        found += command.examples
    return found


@pytest.fixture
def desk(run: Run, sample: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of the sample record, and the files that the examples name."""
    shutil.copytree(sample.parent, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_NEW_PASSPHRASE", "kettle orbit cellar")
    (tmp_path / "notes.txt").write_text("Notes of the day.")
    (tmp_path / "photographs").mkdir()
    (tmp_path / "photographs" / "one.txt").write_text("Not a photograph.")
    (tmp_path / "accounts.jsonl").write_text('{"kind": "place", "names": [{"text": "Ford"}]}\n')
    (tmp_path / "visits.csv").write_text("No,Name\n1,Dina Baz\n")
    (tmp_path / "visits.map.json").write_text(
        '{"map": 1, "speaker": "clinic", "things": ['
        '{"kind": "actor", "id": "clinic", "fields": {"type": "body"}},'
        '{"kind": "actor", "id": "person-{No}", "fields": {"names": [{"text": {"column": "Name"}}]}}]}'
    )
    (tmp_path / "bag" / "data").mkdir(parents=True)
    (tmp_path / "bag" / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (tmp_path / "bag" / "data" / "gate.txt").write_text("The gate was shut.")
    hashed = hashlib.sha256(b"The gate was shut.").hexdigest()
    (tmp_path / "bag" / "manifest-sha256.txt").write_text(f"{hashed}  data/gate.txt\n")
    return tmp_path


@pytest.fixture
def web() -> Iterator[str]:
    """A page on the network, as far as a test goes there."""
    with serving({"/notice": answer(b"<title>Notice</title><p>The gate is shut.")}) as server:
        yield server.url("/notice")


@pytest.mark.parametrize("example", examples())
def test_the_example_works(run: Run, desk: Path, web: str, example: str) -> None:
    record = {} if " demo" in example else {"ONRECORD": str(desk / "sample-record")}
    if "verify" in example and "dossier" in example:
        assert run("publish", "two-accounts", "--out", "dossier", **record).exit_code == 0
    if "unpack" in example:
        assert run("pack", "sample-record.age", **record).exit_code == 0
    if " capture " in example:
        example = example.replace("https://example.org/notice", web) + " --allow-local --yes"
    if "ITEM" in example:
        items = documents(run("items", "--json", **record))
        book = next(item["item"] for item in items if item["name"] == "clinic-day-book.txt")
        if " alike " in example:
            (told,) = documents(run("text", book, "--json", **record))
            (desk / "copy.txt").write_text(told["text"] + "\nCopied by hand.")
            run("add", "copy.txt", **record)
        example = example.replace("ITEM", book)
    if "CONFLICT" in example:
        thing, version = torn(desk)
        example = example.replace("CONFLICT", thing).replace("ENTRY", version)
    if any(word in example for word in (" send ", " merge ", " join ", "DEVICE")):
        example = example.replace(
            "DEVICE", carried(desk, merged=" admit " in example or " revoke " in example)
        )
    program, *arguments = shlex.split(example)
    assert program == "onrecord"
    text = None
    if "<" in arguments:
        arguments, (source,) = arguments[: arguments.index("<")], arguments[arguments.index("<") + 1 :]
        text = (desk / source).read_text()
    if arguments[0] == "join":  # on a laptop that is new to the record
        record = {**record, "ONRECORD_HOME": str(desk / "third")}
    result = run(*arguments, input=text, **record)
    assert result.exit_code in ((0, 1) if arguments[0] in MAY_FIND_SOMETHING else (0,)), result.stderr
    assert result.stdout


def torn(desk: Path) -> tuple[str, str]:
    """Leave one place of the sample with two versions; its slug, and one of them."""
    laptop, here = Settings(home=desk / "home", handle="mira", zone="UTC"), desk / "sample-record"
    shutil.copytree(here, desk / "copy")
    with open_record(desk / "copy", settings=laptop) as copy:
        copy.put([{"kind": "place", "id": "lane", "condition": "open", "reason": "seen"}])
    with open_record(here, settings=laptop) as record:
        record.put([{"kind": "place", "id": "lane", "condition": "shut", "reason": "seen"}])
        merge(record, desk / "copy")
        return "lane", record.conflict("lane")["versions"][0]["version"]


def carried(desk: Path, merged: bool) -> str:
    """Leave a stick to which this laptop and a second one have sent; the device of the second."""
    from onrecord.api import join

    laptop, second = (Settings(home=desk / home, handle=home, zone="UTC") for home in ("home", "second"))
    stick, between = desk / "stick", desk / "between"
    for folder in (stick, between, desk / "journey"):
        folder.mkdir()
    with open_record(desk / "sample-record", settings=laptop) as record:
        record.send(between)
        device = str(join(between, desk / "second-copy", settings=second)["device"])
        if merged:
            record.merge(between)
    shutil.copytree(between, stick, dirs_exist_ok=True)
    return device
