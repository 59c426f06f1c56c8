"""Which kinds an API server serves at the moment: the built-in ones and those that were defined."""

from __future__ import annotations

from collections.abc import Iterator

from magnumctl.sandbox.nodes.kubernetes.kinds import BUILT_IN, Kind, custom_kinds, find_built_in
from magnumctl.sandbox.nodes.kubernetes.store import Store

DEFINITION = find_built_in("CustomResourceDefinition")


class Registry:
    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Iterator[Kind]:
        yield from BUILT_IN
        with self._store.lock:
            definitions = self._store.peek(DEFINITION)
        for definition in definitions:
            yield from custom_kinds(definition)

    def find(self, group: str, version: str, plural: str) -> Kind | None:
        wanted = (group, version, plural)
        return next((kind for kind in self.all() if (kind.group, kind.version, kind.plural) == wanted), None)

    def named(self, api_version: str, name: str) -> Kind | None:
        return next((kind for kind in self.all() if (kind.api_version, kind.kind) == (api_version, name)), None)

    def versions(self) -> dict[str, list[str]]:
        """Group to versions, in the order of the kinds; the core group is the empty name."""
        found: dict[str, list[str]] = {}
        for kind in self.all():
            held = found.setdefault(kind.group, [])
            if kind.version not in held:
                held.append(kind.version)
        return found
