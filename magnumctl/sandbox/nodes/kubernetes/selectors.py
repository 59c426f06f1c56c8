"""Label and field selectors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from magnumctl.sandbox.nodes.kubernetes.failures import bad_request
from magnumctl.sandbox.nodes.kubernetes.objects import at, labels_of

Test = Callable[[Mapping[str, Any]], bool]
SET = re.compile(r"^\s*([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)\s*$")
EQUAL = re.compile(r"^\s*([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)\s*$")
EXISTS = re.compile(r"^\s*(!?)\s*([\w./-]+)\s*$")
FIELD = re.compile(r"^([\w.\[\]'/-]+)(==|=|!=)(.*)$")


def selected(labels: str, fields: str) -> Test:
    """Both must be true of an object; ApiError for a selector that cannot be read."""
    tests = [*map(_label, _parts(labels)), *map(_field, filter(None, fields.split(",")))]
    return lambda body: all(test(body) for test in tests)


def _parts(text: str) -> list[str]:
    return [each for each in re.split(r",(?![^(]*\))", text) if each.strip()]


def _label(text: str) -> Test:
    if match := SET.match(text):
        name, positive, values = match[1], match[2] == "in", {each.strip() for each in match[3].split(",")}
        return lambda body: (labels_of(body).get(name) in values) == positive
    if match := EQUAL.match(text):
        name, positive, value = match[1], match[2] != "!=", match[3]
        return lambda body: (labels_of(body).get(name) == value) == positive
    if match := EXISTS.match(text):
        positive, name = not match[1], match[2]
        return lambda body: (name in labels_of(body)) == positive
    raise bad_request(f"unable to parse requirement: {text}")


def _field(text: str) -> Test:
    match = FIELD.match(text)
    if not match:
        raise bad_request(f"invalid selector: '{text}'; can't understand '{text}'")
    path, positive, value = match[1], match[2] != "!=", match[3]
    return lambda body: (_spoken(at(body, path, "")) == value) == positive


def _spoken(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def chosen(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """A LabelSelector's opinion; one that asks for nothing takes everything."""
    wanted = selector.get("matchLabels") or {}
    equal = all(labels.get(name) == value for name, value in wanted.items())
    return equal and all(_expressed(each, labels) for each in selector.get("matchExpressions") or ())


def _expressed(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    name, values = expression["key"], expression.get("values") or ()
    match expression["operator"]:
        case "In":
            return labels.get(name) in values
        case "NotIn":
            return labels.get(name) not in values
        case "Exists":
            return name in labels
    return name not in labels


def spoken_selector(selector: Mapping[str, Any]) -> str:
    """As in a Scale's status: a=b,c=d."""
    return ",".join(f"{name}={value}" for name, value in sorted((selector.get("matchLabels") or {}).items()))
