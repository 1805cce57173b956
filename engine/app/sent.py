"""The files that a plan sends by name, checked before anything is done: its file may have been changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.app.errors import UnusablePlan
from engine.app.project import Project
from engine.compiler.media import Media, MediaProblem
from engine.compiler.verify import Remote
from engine.model.plan import Plan
from engine.model.source import BadSource, ProjectFile, Source, parse_source
from engine.model.step import PutFile, SourceContent


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that a plan names."""

    source: Source
    sha256: str
    size: int  # bytes


def sent_by(plan: Plan) -> tuple[Sent, ...]:
    """Each file that the plan sends by name, once, in order of its source.

    Raises:
        UnusablePlan: a source is none.
    """
    steps = (step for change in plan.changes for step in change.steps if isinstance(step, PutFile))
    found = {
        (step.content.source, step.sha256, step.size)
        for step in steps
        if isinstance(step.content, SourceContent)
    }
    try:
        return tuple(Sent(parse_source(text), sha256, size) for text, sha256, size in sorted(found))
    except BadSource as problem:
        raise UnusablePlan(f"the plan sends what is no file: {problem}") from None


def check_sources(sent: Iterable[Sent], project: Project) -> None:
    """Make sure that the controller's files are the district's own, and those that were planned.

    Installers, files of driver packages and copied files alike. What is on servers is checked as it comes.

    Raises:
        UnusablePlan: one is elsewhere, missing, or another; nothing was sent to any host.
    """
    media = Media(project.manifests.resolve())
    for each in sent:
        if not isinstance(each.source, ProjectFile):
            continue
        try:
            found = media.find(each.source.text)
            same = found.size == each.size and media.digest(found) == each.sha256
        except MediaProblem as problem:
            raise UnusablePlan(f"the plan sends a file of {project.manifests.name}: {problem}") from None
        if not same:
            raise UnusablePlan(f"{found.source} is not the file that was planned; make the plan again")


def to_fetch(sent: Iterable[Sent], offered: Iterable[Remote]) -> tuple[Remote, ...]:
    """What has to come from servers: only what the catalog names, as it names it.

    Otherwise a changed plan could make the controller log on to any server.

    Raises:
        UnusablePlan: the catalog does not name such a file; nothing was asked of any server.
    """
    known = {(each.source.text, each.sha256, each.size): each for each in offered}
    wanted = []
    for each in sent:
        if isinstance(each.source, ProjectFile):
            continue
        remote = known.get((each.source.text, each.sha256, each.size))
        if remote is None:
            raise UnusablePlan(
                f"the plan fetches {each.source.text}, which the catalog does not name; make the plan again"
            )
        wanted.append(remote)
    return tuple(wanted)
