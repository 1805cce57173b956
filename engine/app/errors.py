"""Expected errors of the use cases. Each knows the exit code that it leads to.

AppError                    anything that a person can put right; str() is what to show
├── InvalidInput            findings: one line each, with file, line and column
├── UnusablePlan            a plan file that cannot be read, or whose source files changed since
├── NoProject               no manifests folder here or above
├── NotAManifest            a path that was given is no file or folder of the manifests
├── NotWritten              what was asked for cannot be written; nothing was
├── WouldReplace            something else is there already; nothing was written
├── NotComparable           a revision that is not there, has no manifests, or has mistakes in them
├── UnknownSelection        a school, host, kind or resource that does not exist
├── AmbiguousName           a name that several resources have
├── TooMuch                 more than can be shown at once
├── UnreadableSettings      an editor's settings that cannot be changed without losing something
└── RehearsalError          the rehearsal does not run, or will not start
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from engine.app.exits import ExitCode
from engine.model.bounded import bounded
from engine.model.origin import Finding


class AppError(Exception):
    """Something that the person in front of the screen can put right."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID


class InvalidInput(AppError):
    """The manifests are wrong; nothing was sent to any host.

    `folder` is the one that the findings' files are relative to, where whoever raised it knew it.
    """

    def __init__(self, findings: Sequence[Finding], folder: Path | None = None) -> None:
        self.findings = bounded(findings)
        self.folder = folder
        super().__init__("\n".join(str(finding) for finding in self.findings))


class UnusablePlan(AppError):
    """The plan file cannot be applied."""


class NoProject(AppError):
    """No manifests were found."""


class NotAManifest(AppError):
    """A path on the command line is not one of the manifests."""


class NotWritten(AppError):
    """What was to be written would be wrong, or cannot be; the message says what to do instead."""


class WouldReplace(AppError):
    """What was to be written would take the place of something else."""

    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED


class NotComparable(AppError):
    """There is nothing to compare with; the message says why."""


class UnknownSelection(AppError):
    """The selection names something that the manifests do not have."""


class AmbiguousName(AppError):
    """A name stands for several resources; the message lists them, and how to say which."""


class TooMuch(AppError):
    """There is more than can be shown; the message says how to choose a part."""


class RehearsalError(AppError):
    """The rehearsal is not running, or did not start."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED


class UnreadableSettings(AppError):
    """A settings file cannot be changed without losing what people wrote. `block` is to be added by hand."""

    def __init__(self, message: str, block: str) -> None:
        super().__init__(message)
        self.block = block
