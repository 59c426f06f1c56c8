"""`go build` of the provider, with every source pinned by `provider/go.sum`.

The sums were compared with the project's own tag, and `-mod=readonly` refuses whatever they do not name; the
public checksum database does not know this module, so it is not asked.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from magnumctl.errors import ToolchainError
from magnumctl.toolchain.go import Go

SOURCES = Path(__file__).with_name("provider")
MODULE = "github.com/terraform-provider-openstack/terraform-provider-openstack/v3"
REPORT_SECONDS = 5.0
LINES_KEPT = 15
Report = Callable[[str], None]


def compile_provider(go: Go, scratch: Path, environ: Mapping[str, str], report: Report) -> Path:
    """The binary, inside `scratch`. The module's folder is a copy: an installed package may be read-only."""
    sources = scratch / "sources"
    shutil.copytree(SOURCES, sources, copy_function=shutil.copyfile)
    binary = scratch / "provider"
    report(f"downloading and compiling with Go {go.version[0]}.{go.version[1]} (about a minute, once)")
    argv = [str(go.path), "build", "-v", "-trimpath", "-ldflags=-s -w", "-o", str(binary), MODULE]
    with subprocess.Popen(
        argv,
        cwd=sources,
        env=build_environment(environ, scratch),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        last_lines = _follow(child, report)
    if child.returncode != 0:
        raise ToolchainError(
            "the OpenStack provider could not be built",
            detail="\n".join(last_lines),
            hint="set GOPROXY to a Go module proxy that answers here, then magnumctl init",
        )
    return binary


def build_environment(environ: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Caches are kept only where the user keeps them: half a gigabyte for one build would be left lying."""
    return {
        "GOMODCACHE": str(scratch / "modules"),
        "GOCACHE": str(scratch / "cache"),
        "GOPATH": str(scratch / "go"),
        **environ,
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GONOSUMDB": "*",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }


def _follow(child: subprocess.Popen[str], report: Report) -> Iterable[str]:
    """Go names each package as it comes to it; the user hears every few seconds how many it were."""
    last_lines: deque[str] = deque(maxlen=LINES_KEPT)
    reported = time.monotonic()
    try:
        for count, line in enumerate(child.stdout or (), start=1):
            last_lines.append(line.rstrip())
            if time.monotonic() - reported >= REPORT_SECONDS:
                reported = time.monotonic()
                report(f"building the OpenStack provider: {count} steps, now {line.strip()}")
    except BaseException:
        child.terminate()
        raise
    return last_lines
