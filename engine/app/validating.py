"""Use case: check the manifests without talking to any host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from engine.app.history.git import GitProblem, repository_of
from engine.app.project import Project
from engine.app.selection import named_schools
from engine.compiler.district import Loaded, Reading, open_district
from engine.compiler.evaluation import SchoolUse, evaluation_findings
from engine.compiler.school import check_school
from engine.compiler.verify import verify_media
from engine.manifest.folder import SchoolDocuments
from engine.model.bounded import bounded
from engine.model.origin import Finding

Progress = Callable[[int, int], None]  # how many schools are checked, and of how many


@dataclass(frozen=True, slots=True)
class Validation:
    """Everything that is wrong, by place, and how much was looked at."""

    findings: tuple[Finding, ...]
    schools: int
    hosts: int
    resources: int


def validate(
    project: Project,
    *,
    schools: Sequence[str] = (),
    files: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Validation:
    """Read and check all manifests, or only those of the named schools and what all schools share.

    Every finding is reported, by place; of one rule in one file the first ones and how many more. The
    documents of one school are held at a time. What only all schools together show is left out where schools
    are named. With `files`, every installer and driver file of the catalog is read and compared with its
    SHA-256 too.

    Raises:
        UnknownSelection: there is no such school; the message suggests a near one.
    """
    reading, of_shared = open_district(project.manifests)
    if reading is None:
        return Validation(bounded(of_shared), 0, 0, 0)
    chosen = named_schools(schools, reading.schools)
    passed = _Passed(set(of_shared))
    progress(0, len(chosen))
    for number, school in enumerate(chosen, 1):
        passed.add(reading.read(school))
        progress(number, len(chosen))
    if not schools:
        passed.add_across(reading)
    documents = replace(reading.shared.documents, schools=passed.outlines)
    passed.findings.update(evaluation_findings(documents, passed.uses, date.today()))
    if files:
        passed.findings.update(verify_media(reading.shared))
    return Validation(bounded(passed.findings), len(passed.outlines), passed.hosts, passed.resources)


@dataclass(slots=True)
class _Passed:
    """What is kept of the schools that were checked."""

    findings: set[Finding]
    hosts: int = 0
    resources: int = 0
    uses: list[SchoolUse] = field(default_factory=list)
    outlines: dict[str, SchoolDocuments] = field(default_factory=dict)

    def add(self, loaded: Loaded) -> None:
        self.findings.update(loaded.findings)
        if loaded.district is None:
            return
        for school, documents in loaded.district.documents.schools.items():
            checked = check_school(loaded.district, school)
            self.findings.update(checked.findings)
            self.hosts += checked.hosts
            self.resources += checked.resources
            self.uses.append(checked.use)
            self.outlines[school] = documents.outline()

    def add_across(self, reading: Reading) -> None:
        """What only all schools together show; and where it is why declarations are missing, not the rest."""
        across = reading.across()
        if reading.spoils(across):
            self.findings = {each for each in self.findings if each.rule != "unknown-reference"}
        self.findings.update(across)


def prefix_in_repository(project: Project) -> str:
    """What stands before the places of findings in the git repository; empty where there is none.

    Forges know files by their path from the repository's top.
    """
    try:
        return repository_of(project.folder).prefix
    except GitProblem:
        return ""
