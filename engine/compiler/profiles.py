"""Profiles: checked uses, with their parameters bound, nested without cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.compiler.bindings import Binding
from engine.manifest import limits
from engine.manifest.declarations import Declaration, Use
from engine.manifest.documents.profile import Parameter, ProfileDocument
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode, text_node, written
from engine.manifest.selectors import Selector
from engine.manifest.suggest import did_you_mean, one_of
from engine.manifest.templates import is_template
from engine.model.origin import Finding, Origin

Profiles = Mapping[str, Written[ProfileDocument]]


@dataclass(frozen=True, slots=True)
class Bundled:
    """One resource of a profile, with the selectors through which it came: all of them must mean a host."""

    declaration: Declaration
    binding: Binding
    use: Origin  # where the outermost profile was applied
    selectors: tuple[tuple[Selector, ...], ...]


@dataclass(slots=True)
class Expansion:
    """Expands uses of profiles; collects what is wrong with them."""

    profiles: Profiles
    broken: frozenset[str]  # files with mistakes of their own, which are not missing
    findings: list[Finding] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # names of profiles
    _uses: int = 0  # that the use which is being expanded has led to

    def expand(self, use: Use) -> tuple[Bundled, ...]:
        """All resources that one use brings, those of nested profiles first."""
        self._uses = 0
        return tuple(self._expand(use, None, (), (), use.origin))

    def _expand(
        self,
        use: Use,
        outer: Binding | None,
        selectors: tuple[tuple[Selector, ...], ...],
        trail: tuple[str, ...],
        first: Origin,
    ) -> list[Bundled]:
        name = use.profile.text
        profile = self._find(use, trail)
        if profile is None:
            return []
        given = self._bind(use, profile)
        if given is None:
            return []
        binding = Binding(name, given, outer, use.origin)
        within = selectors if use.hosts is None else (*selectors, use.hosts)
        bundled = [
            found
            for inner in profile.body.uses
            for found in self._expand(inner, binding, within, (*trail, name), first)
        ]
        for declaration in profile.body.declarations:
            narrowed = within if declaration.hosts is None else (*within, declaration.hosts)
            bundled.append(Bundled(declaration, binding, first, narrowed))
        return bundled

    def _find(self, use: Use, trail: tuple[str, ...]) -> Written[ProfileDocument] | None:
        """The profile that is used; None, with a finding, where there is none or it leads nowhere."""
        name = use.profile.text
        profile = self.profiles.get(name)
        self._uses += 1
        if profile is None:
            if f"profiles/{name}.yaml" not in self.broken:
                message = f"there is no profile `{name}`"
                hint = did_you_mean(name, self.profiles)
                self.findings.append(Finding(use.profile.origin, "unknown-profile", message, hint))
            return None
        self.used.add(name)
        if name in trail:
            circle = " → ".join((*trail[trail.index(name) :], name))
            message = f"the profile `{name}` contains itself: {circle}"
            self.findings.append(Finding(use.profile.origin, "profile-cycle", message))
            return None
        if len(trail) >= limits.NESTED_PROFILES or self._uses > limits.PROFILE_USES:
            if self._uses <= limits.PROFILE_USES + 1:  # told once, however much of it is left
                message = f"profiles bring along profiles more than {limits.NESTED_PROFILES} deep"
                if self._uses > limits.PROFILE_USES:
                    message = f"this leads to more than {limits.PROFILE_USES:,} uses of profiles"
                self.findings.append(Finding(use.profile.origin, "profile-limit", message))
            return None
        return profile

    def _bind(self, use: Use, profile: Written[ProfileDocument]) -> dict[str, Node] | None:
        """The values of all parameters; None where one is missing or wrong: its resources cannot be made."""
        known = len(self.findings)
        name, parameters = profile.document.profile, profile.document.parameters
        given = use.values.entries if use.values is not None else {}
        for key, entry in given.items():
            if key not in parameters:
                message = f"the profile `{name}` has no parameter `{key}`"
                hint = did_you_mean(key, parameters)
                self.findings.append(Finding(entry.origin, "unknown-parameter", message, hint))
        bound: dict[str, Node] = {}
        for key, parameter in parameters.items():
            default = default_of(profile, key)
            if key in given:
                value = given[key].value
                self.findings += misfits(name, key, parameter, value)
                bound[key] = _as_declared(parameter, value)
            elif default is not None:
                bound[key] = _as_declared(parameter, _at(default, use.origin))
            else:
                message = f"the profile `{name}` needs its parameter `{key}`"
                hint = f"write `with: {{{key}: ...}}`"
                self.findings.append(Finding(use.origin, "missing-parameter", message, hint))
        return bound if len(self.findings) == known else None


def default_of(profile: Written[ProfileDocument], parameter: str) -> Node | None:
    """A parameter's default as it is written; None where it has none."""
    node: Node | None = profile.node.get("parameters")
    for name in (parameter, "default"):
        node = node.get(name) if isinstance(node, MappingNode) else None
    return None if isinstance(node, ScalarNode) and node.value is None else node


def misfits(profile: str, name: str, parameter: Parameter, value: Node) -> Iterator[Finding]:
    """What is wrong with a value for a parameter. Of a template it shows when it is rendered."""
    if isinstance(value, ScalarNode) and is_template(value.text):
        return
    if not _fits(parameter, value):
        message = (
            f"`{name}` of the profile `{profile}` must be {_TYPES[parameter.type]}, not {written(value)}"
        )
        yield Finding(value.origin, "wrong-type", message)
        return
    choices = parameter.choices or ()
    for item in (value.items if isinstance(value, SequenceNode) else (value,)) if choices else ():
        if isinstance(item, ScalarNode) and item.text not in choices and not is_template(item.text):
            message = f"`{name}` of the profile `{profile}` must be {one_of(choices)}, not {written(item)}"
            yield Finding(item.origin, "unknown-choice", message, did_you_mean(item.text, choices))


_TYPES = {
    "text": "a text",
    "number": "a whole number",
    "switch": "`true` or `false`",
    "list": "a list of texts",
    "choice": "a text",
}


def _fits(parameter: Parameter, value: Node) -> bool:
    if parameter.type == "list":
        return isinstance(value, SequenceNode) and all(_is_text(item) for item in value.items)
    if parameter.type == "switch":
        return isinstance(value, ScalarNode) and isinstance(value.value, bool)
    if parameter.type == "number":
        return isinstance(value, ScalarNode) and type(value.value) is int
    return _is_text(value)


def _is_text(value: Node) -> bool:
    """Also a number, which keeps its written form."""
    return isinstance(value, ScalarNode) and value.value is not None and not isinstance(value.value, bool)


def _at(node: Node, origin: Origin) -> Node:
    """The same value as if it stood elsewhere."""
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_at(item, origin) for item in node.items), origin)
    return ScalarNode(node.text, node.value, origin) if isinstance(node, ScalarNode) else node


def _as_declared(parameter: Parameter, value: Node) -> Node:
    """Texts keep their written form: room `08` stays `08`."""
    if isinstance(value, SequenceNode):
        return SequenceNode(tuple(_as_text(item) for item in value.items), value.origin)
    return _as_text(value) if parameter.type in ("text", "choice") else value


def _as_text(value: Node) -> Node:
    if isinstance(value, ScalarNode) and value.value is not None:
        return text_node(value.text, value.origin)
    return value
