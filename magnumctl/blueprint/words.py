"""The kinds of value a blueprint is written in, each with the sentence that says what is wrong with another.

Everything arrives as text, null, list or dict: YAML's scalars keep their source text (see `tree`).
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from .problems import any_of, did_you_mean, quoted

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
LABEL_KEY = re.compile(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
IMAGE_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@\[\]-]{0,510}")
KUBERNETES_VERSION = re.compile(r"v?(1\.[0-9]{1,2}(\.[0-9]{1,3})?)")
LONGEST_TEXT = 255


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    return PydanticCustomError("blueprint", message, {"hint": hint})


class Document(BaseModel):
    """What the user may write; unknown keys are problems."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def checked_label(value: str) -> str:
    if LABEL.fullmatch(value):
        return value
    near = re.sub("[^a-z0-9-]+", "-", value.lower()).strip("-")[:63].strip("-")
    rule = "at most 63 lower-case letters, digits and -"
    raise wrong(f"{quoted(value)} is no valid name: {rule}", f"did you mean {near}?" if near else "")


def _words(value: str) -> str:
    if not value.strip() or value != value.strip() or not value.isprintable() or len(value) > LONGEST_TEXT:
        raise wrong(f"must be one line of 1 to {LONGEST_TEXT} characters without blanks around it")
    return value


def _label_key(value: str) -> str:
    if not LABEL_KEY.fullmatch(value):
        raise wrong(f"{quoted(value)} is no valid label key: letters, digits, - _ . and one optional prefix/")
    return value


def _label_value(value: str) -> str:
    if not LABEL_VALUE.fullmatch(value):
        raise wrong(f"{quoted(value)} is no valid label value: at most 63 letters, digits, - _ .")
    return value


def _variable_of_environment(value: str) -> str:
    if not value or "=" in value or not value.isprintable() or " " in value:
        raise wrong(f"{quoted(value)} is no valid name of an environment variable")
    return value


def _image(value: str) -> str:
    if not IMAGE_REFERENCE.fullmatch(value):
        raise wrong(f"{quoted(value)} is no container image", "write it as repository/name:tag")
    return value


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise wrong(f"{quoted(value)} is no network in CIDR form", _nearest_network(value)) from None


def _nearest_network(value: str) -> str:
    try:
        return f"did you mean {ipaddress.ip_network(value, strict=False)}?"
    except ValueError:
        return "write it as 10.20.0.0/24"


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise wrong(f"{quoted(value)} is no IP address") from None


def _kubernetes_version(value: str) -> str:
    if not (found := KUBERNETES_VERSION.fullmatch(value)):
        raise wrong(f"{quoted(value)} is no version of Kubernetes", 'write it as "1.34" or "1.34.2"')
    return found.group(1)


def chosen_from(*words: str) -> BeforeValidator:
    """One of a few words, told with the nearest one."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and value not in words:
            raise wrong(f"must be {any_of(words)}, not {quoted(value)}", did_you_mean(value, words))
        return value

    return BeforeValidator(check)


def upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Name = Annotated[str, AfterValidator(checked_label), Field(json_schema_extra={"maxLength": 63})]
Words = Annotated[str, AfterValidator(_words)]
LabelKey = Annotated[str, AfterValidator(_label_key)]
LabelValue = Annotated[str, AfterValidator(_label_value)]
Labels = Annotated[dict[LabelKey, LabelValue], Field(default_factory=dict)]
EnvironmentName = Annotated[str, AfterValidator(_variable_of_environment)]
Environment = Annotated[dict[EnvironmentName, str], Field(default_factory=dict)]
ImageReference = Annotated[str, AfterValidator(_image)]
Cidr = Annotated[str, AfterValidator(_network)]
Address = Annotated[str, AfterValidator(_address)]
KubernetesVersion = Annotated[str, AfterValidator(_kubernetes_version)]
PortNumber = Annotated[int, Field(ge=1, le=65535)]
