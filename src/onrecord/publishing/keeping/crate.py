"""An RO-Crate 1.1 around a copy of a record: a description in JSON-LD beside the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from onrecord.publishing.keeping.about import About
from onrecord.publishing.keeping.snapshot import Copied

METADATA = "ro-crate-metadata.json"
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
CONFORMS = {"@id": "https://w3id.org/ro/crate/1.1"}
LICENCE = "Not for giving out: only the keepers of this record may use it, under the terms that it holds."


def write_crate(crate: Path, files: Iterable[Copied], about: About, called: Mapping[str, str]) -> None:
    """Write the description of every file that stands in the folder. `called` gives titles by path."""
    described = [_file(file, called.get(file.path)) for file in files]
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": CONFORMS,
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "datePublished": about.day,
            "description": about.description,
            "hasPart": [{"@id": file["@id"]} for file in described],
            "identifier": about.record,
            "license": {"@id": "#keepers-only"},
            "name": about.title,
        },
        {"@id": "#keepers-only", "@type": "CreativeWork", "description": LICENCE, "name": "Keepers only"},
        *described,
    ]
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1)
    (crate / METADATA).write_bytes(text.encode("utf-8") + b"\n")


def _file(file: Copied, title: str | None) -> dict[str, Any]:
    return {
        "@id": file.path,
        "@type": "File",
        "contentSize": str(file.size),
        "name": title or file.path.rpartition("/")[2],
        "sha256": file.sha256,
    }
