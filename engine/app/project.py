"""Where a district's files are: the manifests, and the state folder beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.app.errors import NoProject

DISTRICT_FILE = "district.yaml"


@dataclass(frozen=True, slots=True)
class Project:
    """A district's folder on this computer."""

    manifests: Path  # absolute

    @property
    def state(self) -> Path:
        """What this computer keeps between commands: the rehearsal, logs. Beside the manifests."""
        return self.manifests.parent / ".rollcall"

    @property
    def rehearsal(self) -> Path:
        """The folder of the district's rehearsal."""
        return self.state / "rehearsal"


def find_project(start: Path, manifests: Path | None = None) -> Project:
    """The project that `start` lies in: the nearest folder above with `manifests/district.yaml`.

    `manifests` names the folder instead of searching for it.

    Raises:
        NoProject: there is none.
    """
    if manifests is not None:
        if not (manifests / DISTRICT_FILE).is_file():
            raise NoProject(f"{manifests} holds no {DISTRICT_FILE}")
        return Project(manifests.resolve())
    for folder in (start.resolve(), *start.resolve().parents):
        for candidate in (folder / "manifests", folder):
            if (candidate / DISTRICT_FILE).is_file():
                return Project(candidate)
    raise NoProject(f"no manifests/{DISTRICT_FILE} in {start} or in any folder above it")
