"""age files under a passphrase (https://age-encryption.org/v1, recipient type scrypt), streamed in constant memory.

Written out here as pyrage holds the whole of such a file in memory, and makes its cost depend on the laptop, so that
a slow one may refuse what a fast one wrote. Any age program opens these files.
"""

from __future__ import annotations

import base64
import hmac
import io
import os
import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from onrecord.record.errors import PassphraseMissing, RecordUnreadable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

# 2^18 rounds, as the age program takes: half a second and 256 MB. 2^22 is the most that it opens.
WORK = 18
MOST_WORK = 22
TRY_AGAIN = "Try again, letter by letter."
CHUNK = 65536
_TAG = 16
_BEGINNING = b"age-encryption.org/v1\n-> scrypt "
_HEADER = re.compile(
    rb"(age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n---) ([A-Za-z0-9+/]{43})\n"
)
_LONGEST_HEADER = 256


class Reader(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...


def is_under_passphrase(beginning: bytes) -> bool:
    """Whether a file that begins so is an age file under a passphrase."""
    return beginning.startswith(_BEGINNING)


def encrypt(reader: Reader, writer: Writer, passphrase: str, work: int | None = None) -> None:
    """Write an age file under a passphrase with all that the reader gives. `work` is scrypt's, as a power of two."""
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    work = work or WORK
    wrapped = _aead(_work(passphrase, salt, work)).encrypt(bytes(12), file_key, None)
    header = b"%s%s %d\n%s\n---" % (_BEGINNING, _unpadded(salt), work, _unpadded(wrapped))
    writer.write(header + b" " + _unpadded(_mac(file_key, header)) + b"\n" + nonce)
    key = _aead(_derived(file_key, nonce, b"payload"))
    chunk, place = _exactly(reader, CHUNK), 0
    while True:
        following = _exactly(reader, CHUNK) if len(chunk) == CHUNK else b""
        writer.write(key.encrypt(_place(place, last=not following), chunk, None))
        if not following:
            return
        chunk, place = following, place + 1


def decrypt(reader: Reader, writer: Writer, passphrase: str, name: str, most: int = MOST_WORK) -> None:
    """Write what an age file under a passphrase holds, chunk by proven chunk.

    Raises `PassphraseMissing` where the passphrase is another, and `RecordUnreadable` where the file is damaged or
    cut short; what was written until then is then to be thrown away. `name` is what the file is called, `most` the
    work that is taken on for it.
    """
    from cryptography.exceptions import InvalidTag

    header, read = _header(reader, name, most)
    try:
        key = _aead(_work(passphrase, _padded(header[2]), int(header[3])))
        file_key = key.decrypt(bytes(12), _padded(header[4]), None)
    except InvalidTag:
        raise PassphraseMissing(name, "the passphrase does not open it", TRY_AGAIN) from None
    if not hmac.compare_digest(_unpadded(_mac(file_key, header[1])), header[5]):
        raise _damaged(name)
    try:
        _decrypt_payload(_Again(read, reader), writer, file_key, name)
    except InvalidTag:
        raise _damaged(name) from None


def _decrypt_payload(reader: Reader, writer: Writer, file_key: bytes, name: str) -> None:
    nonce = _exactly(reader, 16)
    if len(nonce) < 16:
        raise _damaged(name)
    key = _aead(_derived(file_key, nonce, b"payload"))
    chunk, place = _exactly(reader, CHUNK + _TAG), 0
    while True:
        following = _exactly(reader, CHUNK + _TAG) if len(chunk) == CHUNK + _TAG else b""
        plain = key.decrypt(_place(place, last=not following), chunk, None)
        if place and not plain:
            raise _damaged(name)
        writer.write(plain)
        if not following:
            return
        chunk, place = following, place + 1


def encrypted(data: bytes, passphrase: str, work: int | None = None) -> bytes:
    """A short text as an age file under a passphrase."""
    out = io.BytesIO()
    encrypt(io.BytesIO(data), out, passphrase, work)
    return out.getvalue()


def decrypted(data: bytes, passphrase: str, name: str, most: int = MOST_WORK) -> bytes:
    """What a short age file under a passphrase holds. Raises as `decrypt` does."""
    out = io.BytesIO()
    decrypt(io.BytesIO(data), out, passphrase, name, most)
    return out.getvalue()


class _Again:
    """A reader that first gives what was read already."""

    def __init__(self, read: bytes, reader: Reader) -> None:
        self._read = read
        self._reader = reader

    def read(self, size: int, /) -> bytes:
        if not self._read:
            return self._reader.read(size)
        given, self._read = self._read[:size], self._read[size:]
        return given


def _header(reader: Reader, name: str, most: int) -> tuple[re.Match[bytes], bytes]:
    """The header, and what was read beyond it."""
    beginning = _exactly(reader, _LONGEST_HEADER)
    header = _HEADER.match(beginning)
    if header is None or int(header[3]) > most:
        raise _damaged(name)
    return header, beginning[header.end() :]


def _exactly(reader: Reader, size: int) -> bytes:
    """This many bytes, or fewer where the reader ends."""
    parts: list[bytes] = []
    while size:
        part = reader.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _work(passphrase: str, salt: bytes, work: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # Keyboards differ in how they write one letter: without this, a passphrase may fit on one laptop only.
    said = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << work, r=8, p=1).derive(said)


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, purpose).derive(key)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, sha256)


def _aead(key: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)


def _place(place: int, *, last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([last])


def _unpadded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _padded(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def _damaged(name: str) -> RecordUnreadable:
    return RecordUnreadable(name, "it is damaged or cut short", "Bring it back from another copy.")
