"""Whatever is wrong, people read a sentence: no traceback unless `--debug` asks for one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .command import COMMAND, Magnumctl


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        ([], 64),
        (["bay"], 64),
        (["nonsense"], 64),
        (["plan", "-o", "xml"], 64),
        (["status", "-C", "no/such/folder"], 64),
        (["status", "-C", "a-file"], 64),
        (["init", "-C", "a-file"], 1),
        (["bay", "show", "nope"], 1),
        (["bay", "kubeconfig", "web", "--ttl", "99999999999"], 64),
        (["sandbox", "--clouds-yaml", "a-file/clouds.yaml"], 1),
        (["validate", "a-file"], 65),
    ],
)
def test_wrong_words_are_answered_with_a_sentence(tmp_path: Path, words: list[str], exit_code: int) -> None:
    """The exit code is the contract's, and nothing is made at the wrong place."""
    (tmp_path / "a-file").touch()
    finished = Magnumctl(tmp_path)(*words)
    assert (finished.exit_code, "Traceback" in finished.stderr) == (exit_code, False)
    assert not (tmp_path / "no").exists()


def test_an_option_that_is_wrong_is_named(tmp_path: Path) -> None:
    """Not only what was wrong with its value."""
    assert "--jobs" in Magnumctl(tmp_path)("plan", "--jobs", "0").stderr


@pytest.mark.parametrize("words", [["schema"], ["history", "-o", "json"]])
def test_output_on_a_full_disk_fails_in_words(tmp_path: Path, words: list[str]) -> None:
    """A script that reads half a report must be able to tell."""
    with Path("/dev/full").open("w") as full:
        finished = subprocess.run([COMMAND, *words], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (finished.returncode, finished.stderr) == (
        1,
        b"error: the output could not be written: No space left on device\n",
    )
