"""The documents of a Kubernetes manifest, read as Kubernetes reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from magnumctl.errors import BlueprintError

Body = dict[str, Any]
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ManifestLoader(Loader):  # type: ignore[misc, valid-type]
    """PyYAML, less what JSON has no word for: dates stay text, and so does 1:30 (base 60 to YAML 1.1)."""


WHOLE = re.compile(r"^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+)$")
MOST_VALUES = 200_000
SPECIAL = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
REAL = re.compile(
    r"^(?:[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)

ManifestLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in SPECIAL]
    for letter, resolvers in Loader.yaml_implicit_resolvers.items()
}
ManifestLoader.add_implicit_resolver("tag:yaml.org,2002:float", REAL, list("-+0123456789."))
ManifestLoader.add_implicit_resolver("tag:yaml.org,2002:int", WHOLE, list("-+0123456789"))


def documents(bay_name: str, pod_name: str, text: str) -> Iterator[Body]:
    """Every object of the manifest, Lists opened; BlueprintError when one cannot be applied."""
    where = f"bay {bay_name}: the manifest of pod {pod_name}"
    count = 0
    for number, document in enumerate(parsed(where, text), start=1):
        for body in opened(document):
            count += 1
            yield checked(f"{where}, document {number},", body)
    if count == 0:
        raise BlueprintError(f"{where} holds no Kubernetes object")


def parsed(where: str, text: str) -> list[Any]:
    try:
        return [each for each in yaml.load_all(text, Loader=ManifestLoader) if each is not None]
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise BlueprintError(f"{where} is not valid YAML", detail=str(exc)) from exc


def opened(document: Any) -> Iterator[Any]:
    if isinstance(document, Mapping) and document.get("kind") == "List":
        yield from document.get("items") or []
    else:
        yield document


def checked(where: str, body: Any) -> Body:
    if not isinstance(body, Mapping):
        raise BlueprintError(f"{where} is not an object but {type(body).__name__}")
    if too_big(body):
        raise BlueprintError(f"{where} is too big", detail=f"it has more than {MOST_VALUES} values")
    json_like = as_json(where, body)
    metadata = json_like.get("metadata")
    for key, value in (("apiVersion", json_like.get("apiVersion")), ("kind", json_like.get("kind"))):
        if not isinstance(value, str) or not value:
            raise BlueprintError(f"{where} has no {key}")
    if not isinstance(metadata, Mapping) or not isinstance(metadata.get("name"), str):
        raise BlueprintError(
            f"{where} has no metadata.name",
            detail="an object that Kubernetes names anew at each push could not be found again",
        )
    return {key: value for key, value in json_like.items() if key != "status"}


def too_big(body: Any) -> bool:
    """Aliases can make a small text endless; an alias to itself does."""
    stack, count = [body], 0
    while stack and count <= MOST_VALUES:
        value = stack.pop()
        count += 1
        stack.extend(value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ())
    return count > MOST_VALUES


def as_json(where: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key_text(key): as_json(where, item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(where, item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise BlueprintError(f"{where} holds a value that JSON has no form for: {type(value).__name__}")


def key_text(key: Any) -> str:
    """As Kubernetes turns YAML keys into JSON's: `true:` is "true"."""
    return str(key).lower() if isinstance(key, bool) else str(key)
