"""The hashes of the tree (RFC 6962, section 2.1), and the way from one leaf up to its root."""

from __future__ import annotations

from hashlib import sha256

from .grammar import must


def leaf_hash(head: bytes) -> bytes:
    return sha256(b"\x00" + head).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2). Raises `Broken`."""
    must(0 <= index < size, "names an entry beyond its checkpoint")
    node, last, root = index, size - 1, leaf
    for step in path:
        must(last > 0, "has an inclusion proof that is too long")
        if node & 1 or node == last:
            root = node_hash(step, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, step)
        node, last = node >> 1, last >> 1
    must(last == 0, "has an inclusion proof that is too short")
    return root
