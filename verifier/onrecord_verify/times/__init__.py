"""Checks what outside authorities say about a time: RFC 3161 tokens, and what OpenTimestamps calendars promised.

A token is judged at its own time: a certificate that was valid then and has expired since is good. It is read as DER
with strict limits; everything that RFC 3161 and RFC 5652 ask of it is checked, up to a root certificate. Whose root
that is no program can know: its fingerprint is for a person to compare with what the authority publishes.
"""

from .calendars import Anchor, check_calendar, told_of
from .certificates import read_certificate
from .der import LARGEST, Untrue, unpack
from .responses import Token, check_kept, check_response, read_roots
from .revoked import concerns, read_list
from .tokens import read_request

__all__ = [
    "LARGEST",
    "Anchor",
    "Token",
    "Untrue",
    "check_calendar",
    "check_kept",
    "check_response",
    "concerns",
    "read_certificate",
    "read_list",
    "read_request",
    "read_roots",
    "told_of",
    "unpack",
]
