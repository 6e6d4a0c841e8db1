"""A dossier: the files against the manifest, the manifest against the release, the release against the log."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .canonical import canonical, members
from .entries import Head, read_body, read_head
from .files import hash_of, read_small, unknown, walk
from .grammar import IS_HASH, LARGEST_FILE, Broken, must, utf8
from .inclusion import leaf_hash, root_of_path
from .notes import Checkpoint, Key, read_checkpoint, read_key
from .report import Report, many, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .report import Points, Progress


COMPARE = (
    "The fingerprint of the publisher's key. Compare it with what the publisher gave you another way, such\n"
    "as by telephone or on a printed card:"
)
PROVEN: Points = [
    (
        "Proven, if the fingerprints are the right ones:",
        [
            "The release is unaltered: every file here is as the publisher's key signed it.",
            "The entries beneath the citations existed, under seal, when their logs were signed.",
        ],
    ),
    (
        "Attested by the publisher:",
        [
            "The words, who spoke them, and what the entries say.",
            "Every date.",
        ],
    ),
    (
        "What this does not show:",
        [
            "That what was said is true.",
            "That there is no later version of this.",
        ],
    ),
]
MANIFEST = {
    **dict.fromkeys(("audience", "format", "language", "title"), str),
    **{"built": int, "citations": list, "files": list, "version": int},
}
PROOFS = {"format": str, "leaves": list, "logs": list, "release": dict}
AUDIENCES = ("team", "partner", "court", "un", "public")
JSON_FILES = ("manifest.json", "proofs.json")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - Python 3.8 has no datetime.UTC
# Controls, marks of direction, line and paragraph separators, the byte order mark, and what file systems reserve.
UNFIT = re.compile('[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff<>:"|?*\\\\]|[ .]$')


def check_path(path: str) -> None:
    """A path that means the same file on every computer, inside the folder. Raises `Broken`."""
    for part in path.split("/"):
        must(part not in ("", ".", ".."), "has a path that leaves its folder")
        long = len(part.encode("utf-8")) > 255
        must(not (UNFIT.search(part) or long), "has a path that not every computer can hold")
    must(unicodedata.normalize("NFC", path) == path, "has a path that is not in Unicode's form NFC")
    must(path not in JSON_FILES, "lists a file that cannot hold its own hash")


class Dossier:
    """The files against the manifest, the manifest against the release, the release against the log."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report, self.problem, self.at = report, report.problem, report.at
        self.manifest_hash = ""
        self.keys: dict[str, Key] = {}
        self.checkpoints: dict[str, Checkpoint] = {}
        self.heads: dict[str, Head] = {}
        self.leaves: dict[str, str] = {}
        self.cited: set[str] = set()

    def verify(self) -> None:
        manifest = self.load("manifest.json", MANIFEST, "onrecord dossier 1")
        proofs = self.load("proofs.json", PROOFS, "onrecord proofs 1")
        if manifest:
            self.read_files(self.read_listed(manifest["files"]))
        if proofs:
            self.read_logs(proofs["logs"])
            self.read_leaves(proofs["leaves"])
            with self.at("proofs.json release"):
                self.read_release(proofs["release"], manifest)
        if manifest and proofs:
            with self.at("manifest.json"):
                must(manifest["audience"] in AUDIENCES, "names no audience")
                must(manifest["built"] >= 0 and manifest["version"] >= 1, "has no sound date or version")
            self.read_citations(manifest["citations"])
            self.judge_leaves()
            self.describe(manifest)
        self.report.entries = len(self.leaves)

    def load(self, name: str, types: Mapping[str, type], form: str) -> dict[str, Any]:
        with self.at(name):
            raw = read_small(self.folder / name, LARGEST_FILE)
            if name == "manifest.json":
                self.manifest_hash = sha256(raw).hexdigest()
            value = members(canonical(raw), types)
            must(value["format"] == form, f"is of another format than {form}")
            return value
        return {}

    def read_listed(self, files: list[Any]) -> dict[str, tuple[str, int]]:
        listed: dict[str, tuple[str, int]] = {}
        folded: set[str] = set()
        before = ""
        for place, file in enumerate(files, 1):
            with self.at(f"manifest.json file {place}"):
                file = members(file, {"path": str, "sha256": str, "size": int})
                check_path(file["path"])
                must(file["path"] > before, "is not in its place: files are sorted by path")
                must(
                    file["path"].casefold() not in folded, "has a path that differs from another only in case"
                )
                must(bool(IS_HASH(file["sha256"])) and file["size"] >= 0, "has no sound hash or size")
                before = file["path"]
                folded.add(before.casefold())
                listed[before] = file["sha256"], file["size"]
        return listed

    def read_files(self, listed: dict[str, tuple[str, int]]) -> None:
        self.report.items = sum(path.startswith("originals/") for path in listed)
        total = len(listed)
        rooms = {path[:at] for path in listed for at, letter in enumerate(path) if letter == "/"}
        for done, (stored, is_folder) in enumerate(walk(self.folder, self.report)):
            self.report.progress(done, total, "files")
            path = unicodedata.normalize("NFC", stored)  # some file systems store names in form NFD
            if (is_folder and path in rooms) or stored in JSON_FILES:
                continue
            if is_folder or path not in listed:
                self.problem(stored, unknown(stored))
                continue
            with self.at(path):
                stated, found = listed.pop(path), hash_of(self.folder / stored)
                must(found[1] == stated[1], f"has {found[1]} bytes instead of {stated[1]}")
                must(found[0] == stated[0], f"is altered: the SHA-256 of its bytes is {found[0]}")
        for path in sorted(listed):
            self.problem(path, "is missing")

    def read_logs(self, logs: list[Any]) -> None:
        before = ""
        for place, one in enumerate(logs, 1):
            with self.at(f"proofs.json log {place}"):
                one = members(one, {"checkpoint": str, "log": str, "vkey": str})
                must(one["log"] > before, "is not in its place: logs are sorted by name")
                before = one["log"]
                key = read_key(one["vkey"])
                must(key.log == before, f"has the key of the log {key.log}")
                self.report.record = self.report.record or key.record
                must(key.record == self.report.record, "is of another record than the logs before it")
                self.keys[before] = key
                self.checkpoints[before] = read_checkpoint(utf8(one["checkpoint"]), key, 1)

    def read_leaves(self, leaves: list[Any]) -> None:
        before = ("", 0)
        for place, leaf in enumerate(leaves, 1):
            with self.at(f"proofs.json leaf {place}"):
                leaf = members(leaf, {"entry": str, "head": str, "path": list})
                raw = utf8(leaf["head"])
                head = read_head(raw)
                must(leaf["entry"] == f"{head.log}/{head.seq}", "has a head that names another entry")
                must(
                    (head.log, head.seq) > before, "is not in its place: leaves are sorted by log and number"
                )
                before = head.log, head.seq
                self.heads[leaf["entry"]] = head
                self.leaves[leaf["entry"]] = leaf_hash(raw).hex()
                must(head.log in self.checkpoints, "is of a log without a sound checkpoint")
                self.check_inclusion(head, leaf_hash(raw), leaf["path"])

    def check_inclusion(self, head: Head, leaf: bytes, path: list[Any]) -> None:
        must(
            all(type(step) is str and IS_HASH(step) for step in path),
            "has an inclusion proof that is not hashes",
        )
        checkpoint = self.checkpoints[head.log]
        root = root_of_path(leaf, head.seq, checkpoint.size, [bytes.fromhex(step) for step in path])
        must(root == checkpoint.root, "is not in its log as the checkpoint states it")

    def read_release(self, release: dict[str, Any], manifest: dict[str, Any]) -> None:
        release = members(release, {"body": str, "entry": str, "salt": str})
        self.cited.add(release["entry"])
        head = self.heads.get(release["entry"])
        if head is None:
            raise Broken("is not among the leaves")
        must(IS_HASH(release["salt"]) is not None, "has a salt that is not 32 bytes")
        said = read_body(utf8(release["body"]), bytes.fromhex(release["salt"]), head)
        must(said["kind"] == "release", "is not a release")
        if self.manifest_hash and said["fields"].get("manifest") != self.manifest_hash:
            self.problem("manifest.json", "is altered: the release names another hash")
        for name in ("audience", "title", "version"):
            fits = not manifest or said["fields"].get(name, manifest[name]) == manifest[name]
            must(fits, f"states another {name} than the manifest")
        if head.log in self.keys:
            self.report.key(self.keys[head.log])
        for log, key in self.keys.items():
            if log != head.log:
                self.report.key(key)

    def read_citations(self, citations: list[Any]) -> None:
        for n, citation in enumerate(citations, 1):
            with self.at(f"manifest.json citation {n}"):
                citation = members(citation, {"entries": list, "n": int, "who": str, "words": str})
                must(citation["n"] == n, f"has the number {citation['n']}")
                must(bool(citation["entries"]), "rests on no entry")
                for entry in citation["entries"]:
                    entry = members(entry, {"entry": str, "leaf": str})
                    self.cited.add(entry["entry"])
                    fits = self.leaves.get(entry["entry"]) == entry["leaf"]
                    must(fits, f"names an entry whose leaf is not in proofs.json: {entry['entry']}")

    def judge_leaves(self) -> None:
        for name in sorted(self.leaves.keys() - self.cited):
            self.problem(f"proofs.json leaf {name}", "is neither the release nor named by a citation")
        for log in sorted(self.keys.keys() - {head.log for head in self.heads.values()}):
            self.problem(f"proofs.json log {log}", "has no leaf")

    def describe(self, manifest: dict[str, Any]) -> None:
        built = EPOCH + timedelta(milliseconds=min(manifest["built"], 2**47))
        self.report.lines += [
            f"Dossier: {show(manifest['title'])}, version {manifest['version']}, for the audience "
            f"{show(manifest['audience'])}, built {built:%Y-%m-%d %H:%M} UTC",
            f"{many(len(manifest['files']), 'files')}, {many(len(manifest['citations']), 'citations')}, "
            f"{many(len(self.leaves), 'entries')} in {many(len(self.keys), 'logs')} "
            f"of the record {show(self.report.record)}.",
        ]


def verify_dossier(folder: Path, progress: Progress | None = None) -> Report:
    report = Report("dossier", progress)
    report.compare, report.proven = COMPARE, PROVEN
    Dossier(folder, report).verify()
    return report
