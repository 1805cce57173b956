"""The files that plans send by name: those of the manifests folder, and those that were fetched."""

from __future__ import annotations

from dataclasses import dataclass
from io import BufferedReader

from engine.app.cache import Cache
from engine.app.project import Project
from engine.compiler.media import Media, MediaProblem
from engine.model.session import SourceUnavailable
from engine.model.source import BadSource, ProjectFile, parse_source
from engine.model.step import SourceContent


@dataclass(frozen=True, slots=True)
class ControllerSources:
    """Implements `engine.model.session.Sources`. Looks a file up each time, so threads may share it."""

    media: Media
    cache: Cache

    def open(self, content: SourceContent, sha256: str) -> BufferedReader:
        """See `Sources.open`."""
        try:
            if isinstance(parse_source(content.source), ProjectFile):
                return self.media.open(self.media.find(content.source))
            return self.cache.open(sha256)
        except (MediaProblem, BadSource) as problem:
            raise SourceUnavailable(str(problem)) from None


def sources_of(project: Project) -> ControllerSources:
    """The files that a project's plans send."""
    return ControllerSources(Media(project.manifests.resolve()), Cache(project.cache))
