"""Reading the manifests: a district, and its schools' desired resources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.app.errors import InvalidInput
from engine.app.project import Project
from engine.app.selection import named_schools
from engine.compiler.district import District, load_district, open_district
from engine.compiler.evaluation import evaluation_findings
from engine.compiler.school import compile_school
from engine.model.origin import Finding
from engine.model.resource import SchoolIntent


def load(project: Project) -> District:
    """The district of a project.

    Raises:
        InvalidInput: something in the manifests is wrong; all of it is told, the schools' part too.
    """
    loaded = load_district(project.manifests)
    if loaded.district is None or loaded.findings:
        schools = loaded.district.schools if loaded.district is not None else ()
        more = compile_schools(loaded.district, schools)[1] if loaded.district is not None else ()
        raise InvalidInput(sorted({*loaded.findings, *more}), project.folder)
    return loaded.district


def load_named(project: Project, schools: Sequence[str]) -> District:
    """The district of a project; where just one school is named, with that school alone: no other is read.

    Raises:
        InvalidInput: something in what was read is wrong.
        UnknownSelection: there is no such school; the message suggests a near one.
    """
    if len(schools) != 1:
        return load(project)
    reading, findings = open_district(project.manifests)
    if reading is None:
        raise InvalidInput(findings, project.folder)
    (school,) = named_schools(schools, reading.schools)
    loaded = reading.read(school)
    found = {*findings, *loaded.findings}
    if loaded.district is None or found:
        more = compile_schools(loaded.district, [school])[1] if loaded.district is not None else ()
        raise InvalidInput(sorted({*found, *more}), project.folder)
    return loaded.district


def intents(district: District, schools: Iterable[str]) -> tuple[SchoolIntent, ...]:
    """What these schools should have.

    Raises:
        InvalidInput: something in what concerns them is wrong.
    """
    found, findings = compile_schools(district, schools)
    if findings:
        raise InvalidInput(findings, district.documents.root.parent)
    return found


def compile_schools(
    district: District, schools: Iterable[str]
) -> tuple[tuple[SchoolIntent, ...], tuple[Finding, ...]]:
    """The intents of the schools that are right, and the findings about the others, by place."""
    compiled = [compile_school(district, school) for school in schools]
    findings = {finding for school in compiled for finding in school.findings}
    findings.update(evaluation_findings(district.documents, (each.use for each in compiled), date.today()))
    return tuple(c.intent for c in compiled if c.intent is not None), tuple(sorted(findings))
