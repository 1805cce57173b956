"""Use case: which desired resources on which hosts a change of the manifests changes. No host is asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.app.errors import InvalidInput, NotComparable
from engine.app.project import Project
from engine.app.selection import named_schools
from engine.app.sides import WORKING_TREE, Side, both_sides
from engine.compiler.district import Reading, open_district
from engine.compiler.school import compile_school
from engine.model.intent import IntentDiff, Where
from engine.model.origin import Finding
from engine.model.resource import Host, SchoolIntent
from engine.planner.intents import IntentChanges, hosts_of

Progress = Callable[[int, int], None]  # how many schools are compared, and of how many

_CHUNK = 1024 * 1024
_NO_INPUTS = ("rehearsal.yaml", "policies/")  # beside the manifests: no resource is made from them


def diff_intents(
    project: Project,
    base: str,
    head: str | None = None,
    schools: Sequence[str] = (),
    progress: Progress = lambda _done, _of: None,
) -> IntentDiff:
    """Compare the manifests at two git revisions; without `head`, with those in the folder now.

    One school is held at a time. A school is not compiled if its own files and all that schools share are
    the same, byte for byte. With `schools`, only these are looked at.

    Raises:
        InvalidInput: the manifests in the folder are wrong.
        NotComparable: there is no repository or revision, or what it has is wrong.
        UnknownSelection: neither side has such a school.
    """
    with both_sides(project, base, head) as (old, new):
        return _Comparison(project, old, new).compare(schools, progress)


@dataclass(slots=True)
class _Gathered:
    """What came and went so far."""

    changes: IntentChanges = field(default_factory=IntentChanges)
    added: list[Where] = field(default_factory=list)
    removed: list[Where] = field(default_factory=list)
    same: int = 0


class _Comparison:
    def __init__(self, project: Project, base: Side, head: Side) -> None:
        self._base = _Opened(project, base)
        self._head = _Opened(project, head)
        self._differing = tuple(
            file
            for files in (
                _differing(base.manifests, head.manifests),
                (f"../templates/{each}" for each in _differing(base.templates, head.templates)),
            )
            for file in files
            if not file.startswith(_NO_INPUTS)
        )
        self._all_differ = any(not file.startswith("schools/") for file in self._differing)

    def compare(self, schools: Sequence[str], progress: Progress) -> IntentDiff:
        every = sorted({*self._base.schools, *self._head.schools})
        chosen = named_schools(schools, every)
        gathered = _Gathered()
        progress(0, len(chosen))
        for number, school in enumerate(chosen, 1):
            self._school(school, gathered)
            progress(number, len(chosen))
        self._head.refuse()  # first: it is what the person is working on
        self._base.refuse()
        return IntentDiff(
            base=self._base.side.commit,
            head=self._head.side.commit,
            schools_added=tuple(gathered.added),
            schools_removed=tuple(gathered.removed),
            hosts_added=tuple(gathered.changes.hosts_added),
            hosts_removed=tuple(gathered.changes.hosts_removed),
            changes=gathered.changes.changes(),
            same_inputs=gathered.same,
            files_differ=len(self._differing),
        )

    def _school(self, school: str, gathered: _Gathered) -> None:
        if school not in self._base.schools:
            gathered.added += self._head.hosts(school)
        elif school not in self._head.schools:
            gathered.removed += self._base.hosts(school)
        elif self._has_other_inputs(school):
            before, after = self._base.intent(school), self._head.intent(school)
            if before is not None and after is not None:
                gathered.changes.compare(before, after)
        else:
            gathered.same += 1

    def _has_other_inputs(self, school: str) -> bool:
        return self._all_differ or any(file.startswith(f"schools/{school}/") for file in self._differing)


class _Opened:
    """One side, read school by school, with everything that is wrong in what was read."""

    def __init__(self, project: Project, side: Side) -> None:
        self._project = project
        self.side = side
        reading, findings = open_district(side.manifests, side.templates)
        self._reading: Reading | None = reading
        self._findings = set(findings)
        self.schools: Collection[str] = frozenset(() if reading is None else reading.schools)

    def hosts(self, school: str) -> Iterator[Where]:
        """The hosts of a school that the other side does not have; its resources are not told."""
        intent = self.intent(school)
        if intent is not None:
            yield hosts_of(school, _names(intent.hosts))

    def intent(self, school: str) -> SchoolIntent | None:
        """What a school should have; None where something is wrong with it, which is remembered."""
        if self._reading is None:
            return None
        loaded = self._reading.read(school)
        self._findings.update(loaded.findings)
        if loaded.district is None or school not in loaded.district.schools:
            return None
        compiled = compile_school(loaded.district, school)
        self._findings.update(compiled.findings)
        return compiled.intent

    def refuse(self) -> None:
        """Stop where something is wrong.

        Raises:
            InvalidInput: in the folder; all of it is told.
            NotComparable: in a commit.
        """
        if not self._findings:
            return
        findings = sorted(self._findings)
        if self.side.commit == WORKING_TREE:
            raise InvalidInput(findings, self._project.folder)
        raise NotComparable(_told(self.side, findings))


def _told(side: Side, findings: Sequence[Finding]) -> str:
    count = "1 mistake" if len(findings) == 1 else f"{len(findings)} mistakes"
    return (
        f"the manifests of {side.name} ({side.commit[:12]}) have {count}, so nothing can be compared with "
        f"them; the first: {findings[0]}"
    )


def _names(hosts: Sequence[Host]) -> Iterator[str]:
    return (host.name for host in hosts)


def _differing(one: Path, two: Path) -> Iterator[str]:
    """The files below two folders that are in only one of them or not the same, with forward slashes."""
    first, second = frozenset(_files(one)), frozenset(_files(two))
    yield from sorted(first ^ second)
    for file in sorted(first & second):
        if not _is_same(one / file, two / file):
            yield file


def _files(folder: Path) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        for name in (*names, *links):
            yield (Path(here) / name).relative_to(folder).as_posix()


def _is_same(one: Path, two: Path) -> bool:
    if one.is_symlink() or two.is_symlink():
        return one.is_symlink() and two.is_symlink() and one.readlink() == two.readlink()
    if not (one.is_file() and two.is_file()):
        return False
    if one.stat().st_size != two.stat().st_size:
        return False
    if one.samefile(two):
        return True
    with one.open("rb") as first, two.open("rb") as second:
        while chunk := first.read(_CHUNK):
            if chunk != second.read(_CHUNK):
                return False
    return True
