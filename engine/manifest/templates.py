"""Templates in values and in delivered files: Jinja2, sandboxed, strict and small.

Only what cannot run away is let through: expressions over the given values, conditions, and loops over lists.
No calls, no assignments, no multiplication, no file access. The context holds plain data only. How much work
a template may do is counted: see `engine.manifest.budget`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import jinja2
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.environment import TemplateExpression
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import TypeAliasType

from engine.manifest.budget import BUDGET, CHARGING, Budget, OverBudget, charged
from engine.manifest.suggest import did_you_mean

Value = TypeAliasType("Value", "bool | int | float | str | tuple[Value, ...] | Mapping[str, Value] | None")
Context = Mapping[str, Value]
Chain = tuple[str, ...]  # a name and its attributes: ("host", "room")

NAMES = frozenset({"district", "host", "parameters", "school", "vars"})  # all that a context may hold
VALUE_CHARACTERS = 65_536
FILE_CHARACTERS = 1_048_576
_NUMBERS = 1 << 64  # the widest numbers of Windows have 64 bits
_KEPT = 8_192  # compiled templates; a school has some hundred
_LOOPS = 2  # nested: the cost stays at most the square of a list's length
_EXPRESSION_DEPTH = 60
_TOKENS = 8_000  # within the braces of one template, spaces too: what reading and compiling it may cost
_UNFIT = (TemplateError, TypeError, ValueError, ZeroDivisionError, OverflowError, RecursionError)

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.Filter, nodes.Test, nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.Concat, nodes.Add, nodes.Sub, nodes.List, nodes.Tuple,
)  # fmt: skip
_HAVE_PARTS = (nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Filter)
FILTERS = (
    "capitalize", "default", "first", "int", "join", "last", "length", "list", "lower", "sort", "string",
    "title", "tojson", "trim", "unique", "upper",
)  # fmt: skip
TESTS = ("defined", "undefined", "equalto", "in", "none", "string", "number", "true", "false")


class TemplateProblem(Exception):
    """A template cannot be used or rendered; the message is for the person who wrote it."""

    def __init__(self, message: str, suggestion: str = "", line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.line = line  # within the template, from 1


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template."""

    chains: frozenset[Chain]  # the values that it looks at
    compiled: jinja2.Template
    expression: TemplateExpression | None  # where it is nothing but one


def is_template(text: str) -> bool:
    return "{{" in text or "{%" in text or "{#" in text


class _Environment(ImmutableSandboxedEnvironment):
    """Looks at the items of plain data only: a Python attribute or method is never reached."""

    def getattr(self, obj: object, attribute: str) -> object:
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        if isinstance(obj, Mapping) and argument in obj:
            return obj[argument]
        if isinstance(obj, tuple | list) and type(argument) is int and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))


def _environment() -> ImmutableSandboxedEnvironment:
    # What is made are texts for Windows, not web pages, so nothing is escaped.
    environment = _Environment(
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        cache_size=0,
    )
    environment.globals.clear()
    environment.filters = {**{name: environment.filters[name] for name in FILTERS}, **CHARGING}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


@dataclass(slots=True)
class Templates:
    """Checks and renders templates; keeps the last ones that it has compiled. One for each compilation."""

    _environment: ImmutableSandboxedEnvironment = field(default_factory=_environment)
    _checked: dict[str, Template] = field(default_factory=dict)

    def check(self, source: str) -> Template:
        """Parse a template.

        Raises:
            TemplateProblem: it is no template, or uses what is not allowed.
        """
        known = self._checked.get(source)
        if known is None:
            if len(self._checked) >= _KEPT:
                self._checked.clear()
            known = self._checked[source] = self._parse(source)
        return known

    def _parse(self, source: str) -> Template:
        tree = self._tree(source)
        _refuse(tree, 0, 0)
        local = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
        chains = frozenset(chain for chain in _chains(tree) if chain[0] not in local)
        only = _only_expression(tree, source)
        try:
            compiled = self._environment.from_string(charged(tree))
            return Template(chains, compiled, None if only is None else self._expression(source))
        except (TemplateError, RecursionError):
            raise TemplateProblem("the template cannot be read") from None

    def _tree(self, source: str) -> nodes.Template:
        try:
            tokens = (kind for _, kind, _ in self._environment.lex(source) if kind != "data")
            if next(islice(tokens, _TOKENS, None), None) is not None:
                raise TemplateProblem("the template is too long", "put what repeats into a loop")
            return self._environment.parse(source)
        except TemplateSyntaxError as error:
            raise TemplateProblem(*_syntax(error), line=error.lineno) from None
        except RecursionError:
            raise TemplateProblem("the template is nested too deep") from None
        except ValueError:  # a number of thousands of digits
            raise TemplateProblem("a number in the template is too long") from None

    def _expression(self, source: str) -> TemplateExpression | None:
        """What gives the value of the only expression of a template, of whatever type it is."""
        only = _only_expression(self._tree(source), source)
        if only is None:
            return None
        body = nodes.Assign(nodes.Name("result", "store", lineno=1), only, lineno=1)
        compiled = self._environment.from_string(charged(nodes.Template([body], lineno=1)))
        return TemplateExpression(compiled, undefined_to_none=False)

    def render_value(self, source: str, context: Context) -> Value:
        """The value of a template. One that is a single `{{ }}` keeps the type of what it names.

        Raises:
            TemplateProblem: see `check`; or a name is not known, the result is too long, or making it takes
                too much work.
        """
        template = self.check(source)
        if template.expression is None:
            return self._render(template, context, VALUE_CHARACTERS)
        try:
            result: object = template.expression({**context, BUDGET: Budget()})
        except OverBudget:
            raise _too_much() from None
        except _UNFIT as error:
            raise _failure(error, template, context) from None
        value = _plain(result)
        if value is None:
            raise _failure(None, template, context, "the template gives no text, number, switch or list")
        if _characters(value) > VALUE_CHARACTERS:
            raise _too_long(VALUE_CHARACTERS)
        return value

    def render_file(self, source: str, context: Context) -> str:
        """The text of a delivered file.

        Raises:
            TemplateProblem: as `render_value`.
        """
        return self._render(self.check(source), context, FILE_CHARACTERS)

    def _render(self, template: Template, context: Context, limit: int) -> str:
        parts: list[str] = []
        length = 0
        try:
            for part in template.compiled.generate({**context, BUDGET: Budget()}):
                length += len(part)
                if length > limit:
                    raise _too_long(limit)
                parts.append(part)
        except OverBudget:
            raise _too_much() from None
        except _UNFIT as error:
            raise _failure(error, template, context) from None
        return "".join(parts)


def _plain(result: object) -> Value:
    """What an expression gives as plain data; None where it, or an item of it, is nothing for a field.

    Raises:
        TemplateProblem: a number that no field of Windows holds.
    """
    if isinstance(result, list | tuple):
        items = tuple(_plain(item) for item in result)
        return None if None in items else items
    if isinstance(result, bool | str):
        return result
    if isinstance(result, int):
        if abs(result) >= _NUMBERS:
            raise TemplateProblem("the template gives a number of more than 64 bits")
        return result
    return None


def _characters(value: Value) -> int:
    """The length of all texts together."""
    if isinstance(value, tuple):
        return sum(_characters(item) for item in value)
    return len(value) if isinstance(value, str) else 0


def _too_long(limit: int) -> TemplateProblem:
    return TemplateProblem(f"the template gives more than {limit:,} characters")


def _too_much() -> TemplateProblem:
    return TemplateProblem("the template takes too much work", "its lists, texts or loops are too big")


def _refuse(node: nodes.Node, loops: int, depth: int) -> None:
    """Raise TemplateProblem at the first thing that is not allowed."""
    if not isinstance(node, _ALLOWED):
        name = type(node).__name__.lower()
        raise TemplateProblem(f"`{name}` is not allowed in a template", _INSTEAD, node.lineno)
    if depth > _EXPRESSION_DEPTH:
        raise TemplateProblem("the template is nested too deep", line=node.lineno)
    if isinstance(node, nodes.Const) and isinstance(node.value, float) and not math.isfinite(node.value):
        raise TemplateProblem("a number in the template is too big", line=node.lineno)
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        _refuse_part(node)
    if isinstance(node, nodes.Filter | nodes.Test):
        _refuse_word(node)
    if isinstance(node, nodes.For):
        loops += 1
        _refuse_loop(node, loops)
    for child in node.iter_child_nodes():
        _refuse(child, loops, depth + 1)


def _refuse_loop(node: nodes.For, loops: int) -> None:
    """Its own names must hide none of the context: what a template looks at is told by name."""
    if loops > _LOOPS or node.recursive:
        raise TemplateProblem(f"loops may be nested {_LOOPS} deep", line=node.lineno)
    hidden = sorted(name.name for name in _names(node.target) if name.name in NAMES)
    if hidden:
        message = f"a loop's own name cannot be `{hidden[0]}`, which means something already"
        raise TemplateProblem(message, f"take another name, such as `each_{hidden[0]}`", node.lineno)


def _names(target: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(target, nodes.Name):
        yield target
    yield from target.find_all(nodes.Name)


def _refuse_part(node: nodes.Getattr | nodes.Getitem) -> None:
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise TemplateProblem(f"`{node.attr}` is not allowed in a template", _INSTEAD, node.lineno)
    if not isinstance(node.node, _HAVE_PARTS):
        raise TemplateProblem("only values have parts, not texts and numbers", _INSTEAD, node.lineno)


def _refuse_word(node: nodes.Filter | nodes.Test) -> None:
    what, known = ("filter", FILTERS) if isinstance(node, nodes.Filter) else ("test", TESTS)
    if node.name not in known:
        hint = did_you_mean(node.name, known)
        raise TemplateProblem(f"there is no {what} `{node.name}`", hint, node.lineno)


_INSTEAD = "templates put values into texts; they do not compute"


def _chains(node: nodes.Node) -> Iterator[Chain]:
    chain = _chain(node)
    if chain is not None:
        yield chain
        return
    for child in node.iter_child_nodes():
        yield from _chains(child)


def _chain(node: nodes.Node) -> Chain | None:
    """`host.room` and `host['room']` as ("host", "room"); None for anything else."""
    if isinstance(node, nodes.Name):
        return (node.name,) if node.ctx == "load" else None
    if isinstance(node, nodes.Getattr):
        inner = _chain(node.node)
        return None if inner is None else (*inner, node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        inner = _chain(node.node)
        return None if inner is None else (*inner, str(node.arg.value))
    return None


def _only_expression(tree: nodes.Template, source: str) -> nodes.Expr | None:
    """The one expression that a template consists of, without any text around it."""
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return None
    output = tree.body[0].nodes
    is_alone = len(output) == 1 and not isinstance(output[0], nodes.TemplateData)
    return output[0] if is_alone and source.startswith("{{") and source.endswith("}}") else None


def _syntax(error: TemplateSyntaxError) -> tuple[str, str]:
    message = error.message or ""
    if "unexpected end of template" in message or "unexpected end of" in message.lower():
        return (
            "the template ends too early",
            "close every `{{` with `}}` and every `{% if %}` with `{% endif %}`",
        )
    if "No filter named" in message or "No test named" in message:
        return message.rstrip("."), ""
    return "the template cannot be read", "write `{{ name }}` for a value, or `{{ '{{' }}` for the braces"


def _failure(
    error: Exception | None,
    template: Template,
    context: Context,
    otherwise: str = "the template does not fit its values",
) -> TemplateProblem:
    """What went wrong: usually a name that is not known, and then which."""
    for chain in sorted(template.chains):
        missing = _missing(chain, context)
        if missing is not None:
            return missing
    if isinstance(error, TemplateProblem):
        return error
    return TemplateProblem(otherwise)


def _missing(chain: Chain, context: Context) -> TemplateProblem | None:
    here: Value = context
    for depth, name in enumerate(chain):
        owner = ".".join(chain[:depth])
        if isinstance(here, tuple) and name.isdecimal():
            if int(name) >= len(here):
                count = "1 item" if len(here) == 1 else f"{len(here) or 'no'} items"
                return TemplateProblem(f"`{owner}` has {count}; `{owner}[0]` is the first")
            here = here[int(name)]
            continue
        if not isinstance(here, Mapping):
            return TemplateProblem(f"`{owner}` has no parts, so `{'.'.join(chain)}` means nothing")
        if name not in here:
            what = f"`{owner}` has no `{name}`" if depth else f"`{name}` is not known in templates"
            return TemplateProblem(what, did_you_mean(name, here))
        here = here[name]
    return None
