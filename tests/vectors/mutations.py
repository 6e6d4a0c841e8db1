"""Ways to spoil the tiny record and the tiny dossier, each with the place that a verifier has to name.

A change is a list of steps. On files: write, remove, and replace (the words stand there once). On a record's
tables: delete a row, or set one column of it; a BLOB is given as hex, a text as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from independent import LogKey, canonical, fixed_id
from tiny import FIRST, RECORD, SECOND, TEXT, Tiny, digest, dossier, original, record

Steps = list[dict[str, Any]]


def replace(path: str, find: str, put: str) -> dict[str, Any]:
    return {"step": "replace", "path": path, "find": find, "with": put}


def write(path: str, text: str) -> dict[str, Any]:
    return {"step": "write", "path": path, "text": text}


def remove(path: str) -> dict[str, Any]:
    return {"step": "remove", "path": path}


def case(why: str, steps: Steps, where: str, says: str) -> dict[str, Any]:
    """`where` is the place named, and `says` is a word or two in what our own verifier says of it."""
    return {"why": why, "steps": steps, "where": where, "says": says}


# Dossier

M, Q = "manifest.json", "proofs.json"


def dossier_mutations() -> list[dict[str, Any]]:
    files = dossier()
    return [*_files(files), *_proofs(files), *_released()]


def _files(files: dict[str, str]) -> list[dict[str, Any]]:
    page, held = "index.html", "originals/1-הגשר.txt"
    return [
        case("one letter of the page differs", [replace(page, "open", "0pen")], page, "altered"),
        case("the page is longer", [write(page, files[page] + " ")], page, "bytes"),
        case("the page is gone", [remove(page)], page, "missing"),
        case("an original is empty", [write(held, "")], held, "bytes"),
        case("a file was added", [write("originals/2-x.txt", "")], "originals/2-x.txt", "does not belong"),
        case("a hidden file was added", [write(".note", "x")], ".note", "does not belong"),
        case("the manifest is gone", [remove(M)], M, "missing"),
        case("the proofs are gone", [remove(Q)], Q, "missing"),
        case("words in the manifest differ", [replace(M, "a part of", "all of")], M, "release names another"),
        case("the version differs", [replace(M, '"version":1', '"version":2')], M, "release names another"),
        case("a space in the manifest", [replace(M, '"version":1', '"version": 1')], M, "canonical"),
        case("a member twice", [replace(M, '"version":1', '"version":1,"version":1')], M, "canonical"),
        case("a further member", [replace(M, '"version":1', '"version":1,"x":1')], M, "do not belong"),
        case("a line feed at the end", [write(M, files[M] + "\n")], M, "canonical"),
        case("a byte order mark", [write(M, "\ufeff" + files[M])], M, "JSON"),
        case("a fraction", [replace(M, '"version":1', '"version":1.0')], M, "whole"),
        case("another format", [replace(M, "dossier 1", "dossier 2")], M, "format"),
        case("no JSON", [write(M, "[" * 5000)], M, "JSON"),
    ]


def _proofs(files: dict[str, str]) -> list[dict[str, Any]]:
    proofs = json.loads(files[Q])

    def changed(change: Callable[[dict[str, Any]], Any]) -> Steps:
        copy = json.loads(files[Q])
        change(copy)
        return [write(Q, canonical(copy))]

    def note(log: int, find: str, put: str) -> Steps:
        assert find in proofs["logs"][log]["checkpoint"]
        return changed(
            lambda p: p["logs"][log].update(checkpoint=p["logs"][log]["checkpoint"].replace(find, put))
        )

    extra = {"entry": f"{FIRST}/0", **{key: proofs["leaves"][1][key] for key in ("head", "path")}}
    first = f"{Q} log 2"
    line = proofs["logs"][1]["checkpoint"].splitlines()[-1]
    return [
        case(
            "the release's salt differs",
            changed(lambda p: p["release"].update(salt="00" * 32)),
            f"{Q} release",
            "commit",
        ),
        case(
            "the salt is in capitals",
            changed(lambda p: p["release"].update(salt=p["release"]["salt"].upper())),
            f"{Q} release",
            "salt",
        ),
        case(
            "the release's body differs",
            changed(lambda p: p["release"].update(body=p["release"]["body"].replace("release", "relased"))),
            f"{Q} release",
            "commit",
        ),
        case(
            "the release is another entry",
            changed(lambda p: p["release"].update(entry=f"{FIRST}/8")),
            f"{Q} release",
            "commit",
        ),
        case(
            "the release is no leaf",
            changed(lambda p: p["release"].update(entry=f"{FIRST}/0")),
            f"{Q} release",
            "leaves",
        ),
        case(
            "a leaf is gone", changed(lambda p: p["leaves"].pop(1)), f"{M} citation 1", "not in proofs.json"
        ),
        case(
            "a leaf is there twice",
            changed(lambda p: p["leaves"].insert(1, p["leaves"][1])),
            f"{Q} leaf 3",
            "sorted",
        ),
        case(
            "a leaf is named otherwise than its head",
            changed(lambda p: p["leaves"].insert(1, extra)),
            f"{Q} leaf 2",
            "another entry",
        ),
        case(
            "a head differs",
            changed(
                lambda p: p["leaves"][1].update(head=p["leaves"][1]["head"].replace("content", "control"))
            ),
            f"{Q} leaf 2",
            "checkpoint states",
        ),
        case("a path is too short", changed(lambda p: p["leaves"][1]["path"].pop()), f"{Q} leaf 2", "short"),
        case(
            "a path is too long",
            changed(lambda p: p["leaves"][1]["path"].append("00" * 32)),
            f"{Q} leaf 2",
            "long",
        ),
        case(
            "a path is in another order",
            changed(lambda p: p["leaves"][1]["path"].reverse()),
            f"{Q} leaf 2",
            "checkpoint states",
        ),
        case(
            "a hash of a path is in capitals",
            changed(lambda p: p["leaves"][1]["path"].append("AB" * 32)),
            f"{Q} leaf 2",
            "hashes",
        ),
        case("a log is gone", changed(lambda p: p["logs"].pop(1)), f"{Q} leaf 2", "checkpoint"),
        case("the logs are in another order", changed(lambda p: p["logs"].reverse()), first, "sorted"),
        case(
            "another key",
            changed(lambda p: p["logs"][1].update(vkey=p["logs"][0]["vkey"])),
            first,
            "key of the log",
        ),
        case("another size", note(1, "\n13\n", "\n14\n"), first, "signature"),
        case("a size with a leading zero", note(1, "\n13\n", "\n013\n"), first, "number of entries"),
        case("another origin", note(1, FIRST, SECOND), first, "origin"),
        case("a hyphen for the dash", note(1, "\u2014", "-"), first, "checkpoint"),
        case("a second signature line", note(1, line, line + "\n" + line), first, "signature lines"),
        case("a line of text more", note(1, "\n13\n", "\n13\nx\n"), first, "checkpoint"),
        case(
            "an empty proof of inclusion",
            changed(lambda p: p["leaves"][1].update(path=[])),
            f"{Q} leaf 2",
            "short",
        ),
    ]


def _released() -> list[dict[str, Any]]:
    """Faults that the publisher's own key signed."""

    def signed(change: Any, kind: str = "release", **more: Any) -> Steps:
        files = dossier(change, kind, **more)
        return [write(M, files[M]), write(Q, files[Q])]

    def path(name: str) -> Any:
        return lambda m: m["files"].append({"path": name, "sha256": digest(""), "size": 0})

    def cite(**fields: Any) -> Any:
        return lambda m: m["citations"][1].update(fields)

    tiny = Tiny()
    wrong = {"entry": tiny.letter, "leaf": digest("")}
    lonely = f"{Q} leaf {tiny.letter}"
    return [
        case("a path out of the folder", signed(path("../x")), f"{M} file 5", "leaves its folder"),
        case("a path from the root", signed(path("/x")), f"{M} file 5", "leaves its folder"),
        case("a path with a dot", signed(path("x/./y")), f"{M} file 5", "leaves its folder"),
        case("a path with a backslash", signed(path("x\\y")), f"{M} file 5", "every computer"),
        case("a path with a control character", signed(path("x\ny")), f"{M} file 5", "every computer"),
        case(
            "a path that turns the direction of writing",
            signed(path("x\u202ey")),
            f"{M} file 5",
            "every computer",
        ),
        case("a path in Unicode's form NFD", signed(path("xe\u0301")), f"{M} file 5", "NFC"),
        case("a path that differs only in case", signed(path("verify.PY")), f"{M} file 5", "sorted"),
        case("files that are not sorted", signed(lambda m: m["files"].reverse()), f"{M} file 2", "sorted"),
        case(
            "a file listed twice", signed(lambda m: m["files"].append(m["files"][3])), f"{M} file 5", "sorted"
        ),
        case(
            "the manifest lists itself",
            signed(lambda m: m["files"].insert(2, {"path": M, "sha256": digest(""), "size": 0})),
            f"{M} file 3",
            "own hash",
        ),
        case("a listed file that is not there", signed(path("x")), "x", "missing"),
        case("a citation with a wrong leaf", signed(cite(entries=[wrong])), f"{M} citation 2", "leaf"),
        case("a citation that rests on nothing", signed(cite(entries=[])), f"{M} citation 2", "no entry"),
        case("a citation with another number", signed(cite(n=3)), f"{M} citation 2", "number"),
        case("a citation that says no speaker", signed(cite(who=None)), f"{M} citation 2", "type"),
        case("no such audience", signed(lambda m: m.update(audience="all")), M, "audience"),
        case("version nought", signed(lambda m: m.update(version=0)), M, "version"),
        case("the release is of another kind", signed(None, "person"), f"{Q} release", "release"),
        case(
            "the release states another title", signed(None, title="A river"), f"{Q} release", "another title"
        ),
        case("a leaf that no citation names", _unnamed(), lonely, "neither"),
    ]


def _unnamed() -> Steps:
    """A good dossier with one citation, whose proofs hold the leaf of a second."""
    both, one = dossier(), dossier(lambda m: m["citations"].pop())
    proofs, more = json.loads(one[Q]), json.loads(both[Q])
    proofs["leaves"].insert(0, more["leaves"][0])
    proofs["logs"].insert(0, more["logs"][0])
    return [write(M, one[M]), write(Q, canonical(proofs))]


# Record


def record_mutations() -> list[dict[str, Any]]:
    made = record()
    return [*_tables(made), *_record_files(made)]


def delete(table: str, key: int) -> dict[str, Any]:
    return {"step": "delete", "table": table, "key": key}


def put(table: str, key: int, column: str, value: Any) -> dict[str, Any]:
    return {"step": "set", "table": table, "key": key, "column": column, "value": value}


def _tables(made: dict[str, Any]) -> list[dict[str, Any]]:
    one, two = 1 << 40, 2 << 40
    head = dict(made["tables"]["head"])
    body = {entry: text for entry, _, text in made["tables"]["body"]}
    notes = {row[0]: row for row in made["tables"]["checkpoint"]}
    last, early = f"{FIRST} checkpoint 13", f"{FIRST} checkpoint 4"

    def hexed(text: str) -> str:
        return text.encode().hex()

    def head_says(find: str, other: str) -> Steps:
        assert find in head[one + 5]
        return [put("head", one + 5, "bytes", hexed(head[one + 5].replace(find, other)))]

    return [
        case("a head is gone", [delete("head", one + 5)], f"{FIRST}/5", "missing"),
        case("the first head is gone", [delete("head", one)], f"{FIRST}/0", "missing"),
        case("the last head is gone", [delete("head", two + 3)], SECOND, "checkpoint covers"),
        case("a body is gone without an order", [delete("body", one + 5)], f"{FIRST}/5", "no body"),
        case("the order of an erasure lost its body", [delete("body", one + 10)], f"{FIRST}/10", "no body"),
        case("a body without a head", [delete("head", two + 3)], "record.db", "without a head"),
        case(
            "a body differs",
            [put("body", one + 5, "bytes", hexed(body[one + 5] + " "))],
            f"{FIRST}/5",
            "commit",
        ),
        case("a salt differs", [put("body", one + 5, "salt", "00" * 32)], f"{FIRST}/5", "commit"),
        case("a salt is short", [put("body", one + 5, "salt", "00" * 31)], f"{FIRST}/5", "salt"),
        case("a head shows another class", head_says("content", "custody"), f"{FIRST}/5", "class"),
        case("a head of no known class", head_says("content", "x"), f"{FIRST}/5", "head"),
        case("a head with a space", head_says('"v":1', '"v": 1'), f"{FIRST}/5", "head"),
        case("a head of another version", head_says('"v":1', '"v":2'), f"{FIRST}/5", "head"),
        case("a head names another place", head_says('"seq":5', '"seq":6'), f"{FIRST}/5", "another entry"),
        case("a head names another log", head_says(FIRST, SECOND), f"{FIRST}/5", "another entry"),
        case("a head differs, so the root does", head_says("content", "control"), last, "another root"),
        case("the last checkpoint is gone", [delete("checkpoint", one + 12)], FIRST, "covers 4"),
        case("no checkpoint at all", [delete("checkpoint", two + 3)], SECOND, "covers 0"),
        case(
            "a checkpoint's size differs from its place",
            [put("checkpoint", one + 3, "size", 3)],
            early,
            "number",
        ),
        case(
            "a checkpoint of another log",
            [put("checkpoint", one + 3, "note", hexed(notes[two + 3][2]))],
            early,
            "origin",
        ),
        case(
            "a checkpoint of another size",
            [put("checkpoint", one + 3, "note", hexed(notes[one + 12][2]))],
            early,
            "number",
        ),
        case(
            "a checkpoint with a bad signature",
            [put("checkpoint", one + 3, "note", hexed(notes[one + 3][2].replace("\n4\n", "\n5\n")))],
            early,
            "signature",
        ),
        case("peaks that do not fit", [put("checkpoint", one + 12, "peaks", "00" * 96)], last, "peaks"),
        case("a log is gone", [delete("log", 2)], "record.db", "in no log"),
        case("a log has another name", [put("log", 2, "name", FIRST)], "record.db", "twice"),
        case("a log has no sound name", [put("log", 2, "name", "second")], "record.db", "name"),
    ]


NO_LOG = f"{fixed_id('third device')}.1"
THIRD = f"keys/{NO_LOG}.vkey"
PART = ".taking-4711-00112233445566ff"
_NOT_TEMPORARY = [
    ("a temporary file outside the three folders", PART),
    ("a temporary file in a folder of originals", f"originals/00/{PART}"),
    ("a temporary file named with capitals", f"originals/{PART.replace('ff', 'FF')}"),
    ("a temporary file with a shorter name", f"layers/{PART[:-1]}"),
    ("a temporary file with a longer name", f"layers/{PART}0"),
    ("a temporary file of no process", "originals/.taking-00112233445566ff"),
    ("another hidden file", "originals/.taken-4711-00112233445566ff"),
]


def record_notes() -> list[dict[str, Any]]:
    """What a write that was stopped leaves: the folder still verifies, and a note says so."""
    one, two = original("stray"), original("another stray")

    def noted(why: str, steps: Steps, says: str) -> dict[str, Any]:
        return {"why": why, "steps": steps, "says": says}

    return [
        noted(
            "an original that no entry names",
            [write(one, "stray")],
            f"1 original that no entry names: {AN_ADD}",
        ),
        noted(
            "two of them",
            [write(one, "stray"), write(two, "another stray")],
            "2 originals that no entry names",
        ),
        *(
            noted(f"a temporary file in {room}", [write(f"{room}/{PART}", "x")], f"{room}/{PART}")
            for room in ("originals", "layers", "keys")
        ),
        noted(
            "an empty temporary file", [write(f"originals/{PART}", "")], "1 temporary file left by a write"
        ),
        noted(
            "the key of a log in which nothing is written",
            [write(THIRD, LogKey(RECORD, NO_LOG).line() + "\n")],
            f"{THIRD} is a key of a log in which nothing is written yet",
        ),
        noted(
            "a text layer on which nothing rests", [write(f"layers/{digest('x')}", "x")], "no passage rests"
        ),
    ]


AN_ADD = "an add was stopped before it entered it; add it again"


def _record_files(made: dict[str, Any]) -> list[dict[str, Any]]:
    files = made["files"]
    key, other = f"keys/{FIRST}.vkey", f"keys/{SECOND}.vkey"
    held = next(path for path in files if path.startswith("originals/"))
    layer = f"layers/{digest(TEXT)}"
    third, abroad = LogKey(RECORD, NO_LOG), LogKey(fixed_id("another record"), NO_LOG)
    return [
        case("an original differs", [write(held, files[held] + "x")], held, "altered"),
        case("an original is gone", [remove(held)], held, "missing"),
        case(
            "an original that no item is about, and that differs",
            [write(original("stray"), "x")],
            original("stray"),
            "altered",
        ),
        case(
            "an original in another folder",
            [write("originals/00/" + held[-64:], files[held])],
            "originals/00/" + held[-64:],
            "does not belong",
        ),
        case("a layer differs", [replace(layer, "noon", "moon")], layer, "altered"),
        case("a layer is gone", [remove(layer)], layer, "missing"),
        case(
            "a layer under a wrong name",
            [write(f"layers/{digest('a')}", "b")],
            f"layers/{digest('a')}",
            "altered",
        ),
        case("a key is gone", [remove(key)], key, "missing"),
        case("a key without its line feed", [write(key, files[key].rstrip())], key, "line feed"),
        case("a key with a line more", [write(key, files[key] + "x\n")], key, "base64"),
        case("a key of another log", [write(key, files[other])], key, "another log"),
        case("a key whose hash does not fit", [replace(key, "+", "+0")], key, "key hash"),
        case(
            "a key of no log",
            [write(f"keys/{FIRST}1.vkey", files[key])],
            f"keys/{FIRST}1.vkey",
            "another log",
        ),
        case("a key of no log, without its line feed", [write(THIRD, third.line())], THIRD, "line feed"),
        case(
            "a key of no log and of another record",
            [write(THIRD, abroad.line() + "\n")],
            THIRD,
            "another record",
        ),
        case(
            "a key of what cannot be a log", [write("keys/x.vkey", "x\n")], "keys/x.vkey", "does not belong"
        ),
        *(case(why, [write(path, "x")], path, "does not belong") for why, path in _NOT_TEMPORARY),
        case("the reading notes are gone", [remove("README.txt")], "README.txt", "missing"),
        case("an unknown file", [write("notes.txt", "x")], "notes.txt", "does not belong"),
        case("an unknown file among the keys", [write("keys/x.txt", "x")], "keys/x.txt", "does not belong"),
        case("a rollback journal", [write("record.db-journal", "x")], "record.db-journal", "does not belong"),
    ]
