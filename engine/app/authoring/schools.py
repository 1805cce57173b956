"""Use case: add a school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.app.authoring.texts import Field, fields, list_field, text_field
from engine.app.authoring.words import checked_identifier, chosen_identifier, initials, near
from engine.app.authoring.writing import Draft, Started, checked_draft, save
from engine.app.errors import NotWritten, WouldReplace
from engine.app.loading import compile_schools
from engine.app.project import Project
from engine.compiler.district import open_district
from engine.manifest.documents.district import HostGroup, SchoolDocument
from engine.manifest.fields import allowed_fields
from engine.manifest.files import walk_yaml
from engine.manifest.nodes import MappingNode, Node
from engine.manifest.ranges import expand, is_range
from engine.manifest.roundtrip.rewriting import read_source
from engine.manifest.schema import check
from engine.manifest.suggest import did_you_mean
from engine.manifest.yaml import parse_yaml
from engine.model.origin import Finding

# What a group of hosts is for, by the word that its name starts with.
_ROLES: Mapping[str, tuple[str, ...]] = {
    "server": ("server",),
    "lab": ("workstation", "lab"),
    "library": ("workstation", "library"),
}


@dataclass(frozen=True, slots=True)
class NewSchool:
    """What a person says about a school. `hosts`: groups of hosts with a name or range each."""

    name: str
    identifier: str | None = None
    prefix: str | None = None
    groups: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    hosts: tuple[tuple[str, str], ...] = ()


def new_school(project: Project, wanted: NewSchool) -> Started:
    """Write a school's file, and check the school as `validate` does.

    Raises:
        NotWritten: a name is not possible or taken, or a group of schools does not exist.
        WouldReplace: there is a school of this name.
        InvalidInput: the file would not be right by itself.
    """
    root = project.manifests.resolve()
    identifier = chosen_identifier(wanted.identifier, wanted.name, "--id")
    known = _schools(root)
    if identifier in known:
        raise WouldReplace(f"there is a school {identifier} already, {known[identifier].name!r}")
    _check_groups(root, wanted.groups)
    draft = checked_draft(
        root, f"schools/{identifier}/school.yaml", _text(identifier, wanted), SchoolDocument, "the school"
    )
    _check_hosts(draft, known)
    save(draft)
    return Started(
        file=f"{root.name}/{draft.file}",
        notes=tuple(_notes(identifier, wanted, known)),
        findings=_left(project, identifier),
    )


def _schools(root: Path) -> dict[str, SchoolDocument]:
    """The schools whose own files can be read."""
    schools: dict[str, SchoolDocument] = {}
    for file in walk_yaml(root, "schools", []):
        if not file.endswith("/school.yaml"):
            continue
        source, _ = read_source(root, file)
        document = _school(source.node) if source is not None else None
        if document is not None:
            schools[document.school] = document
    return schools


def _school(node: Node) -> SchoolDocument | None:
    """A school's own fields, without the resources beside them."""
    if not isinstance(node, MappingNode):
        return None
    return check(SchoolDocument, node.only(allowed_fields(SchoolDocument, ())), "the school")[0]


def _check_groups(root: Path, groups: Sequence[str]) -> None:
    source, findings = read_source(root, "district.yaml")
    if source is None:
        raise NotWritten(f"the district cannot be read: {findings[0]}")
    written = source.node.get("groups") if isinstance(source.node, MappingNode) else None
    known = list(written.entries) if isinstance(written, MappingNode) else []
    for group in groups:
        if group not in known:
            hint = did_you_mean(group, known) or "add it there first"
            raise NotWritten(f"district.yaml has no group of schools {group!r} ({hint})")


def _check_hosts(draft: Draft, known: Mapping[str, SchoolDocument]) -> None:
    taken = {name.casefold(): school for school, document in known.items() for name in _hosts(document)}
    node, _ = parse_yaml(draft.text, draft.file)
    ours = _school(node) if node is not None else None
    for name in _hosts(ours) if ours is not None else ():
        if name.casefold() in taken:
            raise NotWritten(
                f"{taken[name.casefold()]} has a host {name} already: give --prefix, or names with --hosts"
            )


def _hosts(document: SchoolDocument) -> Iterator[str]:
    for group in document.hosts.values():
        yield from _names(group)


def _names(group: HostGroup) -> Iterator[str]:
    if group.name is not None:
        yield group.name
    if group.range is not None:
        yield from expand(group.range)
    yield from group.names or ()


def _text(identifier: str, wanted: NewSchool) -> str:
    prefix = wanted.prefix or initials(wanted.name)
    groups = dict(wanted.hosts)
    if len(groups) < len(wanted.hosts):
        raise NotWritten("a group of hosts is given twice")
    groups = groups if "server" in groups else {"server": f"{prefix}-SRV01", **groups}
    head = fields(
        0,
        Field("school", identifier),
        text_field("name", wanted.name),
        list_field("groups", wanted.groups),
        list_field("grades", [int(grade) if grade.isdecimal() else grade for grade in wanted.grades]),
    )
    variables = fields(2, text_field("prefix", prefix))
    hosts = "".join(_group(name, text) for name, text in groups.items())
    return (
        f"{head}\nvars:\n{variables}"
        "\n# Groups of hosts. A resource names a group, a role or a single host in its `hosts:`.\n"
        f"hosts:\n{hosts}"
    )


def _group(name: str, hosts: str) -> str:
    roles = _ROLES.get(name.split("-")[0], ("workstation",))
    named = text_field("range" if is_range(hosts) else "name", hosts)
    return f"  {checked_identifier(name)}:\n{fields(4, named, list_field('roles', roles))}"


def _notes(identifier: str, wanted: NewSchool, known: Mapping[str, SchoolDocument]) -> Iterator[str]:
    if (other := near(identifier, known)) is not None:
        yield f"there is a school {other} too; is it another one?"
    same = [school for school, each in known.items() if each.name.casefold() == wanted.name.casefold()]
    if same:
        yield f"{same[0]} has the same name"


def _left(project: Project, school: str) -> tuple[Finding, ...]:
    """What is not right about the school yet, such as a variable that a district's profile asks for."""
    reading, findings = open_district(project.manifests)
    if reading is None:
        return findings
    loaded = reading.read(school)
    if loaded.district is None:
        return loaded.findings
    return tuple(sorted({*loaded.findings, *compile_schools(loaded.district, (school,))[1]}))
