"""What every command knows: the screen, and where the manifests are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import typer

from engine.app.project import Project, find_project
from engine.cli.screen import Screen


class Format(StrEnum):
    """How a plan or a run is drawn on stdout."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


class DataFormat(StrEnum):
    """How a command that draws no plan answers on stdout."""

    TEXT = "text"
    JSON = "json"


class FindingsFormat(StrEnum):
    """How mistakes in manifests are written to stdout."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True)
class Context:
    """The options that stand before the command."""

    screen: Screen
    manifests: Path | None

    def project(self) -> Project:
        """The district that the current folder lies in.

        Raises:
            NoProject: there is none here or above.
        """
        return find_project(Path.cwd(), self.manifests)


def of(context: typer.Context) -> Context:
    """What the root command left for the others."""
    return context.ensure_object(Context)
