"""A server as a child process: started, waited for, its log shown when it does not come up, ended."""

from __future__ import annotations

import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(words: Sequence[str], log: Path, is_up: Callable[[], bool], seconds: float) -> Iterator[None]:
    with log.open("wb") as output:
        child = subprocess.Popen(words, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + seconds
        while not is_up():
            assert child.poll() is None, f"{words[0]} ended: {tail(log)}"
            assert time.monotonic() < deadline, f"{words[0]} did not come up in {seconds} s: {tail(log)}"
            time.sleep(0.1)
        yield
    finally:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(10)


def tail(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


def loopback_addresses(count: int) -> tuple[str, ...]:
    """Addresses of this machine that another run of the tests beside this one is unlikely to use."""
    block = f"127.88.{random.randrange(256)}"
    return tuple(f"{block}.{last}" for last in random.sample(range(1, 255), count))


def free_port(address: str = "127.0.0.1") -> int:
    with socket.socket() as found:
        found.bind((address, 0))
        return int(found.getsockname()[1])


def answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), 1).close()
    except OSError:
        return False
    return True
