"""Use case: check the manifests without talking to any host."""

from __future__ import annotations

from dataclasses import dataclass

from engine.app.project import Project
from engine.compiler.district import load_district
from engine.compiler.school import check_school
from engine.compiler.verify import verify_media
from engine.model.origin import Finding


@dataclass(frozen=True, slots=True)
class Validation:
    """Everything that is wrong, by place, and how much was looked at."""

    findings: tuple[Finding, ...]
    schools: int
    hosts: int
    resources: int


def validate(project: Project, *, files: bool = False) -> Validation:
    """Load and compile all manifests, and report every finding.

    With `files`, every installer and driver file of the catalog is read and compared with its SHA-256 too.
    """
    loaded = load_district(project.manifests)
    district = loaded.district
    if district is None:
        return Validation(loaded.findings, 0, 0, 0)
    checked = [check_school(district, school) for school in district.schools]
    findings = {finding for school in checked for finding in school.findings}
    of_files = verify_media(district) if files else ()
    return Validation(
        findings=tuple(sorted({*loaded.findings, *findings, *of_files})),
        schools=len(district.schools),
        hosts=sum(school.hosts for school in checked),
        resources=sum(school.resources for school in checked),
    )
