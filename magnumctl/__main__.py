"""The `magnumctl` command. `--version` is answered before anything is imported: scripts ask it often."""

from __future__ import annotations

import sys

from magnumctl import __version__


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"magnumctl {__version__}\n")
        return
    from magnumctl.cli.run import run  # noqa: PLC0415 see above

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
