"""What a template may cost: every value that it looks at, and every turn of a loop, is charged.

Costs are counted, not timed, so that a template is refused everywhere or nowhere. A parsed template is
rewritten before it is compiled: what it looks at goes through a filter that charges the value's size, with
all that it holds. So does what it loops over, item by item, and what every filter, `~` and `+` gives, before
anything else sees it. Each of these gives at most a few times what it was given, which has been charged; but
for `join`, which has a filter of its own here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from jinja2 import nodes, pass_context
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

WORK = 2_000_000  # characters, items and turns of loops that one rendering may look at
BUDGET = " budget"  # in the context; no template can spell a name with a space, nor these of filters
_WEIGHED = " weighed"
_COUNTED = " counted"
_LONG = 32  # characters of a text in the template itself, from which on it is charged too


class OverBudget(Exception):
    """A template costs more than is allowed."""


class Budget:
    """What is left for one rendering."""

    def __init__(self) -> None:
        self._left = WORK

    def spend(self, units: int) -> None:
        """Charge some units.

        Raises:
            OverBudget: so many are not left.
        """
        self._left -= units
        if self._left < 0:
            raise OverBudget


def _budget(context: Context) -> Budget:
    budget = context[BUDGET]
    if not isinstance(budget, Budget):
        raise OverBudget  # nobody gave one: nothing may be spent
    return budget


@pass_context
def _weighed(context: Context, value: object) -> object:
    """The same value; what can be read only once is read here, so that its items are charged too."""
    budget = _budget(context)
    whole = list(value) if isinstance(value, Iterator) else value
    _weigh(whole, budget)
    return whole


def _weigh(value: object, budget: Budget) -> None:
    budget.spend(1)
    if isinstance(value, str):
        budget.spend(len(value))
    elif isinstance(value, int):
        budget.spend(value.bit_length() // 32)
    elif isinstance(value, tuple | list):
        for item in value:
            _weigh(item, budget)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _weigh(name, budget)
            _weigh(item, budget)


@pass_context
def _counted(context: Context, items: Iterable[object]) -> Iterator[object]:
    budget = _budget(context)
    for item in items:
        budget.spend(1)
        yield item


@pass_context
def _join(context: Context, items: Iterable[object], separator: str = "") -> str:
    """Jinja's filter `join`, charged before the text is made."""
    budget = _budget(context)
    between, parts = str(separator), []
    for item in items:
        part = str(item)
        budget.spend(1 + len(part) + len(between))
        parts.append(part)
    return between.join(parts)


CHARGING: Mapping[str, Callable[..., object]] = {_WEIGHED: _weighed, _COUNTED: _counted, "join": _join}


def charged(template: nodes.Template) -> nodes.Template:
    """The same template with everything charged. The given tree is changed."""
    _Charging().visit(template)
    return template


class _Charging(NodeTransformer):
    """Puts filters around what a template looks at."""

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 - named by Jinja's visitor
        return _through(_WEIGHED, node) if node.ctx == "load" else node

    def visit_Const(self, node: nodes.Const) -> nodes.Expr:  # noqa: N802 - named by Jinja's visitor
        is_long = isinstance(node.value, str) and len(node.value) >= _LONG
        return _through(_WEIGHED, node) if is_long else node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Expr:  # noqa: N802 - named by Jinja's visitor
        self._owner(node)
        return _through(_WEIGHED, node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:  # noqa: N802 - named by Jinja's visitor
        self._owner(node)
        node.arg = self.visit(node.arg)
        return _through(_WEIGHED, node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Expr:  # noqa: N802 - named by Jinja's visitor
        return self._given(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802 - named by Jinja's visitor
        return self._given(node)

    def visit_Add(self, node: nodes.Add) -> nodes.Expr:  # noqa: N802 - named by Jinja's visitor
        return self._given(node)

    def _given(self, node: nodes.Expr) -> nodes.Expr:
        self.generic_visit(node)
        return _through(_WEIGHED, node)

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - named by Jinja's visitor
        self.generic_visit(node)
        if isinstance(node.iter, nodes.Expr):
            node.iter = _through(_COUNTED, node.iter)
        return node

    def _owner(self, node: nodes.Getattr | nodes.Getitem) -> None:
        """The value whose part is looked at: only the part counts, however big the whole is."""
        owner = node.node
        if isinstance(owner, nodes.Getattr | nodes.Getitem):
            self._owner(owner)
            if isinstance(owner, nodes.Getitem):
                owner.arg = self.visit(owner.arg)
        elif not isinstance(owner, nodes.Name):
            node.node = self.visit(owner)


def _through(name: str, node: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)
