"""Use case: which desired resources on which hosts a change of the manifests changes. No host is asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.app.errors import InvalidInput, NotComparable
from engine.app.history.sides import WORKING_TREE, Side, both_sides
from engine.app.project import Project
from engine.app.selection import named_schools
from engine.compiler.district import Reading, open_district
from engine.compiler.media import Media
from engine.compiler.pastmedia import PastMedia
from engine.compiler.school import compile_school
from engine.model.intent import IntentDiff, Where
from engine.model.origin import Finding
from engine.model.resource import Host, SchoolIntent
from engine.planner.intents import IntentChanges, hosts_of

Progress = Callable[[int, int], None]  # how many schools are compared, and of how many

MISTAKES_TOLD = 20  # of a commit; the others are counted
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

    Mistakes of the base stop nothing, or nobody could repair them: what they may reach counts as changed as a
    whole, and they are told.

    Raises:
        InvalidInput: the manifests in the folder are wrong.
        NotComparable: there is no repository or revision, or what `head` has is wrong.
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
    whole: list[Where] = field(default_factory=list)
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
        self._head.refuse()
        mistakes = tuple(map(str, sorted(self._base.findings)))
        return IntentDiff(
            base=self._base.side.commit,
            head=self._head.side.commit,
            schools_added=tuple(gathered.added),
            schools_removed=tuple(gathered.removed),
            hosts_added=tuple(gathered.changes.hosts_added),
            hosts_removed=tuple(gathered.changes.hosts_removed),
            schools_whole=tuple(gathered.whole),
            base_mistakes=mistakes[:MISTAKES_TOLD],
            base_mistakes_count=len(mistakes),
            changes=gathered.changes.changes(),
            same_inputs=gathered.same,
            files_differ=len(self._differing),
        )

    def _school(self, school: str, gathered: _Gathered) -> None:
        if self._base.is_unreadable:
            gathered.whole += self._head.hosts(school)
        elif school not in self._base.schools:
            gathered.added += self._head.hosts(school)
        elif school not in self._head.schools:
            gathered.removed.append(next(self._base.hosts(school), Where(school=school, hosts=())))
        elif self._has_other_inputs(school):
            self._compare(school, gathered)
        else:
            gathered.same += 1

    def _compare(self, school: str, gathered: _Gathered) -> None:
        before, after = self._base.intent(school), self._head.intent(school)
        if after is None:
            return  # the head is refused
        if before is None or self._base.may_be_wrong(school):
            gathered.whole.append(hosts_of(school, _names(after.hosts)))
        else:
            gathered.changes.compare(before, after)

    def _has_other_inputs(self, school: str) -> bool:
        return self._all_differ or any(file.startswith(f"schools/{school}/") for file in self._differing)


class _Opened:
    """One side, read school by school, with everything that is wrong in what was read."""

    def __init__(self, project: Project, side: Side) -> None:
        self._project = project
        self.side = side
        media = Media if side.commit == WORKING_TREE else PastMedia
        reading, findings = open_district(side.manifests, side.templates, media)
        self._reading: Reading | None = reading
        self.findings = set(findings)
        self._wrong: set[str] = set()  # schools
        self._shared = frozenset(_school_of(finding, side.manifests.name) for finding in findings)
        self.schools: Collection[str] = frozenset(() if reading is None else reading.schools)

    @property
    def is_unreadable(self) -> bool:
        """Whether not even the schools are known."""
        return self._reading is None

    def hosts(self, school: str) -> Iterator[Where]:
        """The hosts of a school that is not compared resource by resource."""
        intent = self.intent(school)
        if intent is not None:
            yield hosts_of(school, _names(intent.hosts))

    def intent(self, school: str) -> SchoolIntent | None:
        """What a school should have; None where something is wrong with it, which is remembered."""
        if self._reading is None:
            return None
        loaded = self._reading.read(school)
        if loaded.findings:
            self._wrong.add(school)
            self.findings.update(loaded.findings)
        if loaded.district is None or school not in loaded.district.schools:
            return None
        compiled = compile_school(loaded.district, school)
        self.findings.update(compiled.findings)
        return compiled.intent

    def may_be_wrong(self, school: str) -> bool:
        """Whether what was compiled of a school that was read is not all that was meant, for mistakes."""
        return school in self._wrong or not self._shared.isdisjoint(("", school))

    def refuse(self) -> None:
        """Stop where something is wrong.

        Raises:
            InvalidInput: in the folder; all of it is told.
            NotComparable: in a commit.
        """
        findings = sorted(self.findings)
        if not findings:
            return
        if self.side.commit == WORKING_TREE:
            raise InvalidInput(findings, self._project.folder)
        raise NotComparable(_told(self.side, findings))


def _told(side: Side, findings: Sequence[Finding]) -> str:
    count = "1 mistake" if len(findings) == 1 else f"{len(findings)} mistakes"
    told = [f"  {finding}" for finding in findings[:MISTAKES_TOLD]]
    if len(findings) > MISTAKES_TOLD:
        told.append(f"  and {len(findings) - MISTAKES_TOLD} more")
    head = f"the manifests of {side.name} ({side.commit[:12]}) have {count}, so they cannot be compared:"
    return "\n".join((head, *told))


def _school_of(finding: Finding, manifests: str) -> str:
    """The school's folder that a finding lies in; empty for what schools share."""
    parts = finding.origin.file.split("/")
    return parts[2] if len(parts) > 3 and parts[:2] == [manifests, "schools"] else ""


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
