from __future__ import annotations

import time
from pathlib import Path

from magnumctl.blueprint import load
from magnumctl.errors import InvalidBlueprintError

from .mutations import mutations
from .written import write

EXAMPLES = sorted((Path(__file__).parents[3] / "blueprints").glob("*.yaml"))
SLOWEST = 2.0
"""Seconds of CPU for one file, far above what any takes."""


def outcome(folder: Path, content: bytes) -> str:
    begun = time.process_time()
    try:
        load([write(folder, content)])
    except InvalidBlueprintError:
        pass
    except Exception as exc:  # noqa: BLE001 whatever escapes is what the test is about
        return f"{exc!r} for {content!r}"
    return "" if time.process_time() - begun < SLOWEST else f"hangs: {content!r}"


def test_only_the_one_error_escapes_from_a_broken_blueprint(tmp_path: Path) -> None:
    """Two thousand broken blueprints give InvalidBlueprintError or load, and none takes long."""
    outcomes = {outcome(tmp_path, content) for content in mutations(EXAMPLES, 2000, seed=20141205)}
    assert outcomes == {""}


def test_every_beginning_of_an_example_is_read(tmp_path: Path) -> None:
    """A file cut off anywhere gives InvalidBlueprintError or loads."""
    content = EXAMPLES[0].read_bytes()
    assert {outcome(tmp_path, content[:end]) for end in range(0, len(content), 7)} == {""}
