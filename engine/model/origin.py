"""Places in manifests, for errors and explanations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A place in a manifest; line and column count from 1."""

    file: str  # relative to the project, with forward slashes: `manifests/schools/x/school.yaml`
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """An expected error in what a person wrote, with what to do about it."""

    origin: Origin
    rule: str  # a stable code, for example unknown-field
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        hint = f" ({self.suggestion})" if self.suggestion else ""
        return f"{self.origin}: {self.message}{hint} [{self.rule}]"
