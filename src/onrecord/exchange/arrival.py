"""Originals and text layers that come in: decrypted beside their place, hashed on the way, and placed only if right."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix
from onrecord.record.errors import FileRefused
from onrecord.store.part import Part, sync
from onrecord.store.record_store import RecordStore

NOT_SENT = "nobody has sent it yet"
CUT_OFF = "the copy was cut off before it"
LARGEST_LAYER = 256 << 20


class Unfit(Exception):
    """A file is not what it should be. The message says how."""


class _Hashing:
    """Takes decrypted bytes: hashes them and passes them on, up to a size."""

    def __init__(self, part: Part, most: int) -> None:
        self._part = part
        self._left = most
        self.digest = sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise Unfit("it is larger than it should be")
        self.digest.update(data)
        self.size += len(data)
        self._part.write(memoryview(data))
        return len(data)

    def flush(self) -> None:
        pass


def fetch_original(
    store: RecordStore, place: Place, prefixes: list[Prefix], digest: str, size: int
) -> str | None:
    """Put an original in its place from whichever prefix has it: None, or why it could not be."""
    final = store.originals.path(digest)
    return _fetch(place, prefixes, "originals", digest, size, final, store.folder.originals)


def fetch_layer(store: RecordStore, place: Place, prefixes: list[Prefix], digest: str) -> str | None:
    """The same for a text layer, whose size nobody states."""
    final = store.layers.path(digest)
    return _fetch(place, prefixes, "layers", digest, None, final, store.folder.layers)


def _fetch(
    place: Place, prefixes: list[Prefix], kind: str, digest: str, size: int | None, final: Path, folder: Path
) -> str | None:
    why = NOT_SENT
    for prefix in prefixes:
        name = prefix.place_of(kind, digest)
        if prefix.ring is None or name is None:
            continue
        if name not in prefix.files:
            why = CUT_OFF if name in prefix.sizes else why
            continue
        try:
            with Part(folder, name) as part:
                _decrypt(place, f"{prefix.log}/{name}", prefix.ring.opening(), part, digest, size)
                _put_in_place(part, final, folder)
            return None
        except Unfit as wrong:
            why = f"{prefix.log}/{name}: {wrong}"
        except FileRefused as wrong:
            return wrong.reason
    return why


def _decrypt(
    place: Place, name: str, identities: list[Any], part: Part, digest: str, size: int | None
) -> None:
    import pyrage

    sink = _Hashing(part, LARGEST_LAYER if size is None else size)
    try:
        source = place.open(name)
    except OSError as wrong:
        raise Unfit(f"it cannot be read ({wrong.strerror or wrong})") from None
    try:
        pyrage.decrypt_io(source, sink, identities)
    except (OSError, pyrage.DecryptError):
        raise Unfit("it is not copied whole, or was altered") from None
    finally:
        source.close()
    if sink.digest.hexdigest() != digest or size not in (None, sink.size):
        raise Unfit("its bytes are not those that the entry names")


def _put_in_place(part: Part, final: Path, folder: Path) -> None:
    final.parent.mkdir(exist_ok=True)
    part.place(final)
    for at in {final.parent, folder}:
        sync(at)
