"""Profiles: checked uses, with their parameters bound, nested without cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.compiler.bindings import Binding
from engine.manifest import limits
from engine.manifest.declarations import Declaration, Use
from engine.manifest.documents.profile import Parameter, ProfileDocument
from engine.manifest.folder import Written
from engine.manifest.nodes import Node, ScalarNode, SequenceNode, text_node, written
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
        given = self._bind(use, profile.document)
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

    def _bind(self, use: Use, profile: ProfileDocument) -> dict[str, Node] | None:
        """The values of all parameters; None where one is missing or wrong: its resources cannot be made."""
        known = len(self.findings)
        given = use.values.entries if use.values is not None else {}
        for key, entry in given.items():
            if key not in profile.parameters:
                message = f"the profile `{profile.profile}` has no parameter `{key}`"
                hint = did_you_mean(key, profile.parameters)
                self.findings.append(Finding(entry.origin, "unknown-parameter", message, hint))
        bound: dict[str, Node] = {}
        for name, parameter in profile.parameters.items():
            if name in given:
                value = given[name].value
                self._check(profile.profile, name, parameter, value)
                bound[name] = _as_declared(parameter, value)
            elif parameter.default is not None:
                bound[name] = _default(parameter, use.origin)
            else:
                message = f"the profile `{profile.profile}` needs its parameter `{name}`"
                hint = f"write `with: {{{name}: ...}}`"
                self.findings.append(Finding(use.origin, "missing-parameter", message, hint))
        return bound if len(self.findings) == known else None

    def _check(self, profile: str, name: str, parameter: Parameter, value: Node) -> None:
        if isinstance(value, ScalarNode) and is_template(value.text):
            return  # its type shows when it is rendered
        if not _fits(parameter, value):
            wanted = _TYPES[parameter.type]
            message = f"`{name}` of the profile `{profile}` must be {wanted}, not {written(value)}"
            self.findings.append(Finding(value.origin, "wrong-type", message))
            return
        choices = parameter.choices
        if choices is not None and isinstance(value, ScalarNode) and value.text not in choices:
            message = f"`{name}` must be {one_of(choices)}, not {written(value)}"
            hint = did_you_mean(value.text, choices)
            self.findings.append(Finding(value.origin, "unknown-choice", message, hint))


_TYPES = {
    "text": "a text",
    "number": "a whole number",
    "switch": "`true` or `false`",
    "list": "a list of texts",
}


def _fits(parameter: Parameter, value: Node) -> bool:
    if parameter.type == "list":
        return isinstance(value, SequenceNode) and all(isinstance(item, ScalarNode) for item in value.items)
    if not isinstance(value, ScalarNode):
        return False
    if parameter.type == "switch":
        return isinstance(value.value, bool)
    if parameter.type == "number":
        return type(value.value) is int
    return value.value is not None and not isinstance(value.value, bool)


def _default(parameter: Parameter, origin: Origin) -> Node:
    default = parameter.default
    if isinstance(default, tuple):
        return SequenceNode(tuple(text_node(str(item), origin) for item in default), origin)
    if isinstance(default, str):
        return text_node(default, origin)
    return ScalarNode(str(default), default, origin)


def _as_declared(parameter: Parameter, value: Node) -> Node:
    """A text parameter's value keeps its written form: room `08` stays `08`."""
    if parameter.type == "text" and isinstance(value, ScalarNode) and value.value is not None:
        return text_node(value.text, value.origin)
    return value
