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
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050000 | 13, 0x00050000 | 38
_Step = tuple[int, int, int, int]
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_FIRST, _SECOND = 16, 24
_CLONE_THREAD = 0x10000
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_FIOSETOWN, _SIOCSPGRP, _TIOCSTI, _TIOCLINUX = 0x8901, 0x8902, 0x5412, 0x541C
# The numbers of calls, on x86_64 and on aarch64.
_ASKED = {
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prlimit": (302, 261),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "clone": (56, 220),
    "clone3": (435, 435),
}
_REFUSED = (
    (
        *(41, 200, 129, 297, 424, 434, 438),  # socket; signals by thread, with a value, by descriptor
        *(101, 310, 311, 312, 440, 256, 279),  # ptrace; memory of other processes
        *(76, 90, 91, 268, 452, 92, 93, 94, 260),  # truncate, chmod, chown
        *(132, 235, 261, 280, 188, 189, 190, 197, 198, 199, 463, 466),  # times, attributes
        *(141, 142, 144, 203, 314, 251),  # priorities of any process
        *(29, 64, 68, 240, 248, 249, 250),  # shared memory, semaphores, queues, keys
        *(425, 426, 427, 321, 298, 323),  # io_uring, bpf, perf, userfaultfd
        *(109, 112),  # setpgid, setsid: what it starts is ended with it, by their group
        *(165, 166, 155, 161, 272, 308, 303, 304, 169, 175, 313),  # mounts, namespaces, handles, modules
    ),
    (
        *(198, 130, 138, 240, 424, 434, 438),
        *(117, 270, 271, 272, 440, 238, 239),
        *(45, 52, 53, 452, 54, 55),
        *(88, 5, 6, 7, 14, 15, 16, 463, 466),
        *(140, 118, 119, 122, 274, 30),
        *(194, 190, 186, 180, 217, 218, 219),
        *(425, 426, 427, 280, 241, 282),
        *(154, 157),
        *(40, 39, 41, 51, 97, 268, 264, 265, 142, 105, 273),
    ),
)
# socketpair, fork, vfork, execve, execveat, memfd_create
_REFUSED_ALONE = ((53, 57, 58, 59, 322, 319), (199, 221, 281, 279))
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


def refuse_calls(alone: bool = False) -> bool:
    """Refuse, for this process and all it starts, what reaches beyond it: sockets, signals to others, looking into others,
    and changing what Landlock lets be changed (rights, owners, times, a file's length). Whether that could be done.

    `alone` also refuses to start other processes and programs.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _ARCHITECTURES:
        return False
    program = b"".join(struct.pack("<HBBI", *step) for step in _filter(machine, alone))
    held = ctypes.create_string_buffer(program)
    told = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return int(libc.prctl(_SECCOMP, _FILTER, told, 0, 0)) == 0


def _filter(machine: str, alone: bool) -> list[_Step]:
    """The steps by which the kernel looks at each call (BPF): its architecture, its number, then its arguments."""
    which = 0 if machine == "x86_64" else 1
    own = {name: numbers[which] for name, numbers in _ASKED.items()}
    steps: list[_Step] = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, 0, 1, 0x40000000),  # the same calls once more, under other numbers
        (_RETURN, 0, 0, _REFUSE),
    ]
    for number in (*_REFUSED[which], *(_REFUSED_ALONE[which] if alone else ())):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    for name in ("kill", "tgkill"):
        steps += _only_with(own[name], os.getpid())
    steps += _only_with(own["prlimit"], 0)
    steps += _never_with(own["fcntl"], _F_SETOWN, _F_SETSIG, _F_SETOWN_EX)
    steps += _never_with(own["ioctl"], _FIOSETOWN, _SIOCSPGRP, _TIOCSTI, _TIOCLINUX)
    if alone:
        clone = [(_LOAD, 0, 0, _FIRST), (_ANY_BIT, 1, 0, _CLONE_THREAD), (_RETURN, 0, 0, _REFUSE)]
        steps += [(_EQUAL, 0, 4, own["clone"]), *clone, (_RETURN, 0, 0, _ALLOW)]
        # Its arguments lie in memory, where they cannot be looked at; without it, the older call is made.
        steps += [(_EQUAL, 0, 1, own["clone3"]), (_RETURN, 0, 0, _UNKNOWN)]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def _only_with(number: int, first: int) -> list[_Step]:
    """A call that is allowed with this first argument alone."""
    looked = [(_LOAD, 0, 0, _FIRST), (_EQUAL, 1, 0, first), (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return [(_EQUAL, 0, len(looked), number), *looked]


def _never_with(number: int, *second: int) -> list[_Step]:
    """A call that is refused with these second arguments."""
    looked: list[_Step] = [(_LOAD, 0, 0, _SECOND)]
    for one in second:
        looked += [(_EQUAL, 0, 1, one), (_RETURN, 0, 0, _REFUSE)]
    looked.append((_RETURN, 0, 0, _ALLOW))
    return [(_EQUAL, 0, len(looked), number), *looked]


def write_only_in(scratch: str | None) -> bool:
    """Refuse every change to files but in one folder, or in none. Whether the kernel could be told so."""
    room = ((scratch, _WRITING),) if scratch else ()
    return _restrict(_WRITING, (*room, (os.devnull, _WRITE_FILE)))


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
    write_only_in(told["scratch"] if told["writes"] else None)
    refuse_calls()
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
