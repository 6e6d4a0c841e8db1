"""What a process gives up before it reads a foreign file: time, memory, writing outside its scratch folder, the network.

Run as a program, it starts other programs so, each in a confined process of its own. It imports nothing of ours, and
stays small: starting Python for every program would take as long as the program. On systems other than Linux only the limits of POSIX hold.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import socket
import struct
import sys
from typing import Any

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_ARCHITECTURES = {"x86_64": (0xC000003E, 41, 53), "aarch64": (0xC00000B7, 198, 199)}
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13
_UNIX = 1
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
# As version 1 of Landlock knows them: to run, write, read, list, and to remove and make of every kind.
_EVERYTHING = 0b1111111111111
_WRITING = 0b1111111110010
_WRITE_FILE = 0b10


def limit(what: int, most: int) -> None:
    """Lower one limit of this process for good; never raises it."""
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def forbid_network() -> bool:
    """Refuse every new socket but local ones, for this process and all it starts. Whether that could be done."""
    known = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, single, pair = known
    steps = [
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 1, 0, architecture),
        (0x06, 0, 0, _REFUSE),
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 1, 0, single),
        (0x15, 0, 3, pair),
        (0x20, 0, 0, 16),  # load the family asked for
        (0x15, 1, 0, _UNIX),
        (0x06, 0, 0, _REFUSE),
        (0x06, 0, 0, _ALLOW),
    ]
    program = b"".join(struct.pack("<HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program)
    told = struct.pack("<HxxxxxxQ", len(steps), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return int(libc.prctl(_SECCOMP, _FILTER, told, 0, 0)) == 0


def write_only_in(scratch: str) -> bool:
    """Refuse every change to files but in one folder. Whether the kernel could be told so."""
    return _restrict(_WRITING, ((scratch, _WRITING), (os.devnull, _WRITE_FILE)))


def open_nothing() -> bool:
    """Refuse to open, make, remove or run any file at all. Whether the kernel could be told so."""
    return _restrict(_EVERYTHING, ())


def _restrict(refused: int, allowed: tuple[tuple[str, int], ...]) -> bool:
    """Ask Landlock to refuse these rights everywhere but where they are allowed."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    rules = libc.syscall(_LANDLOCK_CREATE, struct.pack("<Q", refused), 8, 0)
    if rules < 0:
        return False
    for path, rights in allowed:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        libc.syscall(_LANDLOCK_ADD, rules, 1, struct.pack("<Qi", rights, place), 0)
        os.close(place)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)
    return int(done) == 0


def become(command: list[str], told: dict[str, Any]) -> None:
    """Confine this process and turn it into the command. Only returns by raising."""
    os.chdir(told["scratch"])
    write_only_in(told["scratch"])
    forbid_network()
    # Told first, so that it can be said why it ended.
    resource.setrlimit(resource.RLIMIT_CPU, (told["cpu"], told["cpu"] + 1))
    limit(resource.RLIMIT_FSIZE, told["output"])
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_NOFILE, 64)
    limit(resource.RLIMIT_AS, told["memory"])
    os.execve(command[0], command, told["environment"])  # noqa: S606


def serve(asked: socket.socket) -> None:
    """Start programs for whoever holds the other end, one after the other, until it is closed.

    A question is a line of JSON with three open files, for standard input, output and errors. Answered are the number of
    the process, as it starts, and what it ended with.
    """
    while True:
        question, files, _, _ = socket.recv_fds(asked, 1 << 20, 3)
        if not question:
            return
        told = json.loads(question)
        child = os.fork()
        if child == 0:
            _start(told, files)
        for file in files:
            os.close(file)
        asked.sendall(b"%d\n" % child)
        _, status = os.waitpid(child, 0)
        asked.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _start(told: dict[str, Any], files: list[int]) -> None:
    """In the child. Whatever goes wrong before the command runs ends it with a line on standard error."""
    try:
        os.setsid()
        for standard, file in enumerate(files):
            os.dup2(file, standard)
        os.closerange(3, 1 << 10)
        become(told["command"], told)
    except BaseException as wrong:
        os.write(2, f"it cannot be started ({wrong})\n".encode("utf-8", "replace"))
    finally:
        os._exit(127)


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
