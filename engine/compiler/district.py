"""A district: read school by school or as a whole, with everything checked that holds across schools."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.compiler.bundles import profile_findings
from engine.compiler.catalog import catalog_findings
from engine.compiler.inventory import HostNames, Inventory, take_inventory
from engine.compiler.lowering.kinds import Sources
from engine.compiler.lowering.offers import offer_findings
from engine.compiler.matching import Matching, exceptions_in
from engine.compiler.media import Media
from engine.compiler.profiles import Expansion
from engine.compiler.sections import section_fields
from engine.compiler.selectors import check_selectors
from engine.compiler.stated import Stated, selectors_of, stated_in
from engine.compiler.trust import own_findings, school_findings
from engine.kinds.table import SPECS
from engine.manifest.declarations import Body
from engine.manifest.folder import Documents, Reader, SchoolDocuments
from engine.manifest.nodes import MappingNode, SequenceNode
from engine.manifest.suggest import did_you_mean
from engine.manifest.templates import Templates
from engine.model.origin import Finding
from engine.model.resource import Host


@dataclass(frozen=True, slots=True)
class District:
    """Everything that compiling a school needs. Made by `load_district`; immutable."""

    documents: Documents
    sources: Sources
    inventories: Mapping[str, Inventory]
    everywhere: tuple[Stated, ...]  # what the district says
    by_group: Mapping[str, tuple[Stated, ...]]  # what groups of schools say
    by_school: Mapping[str, tuple[Stated, ...]]  # what schools say
    losing: frozenset[str] = frozenset()  # schools which a mistake may have kept declarations from

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools' short names, sorted."""
        return tuple(sorted(self.inventories))

    def groups_of(self, school: str) -> tuple[str, ...]:
        return self.documents.schools[school].main.document.groups

    def lost(self, school: str) -> frozenset[tuple[str, str]]:
        """Every kind, each without a name, if a mistake kept declarations from reaching the school."""
        return frozenset((kind, "") for kind in SPECS) if school in self.losing else frozenset()

    def hosts(self) -> Iterator[Host]:
        """All hosts of all schools with their roles, by school and name."""
        for school in self.schools:
            for host in self.inventories[school].hosts:
                yield Host(name=host.name, school=school, roles=host.roles)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read. `district` is None where it could not be; with findings, it holds what was right, so
    that compiling it shows the rest of the mistakes."""

    district: District | None
    findings: tuple[Finding, ...]


def load_district(folder: Path, templates: Path | None = None) -> Loaded:
    """Read a manifests folder and check everything that is not one host's alone.

    `templates` is the folder of delivered templates; by default the one beside the manifests. Never raises
    for what people wrote: mistakes are findings, sorted by place. Nothing is compiled yet.
    """
    reading, findings = open_district(folder, templates)
    if reading is None:
        return Loaded(None, findings)
    found = set(findings)
    schools = []
    for school in reading.schools:
        loaded = reading.read(school)
        found.update(loaded.findings)
        if loaded.district is not None:
            schools.append(loaded.district)
    across = reading.across()
    return Loaded(_together(reading, schools, across), tuple(sorted(found.union(across))))


def _together(reading: Reading, schools: Sequence[District], across: Iterable[Finding]) -> District:
    """One district of several, each of which has one school."""
    shared = reading.shared
    documents = {name: found for each in schools for name, found in each.documents.schools.items()}
    losing = documents if reading.spoils(across) else (name for each in schools for name in each.losing)
    return replace(
        shared,
        documents=replace(shared.documents, schools=documents, broken=reading.broken),
        inventories={name: found for each in schools for name, found in each.inventories.items()},
        by_school={name: found for each in schools for name, found in each.by_school.items()},
        losing=frozenset(losing),
    )


def open_district(
    folder: Path, templates: Path | None = None, media: Callable[[Path], Media] = Media
) -> tuple[Reading | None, tuple[Finding, ...]]:
    """Read what all schools share, and what is wrong with it; None where not even district.yaml can be read.

    `templates` is as in `load_district`; `media` makes of a folder the files that manifests refer to.
    """
    reader = Reader(folder.resolve(), section_fields())
    documents = reader.shared()
    files = reader.school_files()
    reader.look_for_strays()
    if documents is None:
        return None, tuple(sorted(set(reader.findings)))
    expansion = Expansion(documents.profiles, documents.broken)
    shared = District(
        documents=documents,
        sources=_sources(documents, templates, media),
        inventories={},
        everywhere=stated_in([documents.district.body], expansion),
        by_group={
            name: stated_in([documents.group_bodies.get(name, Body())], expansion)
            for name in documents.district.document.groups
        },
        by_school={},
    )
    findings = {*reader.findings, *expansion.findings, *catalog_findings(documents, files)}
    findings.update(own_findings(documents, shared.sources.media))
    for product in documents.software.values():
        findings.update(offer_findings(product))
    return Reading(shared, reader, files, frozenset(findings), expansion.used), tuple(sorted(findings))


def _sources(documents: Documents, templates: Path | None, media: Callable[[Path], Media]) -> Sources:
    # Not resolved where it is the manifests' own: a link in its place would deliver files of the controller.
    delivered = documents.root.parent / "templates" if templates is None else templates.resolve()
    return Sources(
        software=documents.software,
        printers=documents.printers,
        media=media(documents.root),
        delivered=Media(delivered),
        templates=Templates(),
        broken=documents.broken,
    )


class Reading:
    """A district that is read school by school.

    Of a school that was read, its hosts' names are kept, which no other school may have, and what selectors
    of the district and of groups of schools still have to find.
    """

    def __init__(
        self,
        shared: District,
        reader: Reader,
        files: Mapping[str, tuple[str, ...]],
        findings: frozenset[Finding],
        profiles: Collection[str],
    ) -> None:
        self.shared = shared  # without schools
        self._reader = reader
        self._files = files  # of each school, by its folder
        self._is_spoiled = self.spoils(findings)
        self._names: HostNames = {}
        self._matching = Matching()
        self._said = {
            _THE_DISTRICT: selectors_of(shared.everywhere),
            **{_schools_of(group): selectors_of(stated) for group, stated in shared.by_group.items()},
        }
        self._exceptions = exceptions_in(shared.documents.district.node, [])
        self._read: set[str] = set()
        self._groups: set[str] = set()  # of schools, which some school is in
        self._profiles = set(profiles)  # that something uses

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools' folders, sorted: the names of schools where nothing is wrong."""
        return tuple(self._files)

    @property
    def broken(self) -> frozenset[str]:
        """The files, relative to the manifests folder, that could not be read so far."""
        return frozenset(self._reader.broken)

    def spoils(self, findings: Iterable[Finding]) -> bool:
        """Whether mistakes stand where they may keep declarations from reaching all schools."""
        root = self.shared.documents.root.name
        above = (f"{root}/district.yaml", f"{root}/profiles/")
        return any(finding.origin.file.startswith(above) for finding in findings)

    def read(self, folder: str) -> Loaded:
        """A district with one school only, and what is wrong with the school. Each is to be read once.

        Raises:
            KeyError: there is no such folder.
        """
        self._reader.findings.clear()
        documents = self._reader.school(folder, self._files[folder])
        if documents is None:
            return Loaded(None, tuple(sorted(set(self._reader.findings))))
        school = documents.main.document.school
        shared = replace(self.shared.documents, schools={school: documents})
        findings = list(self._reader.findings)
        inventory = take_inventory(shared, documents, self._names, findings)
        expansion = Expansion(shared.profiles, shared.broken)
        stated = stated_in((documents.main.body, *(part.body for part in documents.parts)), expansion)
        findings += expansion.findings
        self._profiles |= expansion.used
        findings += _unknown_groups(shared, documents)
        findings += school_findings(shared.district.document, documents.main)
        self._meet(folder, documents, inventory, stated, findings)
        own = f"{shared.root.name}/schools/{folder}/"
        is_losing = (
            self._is_spoiled
            or self.spoils(findings)
            or any(finding.origin.file.startswith(own) for finding in findings)
        )
        district = replace(
            self.shared,
            documents=shared,
            inventories={school: inventory},
            by_school={school: stated},
            losing=frozenset({school} if is_losing else ()),
        )
        return Loaded(district, tuple(sorted(set(findings))))

    def _meet(
        self,
        folder: str,
        documents: SchoolDocuments,
        inventory: Inventory,
        stated: Iterable[Stated],
        findings: list[Finding],
    ) -> None:
        """Look at the selectors that are for the school."""
        own = f"{self.shared.documents.root.name}/schools/{folder}/"
        selectors = [*selectors_of(stated), *exceptions_in(documents.main.node, findings)]
        school = inventory.school
        findings += check_selectors(
            (each for each in selectors if each.origin.file.startswith(own)), (inventory,), school
        )
        self._matching.meet(
            school, (each for each in selectors if not each.origin.file.startswith(own)), inventory
        )
        for group in documents.main.document.groups:
            self._matching.meet(_schools_of(group), self._said.get(_schools_of(group), ()), inventory)
        self._matching.meet(_THE_DISTRICT, (*self._said[_THE_DISTRICT], *self._exceptions), inventory)
        self._groups.update(documents.main.document.groups)
        self._read.add(school)

    def across(self) -> tuple[Finding, ...]:
        """What only all schools together show; for when all have been read."""
        is_complete = not any(file.startswith("schools/") for file in self._reader.broken)
        findings = list(self._matching.findings(frozenset(self._read), complete=is_complete))
        known = self.shared.documents.district.document.groups
        profiles = self.shared.documents.profiles
        used = self._profiles if is_complete else profiles
        findings += profile_findings(profiles, used, self.shared.sources)
        if is_complete and self._groups.issubset(known):
            findings += _unused_groups(self.shared.documents, self._groups)
        return tuple(sorted(set(findings)))


_THE_DISTRICT = "the district"


def _schools_of(group: str) -> str:
    return f"the schools of the group `{group}`"


def _unknown_groups(documents: Documents, school: SchoolDocuments) -> Iterator[Finding]:
    known = documents.district.document.groups
    node = school.main.node.get("groups")
    origins = [item.origin for item in node.items] if isinstance(node, SequenceNode) else []
    for group, origin in zip(school.main.document.groups, origins, strict=False):
        if group not in known:
            message = f"district.yaml has no group of schools `{group}`"
            yield Finding(origin, "unknown-group", message, did_you_mean(group, known))


def _unused_groups(documents: Documents, used: Collection[str]) -> Iterator[Finding]:
    groups = documents.district.node.get("groups")
    node = groups if isinstance(groups, MappingNode) else documents.district.node
    for name in documents.district.document.groups:
        if name not in used:
            message = f"no school is in the group `{name}`"
            yield Finding(node.place(name), "unused-group", message, "remove it, or add it to a school")
