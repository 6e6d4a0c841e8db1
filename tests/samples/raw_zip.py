"""ZIP archives written byte by byte, so that they can state what no honest archive does."""

from __future__ import annotations

import hashlib
import hmac
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

MAY_2014 = ((2014 - 1980) << 9 | 5 << 5 | 15, 13 << 11 | 45 << 5 | 10)
"""15 May 2014, 13:45:20, as DOS writes it."""


@dataclass(frozen=True)
class Part:
    """One member. What is None is stated as it is; `at` is where the list says that it stands."""

    name: bytes
    content: bytes = b""
    method: int = 8
    flags: int = 0
    system: int = 0
    attributes: int = 0
    extra: bytes = b""
    stamp: tuple[int, int] = MAY_2014
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    packed_size: int | None = None
    at: int | None = None

    @property
    def bytes_packed(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == 8 else self.content

    @property
    def stated(self) -> tuple[int, int, int]:
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        packed = len(self.bytes_packed) if self.packed_size is None else self.packed_size
        return crc, packed, len(self.content) if self.size is None else self.size


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def header(part: Part) -> bytes:
    day, time = part.stamp
    fixed = struct.pack(
        "<4sHHHHHLLLHH",
        b"PK\x03\x04",
        20,
        part.flags,
        part.method,
        time,
        day,
        *part.stated,
        len(part.name),
        len(part.extra),
    )
    return fixed + part.name + part.extra


def listed(part: Part, at: int) -> bytes:
    day, time = part.stamp
    made_by = part.system << 8 | 20
    numbers = (
        made_by,
        20,
        part.flags,
        part.method,
        time,
        day,
        *part.stated,
        len(part.name),
        len(part.extra),
        0,
        0,
        0,
    )
    fixed = struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", *numbers, part.attributes, at)
    return fixed + part.name + part.extra


def end(count: int, length: int, at: int, comment: bytes = b"") -> bytes:
    count = min(count, 0xFFFF)
    return struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, length, at, len(comment)) + comment


def raw_zip(parts: Sequence[Part], comment: bytes = b"", before: bytes = b"") -> bytes:
    content, places = bytearray(), []
    for part in parts:
        places.append(len(content) if part.at is None else part.at)
        content += header(part) + part.bytes_packed
    found = b"".join(listed(part, at) for part, at in zip(parts, places, strict=True))
    return before + bytes(content) + found + end(len(parts), len(found), len(content), comment)


def overlapping(count: int, kernel: bytes) -> bytes:
    """Members that all end in the same packed bytes: each one's packed bytes begin with the headers of those behind it."""
    packed = deflated(kernel)
    names = [f"{number:06}".encode() for number in range(count)]
    parts: list[Part] = [Part(names[-1], kernel, packed=packed)]
    content = header(parts[0]) + packed
    for name in reversed(names[:-1]):
        quoted = len(header(parts[0]))
        inner = bytes([0]) + struct.pack("<HH", quoted, quoted ^ 0xFFFF) + header(parts[0])
        packed = inner + parts[0].bytes_packed
        whole = header(parts[0]) + parts[0].content
        parts.insert(0, Part(name, whole, packed=packed))
        content = header(parts[0]) + inner + content[quoted:]
    places = [content.index(header(part)) for part in parts]
    found = b"".join(listed(part, at) for part, at in zip(parts, places, strict=True))
    return content + found + end(count, len(found), len(content))


def locked(name: bytes, content: bytes, password: bytes) -> Part:
    """A member under the old cipher of PKZIP."""
    crc = zlib.crc32(content)
    packed = _old_cipher(password, bytes(11) + bytes([crc >> 24]) + deflated(content))
    return Part(name, content, flags=1, packed=packed)


def _old_cipher(password: bytes, plain: bytes) -> bytes:
    keys = reduce(_turned, password, (0x12345678, 0x23456789, 0x34567890))
    out = bytearray()
    for byte in plain:
        mixed = keys[2] | 2
        out.append(byte ^ (mixed * (mixed ^ 1) >> 8 & 0xFF))
        keys = _turned(keys, byte)
    return bytes(out)


def _turned(keys: tuple[int, int, int], byte: int) -> tuple[int, int, int]:
    first = _crc_step(keys[0], byte)
    second = ((keys[1] + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
    return first, second, _crc_step(keys[2], second >> 24)


def _crc_step(crc: int, byte: int) -> int:
    value = (crc ^ byte) & 0xFF
    for _ in range(8):
        value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return crc >> 8 ^ value


def locked_aes(name: bytes, content: bytes, password: bytes, **more: Any) -> Part:
    """A member under AES with a key of 256 bits, as WinZip writes it (AE-2)."""
    salt = bytes(range(16))
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    blocks = Cipher(AES(keys[:32]), ECB()).encryptor()
    plain = deflated(content)
    stream = b"".join(blocks.update((at + 1).to_bytes(16, "little")) for at in range(len(plain) // 16 + 1))
    hidden = bytes(one ^ other for one, other in zip(plain, stream, strict=False))
    code = hmac.new(keys[32:64], hidden, "sha1").digest()[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8)
    packed = salt + keys[64:] + hidden + code
    return Part(name, content, method=99, flags=1, crc=0, packed=packed, extra=extra, **more)
