"""Which keys are valid where, read from the JSON schema of the documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from .tree import Step

Schema = dict[str, Any]


class Vocabulary:
    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    @cached_property
    def _schema(self) -> Schema:
        return self._model.model_json_schema()

    def keys_at(self, route: Sequence[Step]) -> tuple[str, ...]:
        """The keys that a mapping at this place may have."""
        found = [self._schema]
        for step in route:
            found = [inner for schema in found for inner in self._step(schema, step)]
        return tuple(key for schema in found for flat in self._flat(schema) for key in flat.get("properties", {}))

    def _step(self, schema: Schema, step: Step) -> Iterator[Schema]:
        for flat in self._flat(schema):
            if isinstance(step, int):
                inner = flat.get("items")
            else:
                inner = flat.get("properties", {}).get(step) or flat.get("additionalProperties")
            if isinstance(inner, dict):
                yield inner

    def _flat(self, schema: Schema) -> Iterator[Schema]:
        """The schema itself, behind its reference, and each alternative of it."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self._flat(self._schema["$defs"][name])
        yield schema
        for choice in schema.get("anyOf", ()):
            yield from self._flat(choice)
