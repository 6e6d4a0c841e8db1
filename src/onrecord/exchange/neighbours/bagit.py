"""BagIt bags (RFC 8493): every file is checked against the bag's manifests. What a bag says is to be fetched is not."""

from __future__ import annotations

import re
from pathlib import Path

from onrecord.exchange.neighbours.bundle import (
    Bundle,
    Progress,
    folded,
    hash_name,
    is_inside,
    names_in,
    open_bundle,
)
from onrecord.exchange.neighbours.plan import LEFT, WRONG, Plan
from onrecord.intake.walking import shown

NAME = "bagit"
_TOOL = "onrecord import (bagit)"
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9-]{2,20})\.txt", re.IGNORECASE)
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_OXUM = re.compile(r"^Payload-Oxum:\s*([0-9]{1,20})\.([0-9]{1,12})\s*$", re.IGNORECASE | re.MULTILINE)
_ESCAPED = {"%0A": "\n", "%0a": "\n", "%0D": "\r", "%0d": "\r", "%25": "%"}


def looks_like(path: Path) -> bool:
    if path.is_dir():
        return (path / "bagit.txt").is_file()
    return any(
        name == "bagit.txt" or (name.count("/") == 1 and name.endswith("/bagit.txt"))
        for name in names_in(path)
    )


def plan(path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
    made = Plan(open_bundle(path, scratch, progress))
    top = _top(made.bundle)
    if top is None:
        made.say("bagit.txt", WRONG, "it is not there, and so this is no bag")
        made.keep_files()
        return made
    listed = {
        name: _check_manifest(made, top, name, *found)
        for name in sorted(made.bundle.files)
        if name.startswith(top) and (found := _manifest(name[len(top) :]))
    }
    payloads = [paths for name, paths in listed.items() if not name[len(top) :].lower().startswith("tag")]
    if not payloads:
        made.say(f"{top}bagit.txt", WRONG, "the bag has no manifest of its files")
    _check_complete(made, top, payloads)
    _check_oxum(made, top)
    _say_unfetched(made, top)
    made.keep_files()
    return made


def _top(bundle: Bundle) -> str | None:
    """The folder of the bag inside what was given, as the beginning of its paths."""
    found = [name for name in bundle.files if name == "bagit.txt" or name.endswith("/bagit.txt")]
    return min(found, key=len)[: -len("bagit.txt")] if found else None


def _manifest(name: str) -> tuple[str] | None:
    found = _MANIFEST.fullmatch(name)
    return (found[2],) if found else None


def _check_manifest(made: Plan, top: str, name: str, algorithm: str) -> set[str]:
    """Check every line of one manifest; the paths that it lists."""
    listed: set[str] = set()
    try:
        hash_name(algorithm)
    except ValueError as wrong:
        made.say(name, LEFT, f"its hashes cannot be checked: {wrong}", name)
        return {
            _unescaped(found[2])
            for found in map(_LINE.fullmatch, made.bundle.text(name).splitlines())
            if found
        }
    for number, line in enumerate(made.bundle.text(name).splitlines(), 1):
        if line.strip():
            listed |= _check_line(made, top, f"{name} line {number}", line.strip(), algorithm)
    return listed


def _check_line(made: Plan, top: str, source: str, line: str, algorithm: str) -> set[str]:
    found = _LINE.fullmatch(line)
    path = _unescaped(found[2]) if found else ""
    if found is None or not is_inside(path.removeprefix("./")):
        why = "its path leads out of the bag" if found else "it is no line of a manifest"
        made.say(source, WRONG, why)
        return set()
    path = path.removeprefix("./")
    file = _held(made.bundle, top, path)
    if file is None:
        made.say(source, WRONG, f"{path} is listed, and is not in the bag")
        return {path}
    good = made.bundle.digest(file, algorithm) == found[1].lower()
    said = (
        f"its bytes have the {algorithm} that the bag states"
        if good
        else f"its {algorithm} is not what the bag states"
    )
    made.check(source, file, _TOOL, good, said)
    return {path}


def _held(bundle: Bundle, top: str, path: str) -> str | None:
    """The file at a path of the bag, also where its accents are composed otherwise."""
    name = f"{top}{shown(Path(path))}"
    if name in bundle.files:
        return name
    found = bundle.find(name)
    return found if found and found.count("/") == name.count("/") else None


def _check_complete(made: Plan, top: str, manifests: list[set[str]]) -> None:
    """Every file of the payload has to stand in every manifest of the payload."""
    listed = [{folded(shown(Path(path))) for path in paths} for paths in manifests]
    for name in made.bundle.files:
        path = folded(name[len(top) :])
        if name.startswith(f"{top}data/") and listed and not all(path in paths for paths in listed):
            made.check(name, name, _TOOL, False, "it is in the bag, and a manifest does not list it")


def _check_oxum(made: Plan, top: str) -> None:
    info = f"{top}bag-info.txt"
    found = _OXUM.search(made.bundle.text(info)) if info in made.bundle.files else None
    if found is None:
        return
    payload = [place for name, place in made.bundle.files.items() if name.startswith(f"{top}data/")]
    size, count = sum(place.stat().st_size for place in payload), len(payload)
    good = (size, count) == (int(found[1]), int(found[2]))
    stated = f"{int(found[1])} bytes in {int(found[2])} files"
    said = (
        f"the bag holds {stated}, as it states"
        if good
        else f"it states {stated}, and holds {size} bytes in {count} files"
    )
    made.check(f"{info} Payload-Oxum", info, _TOOL, good, said)


def _say_unfetched(made: Plan, top: str) -> None:
    fetch = f"{top}fetch.txt"
    if fetch in made.bundle.files:
        for number, line in enumerate(made.bundle.text(fetch).splitlines(), 1):
            if line.strip():
                made.say(
                    f"{fetch} line {number}", LEFT, "it is to be fetched from elsewhere, which is never done"
                )


def _unescaped(path: str) -> str:
    return re.sub("%(0[AaDd]|25)", lambda found: _ESCAPED[found.group()], path)
