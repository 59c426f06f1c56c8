"""Files that a blueprint names: manifests and cloud-configs, inside the folder of the file that names them."""

from __future__ import annotations

from pathlib import Path

from .problems import Problems, UnreadableError
from .reader import read_text
from .tree import Place


class NamedFiles:
    """`texts` holds every file that was read, by path."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.texts: dict[Path, str] = {}

    def read(self, name: str, place: Place, path: str) -> tuple[Path, str] | None:
        """The file and its text; None after a problem was told."""
        try:
            file = inside(place, name)
            if file not in self.texts:
                self.texts[file] = read_text(file)
                self._problems.register(file, self.texts[file])
        except UnreadableError as exc:
            at_name = exc.place.line == exc.place.column == 1
            message = f"{name}: {exc.message}" if at_name else exc.message
            self._problems.add(place if at_name else exc.place, message, exc.hint, path)
            return None
        return file, self.texts[file]


def inside(place: Place, name: str) -> Path:
    """The named file beside the blueprint; UnreadableError when it lies outside of the blueprint's folder."""
    folder = place.file.parent
    file = folder / name
    try:
        real, home = file.resolve(), folder.resolve()
    except (OSError, RuntimeError, ValueError) as exc:
        raise UnreadableError(Place(file, 1, 1), "the path cannot be followed") from exc
    if Path(name).is_absolute() or not real.is_relative_to(home):
        message = "the file lies outside of the blueprint's folder"
        raise UnreadableError(Place(file, 1, 1), message, "put the file beside the blueprint")
    return file
