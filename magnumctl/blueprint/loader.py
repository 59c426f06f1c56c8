"""Blueprint files in, one resolved blueprint out, or every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from . import model
from .bays import Bays
from .composer import compose
from .expansion import Expansion
from .files import NamedFiles
from .manifest import Manifests
from .problems import EnoughError, Problems, UnreadableError
from .reader import blueprint_files, is_something_else, read_text
from .rendering import Renderer
from .sections import gather
from .tree import MappingNode, Node, Place, ScalarNode, SequenceNode
from .variables import declared_pairs, overrides, strangers, valued
from .wording import Reading
from .workloads import Workloads

NOTHING: Mapping[str, str] = MappingProxyType({})
FILE_KEYS = frozenset({"manifest", "user_data", "cni"})


def load(
    paths: Sequence[Path], variables: Mapping[str, str] = NOTHING, variable_files: Sequence[Path] = ()
) -> model.Blueprint:
    """Files, or folders with every `*.yaml` under them; InvalidBlueprintError carries all problems."""
    problems = Problems()
    blueprint = model.Blueprint()
    with suppress(EnoughError):
        sources = Sources(problems)
        sources.add(paths, variable_files)
        blueprint = _resolved(sources, variables, variable_files, problems)
    problems.raise_if_any()
    return blueprint


class Sources:
    """The files of the blueprint: `roots` are those that are YAML mappings, `texts` all that were read."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.texts: dict[Path, str] = {}
        self.roots: dict[Path, MappingNode] = {}

    def add(self, paths: Iterable[Path], but: Iterable[Path]) -> None:
        named = [path for path in paths if not path.is_dir()]
        apart = {path.resolve() for path in but}
        found: list[Path] = []
        for path in paths:
            found += self._found_in(path)
        for file in dict.fromkeys(file for file in found if file in named or file.resolve() not in apart):
            self._read(file, found_in_folder=file not in named)
        self._drop_named_by_others(set(named))
        if not self.texts and not found:
            self._problems.add(Place(Path(), 1, 1), "there is no blueprint", "magnumctl init")

    def _found_in(self, path: Path) -> list[Path]:
        try:
            return blueprint_files(path)
        except UnreadableError as exc:
            self._problems.unreadable(exc)
            return [path]

    def _read(self, file: Path, *, found_in_folder: bool) -> None:
        if file.is_dir():
            return
        try:
            text = read_text(file)
            if found_in_folder and is_something_else(text):
                return
            self.texts[file] = text
            self._problems.register(file, text)
            root = compose(file, text, self._problems)
        except UnreadableError as exc:
            self._problems.unreadable(exc)
            return
        if isinstance(root, MappingNode):
            self.roots[file] = root
        else:
            what = "is empty" if root == ScalarNode(root.place, None) else "is no mapping of keys"
            self._problems.add(root.place, f"the blueprint {what}", "it begins with version: 1")

    def _drop_named_by_others(self, given: set[Path]) -> None:
        """A manifest or cloud-config lying in the folder is no blueprint of its own."""
        named = {(file.parent / name).resolve() for file, root in self.roots.items() for name in _file_names(root)}
        for file in [file for file in self.texts if file not in given and file.resolve() in named]:
            self.texts.pop(file)
            self.roots.pop(file, None)
            self._problems.forget(file)


def _file_names(node: Node) -> Iterable[str]:
    if isinstance(node, SequenceNode):
        for item in node.items:
            yield from _file_names(item)
    if isinstance(node, MappingNode):
        for key, pair in node.pairs.items():
            if key in FILE_KEYS and isinstance(pair.value, ScalarNode) and pair.value.text:
                yield pair.value.text
            yield from _file_names(pair.value)


def _resolved(
    sources: Sources, settings: Mapping[str, str], variable_files: Sequence[Path], problems: Problems
) -> model.Blueprint:
    roots = list(sources.roots.values())
    reading, renderer, files = Reading(problems), Renderer(problems), NamedFiles(problems)
    sections = gather(roots, reading, problems)
    declared = declared_pairs(roots, problems)
    over = overrides(variable_files, settings, problems)
    variables = valued(declared, over, renderer, problems)
    expansion = Expansion(sections, renderer, variables, problems)
    manifests = Manifests(files, renderer, problems)
    bays = Bays(problems, reading, files, manifests)
    workloads = Workloads(problems, reading, bays, manifests)
    for baymodel in expansion.baymodels():
        bays.add_baymodel(baymodel)
    for bay in expansion.bays():
        bays.add(bay)
    for pod in expansion.workloads("pods"):
        workloads.add_pod(pod)
    for service in expansion.workloads("services"):
        workloads.add_service(service, sections.entries["pods"])
    for container in expansion.workloads("containers"):
        workloads.add_container(container)
    slips = strangers(declared, settings, renderer.asked)
    return model.Blueprint(
        cloud=sections.cloud,
        baymodels=bays.baymodels,
        bays=tuple(bays.bays.values()),
        pods=tuple(workloads.pods),
        services=tuple(workloads.services),
        containers=tuple(workloads.containers),
        warnings=(*bays.warnings, *workloads.warnings, *slips),
        text={str(file): text for file, text in {**sources.texts, **files.texts}.items()},
    )
