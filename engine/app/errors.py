"""Expected errors of the use cases. Each knows the exit code that it leads to.

AppError                    anything that a person can put right; str() is what to show
├── InvalidInput            findings: one line each, with file, line and column
├── UnusablePlan            a plan file that cannot be read, or whose source files changed since
├── NoProject               no manifests folder here or above
├── UnknownSelection        a school, host or kind that does not exist
└── RehearsalError          the rehearsal does not run, or will not start
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.app.exits import ExitCode
from engine.model.origin import Finding


class AppError(Exception):
    """Something that the person in front of the screen can put right."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID


class InvalidInput(AppError):
    """The manifests are wrong; nothing was sent to any host."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class UnusablePlan(AppError):
    """The plan file cannot be applied."""


class NoProject(AppError):
    """No manifests were found."""


class UnknownSelection(AppError):
    """The selection names something that the manifests do not have."""


class RehearsalError(AppError):
    """The rehearsal is not running, or did not start."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
