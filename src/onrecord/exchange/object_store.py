"""A prefix in an object store (`s3://bucket/prefix`) as an exchange folder.

The credentials are those of the usual AWS_* variables; obstore reads them, and they are neither kept nor shown here.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from typing import Any

from onrecord.exchange.place import MOST_FILES, Fill, Source, checked_prefixes, is_file
from onrecord.record.errors import ExchangeRefused

_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])(?:/(.*))?")
_IN_MEMORY = 16 << 20
_PART = 8 << 20
_CREDENTIALS = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_REGION, or AWS_ENDPOINT_URL of another provider), or "
    "AWS_SKIP_SIGNATURE=true for a store that asks for none."
)


class ObjectStore:
    """Objects by name. One is written whole or not at all: that is the store's own promise."""

    writable = True

    def __init__(self, address: str) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise ExchangeRefused(address, "it is not the address of a bucket", "Write s3://bucket/prefix.")
        self.shown = address
        self._within = (found[2] or "").strip("/")
        self._store = _store(found[1], address)

    def prefixes(self) -> list[str]:
        try:
            listed = self._store.list_with_delimiter(self._within or None)
        except Exception as wrong:
            raise self._refused(wrong) from None
        names = [str(one).rstrip("/").rpartition("/")[2] for one in listed["common_prefixes"]]
        return checked_prefixes(names, self.shown)

    def files(self, prefix: str) -> dict[str, int]:
        above = self._path(prefix) + "/"
        found: dict[str, int] = {}
        try:
            for batch in self._store.list(above):
                found |= {one["path"].removeprefix(above): one["size"] for one in batch}
                if len(found) > MOST_FILES:
                    raise ExchangeRefused(
                        f"{self.shown}/{prefix}", "it holds too many files", "Nothing was taken."
                    )
        except ExchangeRefused:
            raise
        except Exception as wrong:
            raise self._refused(wrong) from None
        return {name: size for name, size in found.items() if is_file(name)}

    def open(self, name: str) -> Source:
        try:
            return _Stream(self._store.get(self._path(name)).stream(min_chunk_size=_PART))
        except FileNotFoundError:
            raise
        except Exception as wrong:
            raise OSError(_said(wrong)) from None

    def write(self, name: str, fill: Fill) -> int:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            fill(spool)
            size = spool.tell()
            spool.seek(0)
            try:
                self._store.put(self._path(name), spool, chunk_size=_PART)
            except Exception as wrong:
                raise OSError(_said(wrong)) from None
        return size

    def delete(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            try:
                self._store.delete(self._path(name))
            except FileNotFoundError:
                raise
            except Exception as wrong:
                raise OSError(_said(wrong)) from None

    def sweep(self, prefix: str) -> None:
        """Nothing half-written is ever seen in an object store."""

    def drop(self, prefix: str) -> None:
        """A prefix without files is none."""

    def settle(self, prefix: str) -> None:
        """What the store took, it keeps."""

    def _path(self, name: str) -> str:
        return f"{self._within}/{name}" if self._within else name

    def _refused(self, wrong: Exception) -> ExchangeRefused:
        return ExchangeRefused(
            self.shown,
            f"it cannot be read ({_said(wrong)})",
            "Check the address, the network and the AWS_* variables.",
        )


class _Stream:
    """The bytes of an object in order, as they come."""

    def __init__(self, chunks: Any) -> None:
        self._chunks: Iterator[Any] = iter(chunks)
        self._held = memoryview(b"")

    def read(self, size: int = -1, /) -> bytes:
        if not self._held:
            try:
                self._held = memoryview(bytes(next(self._chunks, b"")))
            except Exception as wrong:
                raise OSError(_said(wrong)) from None
        part = self._held if size < 0 else self._held[:size]
        self._held = self._held[len(part) :]
        return bytes(part) if size >= 0 else bytes(part) + b"".join(map(bytes, self._chunks))

    def close(self) -> None:
        self._held = memoryview(b"")


def _store(bucket: str, address: str) -> Any:
    try:
        from obstore.store import S3Store
    except ImportError:
        raise ExchangeRefused(
            address,
            "this Onrecord was installed without object stores",
            "Install it with: onrecord[objects].",
        ) from None
    try:
        store = S3Store(bucket, retry_config={"max_retries": 3})
    except Exception as wrong:
        raise ExchangeRefused(address, f"it cannot be opened ({_said(wrong)})", _CREDENTIALS) from None
    if not _will_find_keys():
        raise ExchangeRefused(address, "no keys for object stores are set", _CREDENTIALS)
    return store


def _will_find_keys() -> bool:
    """Whether obstore, which reads the environment by itself, finds keys there, or that none are needed.

    Otherwise it would ask http://169.254.169.254 for some, as if this were a machine in a data centre.
    """
    unsigned = os.environ.get("AWS_SKIP_SIGNATURE", "").lower() in ("true", "1", "yes", "on", "y")
    return unsigned or bool(os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"))


def _said(wrong: Exception) -> str:
    """The first line of what went wrong: the rest may quote whole requests."""
    return (str(wrong).splitlines() or [type(wrong).__name__])[0][:200]
