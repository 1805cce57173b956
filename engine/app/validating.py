"""Use case: check the manifests without talking to any host."""

from __future__ import annotations

from dataclasses import dataclass

from engine.app.project import Project
from engine.model.origin import Finding


@dataclass(frozen=True, slots=True)
class Validation:
    """Everything that is wrong, in file order, and how much was looked at."""

    findings: tuple[Finding, ...]
    schools: int
    hosts: int
    resources: int


def validate(project: Project) -> Validation:
    """Load and compile all manifests, and report every finding."""
    raise NotImplementedError
