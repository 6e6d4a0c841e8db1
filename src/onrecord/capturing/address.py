"""A web address that may be captured, and where on the network it lies. Names are resolved here, and only after a yes."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from onrecord.capturing.failure import NotFetched
from onrecord.record.errors import CaptureRefused

PORTS = {"http": 80, "https": 443}
LONGEST = 4_000
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")
_NOT_HOST = re.compile(r"[^a-z0-9.:_-]")
_SAFE = "!#$%&'()*+,/:;=?@[]~"
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that can be asked for: `url` is what is kept, without a fragment and with all characters escaped."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """Who is contacted: `https://example.org`, with its port where that is not the usual one."""
        return f"{self.scheme}://{self.named}"

    @property
    def named(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if PORTS[self.scheme] == self.port else f"{host}:{self.port}"


def read_address(written: str) -> WebAddress:
    """Raises `CaptureRefused` for what is no web address, or holds a password: the record keeps it for good."""
    url = written.strip()
    try:
        parts = urlsplit(url)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        raise CaptureRefused(written[:200], "is no web address", _MEND) from None
    if parts.scheme.lower() not in PORTS or not host or len(url) > LONGEST or _UNSEEN.search(url):
        raise CaptureRefused(written[:200], "is no web address", _MEND)
    if "@" in parts.netloc:
        raise CaptureRefused(
            host, "its address holds a name or password", "The record keeps it for good: leave it out."
        )
    scheme = parts.scheme.lower()
    target = quote(parts.path or "/", safe=_SAFE) + (
        f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    )
    address = WebAddress("", scheme, host, port or PORTS[scheme], target)
    return WebAddress(address.place + target, scheme, host, address.port, target)


_MEND = "Write one that begins with https:// or http://."


def read_relative(base: str, written: str) -> WebAddress | None:
    """An address that a page or a redirect names; None where it is none that can be fetched."""
    try:
        return read_address(urljoin(base, written.strip()))
    except (CaptureRefused, ValueError):
        return None


def _host(written: str) -> str:
    """In the letters that names on the network have. Raises `ValueError`."""
    host = written.rstrip(".").lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if _NOT_HOST.search(host):
        raise ValueError(host)
    return host


def resolve(address: WebAddress, allow_local: bool) -> list[str]:
    """The numbers under which a host is reached. Raises `NotFetched` where one of them lies inside a network of ours.

    The connection is then made to just these, so that a name cannot come to mean another place in between.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as wrong:
        raise NotFetched(f"its name is not found ({getattr(wrong, 'strerror', None) or wrong})") from None
    numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
    for number in numbers:
        if not allow_local and not is_public(number):
            raise NotFetched(
                f"it lies inside this laptop or its own network ({number}); --allow-local allows that"
            )
    return numbers


def is_public(number: str) -> bool:
    """Whether a number is one of the open network. Numbers that carry another inside them count as that one."""
    try:
        address = _inner(ipaddress.ip_address(number.partition("%")[0]))
    except ValueError:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: _Address) -> _Address:
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if any(address in network for network in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
