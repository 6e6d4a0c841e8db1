#!/usr/bin/env python3
"""Checks by itself what an RFC 3161 authority signed; `verify.py` checks so what stands in a record or a proof.

    python3 verify_time.py --data FILE --response FILE [--request FILE] [--roots FILE.pem]

Needs Python 3.8 or later, the folder onrecord_verify beside it, and nothing else, and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from onrecord_verify.times import Untrue, check_response, read_roots

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a time stamp of an RFC 3161 authority.")
    parser.add_argument("--data", required=True, type=Path, help="the file that was stamped")
    parser.add_argument("--response", required=True, type=Path, help="the authority's response")
    parser.add_argument("--request", type=Path, help="the request that it answers")
    parser.add_argument("--roots", type=Path, help="PEM certificates, one of which the chain has to end in")
    wanted = parser.parse_args()
    read: Callable[[Path | None], bytes | None] = lambda path: path.read_bytes() if path else None  # noqa: E731
    try:
        roots = read_roots(wanted.roots) if wanted.roots else []
        token = check_response(
            wanted.response.read_bytes(), wanted.data.read_bytes(), request=read(wanted.request), roots=roots
        )
    except (Untrue, OSError) as wrong:
        print(f"NOT good: the token {wrong}" if isinstance(wrong, Untrue) else wrong, file=sys.stderr)
        return 1
    print(f"{wanted.data} existed by {token.time}, says {token.authority!a}.")
    print(f"Compare the SHA-256 of the certificate of {token.root_name!a} with what the authority publishes:")
    print(f"    {token.root}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
