"""The `magnumctl` command. `--version` is answered before anything is imported: scripts ask it often."""

from __future__ import annotations

import os
import sys

from magnumctl import __version__


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"magnumctl {__version__}\n")
        return
    # Looking through all installed packages for plugins of pydantic's costs every command 25 ms; we use none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from magnumctl.cli.run import run  # noqa: PLC0415 see above

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
