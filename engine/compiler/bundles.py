"""Profiles as they stand: what can be said of them whether anybody uses them or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.compiler.bindings import NAMES
from engine.compiler.final import unknown_final
from engine.compiler.lowering.files import template_text
from engine.compiler.lowering.kinds import Sources
from engine.compiler.parameters import misfits
from engine.compiler.profiles import Expansion, Profiles, default_of
from engine.compiler.references import Asked, parse_reference
from engine.compiler.sections import SECTIONS, title
from engine.kinds.table import KINDS
from engine.manifest.declarations import Declaration
from engine.manifest.documents.profile import ProfileDocument
from engine.manifest.files import place
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, ScalarNode, Word, scalars
from engine.manifest.schema import check_written
from engine.manifest.suggest import did_you_mean
from engine.manifest.templates import Chain, TemplateProblem, Templates, is_template
from engine.model.origin import Finding, Origin


def profile_findings(profiles: Profiles, used: Collection[str], sources: Sources) -> Iterator[Finding]:
    """What is wrong with profiles that does not show where they are used.

    Of those that nobody uses everything is looked at that needs no host and no values.
    """
    for name, profile in profiles.items():
        texts = tuple(_templates(profile, sources))
        yield from _parameters(profile, texts, sources.templates)
        for declaration in profile.body.declarations:
            yield from unknown_final(declaration, SECTIONS[declaration.section].entry)
        if name in used:
            continue
        yield from _nested(profile, profiles, sources.broken)
        for declaration in profile.body.declarations:
            yield from _declaration(declaration)
        for text in texts:
            yield from text.problems(sources.templates, profile.document.parameters)


@dataclass(frozen=True, slots=True)
class _Template:
    """A template of a profile, in a value or in a file that is delivered."""

    text: str
    origin: Origin
    is_file: bool = False

    def chains(self, templates: Templates) -> frozenset[Chain]:
        try:
            return templates.check(self.text).chains
        except TemplateProblem:
            return frozenset({("parameters",)})  # whatever it means to look at

    def problems(self, templates: Templates, parameters: Collection[str]) -> Iterator[Finding]:
        try:
            template = templates.check(self.text)
        except TemplateProblem as problem:
            yield Finding(self._at(problem.line), "template", problem.message, problem.suggestion)
            return
        for chain in sorted(template.chains):
            unknown = _unknown(chain, {**NAMES, "parameters": frozenset(parameters)})
            if unknown is not None:
                yield Finding(self.origin, "template", *unknown)

    def _at(self, line: int) -> Origin:
        return Origin(self.origin.file, line, 1) if self.is_file else self.origin


def _unknown(chain: Chain, known: Mapping[str, frozenset[str] | None]) -> tuple[str, str] | None:
    """What is said of a name that no host has, and the near miss."""
    first, *rest = chain
    if first not in known:
        return f"`{first}` is not known in templates", did_you_mean(first, known)
    parts = known[first]
    if parts is None or not rest or rest[0] in parts:
        return None
    return f"`{first}` has no `{rest[0]}`", did_you_mean(rest[0], sorted(parts))


def _templates(profile: Written[ProfileDocument], sources: Sources) -> Iterator[_Template]:
    """Every template of a profile: in its resources, in what it gives to others, in files it delivers."""
    for declaration in profile.body.declarations:
        for node in (declaration.body, declaration.common):
            yield from _in(node)
        yield from _delivered(declaration, sources)
    for use in profile.body.uses:
        if use.values is not None:
            yield from _in(use.values)


def _in(node: MappingNode) -> Iterator[_Template]:
    for scalar in scalars(node):
        if is_template(scalar.text):
            yield _Template(scalar.text, scalar.origin)


def _delivered(declaration: Declaration, sources: Sources) -> Iterator[_Template]:
    named = declaration.body.get("template") if declaration.section == "files" else None
    if not isinstance(named, ScalarNode):
        return
    if is_template(named.text):
        yield _Template(
            "{{ parameters }}", named.origin
        )  # which file it is, and what that names, is not known
        return
    text, problem = template_text(named.text, named.origin, sources)
    if problem is None:
        yield _Template(text, place(sources.delivered.root, named.text), is_file=True)


def _parameters(
    profile: Written[ProfileDocument], texts: Collection[_Template], templates: Templates
) -> Iterator[Finding]:
    """Defaults that do not fit, and parameters that nothing looks at."""
    chains = {chain for text in texts for chain in text.chains(templates)}
    looked_at = {chain[1] for chain in chains if chain[0] == "parameters" and chain[1:]}
    node = profile.node.get("parameters")
    for name, parameter in profile.document.parameters.items():
        default = default_of(profile, name)
        if default is not None:
            yield from misfits(profile.document.profile, name, parameter, default)
        if name not in looked_at and ("parameters",) not in chains and isinstance(node, MappingNode):
            message = f"nothing in the profile uses its parameter `{name}`"
            hint = f"remove it, or write `{{{{ parameters.{name} }}}}` where it belongs"
            yield Finding(node.place(name), "unused-parameter", message, hint)


def _nested(
    profile: Written[ProfileDocument], profiles: Profiles, broken: frozenset[str]
) -> Iterator[Finding]:
    expansion = Expansion(profiles, broken)
    for use in profile.body.uses:
        expansion.expand(use)
    yield from expansion.findings


def _declaration(declaration: Declaration) -> Iterator[Finding]:
    section = SECTIONS[declaration.section]
    what = title(section, declaration.body)
    yield from check_written(section.entry, declaration.body, what, ignored=is_template)
    for word in (*declaration.needs, *declaration.after):
        if not is_template(word.text):
            reference = parse_reference(_asked(word), KINDS)
            if isinstance(reference, Finding):
                yield reference


def _asked(word: Word) -> Asked:
    return Asked(ScalarNode(word.text, word.text, word.origin, word.inset))
