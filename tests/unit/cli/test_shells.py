"""What `bay docker-env` prints."""

from __future__ import annotations

from magnumctl.cli.shells import Shell, exports, unsets

VARIABLES = (("DOCKER_HOST", "tcp://192.0.2.1:2376"), ("DOCKER_CERT_PATH", "/tmp/a b"))


def test_bash_and_zsh_export() -> None:
    """Values with blanks are quoted."""
    assert (
        exports(Shell.bash, VARIABLES) == "export DOCKER_HOST=tcp://192.0.2.1:2376\nexport DOCKER_CERT_PATH='/tmp/a b'"
    )


def test_fish_sets() -> None:
    """Fish has words of its own."""
    assert exports(Shell.fish, VARIABLES[:1]) == "set -gx DOCKER_HOST tcp://192.0.2.1:2376;"


def test_unset_takes_all_away() -> None:
    """Each variable that was set is named."""
    assert unsets(Shell.zsh) == "unset DOCKER_HOST\nunset DOCKER_TLS_VERIFY\nunset DOCKER_CERT_PATH"
