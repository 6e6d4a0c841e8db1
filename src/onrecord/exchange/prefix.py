"""One writer's part of an exchange folder, as a reader finds it: who wrote it, its keys, and which files are whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from onrecord.exchange import contents, hello, ring
from onrecord.exchange.contents import Contents
from onrecord.exchange.hello import Hello
from onrecord.exchange.names import hidden_name
from onrecord.exchange.place import Place, read_small
from onrecord.exchange.ring import Ring
from onrecord.exchange.segment import SegmentName


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in an exchange folder that cannot be used: what, where in it, why, and by which log it was to come."""

    what: str
    where: str
    why: str = ""
    by: str = ""

    def as_json(self) -> dict[str, str]:
        return {"what": self.what, "where": self.where} | ({"why": self.why} if self.why else {})


@dataclass(slots=True)
class Prefix:
    """`listed` is what its writer says it holds, or None where that is not told; `ring` None where it is not for us."""

    log: str
    hello: Hello
    files: Mapping[str, int]
    listed: Contents | None = None
    ring: Ring | None = None
    troubles: list[Trouble] = field(default_factory=list)

    def segments(self) -> Iterator[tuple[SegmentName, str]]:
        """The segments that lie here or should, with their file names."""
        for name in self.files.keys() | self.sizes.keys():
            found = SegmentName.read(self.log, name)
            if found:
                yield found, name

    @property
    def sizes(self) -> Mapping[str, int]:
        return self.listed.sizes if self.listed else {}

    def whole(self, name: str) -> bool:
        """Whether a file lies here in the size that its writer gave it. Not known is no."""
        return name in self.files and self.files[name] == self.sizes.get(name)

    def place_of(self, folder: str, digest: str) -> str | None:
        """The name that the file with this SHA-256 has here, in `originals` or `layers`."""
        return f"{folder}/{hidden_name(self.ring.names, digest)}" if self.ring else None

    def holds(self, folder: str, digest: str) -> bool:
        name = self.place_of(folder, digest)
        return name is not None and self.whole(name)


INVITATION = "invite.age"
NOT_FOR_US = "its keys are not for this laptop"
Unlock = Callable[[str, bytes], Ring | None]


def opening_with(identities: Sequence[str]) -> Unlock:
    """Opens rings with this laptop's exchange identities."""
    return lambda _, data: ring.open_ring(data, identities)


def read_prefix(place: Place, log: str, unlock: Unlock, ring_name: str = "ring.age") -> Prefix:
    """What stands in a prefix. Raises `ValueError`, saying why, where it is nobody's."""
    try:
        said = hello.read_hello(read_small(place, f"{log}/hello.json", hello.LARGEST), log)
    except OSError as wrong:
        raise ValueError(f"its hello.json cannot be read ({wrong.strerror or wrong})") from None
    if not ring.is_recipient(said.recipient):
        raise ValueError("the recipient in its hello.json is no age recipient")
    prefix = Prefix(log, said, place.files(log))
    prefix.listed = _listed(place, prefix)
    prefix.ring = _ring(place, prefix, unlock, ring_name)
    return prefix


def _listed(place: Place, prefix: Prefix) -> Contents | None:
    if contents.NAME not in prefix.files:
        return None
    try:
        return contents.read_contents(read_small(place, f"{prefix.log}/{contents.NAME}", contents.LARGEST))
    except (OSError, ValueError):
        prefix.troubles.append(
            Trouble(
                "list", f"{prefix.log}/{contents.NAME}", "it is not whole, so half copies are harder to tell"
            )
        )
        return None


def _ring(place: Place, prefix: Prefix, unlock: Unlock, name: str) -> Ring | None:
    where = f"{prefix.log}/{name}"
    try:
        opened = unlock(prefix.log, read_small(place, where, ring.LARGEST))
    except FileNotFoundError:
        if name == INVITATION:
            return None  # most prefixes have none
        prefix.troubles.append(Trouble("ring", where, "it is not there"))
        return None
    except (OSError, ValueError) as wrong:
        prefix.troubles.append(Trouble("ring", where, str(wrong)))
        return None
    if opened is None and name != INVITATION:
        prefix.troubles.append(Trouble("ring", where, NOT_FOR_US, prefix.log))
    return opened
