"""What templates look at: parameters, variables and facts, each with the place where it was set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.compiler.bindings import Binding, Rendering
from engine.compiler.explain.variables import fact_place, variables_of
from engine.compiler.inventory import HostFacts
from engine.manifest.folder import Documents
from engine.manifest.nodes import Data, MappingNode, Node, ScalarNode, plain, scalars
from engine.manifest.templates import Chain, Value, is_template
from engine.model.base import FieldValue
from engine.model.explanation import Input
from engine.model.origin import Origin


@dataclass(frozen=True, slots=True)
class Inputs:
    """Tells for one host what its templates look at."""

    documents: Documents
    school: str
    facts: HostFacts
    rendering: Rendering

    def of(self, raw: Node, binding: Binding | None) -> tuple[Input, ...]:
        """Everything that the templates in `raw` name, by name; none where there are no templates."""
        chains = {
            chain[:2]
            for scalar in scalars(raw)
            if is_template(scalar.text)
            for chain in self.rendering.templates.check(scalar.text).chains
        }
        return tuple(self._input(chain, binding) for chain in sorted(chains))

    def _input(self, chain: Chain, binding: Binding | None) -> Input:
        name = ".".join(chain)
        value = self._value(chain, binding)
        if chain[0] == "parameters" and binding is not None and chain[1:]:
            node = binding.given.get(chain[1])
            if node is not None:
                inner = self.of(node, binding.outer)
                place = (
                    self._default(binding.profile, chain[1]) if node.origin == binding.place else node.origin
                )
                return Input(name=name, value=value, place=str(place), written=template(node), inputs=inner)
        if chain[0] == "vars" and chain[1:]:
            written = variables_of(self.documents, self.school, self.facts).get(chain[1], ())
            return Input(name=name, value=value, place=str(written[0].node.origin) if written else "")
        fact = fact_place(self.documents, self.school, self.facts, chain)
        return Input(name=name, value=value, place="" if fact is None else str(fact))

    def _default(self, profile: str, parameter: str) -> Origin:
        """Where a profile says what a parameter is that nobody gives."""
        place = self.documents.profiles[profile].node.origin
        node: Node | None = self.documents.profiles[profile].node
        for step in ("parameters", parameter, "default"):
            node = node.get(step) if isinstance(node, MappingNode) else None
            place = place if node is None else node.origin
        return place

    def _value(self, chain: Chain, binding: Binding | None) -> FieldValue:
        here: Value = self.rendering.context(self.facts, binding if chain[0] == "parameters" else None)
        for step in chain:
            if not isinstance(here, dict) or step not in here:
                return None
            here = here[step]
        return value_of(here)


def template(raw: Node) -> str | None:
    """The template, where a node is one."""
    return raw.text if isinstance(raw, ScalarNode) and is_template(raw.text) else None


def value_of(value: Value | Data) -> FieldValue:
    """A value of templates or of a tree as a field's value."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, tuple):
        return tuple(value_of(item) for item in value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return {key: value_of(inner) for key, inner in value.items()}


def written_value(node: Node) -> FieldValue:
    """What a node says."""
    return value_of(plain(node))


def has_templates(nodes: Iterable[Node]) -> bool:
    return any(is_template(scalar.text) for node in nodes for scalar in scalars(node))
