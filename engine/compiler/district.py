"""A district, loaded: documents, hosts, and everything that holds across schools checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.compiler.catalog import catalog_findings
from engine.compiler.inventory import Inventory, take_inventory
from engine.compiler.lowering.kinds import Sources
from engine.compiler.matching import Said, unmatched, unmatched_exceptions
from engine.compiler.media import Media
from engine.compiler.profiles import Bundled, Expansion
from engine.compiler.sections import section_fields
from engine.kinds.table import SPECS
from engine.manifest.declarations import Body, Declaration, Use
from engine.manifest.folder import Documents, load_documents
from engine.manifest.nodes import MappingNode, SequenceNode
from engine.manifest.selectors import ALL, Selector
from engine.manifest.suggest import did_you_mean
from engine.manifest.templates import Templates
from engine.model.origin import Finding
from engine.model.resource import Host


@dataclass(frozen=True, slots=True)
class Stated:
    """A declaration as it stands in a document, directly or through a profile."""

    declaration: Declaration
    bundled: Bundled | None  # how it came through a profile
    selectors: tuple[tuple[Selector, ...], ...]  # all of them must mean a host


@dataclass(frozen=True, slots=True)
class District:
    """Everything that compiling a school needs. Made by `load_district`; immutable."""

    documents: Documents
    sources: Sources
    inventories: Mapping[str, Inventory]
    everywhere: tuple[Stated, ...]  # what the district says
    by_group: Mapping[str, tuple[Stated, ...]]  # what groups of schools say
    by_school: Mapping[str, tuple[Stated, ...]]  # what schools say
    spoiled: frozenset[str] = frozenset()  # files with mistakes, which may have lost declarations

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools' short names, sorted."""
        return tuple(sorted(self.inventories))

    def groups_of(self, school: str) -> tuple[str, ...]:
        return self.documents.schools[school].main.document.groups

    def lost(self, school: str) -> frozenset[tuple[str, str]]:
        """Every kind, each without a name, if a mistake kept declarations from reaching the school."""
        folder = self.documents.root.name
        above = ("district.yaml", "profiles/", f"schools/{school}/")
        if any(file.startswith(tuple(f"{folder}/{each}" for each in above)) for file in self.spoiled):
            return frozenset((kind, "") for kind in SPECS)
        return frozenset()

    def hosts(self) -> Iterator[Host]:
        """All hosts of all schools with their roles, by school and name."""
        for school in self.schools:
            for host in self.inventories[school].hosts:
                yield Host(name=host.name, school=school, roles=host.roles)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What `load_district` found. `district` is None where not even district.yaml could be read; with
    findings, it holds what was right, so that compiling it shows the rest of the mistakes."""

    district: District | None
    findings: tuple[Finding, ...]


def load_district(folder: Path, templates: Path | None = None) -> Loaded:
    """Read a manifests folder and check everything that is not one host's alone.

    `templates` is the folder of delivered templates; by default the one beside the manifests. Never raises
    for what people wrote: mistakes are findings, sorted by place. Nothing is compiled yet.
    """
    loading = load_documents(folder, section_fields())
    if loading.documents is None:
        return Loaded(None, loading.findings)
    documents = loading.documents
    findings = list(loading.findings)
    inventories, problems = take_inventory(documents)
    findings += problems
    expansion = Expansion(documents.profiles, documents.broken)
    district = District(
        documents=documents,
        sources=_sources(documents, templates),
        inventories=inventories,
        everywhere=_stated(documents.district.body, expansion),
        by_group={
            name: _stated(_group_body(documents, name), expansion)
            for name in documents.district.document.groups
        },
        by_school={
            name: tuple(
                stated
                for body in (school.main.body, *(part.body for part in school.parts))
                for stated in _stated(body, expansion)
            )
            for name, school in documents.schools.items()
        },
    )
    findings += catalog_findings(documents)
    findings += expansion.findings
    unknown_groups = tuple(_unknown_groups(documents))
    findings += unknown_groups
    findings += _without_hosts(district)
    complete = not _schools_are_broken(documents)
    findings += unmatched(tuple(_said(district)), inventories, wider=complete)
    findings += unmatched_exceptions(documents, inventories, wider=complete)
    findings += () if unknown_groups or not complete else _unused_groups(documents)
    spoiled = frozenset(finding.origin.file for finding in findings)
    return Loaded(replace(district, spoiled=spoiled), tuple(sorted(set(findings))))


def _sources(documents: Documents, templates: Path | None) -> Sources:
    delivered = documents.root.parent / "templates" if templates is None else templates
    return Sources(
        software=documents.software,
        printers=documents.printers,
        media=Media(documents.root),
        delivered=Media(delivered.resolve()),
        templates=Templates(),
        broken=documents.broken,
    )


def _group_body(documents: Documents, name: str) -> Body:
    return documents.group_bodies.get(name, Body())


def _stated(body: Body, expansion: Expansion) -> tuple[Stated, ...]:
    through_profiles = tuple(
        Stated(bundled.declaration, bundled, bundled.selectors)
        for use in body.uses
        for bundled in _expanded(use, expansion)
    )
    direct = tuple(
        Stated(declaration, None, () if declaration.hosts is None else (declaration.hosts,))
        for declaration in body.declarations
    )
    return through_profiles + direct


def _expanded(use: Use, expansion: Expansion) -> tuple[Bundled, ...]:
    if use.hosts is None:
        message = f"the use of the profile `{use.profile.text}` does not say for which hosts"
        expansion.findings.append(Finding(use.origin, "no-hosts", message, _SAY_HOSTS))
    return expansion.expand(use)


_SAY_HOSTS = f"add `hosts:` with a group of hosts, a role, a name or `{ALL}`"


def _without_hosts(district: District) -> Iterator[Finding]:
    for stated in _all(district):
        if not stated.selectors and stated.bundled is None:
            origin = stated.declaration.origin
            yield Finding(origin, "no-hosts", "this does not say for which hosts it is", _SAY_HOSTS)


def _all(district: District) -> Iterator[Stated]:
    yield from district.everywhere
    for group in district.by_group.values():
        yield from group
    for school in district.by_school.values():
        yield from school


def _unknown_groups(documents: Documents) -> Iterator[Finding]:
    known = documents.district.document.groups
    for school in documents.schools.values():
        node = school.main.node.get("groups")
        origins = [item.origin for item in node.items] if isinstance(node, SequenceNode) else []
        for group, origin in zip(school.main.document.groups, origins, strict=False):
            if group not in known:
                message = f"district.yaml has no group of schools `{group}`"
                yield Finding(origin, "unknown-group", message, did_you_mean(group, known))


def _schools_are_broken(documents: Documents) -> bool:
    """What no school uses can be said only when all schools could be read."""
    return any(file.startswith("schools/") for file in documents.broken)


def _unused_groups(documents: Documents) -> Iterator[Finding]:
    groups = documents.district.node.get("groups")
    for name in documents.district.document.groups:
        if not any(name in school.main.document.groups for school in documents.schools.values()):
            node = groups if isinstance(groups, MappingNode) else documents.district.node
            yield Finding(
                node.place(name),
                "unused-group",
                f"no school is in the group `{name}`",
                "remove it, or add it to a school",
            )


def _said(district: District) -> Iterator[Said]:
    """The selectors of each school, of each group of schools, and of the district."""
    for school, stated in district.by_school.items():
        yield Said(school, (school,), _selectors(stated))
    for group, stated in district.by_group.items():
        members = tuple(school for school in district.schools if group in district.groups_of(school))
        yield Said(f"the schools of the group `{group}`", members, _selectors(stated))
    yield Said("the district", district.schools, _selectors(district.everywhere))


def _selectors(stated: Sequence[Stated]) -> tuple[Selector, ...]:
    return tuple(selector for each in stated for alternatives in each.selectors for selector in alternatives)
