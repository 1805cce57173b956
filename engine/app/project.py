"""Where a district's files are: the manifests, and the state folder beside them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.app.beside import private_folder
from engine.app.errors import NoProject

DISTRICT_FILE = "district.yaml"


@dataclass(frozen=True, slots=True)
class Project:
    """A district's folder on this computer."""

    manifests: Path  # absolute

    @property
    def folder(self) -> Path:
        """What holds the manifests and the templates. Places in them are relative to it."""
        return self.manifests.parent

    @property
    def state(self) -> Path:
        """What this computer keeps between commands: the rehearsal, logs. Beside the manifests."""
        return self.manifests.parent / ".rollcall"

    @property
    def cache(self) -> Path:
        """The folder of installers that were fetched from servers."""
        return self.state / "cache"

    @property
    def rehearsal(self) -> Path:
        """The folder of the district's rehearsal."""
        return self.state / "rehearsal"


def make_state(folder: Path) -> Path:
    """Make a state folder that git leaves alone: it holds passwords of the rehearsal, and logs.

    It may have come with a repository, so neither it nor a file in it is trusted to be no link.

    Raises:
        OSError: it cannot be made, or is a link.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    private_folder(folder)
    with suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="utf-8") as ignored:
        ignored.write("*\n")
    return folder


def find_project(start: Path, manifests: Path | None = None) -> Project:
    """The project that `start` lies in: the nearest folder above with `manifests/district.yaml`.

    `manifests` names the folder, or the one that holds it, instead of searching for it.

    Raises:
        NoProject: there is none.
    """
    if manifests is not None:
        for candidate in (manifests, manifests / "manifests"):
            if (candidate / DISTRICT_FILE).is_file():
                return Project(candidate.resolve())
        raise NoProject(f"{manifests} holds no {DISTRICT_FILE}")
    for folder in (start.resolve(), *start.resolve().parents):
        for candidate in (folder / "manifests", folder):
            if (candidate / DISTRICT_FILE).is_file():
                return Project(candidate)
    raise NoProject(
        f"no manifests/{DISTRICT_FILE} in {start} or in any folder above it: go to the district's folder, or"
        " start one with `rollcall init`"
    )
