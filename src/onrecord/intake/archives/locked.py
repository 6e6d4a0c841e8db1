"""Members of a ZIP locked with a password: the old cipher of PKZIP, and AES as WinZip writes it (AE-1 and AE-2)."""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from onrecord.intake.archives.broken import BadMember
from onrecord.intake.archives.directory import Entry, fields

AES_METHOD, _AES_FIELD = 99, 0x9901
_SALT_BYTES = {1: 8, 2: 12, 3: 16}
_ROUNDS, _CHECK_BYTES, _CODE_BYTES, _BLOCK = 1000, 2, 10, 16
_OLD_HEADER = 12
_CRC_OF_BYTE = [zlib.crc32(bytes([code]), 0xFFFF_FFFF) ^ 0xFFFF_FFFF for code in range(256)]


def real_method(entry: Entry) -> int:
    """How a member is packed beneath its lock."""
    field = fields(entry.extra).get(_AES_FIELD, b"")
    return int.from_bytes(field[5:7], "little") if entry.method == AES_METHOD else entry.method


def has_checksum(entry: Entry) -> bool:
    """Whether the list states a checksum of what is inside: AE-2 leaves it out."""
    return entry.method != AES_METHOD or fields(entry.extra).get(_AES_FIELD, b"")[:1] == b"\x01"


class Opener:
    """Opens one member with one password. `length` is how many bytes stand before what is packed, `after` behind it."""

    def __init__(self, entry: Entry, password: bytes) -> None:
        self._entry, self._password = entry, password
        strength = fields(entry.extra).get(_AES_FIELD, b"\0" * 7)[4]
        self._salt = _SALT_BYTES.get(strength, 16)
        self._aes = entry.method == AES_METHOD
        self.length = self._salt + _CHECK_BYTES if self._aes else _OLD_HEADER
        self.after = _CODE_BYTES if self._aes else 0

    def fits(self, header: bytes) -> bool:
        """Whether the password is right, as far as these first bytes tell: the old cipher is wrong once in 256 times."""
        if len(header) < self.length:
            return False
        if self._aes:
            return hmac.compare_digest(self._keys(header)[2], header[self._salt :])
        stamped = self._entry.stamp[1] >> 8
        expected = stamped if self._entry.flags & 8 else self._entry.crc >> 24
        return _Old(self._password).opened(header)[-1] == expected

    def opened(self, header: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
        if self._aes:
            key, code_key, _ = self._keys(header)
            yield from _opened_aes(key, code_key, pieces)
        else:
            cipher = _Old(self._password)
            cipher.opened(header)
            yield from map(cipher.opened, pieces)

    def _keys(self, header: bytes) -> tuple[bytes, bytes, bytes]:
        size = self._salt * 2
        made = hashlib.pbkdf2_hmac(
            "sha1", self._password, header[: self._salt], _ROUNDS, 2 * size + _CHECK_BYTES
        )
        return made[:size], made[size : 2 * size], made[2 * size :]


def _opened_aes(key: bytes, code_key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Counter mode with the counter's lowest byte first, which libraries do not have. The last ten bytes are the code."""
    blocks = Cipher(AES(key), ECB()).encryptor()  # noqa: S305
    code = hmac.new(code_key, digestmod="sha1")
    waiting, number = b"", 1
    for piece in pieces:
        waiting += piece
        ready = max(0, len(waiting) - _CODE_BYTES) // _BLOCK * _BLOCK
        code.update(waiting[:ready])
        yield _xored(waiting[:ready], blocks.update(_counters(number, ready)))
        number, waiting = number + ready // _BLOCK, waiting[ready:]
    last = waiting[:-_CODE_BYTES]
    code.update(last)
    yield _xored(last, blocks.update(_counters(number, len(last))))
    if not hmac.compare_digest(code.digest()[:_CODE_BYTES], waiting[-_CODE_BYTES:]):
        raise BadMember("it is damaged: its code of authenticity is wrong")


def _counters(first: int, length: int) -> bytes:
    blocks = -(-length // _BLOCK)
    return b"".join(number.to_bytes(_BLOCK, "little") for number in range(first, first + blocks))


def _xored(content: bytes, stream: bytes) -> bytes:
    both = int.from_bytes(content, "big") ^ int.from_bytes(stream[: len(content)], "big")
    return both.to_bytes(len(content), "big")


class _Old:
    """The cipher of PKZIP (APPNOTE 6.1)."""

    def __init__(self, password: bytes) -> None:
        self._a, self._b, self._c = 0x12345678, 0x23456789, 0x34567890
        for byte in password:
            self._turn(byte)

    def opened(self, piece: bytes) -> bytes:
        out = bytearray()
        for byte in piece:
            mixed = self._c | 2
            plain = byte ^ (((mixed * (mixed ^ 1)) >> 8) & 0xFF)
            self._turn(plain)
            out.append(plain)
        return bytes(out)

    def _turn(self, plain: int) -> None:
        self._a = (self._a >> 8) ^ _CRC_OF_BYTE[(self._a ^ plain) & 0xFF]
        self._b = ((self._b + (self._a & 0xFF)) * 134775813 + 1) & 0xFFFF_FFFF
        self._c = (self._c >> 8) ^ _CRC_OF_BYTE[(self._c ^ (self._b >> 24)) & 0xFF]
