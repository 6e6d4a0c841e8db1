"""What the surroundings say, read once at the edge and passed inwards: no other room reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """How Onrecord was asked to behave by this account on this laptop. `about` and `variables` feed the reference."""

    home: Path = field(
        metadata={
            "variables": ("ONRECORD_HOME",),
            "default": "the account's own configuration folder for `onrecord`",
            "about": "Where private keys and the last sequence written are kept, never inside a record.",
        }
    )
    record: Path | None = field(
        default=None,
        metadata={
            "variables": ("ONRECORD",),
            "default": "the folder you stand in, or the nearest parent that holds a `record.db`",
            "about": "The record to work on. `-r PATH` wins over it.",
        },
    )
    handle: str | None = field(
        default=None,
        metadata={
            "variables": ("ONRECORD_HANDLE", "LOGNAME", "USER"),
            "default": "the first of them that is set",
            "about": "The name under which your entries are signed in a record that you make.",
        },
    )
    zone: str | None = field(
        default=None,
        metadata={
            "variables": ("ONRECORD_ZONE",),
            "default": "the laptop's own time zone",
            "about": "The time zone of a record that you make, such as `Europe/Athens`: it says when its days end.",
        },
    )
    width: int | None = field(
        default=None,
        metadata={
            "variables": ("COLUMNS",),
            "default": "the width of the terminal, or 100 where there is none",
            "about": "How many columns the output may take. Windows stand side by side from 100 columns.",
        },
    )
    passphrase: str | None = field(
        default=None,
        repr=False,
        metadata={
            "variables": ("ONRECORD_PASSPHRASE",),
            "default": "asked for on the terminal",
            "about": "For scripts: the passphrase of your key, or of a packed file. Other programs of this account "
            "can read it, so set it for one command only. Where it opens nothing, a terminal is asked.",
        },
    )
    new_passphrase: str | None = field(
        default=None,
        repr=False,
        metadata={
            "variables": ("ONRECORD_NEW_PASSPHRASE",),
            "default": "asked for twice on the terminal",
            "about": "For scripts: the passphrase that `passphrase` sets, or that `pack --passphrase` puts a file under.",
        },
    )
    file_password: str | None = field(
        default=None,
        repr=False,
        metadata={
            "variables": ("ONRECORD_FILE_PASSWORD",),
            "default": "asked for on the terminal",
            "about": "For scripts: the password of the file that `read --password` opens. It is kept nowhere.",
        },
    )
    authorities: tuple[str, ...] = field(
        default=(),
        metadata={
            "variables": ("ONRECORD_AUTHORITIES",),
            "default": "none: nobody is asked unless you name somebody",
            "about": "The addresses of the time authorities (RFC 3161) that `stamp` asks, with spaces between.",
        },
    )
    authority_roots: Path | None = field(
        default=None,
        metadata={
            "variables": ("ONRECORD_AUTHORITY_ROOTS",),
            "default": "none: the fingerprint of each token's root is shown for you to compare",
            "about": "A PEM file, or a folder of them, with the root certificates that tokens have to lead to.",
        },
    )
    plain: bool = field(
        default=False,
        metadata={
            "variables": ("NO_COLOR", "TERM=dumb"),
            "default": "bold and dim are used on a terminal",
            "about": "Leaves bold and dim out.",
        },
    )

    code: str | None = field(
        default=None,
        repr=False,
        metadata={
            "variables": ("ONRECORD_CODE",),
            "default": "asked for on a terminal, where an invitation lies",
            "about": "The code of the invitation that `join` opens.",
        },
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the environment of this process, or the one given. A variable that is empty counts as not set."""
        surroundings = os.environ if environment is None else environment
        given = {name: value for name, value in surroundings.items() if value}
        record = given.get("ONRECORD")
        columns = given.get("COLUMNS", "")
        return cls(
            home=Path(given["ONRECORD_HOME"]).expanduser() if "ONRECORD_HOME" in given else _account_home(),
            record=_path(record),
            handle=given.get("ONRECORD_HANDLE") or given.get("LOGNAME") or given.get("USER"),
            zone=given.get("ONRECORD_ZONE"),
            code=given.get("ONRECORD_CODE"),
            width=int(columns) if columns.isascii() and columns.isdigit() and int(columns) > 0 else None,
            passphrase=given.get("ONRECORD_PASSPHRASE"),
            new_passphrase=given.get("ONRECORD_NEW_PASSPHRASE"),
            file_password=given.get("ONRECORD_FILE_PASSWORD"),
            authorities=tuple(given.get("ONRECORD_AUTHORITIES", "").split()),
            authority_roots=_path(given.get("ONRECORD_AUTHORITY_ROOTS")),
            plain="NO_COLOR" in given or given.get("TERM") == "dumb",
        )


def _path(given: str | None) -> Path | None:
    return Path(given).expanduser() if given else None


def described() -> list[tuple[str, tuple[str, ...], str, str]]:
    """Every setting as (name, variables, default, what it is for): the reference is made from this."""
    return [
        (each.name, each.metadata["variables"], each.metadata["default"], each.metadata["about"])
        for each in fields(Settings)
    ]


def _account_home() -> Path:
    from platformdirs import user_config_path

    return user_config_path("onrecord")
