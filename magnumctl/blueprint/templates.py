"""`{{ name }}` in the blueprint's strings, by jinja2: expressions over the variables, and `{% if %}`.

A blueprint is data that may come from a stranger: no loops, calls, arithmetic or attributes of Python objects, so
that no template can run long, grow large or look outside the variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from .tree import Value

MOST_EXPRESSIONS = 5000
LONGEST_RESULT = 1 << 20
LONGEST_EXPRESSION = 100
"""Syntax nodes in one `{{ }}`: bounds what one expression can build."""
DEEPEST_IF = 8
ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Name, nodes.Const, nodes.Filter,
    nodes.Getattr, nodes.Getitem, nodes.CondExpr, nodes.Concat, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.Test, nodes.List, nodes.Keyword,
)  # fmt: skip
FOREIGN: dict[type[nodes.Node], str] = {
    nodes.Call: "calls",
    nodes.For: "loops",
    nodes.Add: "arithmetic",
    nodes.Sub: "arithmetic",
    nodes.Mul: "arithmetic",
    nodes.Div: "arithmetic",
    nodes.Mod: "arithmetic",
    nodes.Pow: "arithmetic",
}
FILTERS = frozenset(
    {"d", "default", "lower", "upper", "title", "capitalize", "trim", "int", "string", "length", "first",
     "last", "join", "replace", "tojson"}
)  # fmt: skip
RAW_HINT = "to keep the braces write {% raw %}{{ ... }}{% endraw %}"


class TemplateProblemError(Exception):
    """A text that cannot be rendered; `about` is the part of it to point at."""

    def __init__(self, message: str, hint: str = "", about: str = "{{") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.about = about


class UnknownVariablesError(TemplateProblemError):
    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(sorted(names))
        super().__init__("", about=self.names[0])


class _Environment(SandboxedEnvironment):
    def getattr(self, obj: object, attribute: str) -> object:
        """Keys of mappings only: a text's methods are not the blueprint's business."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        if isinstance(obj, dict) and argument in obj:
            return obj[argument]
        if isinstance(obj, list) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))


@dataclass(frozen=True)
class _Prepared:
    template: Template
    names: frozenset[str]


class Templates:
    def __init__(self) -> None:
        self._environment = _Environment(
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            finalize=_finalized,
            autoescape=False,
            comment_start_string="\0#",  # `${#list}` is a shell's, no comment
            comment_end_string="#\0",
        )
        self._environment.filters = {
            name: made for name, made in self._environment.filters.items() if name in FILTERS
        } | {"replace": _replaced, "join": _joined}
        self._environment.globals = {}
        self._prepared: dict[str, _Prepared] = {}

    def rendered(self, text: str, variables: Mapping[str, Value]) -> str:
        """TemplateProblemError (UnknownVariablesError) when it cannot be."""
        prepared = self._prepared.get(text) or self._prepare(text)
        pieces, length = [], 0
        try:
            for piece in prepared.template.generate(variables):
                pieces.append(piece)
                length += len(piece)
                _refuse_length(length)
        except UndefinedError as exc:
            if unknown := prepared.names - variables.keys():
                raise UnknownVariablesError(unknown) from exc
            raise TemplateProblemError(f"cannot be rendered: {exc.message}") from exc
        except TemplateError as exc:
            raise TemplateProblemError(f"cannot be rendered: {exc.message}") from exc
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as exc:
            raise TemplateProblemError(f"cannot be rendered: {exc}") from exc
        return "".join(pieces)

    @property
    def count(self) -> int:
        return len(self._prepared)

    def names_in(self, text: str) -> frozenset[str]:
        """The variables that a text, rendered before, asks for."""
        return self._prepared[text].names

    def _prepare(self, text: str) -> _Prepared:
        if text.count("{{") + text.count("{%") > MOST_EXPRESSIONS:
            raise TemplateProblemError(f"holds more than {MOST_EXPRESSIONS} expressions")
        try:
            tree = self._environment.parse(text)
            _refuse_foreign(tree)
            names = find_undeclared_variables(tree)
            prepared = _Prepared(self._environment.from_string(tree), frozenset(names))
        except TemplateSyntaxError as exc:
            raise TemplateProblemError(f"cannot be read: {exc.message}", RAW_HINT) from exc
        except (RecursionError, SyntaxError, MemoryError, ValueError) as exc:
            raise TemplateProblemError("is nested too deep to be a template") from exc
        self._prepared[text] = prepared
        return prepared


def _refuse_foreign(tree: nodes.Template) -> None:
    for node in _all_nodes(tree):
        if not isinstance(node, ALLOWED):
            raise TemplateProblemError(
                f"may not hold {FOREIGN.get(type(node), type(node).__name__)}",
                'variables, filters, comparisons, "~" and {% if %} are',
            )
        if isinstance(node, nodes.If):
            _refuse_depth(node)
        if isinstance(node, nodes.Output):
            for expression in node.nodes:
                _refuse_long(expression)


def _all_nodes(tree: nodes.Node) -> Iterable[nodes.Node]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())


def _refuse_long(expression: nodes.Node) -> None:
    for count, _ in enumerate(_all_nodes(expression), start=1):
        if count > LONGEST_EXPRESSION:
            raise TemplateProblemError("holds an expression that is too long")


def _refuse_depth(node: nodes.If) -> None:
    level: list[nodes.Node] = [node]
    for _ in range(DEEPEST_IF):
        level = [inner for outer in level for inner in outer.find_all(nodes.If)]
        if not level:
            return
    raise TemplateProblemError("holds {% if %} nested too deep", about="{%")


def _finalized(value: object) -> object:
    if isinstance(value, Undefined):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise TemplateProblemError("a list or mapping cannot stand in a text", "take one value of it")
    return value


def _replaced(text: object, old: object, new: object) -> str:
    """Jinja's own filter, with its result bounded before it is made."""
    old, new, text = str(old), str(new), str(text)
    _refuse_length(len(text) + text.count(old) * max(0, len(new) - len(old)))
    return text.replace(old, new)


def _joined(items: object, separator: object = "") -> str:
    """As `_replaced`: jinja's filter, bounded."""
    if not isinstance(items, list):
        raise TemplateProblemError("joins something that is no list")
    _refuse_length(sum(len(str(item)) for item in items) + len(items) * len(str(separator)))
    return str(separator).join(str(_finalized(item)) for item in items)


def _refuse_length(length: int) -> None:
    if length > LONGEST_RESULT:
        raise TemplateProblemError("becomes larger than 1 MiB when rendered")
