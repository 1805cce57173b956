"""Findings for programs: a document with a version of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

from engine.model.base import Frozen
from engine.report.findings import Looked, Shown, by_place


class FindingEntry(Frozen):
    """One mistake. `line` and `column` count from 1, columns in Unicode characters."""

    file: str  # relative to the project, the folder that holds the manifests; with forward slashes
    line: int
    column: int
    rule: str
    message: str
    suggestion: str  # empty where there is none


class FindingsDocument(Frozen):
    """What a check of the manifests found. A newer minor version only adds fields."""

    format_version: Literal["1.0"] = "1.0"
    schools: int
    hosts: int
    resources: int
    findings: tuple[FindingEntry, ...]  # sorted by file, line and column


def findings_json(findings: Iterable[Shown], looked: Looked) -> str:
    """The document as indented JSON, ending in a newline. Lines of manifests are not in it."""
    entries = tuple(
        FindingEntry(
            file=each.finding.origin.file,
            line=each.finding.origin.line,
            column=each.finding.origin.column,
            rule=each.finding.rule,
            message=each.finding.message,
            suggestion=each.finding.suggestion,
        )
        for each in by_place(findings)
    )
    document = FindingsDocument(
        schools=looked.schools, hosts=looked.hosts, resources=looked.resources, findings=entries
    )
    # Escaped to ASCII: a file's name may hold bytes that are no text, and a message what turns text round.
    return json.dumps(document.model_dump(), indent=2) + "\n"
