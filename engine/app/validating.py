"""Use case: check the manifests without talking to any host."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.app.git import GitProblem, repository_of
from engine.app.project import Project
from engine.app.selection import named_schools
from engine.compiler.district import District, load_district
from engine.compiler.evaluation import evaluation_findings
from engine.compiler.school import Checked, check_school
from engine.compiler.verify import verify_media
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
    """Load and check all manifests, or what concerns the named schools, and report every finding.

    With `files`, every installer and driver file of the catalog is read and compared with its SHA-256 too.

    Raises:
        UnknownSelection: there is no such school; the message suggests a near one.
    """
    loaded = load_district(project.manifests)
    district = loaded.district
    if district is None:
        return Validation(loaded.findings, 0, 0, 0)
    chosen = named_schools(schools, district)
    checked = tuple(_checked(district, chosen, progress))
    of_files = verify_media(district) if files else ()
    of_use = evaluation_findings(district.documents, (each.use for each in checked), date.today())
    of_schools = (finding for each in checked for finding in each.findings)
    findings = {*loaded.findings, *of_files, *of_use, *of_schools}
    return Validation(
        findings=tuple(sorted(_concerning(findings, chosen, district) if schools else findings)),
        schools=len(chosen),
        hosts=sum(school.hosts for school in checked),
        resources=sum(school.resources for school in checked),
    )


def _checked(district: District, schools: Collection[str], progress: Progress) -> Iterator[Checked]:
    progress(0, len(schools))
    for number, school in enumerate(schools, 1):
        yield check_school(district, school)
        progress(number, len(schools))


def _concerning(
    findings: Iterable[Finding], schools: Collection[str], district: District
) -> Iterator[Finding]:
    """Without those in other schools' own folders."""
    root = district.documents.root
    of_schools = f"{root.name}/schools/"
    own = tuple(f"{of_schools}{school}/" for school in schools)
    for finding in findings:
        if not finding.origin.file.startswith(of_schools) or finding.origin.file.startswith(own):
            yield finding


def prefix_in_repository(project: Project) -> str:
    """What stands before the places of findings in the git repository; empty where there is none.

    Forges know files by their path from the repository's top.
    """
    try:
        return repository_of(project.folder).prefix
    except GitProblem:
        return ""
