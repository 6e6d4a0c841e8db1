"""`hello.json`: who writes in a prefix, for which record, and to which key others encrypt for that device.

It says nothing of what is in the record. Its signature binds it to the log's key; that the key is a colleague's,
only an admission says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from onrecord.record.canonical import encode
from onrecord.record.checkpoint import NoteInvalid, Signer, origin_of, parse_verifier_key, signed_by
from onrecord.record.ids import LOG, is_id

FORMAT = "onrecord exchange 1"
LARGEST = 1 << 16
_PURPOSE = b"onrecord hello v1\n"
_MEMBERS = ("folder", "log", "recipient", "record", "vkey")


@dataclass(frozen=True, slots=True)
class Hello:
    """What a writer says of itself. `folder` names its prefix in this place, once and for all."""

    record: str
    log: str
    vkey: str
    recipient: str
    folder: str

    @property
    def public(self) -> bytes:
        return parse_verifier_key(self.vkey)[1]

    def to_bytes(self, signer: Signer) -> bytes:
        stated = self._stated()
        return encode({**stated, "signed": signer.sign(_PURPOSE + encode(stated))}) + b"\n"

    def _stated(self) -> dict[str, str]:
        return {"format": FORMAT, **{name: getattr(self, name) for name in _MEMBERS}}


def read_hello(data: bytes, prefix: str) -> Hello:
    """The hello of a prefix, if it is signed by the log that the prefix is named for. Raises `ValueError`: why not."""
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("its hello.json is not JSON") from None
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise ValueError(f"its hello.json is not of the format {FORMAT!r}")
    signed = held.pop("signed", None)
    if not all(isinstance(value, str) for value in (signed, *(held.get(name) for name in _MEMBERS))):
        raise ValueError("its hello.json lacks what a hello says")
    hello = Hello(**{name: held[name] for name in _MEMBERS})
    if hello.log != prefix or not LOG.fullmatch(prefix):
        raise ValueError(f"its hello.json is that of {hello.log[:40]!r}, another writer")
    if not is_id(hello.record) or not is_id(hello.folder):
        raise ValueError("its hello.json names no record")
    _check_signature(hello, encode(held), str(signed))
    return hello


def _check_signature(hello: Hello, stated: bytes, signed: str) -> None:
    try:
        origin, public = parse_verifier_key(hello.vkey)
    except NoteInvalid as wrong:
        raise ValueError(f"the key in its hello.json is none: {wrong}") from None
    if origin != origin_of(hello.record, hello.log):
        raise ValueError("the key in its hello.json is that of another log")
    if not signed_by(public, _PURPOSE + stated, signed):
        raise ValueError("its hello.json was altered: its signature is not good")
