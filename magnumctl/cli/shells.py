"""How each shell sets and unsets variables."""

from __future__ import annotations

import shlex
from enum import StrEnum

NAMES = ("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")


class Shell(StrEnum):
    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def exports(shell: Shell, variables: tuple[tuple[str, str], ...]) -> str:
    word = "set -gx {} {};" if shell is Shell.fish else "export {}={}"
    return "\n".join(word.format(name, shlex.quote(value)) for name, value in variables)


def unsets(shell: Shell) -> str:
    word = "set -e {};" if shell is Shell.fish else "unset {}"
    return "\n".join(word.format(name) for name in NAMES)
