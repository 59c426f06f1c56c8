"""python -m magnumctl.sandbox"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from magnumctl.errors import SandboxError
from magnumctl.sandbox import serve


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m magnumctl.sandbox", description="an OpenStack cloud in one process"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--clouds-yaml", type=Path, default=None, help="where to write the clouds.yaml for clients")
    parser.add_argument("--build-seconds", type=float, default=0.3, help="how long a server takes to become ACTIVE")
    chosen = parser.parse_args()
    try:
        serve(
            host=chosen.host,
            port=chosen.port,
            clouds_yaml_path=chosen.clouds_yaml,
            build_seconds=chosen.build_seconds,
        )
    except SandboxError as error:
        sys.stderr.write(f"{error.summary}: {error.detail}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
