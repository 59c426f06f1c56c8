"""Which process holds a change, and whether it still lives."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from .records import Whereabouts


@dataclass(frozen=True)
class Holder:
    """`machine` tells two hosts of one name apart, `boot` a reboot, `started` two processes of one pid.

    These three are empty where the system does not tell them (no Linux).
    """

    user: str
    host: str
    pid: int
    machine: str
    boot: str
    started: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host} pid {self.pid}"


def this_process() -> Holder:
    pid = os.getpid()
    return Holder(_user(), socket.gethostname(), pid, _machine(), _boot(), started(pid))


def is_surely_gone(holder: Holder, me: Holder) -> bool:
    """Only proof counts: on another host, or in another container, nobody can tell."""
    if (holder.host, holder.machine) != (me.host, me.machine):
        return False
    if holder.boot != me.boot:
        return True
    return not _exists(holder.pid) or started(holder.pid) != holder.started


def whereabouts(holder: Holder, me: Holder) -> Whereabouts:
    if is_surely_gone(holder, me):
        return "gone"
    return "here" if (holder.host, holder.machine) == (me.host, me.machine) else "elsewhere"


def started(pid: int) -> str:
    """The moment a process began, in clock ticks since boot (field 22 of proc_pid_stat(5)); empty when unknown."""
    # The second field is the command's name in brackets, with any character in it; the 22nd is the 20th behind it.
    _, _, behind_name = _text(Path(f"/proc/{pid}/stat")).rpartition(")")
    return "".join(behind_name.split()[19:20])


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a uid without an entry, as in many containers
        return str(os.getuid())


def _machine() -> str:
    """A pid means something only within its pid namespace, so the namespace belongs to the machine's name."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return f"{_text(Path('/etc/machine-id'))}{namespace}"


def _boot() -> str:
    return _text(Path("/proc/sys/kernel/random/boot_id"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
