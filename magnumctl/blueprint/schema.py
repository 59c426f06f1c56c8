"""The JSON Schema (2020-12) of a blueprint file, for editors."""

from __future__ import annotations

from typing import Any

from .document import BlueprintDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEMPLATE = {"type": "string", "pattern": r"\{\{"}
"""A value that the blueprint's variables fill in."""
Schema = dict[str, Any]


def json_schema() -> Schema:
    made = _loosened(BlueprintDocument.model_json_schema())
    return {"$schema": DIALECT, **made, "title": "magnumctl blueprint, version 1"}


def _loosened(schema: Schema) -> Schema:
    """Says what the loader says: text may be written as a number, any value as a template."""
    inner = {key: _loosened_part(key, value) for key, value in schema.items() if key not in {"title", "default"}}
    if schema.get("type") == "string" and "enum" not in schema:
        return inner | {"type": ["string", "number", "boolean"]}
    if schema.get("type") in {"integer", "boolean"} or "enum" in schema or "const" in schema:
        kept = {key: inner.pop(key) for key in ("description",) if key in inner}
        return {**kept, "anyOf": [inner, TEMPLATE]}
    return inner


def _loosened_part(key: str, value: Any) -> Any:
    if key in {"properties", "$defs"}:
        return {name: _loosened(part) for name, part in value.items()}
    if key == "anyOf":
        return [_loosened(part) for part in value]
    if key in {"items", "additionalProperties"} and isinstance(value, dict):
        return _loosened(value)
    return value
