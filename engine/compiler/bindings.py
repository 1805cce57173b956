"""What templates see: the district, the school, the host, variables, and the parameters of profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.compiler.inventory import HostFacts
from engine.compiler.parameters import as_declared, misfits
from engine.manifest.documents.base import VariableValue
from engine.manifest.documents.district import DistrictDocument, SchoolDocument
from engine.manifest.documents.profile import Parameter
from engine.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode, scalars, text_node
from engine.manifest.templates import Chain, Context, TemplateProblem, Templates, Value, is_template
from engine.model.origin import Finding, Origin

# Names of the context and, for those that differ between the hosts of a school, how to read them.
_PER_HOST = frozenset({"host", "vars"})


# What a template may name, and the parts of each; None where manifests say which parts there are.
NAMES: Mapping[str, frozenset[str] | None] = {
    "district": frozenset({"id", "name", "domain"}),
    "school": frozenset({"id", "name", "groups"}),
    "host": frozenset({"name", "group", "roles", "room", "model"}),
    "vars": None,
}


@dataclass(frozen=True, slots=True)
class Binding:
    """The parameters of one use of a profile. `given` may be templates over the context of the use.

    A parameter that the use does not give has its default, and the place of the use.
    """

    profile: str
    given: Mapping[str, Node]
    parameters: Mapping[str, Parameter]  # as the profile declares them
    outer: Binding | None
    place: Origin  # of the use

    def trail(self) -> tuple[str, ...]:
        """The profiles through which a resource came, the outermost first."""
        return (*(self.outer.trail() if self.outer else ()), self.profile)


@dataclass(frozen=True, slots=True)
class Rendering:
    """Renders for one school. `host` is any of the hosts that share what is rendered."""

    templates: Templates
    district: DistrictDocument
    school: SchoolDocument

    def context(self, host: HostFacts, binding: Binding | None) -> Context:
        """Everything that a template may name. `binding` is as `bound` gives it.

        Raises:
            Unrendered: a parameter's value cannot be rendered, or is then not what the parameter takes.
        """
        context: dict[str, Value] = {
            "district": {
                "id": self.district.district,
                "name": self.district.name,
                "domain": self.district.domain,
            },
            "school": {"id": self.school.school, "name": self.school.name, "groups": self.school.groups},
            "host": _host(host),
            "vars": dict(host.variables),
        }
        if binding is not None:
            given = binding.given.values()
            outer = self.context(host, bound(given, binding.outer, self.templates))
            context["parameters"] = {name: self._parameter(binding, name, outer) for name in binding.given}
        return context

    def _parameter(self, binding: Binding, name: str, outer: Context) -> VariableValue:
        parameter, value = binding.parameters[name], self.render(binding.given[name], outer)
        for misfit in misfits(binding.profile, name, parameter, value, ignored=lambda _: False):
            raise Unrendered(misfit)
        return _value(as_declared(parameter, value))

    def render(self, node: Node, context: Context) -> Node:
        """The same tree with every template replaced by its value; in a list, one of a list by its items.

        Raises:
            Unrendered: at the first template that has a problem.
        """
        if isinstance(node, ScalarNode):
            return self._scalar(node, context) if is_template(node.text) else node
        if isinstance(node, SequenceNode):
            items = [part for item in node.items for part in self._items(item, context)]
            return SequenceNode(tuple(items), node.origin)
        entries = {
            key: entry._replace(value=self.render(entry.value, context))
            for key, entry in node.entries.items()
        }
        return MappingNode(entries, node.origin)

    def _items(self, item: Node, context: Context) -> tuple[Node, ...]:
        rendered = self.render(item, context)
        is_spread = isinstance(item, ScalarNode) and isinstance(rendered, SequenceNode)
        return rendered.items if is_spread and isinstance(rendered, SequenceNode) else (rendered,)

    def _scalar(self, node: ScalarNode, context: Context) -> Node:
        try:
            return _node(self.templates.render_value(node.text, context), node.origin)
        except TemplateProblem as problem:
            raise Unrendered(unrendered(problem, node.origin)) from None


class Unrendered(Exception):
    """A template could not be rendered."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def unrendered(problem: TemplateProblem, origin: Origin) -> Finding:
    return Finding(origin, "template", problem.message, problem.suggestion)


def chains_of(nodes: Iterable[Node], binding: Binding | None, templates: Templates) -> frozenset[Chain]:
    """The per-host values that templates look at, through the parameters that they name.

    A template that cannot be read adds nothing here; it is found when it is rendered.
    """
    chains = _chains_in(nodes, templates)
    if binding is not None and _name_parameters(chains):
        chains |= chains_of(binding.given.values(), binding.outer, templates)
    return frozenset(chain[:2] for chain in chains if chain[0] in _PER_HOST)


def bound(nodes: Iterable[Node], binding: Binding | None, templates: Templates) -> Binding | None:
    """The binding, where the templates in `nodes` name parameters.

    Else what is given for these is nothing that `nodes` come from: see `chains_of`.
    """
    return binding if _name_parameters(_chains_in(nodes, templates)) else None


def _name_parameters(chains: Iterable[Chain]) -> bool:
    return any(chain[0] == "parameters" for chain in chains)


def _chains_in(nodes: Iterable[Node], templates: Templates) -> frozenset[Chain]:
    texts = (scalar.text for node in nodes for scalar in scalars(node) if is_template(scalar.text))
    return frozenset(chain for text in texts for chain in _chains(text, templates))


def _chains(text: str, templates: Templates) -> frozenset[Chain]:
    try:
        return templates.check(text).chains
    except TemplateProblem:
        return frozenset()


def given_by(text: str, binding: Binding | None, templates: Templates) -> tuple[Origin, str] | None:
    """Where the first parameter that a template names was given its value, and the parameter's name.

    Through nested profiles it is the outermost place, where the value itself is written.
    """
    if binding is None or not is_template(text):
        return None
    names = sorted(chain[1] for chain in _chains(text, templates) if chain[0] == "parameters" and chain[1:])
    node = binding.given.get(names[0]) if names else None
    if node is None:
        return None
    farther = given_by(node.text, binding.outer, templates) if isinstance(node, ScalarNode) else None
    return farther or (node.origin, names[0])


def looked_at(host: HostFacts, chains: Iterable[Chain]) -> tuple[object, ...]:
    """The host's values for `chains`, in order: equal values give equal results."""
    facts = {"host": _host(host), "vars": host.variables}
    return tuple(
        _told_apart(facts[chain[0]].get(chain[1])) if len(chain) > 1 else _whole(facts[chain[0]])
        for chain in chains
    )


def _whole(values: Mapping[str, Value]) -> tuple[tuple[str, object], ...]:
    return tuple((name, _told_apart(values[name])) for name in sorted(values))


def _told_apart(value: Value) -> object:
    """A value with its type: Python takes `true` and 1 for equal, templates do not."""
    if isinstance(value, tuple):
        return tuple(_told_apart(item) for item in value)
    return (type(value), value) if isinstance(value, bool | int) else value


def _host(host: HostFacts) -> dict[str, Value]:
    facts: dict[str, Value] = {"name": host.name, "group": host.group, "roles": host.roles}
    if host.room is not None:
        facts["room"] = host.room
    if host.model is not None:
        facts["model"] = host.model
    return facts


def _node(value: Value, origin: Origin) -> Node:
    if isinstance(value, tuple):
        return SequenceNode(tuple(_node(item, origin) for item in value), origin)
    if isinstance(value, str):
        return text_node(value, origin)
    if isinstance(value, Mapping):
        raise Unrendered(Finding(origin, "template", "a group of fields cannot be put into a value"))
    return ScalarNode(str(value), value, origin)


def _value(node: Node) -> VariableValue:
    if isinstance(node, SequenceNode):
        return tuple(
            item.value if isinstance(item.value, bool | int | str) else item.text
            for item in node.items
            if isinstance(item, ScalarNode)
        )
    if isinstance(node, ScalarNode) and isinstance(node.value, bool | int | str):
        return node.value
    return node.text if isinstance(node, ScalarNode) else ""
