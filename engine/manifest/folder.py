"""The manifests folder as documents: every file read, checked against its model, nothing resolved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from engine.manifest.declarations import Body, Sections, read_body
from engine.manifest.documents.catalog import PrinterDocument, SoftwareDocument
from engine.manifest.documents.district import DistrictDocument, SchoolDocument, SchoolPart
from engine.manifest.documents.profile import ProfileDocument
from engine.manifest.fields import allowed_fields
from engine.manifest.files import no_manifest, other_files, place, read_text, walk_yaml
from engine.manifest.nodes import MappingNode, Node, ScalarNode
from engine.manifest.schema import check
from engine.manifest.secrets import mentions_references, misplaced_references
from engine.manifest.suggest import did_you_mean
from engine.manifest.yaml import parse_yaml
from engine.model.origin import Finding

D = TypeVar("D", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Written(Generic[D]):
    """A document with the tree that it was read from and the resources beside its own fields."""

    file: str  # relative to the manifests folder
    node: MappingNode
    document: D
    body: Body


@dataclass(frozen=True, slots=True)
class SchoolDocuments:
    """A school's own file and the further ones of its folder."""

    main: Written[SchoolDocument]
    parts: tuple[Written[SchoolPart], ...]

    def outline(self) -> SchoolDocuments:
        """What the school says of itself only: no hosts, no resources, no places of fields."""
        document = self.main.document.model_copy(update={"hosts": {}, "profiles": ()})
        node = MappingNode({}, self.main.node.origin)
        return SchoolDocuments(Written(self.main.file, node, document, Body()), ())


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a manifests folder, with all schools or some. `root` is its resolved path."""

    root: Path
    district: Written[DistrictDocument]
    group_bodies: Mapping[str, Body]  # by group of schools
    software: Mapping[str, Written[SoftwareDocument]]
    printers: Mapping[str, Written[PrinterDocument]]
    profiles: Mapping[str, Written[ProfileDocument]]
    schools: Mapping[str, SchoolDocuments]
    broken: frozenset[str]  # files with mistakes that are in none of these, relative to `root`


# Beside the manifests: what is simulated, which is no manifest.
_NOT_MANIFESTS = frozenset({"rehearsal.yaml"})
# Folders of other rooms, and of files that manifests refer to.
_OTHER_FOLDERS = frozenset({"media", "policies"})


@dataclass(slots=True)
class Reader:
    """Reads a manifests folder: what all schools share, then one school after the other.

    `root` must be resolved; `sections` are the names under which resources may stand, each with the fields of
    its entries. Nothing is raised for what a person wrote: a document with a mistake is left out, and the
    mistake is among the findings.
    """

    root: Path
    sections: Sections
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # files that could not be read, relative to `root`
    _group_bodies: dict[str, Body] = field(default_factory=dict)

    def shared(self) -> Documents | None:
        """All documents but those of schools; None where not even district.yaml could be read."""
        if not (self.root / "district.yaml").is_file():
            message = "there is no district.yaml in the manifests folder"
            self.findings.append(Finding(place(self.root, "district.yaml"), "no-district", message))
            return None
        district = self._document("district.yaml", DistrictDocument, "the district", self._groups)
        software = self._entries("catalog/software", SoftwareDocument, "the product", "software")
        printers = self._entries("catalog/printers", PrinterDocument, "the printer model", "printer")
        profiles = self._entries("profiles", ProfileDocument, "the profile", "profile")
        if district is None:
            return None
        return Documents(
            root=self.root,
            district=district,
            group_bodies=self._group_bodies,
            software=software,
            printers=printers,
            profiles=profiles,
            schools={},
            broken=frozenset(self.broken),
        )

    def _tree(self, file: str, model: type[BaseModel]) -> MappingNode | None:
        text, problem = read_text(self.root, file)
        if problem is not None:
            self.findings.append(problem)
            return None
        node, problems = parse_yaml(text, place(self.root, file).file)
        self.findings.extend(problems)
        if problems and node is None:
            return None
        if node is None or (isinstance(node, ScalarNode) and node.value is None):
            self.findings.append(Finding(place(self.root, file), "empty-file", "the file says nothing"))
            return None
        if not isinstance(node, MappingNode):
            message = "a manifest is a group of `field: value` lines"
            self.findings.append(Finding(node.origin, "wrong-type", message))
            return None
        if mentions_references(text):
            self.findings.extend(misplaced_references(node, model))
        return node

    def _document(
        self,
        file: str,
        model: type[D],
        what: str,
        prepare: Callable[[MappingNode], MappingNode] | None = None,
        with_sections: bool = True,
    ) -> Written[D] | None:
        tree = self._tree(file, model)
        if tree is None:
            self.broken.add(file)
            return None
        if prepare is not None:
            tree = prepare(tree)
        sections = self.sections if with_sections else {}
        own = self._own_fields(tree, model, what, sections)
        document, problems = check(model, own, what)
        self.findings.extend(problems)
        body = read_body(tree, sections, self.findings)
        if document is None:
            self.broken.add(file)
            return None
        return Written(file, tree, document, body)

    def _own_fields(
        self, tree: MappingNode, model: type[BaseModel], what: str, sections: Collection[str]
    ) -> MappingNode:
        """The document's own fields; those that are neither its own nor sections are findings."""
        own = allowed_fields(model, ())
        unknown = [key for key in tree.entries if key not in own and key not in sections]
        for key in unknown:
            self.findings.append(
                Finding(
                    tree.place(key),
                    "unknown-field",
                    f"{what} has no field `{key}`",
                    did_you_mean(key, [*own, *sections]),
                )
            )
        return tree.only(own)

    def _groups(self, tree: MappingNode) -> MappingNode:
        """Read the resources of groups of schools and leave the groups' own fields in the tree."""
        groups = tree.get("groups")
        if not isinstance(groups, MappingNode):
            return tree
        for name, entry in groups.entries.items():
            if isinstance(entry.value, MappingNode):
                self._group_bodies[name] = read_body(entry.value, self.sections, self.findings)
                groups = groups.having(name, entry.value.without(self.sections))
        return tree.having("groups", groups)

    def _entries(self, folder: str, model: type[D], what: str, key: str) -> dict[str, Written[D]]:
        """The documents of a folder by their names, which must be the names of their files."""
        found: dict[str, Written[D]] = {}
        for file in walk_yaml(self.root, folder, self.findings):
            written = self._document(file, model, what, with_sections=model is ProfileDocument)
            if written is None:
                continue
            name: str = getattr(written.document, key)
            stem = Path(file).stem
            if name != stem:
                self._misnamed(written.node, key, name, stem)
            found[stem] = written
        return found

    def _misnamed(self, node: Node, key: str, name: str, stem: str) -> None:
        origin = node.place(key) if isinstance(node, MappingNode) else node.origin
        message = f"`{key}: {name}` stands in a file or folder named {stem}"
        self.findings.append(Finding(origin, "file-name", message, "give both the same name"))

    def school_files(self) -> dict[str, tuple[str, ...]]:
        """The files of each school by its folder's name, sorted."""
        files: dict[str, list[str]] = {}
        for file in walk_yaml(self.root, "schools", self.findings):
            parts = file.split("/")
            if len(parts) < 3:
                message = "a school's files stand in a folder of its own"
                self.findings.append(
                    Finding(place(self.root, file), "file-name", message, "schools/<school>/school.yaml")
                )
                continue
            files.setdefault(parts[1], []).append(file)
        return {folder: tuple(files[folder]) for folder in sorted(files)}

    def school(self, folder: str, files: Collection[str]) -> SchoolDocuments | None:
        """The documents of one school; None where its own file is missing or wrong."""
        main_file = f"schools/{folder}/school.yaml"
        parts = [
            part
            for file in files
            if file != main_file
            if (part := self._document(file, SchoolPart, "a school's file")) is not None
        ]
        if main_file not in files:
            message = f"the folder schools/{folder} has no school.yaml"
            self.broken.add(main_file)  # what only this school has, such as its groups, is not missing too
            self.findings.append(Finding(place(self.root, min(files)), "no-school", message))
            return None
        main = self._document(main_file, SchoolDocument, "the school")
        if main is None:
            return None
        if main.document.school != folder:
            self._misnamed(main.node, "school", main.document.school, folder)
        return SchoolDocuments(main, tuple(parts))

    def look_for_strays(self) -> None:
        """Files that nobody would read: better a finding than a silent nothing."""
        self.findings += (no_manifest(self.root, file) for file in other_files(self.root, "catalog"))
        known = ("catalog/software/", "catalog/printers/", "profiles/", "schools/")
        for file in walk_yaml(self.root, ".", []):
            top = file.split("/")[0]
            expected = file == "district.yaml" or file in _NOT_MANIFESTS or top in _OTHER_FOLDERS
            if not expected and not file.startswith(known):
                message = "no document is expected here, so this file would never be read"
                fix = "move it to schools/, profiles/ or catalog/"
                self.findings.append(Finding(place(self.root, file), "stray-file", message, fix))
