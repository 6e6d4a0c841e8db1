"""Writes a small dossier folder with real proofs for a page, straight from the format document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from onrecord.publishing.page.content import CitationView, DossierPage
from onrecord.publishing.page.render import render
from tests.vectors.independent import LogKey, canonical, commitment, fixed_id, leaf, path

RECORD = fixed_id("the well road")
TEXTS = {
    "README.txt": "How to check this dossier.\n",
    "originals/1-field notes.txt": "The blocks stood across the road when I arrived at seven. I counted eleven.\n",
    "originals/2-مكتوب.txt": "بقيت العائلات يومين بلا ماء.\n",
    "verify.py": "# The program stands here.\n",
}


@dataclass
class Log:
    """A log with its key, while it is written."""

    name: str
    heads: list[str] = field(default_factory=list)

    @property
    def key(self) -> LogKey:
        return LogKey(RECORD, self.name)

    def add(self, kind: str, fields: dict[str, Any]) -> tuple[str, str, bytes]:
        """The new entry's name, body and salt."""
        entry = f"{self.name}/{len(self.heads)}"
        author = self.name if kind == "release" else fixed_id("keeper")
        body = canonical(
            {
                "author": author,
                "clock": 1_625_000_000_000,
                "fields": fields,
                "kind": kind,
                "thing": fixed_id(entry),
            }
        )
        salt = sha256(entry.encode()).digest()
        head = {
            "class": "content",
            "commit": commitment(salt, body),
            "log": self.name,
            "seq": len(self.heads),
            "v": 1,
        }
        self.heads.append(canonical(head))
        return entry, body, salt

    def leaves(self) -> list[bytes]:
        return [head.encode() for head in self.heads]

    def stated(self) -> dict[str, str]:
        return {"checkpoint": self.key.note(self.leaves()), "log": self.name, "vkey": self.key.line()}

    def proof(self, seq: int) -> dict[str, Any]:
        steps = [step.hex() for step in path(seq, self.leaves())]
        return {"entry": f"{self.name}/{seq}", "head": self.heads[seq], "path": steps}


def write_dossier(page: DossierPage, folder: Path) -> Path:
    """The page and everything that proves it. Its citations get entries of their own in two logs."""
    logs = [Log(f"{fixed_id('first device')}.1"), Log(f"{fixed_id('second device')}.2")]
    logs.sort(key=lambda log: log.name)
    sources = [_with_entries(source, logs) for source in page.citations]
    entries = 1 + sum(len(source.entries) for source in sources)
    page = replace(
        page,
        citations=tuple(sources),
        fingerprint=logs[0].key.fingerprint(),
        files=len(TEXTS) + 1,
        entries=entries,
    )
    files = {name: text.encode() for name, text in {**TEXTS, "index.html": render(page)}.items()}
    manifest = canonical(_manifest(page, files, {log.name: log for log in logs}))
    files |= {"manifest.json": manifest.encode(), "proofs.json": canonical(_proofs(manifest, logs)).encode()}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def _with_entries(source: CitationView, logs: list[Log]) -> CitationView:
    log = logs[source.n % 2]
    return replace(
        source, entries=tuple(log.add(kind, {"n": source.n})[0] for kind in ("statement", "passage"))
    )


def _manifest(page: DossierPage, files: dict[str, bytes], logs: dict[str, Log]) -> dict[str, Any]:
    def stated(entry: str) -> dict[str, str]:
        log, seq = entry.split("/")
        return {"entry": entry, "leaf": leaf(logs[log].leaves()[int(seq)]).hex()}

    return {
        "audience": page.audience,
        "built": 1_625_184_000_000,
        "citations": [
            {
                "entries": [stated(entry) for entry in one.entries],
                "n": one.n,
                "who": one.who,
                "words": one.words.text,
            }
            for one in page.citations
        ],
        "files": [
            {"path": name, "sha256": sha256(data).hexdigest(), "size": len(data)}
            for name, data in sorted(files.items())
        ],
        "format": "onrecord dossier 1",
        "language": page.language,
        "title": page.title,
        "version": page.version,
    }


def _proofs(manifest: str, logs: list[Log]) -> dict[str, Any]:
    entry, body, salt = logs[0].add("release", {"manifest": sha256(manifest.encode()).hexdigest()})
    return {
        "format": "onrecord proofs 1",
        "leaves": [log.proof(seq) for log in logs for seq in range(len(log.heads))],
        "logs": [log.stated() for log in logs],
        "release": {"body": body, "entry": entry, "salt": salt.hex()},
    }
