"""pydantic's errors become problems in the user's words, at the exact key or value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .problems import Problems, did_you_mean, quoted
from .tree import Node, Pair, Place, Step, plain, steps_down
from .vocabulary import Vocabulary

M = TypeVar("M", bound=BaseModel)
KEY = "[key]"
"""pydantic's last step to a key that is wrong itself."""
Wording = Callable[[dict[str, Any], Any], str]


def _found(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return quoted(value)
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else quoted(str(value))


WORDINGS: dict[str, Wording] = {
    "string_type": lambda _, value: f"must be text, not {_found(value)}",
    "int_parsing": lambda _, value: f"must be a whole number, not {_found(value)}",
    "int_parsing_size": lambda _, value: f"must be a smaller number than {_found(value)}",
    "int_from_float": lambda _, value: f"must be a whole number, not {_found(value)}",
    "int_type": lambda _, value: f"must be a whole number, not {_found(value)}",
    "bool_parsing": lambda _, value: f"must be true or false, not {_found(value)}",
    "bool_type": lambda _, value: f"must be true or false, not {_found(value)}",
    "list_type": lambda _, value: f"must be a list, not {_found(value)}",
    "tuple_type": lambda _, value: f"must be a list, not {_found(value)}",
    "dict_type": lambda _, value: f"must be a mapping of names, not {_found(value)}",
    "model_type": lambda _, value: f"must be a mapping, not {_found(value)}",
    "literal_error": lambda context, value: f"must be {context['expected']}, not {_found(value)}",
    "greater_than_equal": lambda context, value: f"must be at least {context['ge']}, not {value}",
    "less_than_equal": lambda context, value: f"must be at most {context['le']}, not {value}",
    "too_short": lambda _context, _: "needs at least one entry",
    "too_long": lambda context, _: f"may have at most {context['max_length']} entries",
    "string_too_short": lambda context, _: f"needs at least {context['min_length']} character",
    "string_too_long": lambda context, _: f"may have at most {context['max_length']} characters",
}


@dataclass(frozen=True)
class Subject:
    """What is read: its tree, the key that names it, and its dotted path in the blueprint."""

    path: str
    key: Place
    node: Node

    def pair_at(self, route: Sequence[Step]) -> Pair:
        """The last pair along the route that exists."""
        last = Pair(self.key, self.node)
        for pair in steps_down(self.node, route):
            last = pair
        return last

    def key_at(self, *route: Step) -> Place:
        return self.pair_at(route).key

    def place_at(self, *route: Step) -> Place:
        """The place of the value, of the nearest thing above it when it was not written."""
        pair = self.pair_at(route)
        return pair.value.place if pair.value is not self.node else self.key

    def path_to(self, *route: Step) -> str:
        return ".".join(str(part) for part in (self.path, *route) if part != "")


class Reading:
    """Reads trees as documents; what cannot be read is told and gives None."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._vocabularies: dict[type[BaseModel], Vocabulary] = {}

    def read(self, model: type[M], subject: Subject) -> M | None:
        try:
            return model.model_validate(plain(subject.node))
        except ValidationError as exc:
            for error in exc.errors(include_url=False):
                if not _follows_from_an_item(error):
                    self._tell(model, subject, error)
            return None

    def _tell(self, model: type[BaseModel], subject: Subject, error: ErrorDetails) -> None:
        route = error["loc"]
        if route and route[-1] == KEY:
            route = route[:-1]
            self._add(subject, subject.key_at(*route), route, error)
        elif error["type"] == "extra_forbidden":
            self._unknown_key(model, subject, route)
        elif error["type"] == "missing":
            pair = subject.pair_at(route[:-1])
            self._problems.add(pair.key, f"{route[-1]} is missing here", path=subject.path_to(*route))
        else:
            self._add(subject, subject.place_at(*route), route, error)

    def _add(self, subject: Subject, place: Place, route: Sequence[Step], error: ErrorDetails) -> None:
        context = error.get("ctx", {})
        wording = WORDINGS.get(error["type"])
        message = wording(context, error["input"]) if wording else error["msg"]
        if error["type"] != "blueprint" or message.startswith("must"):
            named = [step for step in route if isinstance(step, str)]
            message = f"{named[-1] if named else subject.path.rpartition('.')[2]} {message}"
        hint = str(context.get("hint", "")) or _null_hint(error)
        self._problems.add(place, message, hint, subject.path_to(*route))

    def _unknown_key(self, model: type[BaseModel], subject: Subject, route: Sequence[Step]) -> None:
        vocabulary = self._vocabularies.setdefault(model, Vocabulary(model))
        word = str(route[-1])
        hint = did_you_mean(word, vocabulary.keys_at(route[:-1]), "valid keys")
        self._problems.add(subject.key_at(*route), f"unknown key {word}", hint, subject.path_to(*route))


def _follows_from_an_item(error: ErrorDetails) -> bool:
    """Pydantic counts only the sound items of a list."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _null_hint(error: ErrorDetails) -> str:
    empty = error["type"] == "string_type" and error["input"] is None and "env" in error["loc"]
    return 'write "" for an empty text' if empty else ""
