"""What a hostile manifest is, for the corpus beside this file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.small_district import write_district

SCHOOL, RESOURCES, MORE = (
    "schools/alpha/school.yaml",
    "schools/alpha/resources.yaml",
    "schools/alpha/more.yaml",
)


def _nothing(folder: Path) -> None:
    del folder


@dataclass(frozen=True, slots=True)
class Case:
    """Files that are put into the small district, and the rules by which they must be refused.

    `prepare` gets the project's folder when the files are written: for links, devices and pipes. `words` must
    stand in one of the findings. Without rules, the district is to be taken as it is.
    """

    name: str
    files: Mapping[str, str]
    rules: frozenset[str]
    words: str = ""
    prepare: Callable[[Path], None] = field(default=_nothing)

    def write(self, folder: Path) -> Path:
        """The manifests folder of a new district below `folder`."""
        manifests = write_district(folder, self.files)
        self.prepare(folder)
        return manifests


def refused(name: str, files: Mapping[str, str], rule: str, words: str = "") -> Case:
    """Refused by exactly one rule."""
    return Case(name, files, frozenset({rule}), words)
