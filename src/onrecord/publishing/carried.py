"""The one file `verify.py` that a dossier carries: the verifier's modules that check a dossier, joined in order.

A stranger is to read one file and run it anywhere, so nothing is left out of a module or put in: only what the modules
import from each other falls away, and each module's docstring becomes the heading of its part.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache
from typing import TypeGuard

from onrecord.verifying import verifier_folder

MODULES = (
    *("grammar", "canonical", "ed25519", "inclusion", "notes", "entries", "report", "files"),
    *("dossier", "printing", "alone"),
)
_HEADER = '''#!/usr/bin/env python3
"""Checks a dossier made with Onrecord, without Onrecord and without a network.

    python3 verify.py [--json] [FOLDER]

FOLDER is the folder of a dossier; left out, it is the one this file stands in. The exit code is 0 when everything
holds, 1 when something does not (each problem says what is wrong and where), and 2 when the folder is no dossier.
Needs Python 3.8 or later and nothing else. It writes nothing, follows no links, and trusts nothing it reads. It is
joined from the modules of the verifier that comes with Onrecord, under verifier/, and that checks records and proofs
too. The formats are described in Onrecord's documentation, under "format".
"""
'''
_PROGRAM = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


@cache
def carried_verifier() -> bytes:
    folder = verifier_folder() / "onrecord_verify"
    texts = [(folder / f"{name}.py").read_text(encoding="utf-8") for name in MODULES]
    return joined(texts).encode("utf-8")


def joined(texts: list[str]) -> str:
    """One program of these modules, each of which imports only the standard library and those before it."""
    trees = [(text, ast.parse(text)) for text in texts]
    imports = [node for _, tree in trees for node in tree.body if _imports(node)]
    typing = [node for _, tree in trees for test in tree.body if _for_typing(test) for node in test.body]
    aliases = [ast.unparse(node) for node in typing if not _imports(node)]
    head = [_HEADER, *_standard(imports), "", "if TYPE_CHECKING:"]
    head += [f"    {line}" for line in [*_standard(typing), *aliases]]
    rooms = [_room(text, tree) for text, tree in trees]
    return "\n\n\n".join(["\n".join(head), *rooms]) + _PROGRAM


def _imports(node: ast.stmt) -> TypeGuard[ast.Import | ast.ImportFrom]:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _for_typing(node: ast.stmt) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _standard(nodes: Sequence[ast.stmt]) -> list[str]:
    """The imports of the standard library among these, each module once."""
    whole: set[str] = set()
    parts: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            whole |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            parts.setdefault(node.module, set()).update(alias.name for alias in node.names)
    future = [f"from __future__ import {name}\n" for name in sorted(parts.pop("__future__", ()))]
    named = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(parts.items())]
    return [*future, *(f"import {name}" for name in sorted(whole)), *named]


def _room(text: str, tree: ast.Module) -> str:
    """One module under its heading, as it is written but for its imports."""
    heading = (ast.get_docstring(tree) or "").split("\n", 1)[0]
    said = [node for node in tree.body[1:] if not _imports(node) and not _for_typing(node)]
    return f"# {heading}\n\n{_lines(text, said)}"


def _lines(text: str, nodes: list[ast.stmt]) -> str:
    """These statements as they are written, from the first to the last, with the comments between them."""
    lines = text.split("\n")
    begins = nodes[0].lineno - 1
    while lines[begins - 1].startswith("#"):
        begins -= 1
    return "\n".join(lines[begins : nodes[-1].end_lineno])
