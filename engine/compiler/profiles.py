"""Profiles: checked uses, with their parameters bound, nested without cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.compiler.bindings import Binding
from engine.compiler.parameters import as_declared, misfits
from engine.manifest import limits
from engine.manifest.declarations import Declaration, Use
from engine.manifest.documents.profile import ProfileDocument
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.manifest.selectors import Selector
from engine.manifest.suggest import did_you_mean
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
    """Expands uses of profiles; collects what is wrong with them.

    What one expansion brings, of the district's file or of a school's, is bounded as a whole.
    """

    profiles: Profiles
    broken: frozenset[str]  # files with mistakes of their own, which are not missing
    findings: list[Finding] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # names of profiles
    _uses: int = 0  # of profiles, with those within profiles
    _resources: int = 0  # that they bring
    _is_full: bool = False  # more than the limits allow; told once

    def expand(self, use: Use) -> tuple[Bundled, ...]:
        """All resources that one use brings, those of nested profiles first."""
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
        binding = Binding(name, given, profile.document.parameters, outer, use.origin)
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
        if len(trail) >= limits.NESTED_PROFILES:
            message = f"profiles bring along profiles more than {limits.NESTED_PROFILES} deep"
            self.findings.append(Finding(use.profile.origin, "profile-limit", message))
            return None
        return profile if self._has_room(use, profile) else None

    def _has_room(self, use: Use, profile: Written[ProfileDocument]) -> bool:
        """Count a use, unless it is one too many."""
        if self._is_full:
            return False
        self._uses += 1
        self._resources += len(profile.body.declarations)
        too_many = ""
        if self._uses > limits.PROFILE_USES:
            too_many = f"{limits.PROFILE_USES:,} uses of profiles"
        elif self._resources > limits.PROFILE_RESOURCES:
            too_many = f"{limits.PROFILE_RESOURCES:,} resources of profiles"
        if too_many:
            self._is_full = True
            message = f"this leads to more than {too_many}"
            self.findings.append(Finding(use.profile.origin, "profile-limit", message))
        return not self._is_full

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
                bound[key] = as_declared(parameter, value)
            elif default is not None:
                bound[key] = as_declared(parameter, _at(default, use.origin))
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


def _at(node: Node, origin: Origin) -> Node:
    """The same value as if it stood elsewhere."""
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_at(item, origin) for item in node.items), origin)
    return ScalarNode(node.text, node.value, origin) if isinstance(node, ScalarNode) else node
