"""Reads a record with nothing but Python's standard library, following docs/format: what a stranger could write.

Run it alone: `python -I -S plain_reader.py RECORD`. It checks every commitment, the root under every log's last
checkpoint, and every original and layer; and prints the items and the statements with who says them in which words.
"""

import base64
import hashlib
import json
import sqlite3
import sys
from pathlib import Path

SHIFT = 40


def main(record):
    database = sqlite3.connect(f"{(record / 'record.db').resolve().as_uri()}?mode=ro", uri=True)
    database.execute("BEGIN")
    heads = {entry: bytes(head) for entry, head in database.execute("SELECT entry, bytes FROM head")}
    bodies = {
        entry: (bytes(salt), bytes(body)) for entry, salt, body in database.execute("SELECT * FROM body")
    }
    names = dict(database.execute("SELECT number, name FROM log"))
    notes = dict(database.execute("SELECT entry, note FROM checkpoint ORDER BY entry"))
    check_log(heads, bodies, notes)
    versions = read_versions(heads, bodies, names)
    standing = head_versions(versions)
    told = {"entries": len(heads), "items": [], "statements": []}
    for version in standing["item"]:
        told["items"].append(read_item(record, version))
    for version in standing["statement"]:
        told["statements"].append(read_statement(record, version, standing))
    json.dump(told, sys.stdout, ensure_ascii=False)


def check_log(heads, bodies, notes):
    """Section 4: every body matches its head. Section 6: the tree has the root that the last checkpoint states."""
    for entry, (salt, body) in bodies.items():
        made = hashlib.sha256(b"onrecord body v1\n" + salt + body).hexdigest()
        assert json.loads(heads[entry])["commit"] == made, entry
    last = {entry >> SHIFT: (entry, note) for entry, note in sorted(notes.items())}
    for entry, note in last.values():
        lines = bytes(note).decode("utf-8").split("\n")
        first = entry >> SHIFT << SHIFT
        leaves = [hashlib.sha256(b"\0" + heads[at]).digest() for at in range(first, entry + 1)]
        assert int(lines[1]) == len(leaves)
        assert base64.b64decode(lines[2]) == root(leaves), entry


def root(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()


def read_versions(heads, bodies, names):
    """Section 8: a body states one version of one thing. An order's body repeats what it erases and is none itself."""
    versions = {}
    for entry, head in heads.items():
        order = "of" in json.loads(head)
        if entry in bodies and not order:
            name = f"{names[entry >> SHIFT]}/{entry & ((1 << SHIFT) - 1)}"
            versions[name] = json.loads(bodies[entry][1])
    return versions


def head_versions(versions):
    superseded = {name for body in versions.values() for name in body.get("supersedes", ())}
    found = {"item": [], "statement": [], "passage": [], "actor": []}
    for name in sorted(versions, key=lambda name: (versions[name]["clock"], name)):
        body = versions[name]
        if name not in superseded and body["kind"] in found:
            found[body["kind"]].append(body)
    return found


def read_item(record, version):
    fields = version["fields"]
    digest = fields["sha256"]
    original = (record / "originals" / digest[:2] / digest).read_bytes()
    assert hashlib.sha256(original).hexdigest() == digest and len(original) == fields["size"]
    return {"item": version["thing"], "name": fields["name"], "sha256": digest}


def read_statement(record, version, standing):
    fields = version["fields"]
    actors = {actor["thing"]: actor["fields"] for actor in standing["actor"]}
    passages = {passage["thing"]: passage["fields"] for passage in standing["passage"]}
    quotes = [read_quote(record, passages[id]) for id in fields.get("passages", ())]
    speaker = actors.get(fields["speaker"], {}).get("names") or [{"text": None}]
    return {"statement": version["thing"], "speaker": speaker[0]["text"], "quotes": quotes}


def read_quote(record, passage):
    """Section 9: the layer has its hash, and `text[start:end]` in code points is the quote. A place in a picture has neither."""
    if "layer" not in passage:
        return passage.get("quote")
    layer = (record / "layers" / passage["layer"]).read_bytes()
    assert hashlib.sha256(layer).hexdigest() == passage["layer"]
    text = layer.decode("utf-8")[passage["start"] : passage["end"]]
    assert text == passage["quote"]
    return text


if __name__ == "__main__":
    main(Path(sys.argv[1]))
