"""Findings, put in the order in which people read them, with what is needed to draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.model.origin import Finding


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its file as the reader knows it, and the line at its place.

    `source` is None where the line is not to be shown, or cannot be: the file is gone, the finding is about
    a whole file, or the line holds a secret.
    """

    finding: Finding
    file: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """How much was looked at."""

    schools: int
    hosts: int
    resources: int

    def __str__(self) -> str:
        return ", ".join(
            (
                counted(self.schools, "school"),
                counted(self.hosts, "host"),
                counted(self.resources, "resource"),
            )
        )


def counted(count: int, what: str) -> str:
    """`1 host`, `2 hosts`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def summary(shown: Sequence[Shown]) -> str:
    """One line that counts them."""
    files = len({each.file for each in shown})
    return f"{counted(len(shown), 'mistake')} in {counted(files, 'file')}."


def by_place(shown: Iterable[Shown]) -> tuple[Shown, ...]:
    """Sorted by place, so that those of a file stand together."""
    return tuple(sorted(shown, key=lambda each: (each.finding, each.file)))
