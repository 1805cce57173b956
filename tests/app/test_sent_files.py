"""The files that a plan names are the district's own and those that were planned, or nothing is done."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.app.cache import Cache
from engine.app.errors import UnusablePlan
from engine.app.project import Project
from engine.app.sent import Sent, check_sources, sent_by, to_fetch
from engine.app.sources import ControllerSources, sources_of
from engine.compiler.media import Media
from engine.compiler.verify import Remote
from engine.kinds.contract import Difference
from engine.kinds.file import FileSpec, SourceFile
from engine.kinds.printer_driver import DriverPackage, PackageFile, PrinterDriverSpec
from engine.kinds.table import KINDS
from engine.model.observation import Absent
from engine.model.origin import Origin
from engine.model.plan import Action, Plan
from engine.model.resource import Spec
from engine.model.session import SourceUnavailable
from engine.model.source import SharedFile, WebFile, parse_source
from engine.model.step import PutFile, SourceContent
from tests.support.fakehost import FakeFleet
from tests.support.rollout import plan_of, school, thing

DATA = b"planned"
DIGEST = hashlib.sha256(DATA).hexdigest()
SHARED = r"\\FS01\media\setup.msi"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "manifests/media").mkdir(parents=True)
    (tmp_path / "manifests/media/setup.msi").write_bytes(DATA)
    return Project(tmp_path / "manifests")


def _plan(source: str, sha256: str = DIGEST, size: int = len(DATA)) -> Plan:
    plan = plan_of(FakeFleet.of("SRV"), school([thing("a", colour="blue")]))
    step = PutFile(path="x", content=SourceContent(source=source), sha256=sha256, size=size)
    twice = plan.changes[0].model_copy(update={"steps": (step, step)})
    return plan.model_copy(update={"changes": (twice,)})


def _checked(plan: Plan, project: Project) -> None:
    check_sources(sent_by(plan), project)


def test_a_file_is_looked_at_once_however_often_it_is_sent() -> None:
    assert sent_by(_plan("media/setup.msi")) == (Sent(parse_source("media/setup.msi"), DIGEST, len(DATA)),)


def test_a_plan_names_files_as_the_manifests_do_so_it_fits_every_checkout(tmp_path: Path) -> None:
    plan = _plan("media/setup.msi")
    for checkout in ("one", "another"):
        (tmp_path / checkout / "media").mkdir(parents=True)
        (tmp_path / checkout / "media/setup.msi").write_bytes(DATA)
        _checked(plan, Project(tmp_path / checkout))
    assert str(tmp_path) not in plan.model_dump_json()


def _package(source: str) -> PrinterDriverSpec:
    file = PackageFile(name="laser.inf", source=source, sha256=DIGEST, size=len(DATA))
    return PrinterDriverSpec(name="Laser", package=DriverPackage(inf="laser.inf", files=(file,)))


def _copied(source: str) -> FileSpec:
    return FileSpec(path=r"C:\x.dat", content=SourceFile(source=source, sha256=DIGEST, size=len(DATA)))


@pytest.mark.parametrize(("kind", "make"), [("printer_driver", _package), ("file", _copied)])
def test_driver_files_and_copied_files_are_looked_at_too(
    project: Project, kind: str, make: Callable[[str], Spec]
) -> None:
    difference = Difference(Action.CREATE, Absent(), {}, frozenset(), {})
    for source, sound in (("media/setup.msi", True), ("media/none.msi", False)):
        steps = tuple(KINDS[kind].steps(make(source), difference))
        plan = _plan("media/setup.msi")
        change = plan.changes[0].model_copy(update={"steps": steps})
        sent = sent_by(plan.model_copy(update={"changes": (change,)}))
        assert [each.source.text for each in sent] == [source]
        if sound:
            check_sources(sent, project)
        else:
            with pytest.raises(UnusablePlan, match="no file media/none"):
                check_sources(sent, project)


def test_a_file_that_changed_since_the_plan_is_refused(project: Project) -> None:
    file = project.manifests / "media/setup.msi"
    plan = _plan("media/setup.msi")
    _checked(plan, project)

    file.write_bytes(b"another")
    with pytest.raises(UnusablePlan, match=r"^media/setup\.msi is not the file that was planned"):
        _checked(plan, project)
    file.write_bytes(DATA + b"\0")
    with pytest.raises(UnusablePlan, match="is not the file that was planned"):
        _checked(plan, project)
    file.unlink()
    with pytest.raises(UnusablePlan, match="there is no file"):
        _checked(plan, project)


def test_a_plan_s_wrong_size_is_refused(project: Project) -> None:
    with pytest.raises(UnusablePlan, match="is not the file that was planned"):
        _checked(_plan("media/setup.msi", size=3), project)


@pytest.mark.parametrize(
    "source",
    [
        "/etc/passwd",
        "../secret",
        "media/../../secret",
        r"C:\secret",
        r"\secret",
        r"\\?\C:\secret",
        "file:///etc/passwd",
        "http://example/setup.msi",
        "",
    ],
)
def test_a_plan_that_was_changed_to_name_other_files_cannot_be_read(source: str) -> None:
    with pytest.raises(ValueError, match="source"):
        SourceContent(source=source)
    # Nor does it help to get past the reading.
    plan = _plan("media/setup.msi")
    content = SourceContent.model_construct(source=source)
    step = plan.changes[0].steps[0].model_copy(update={"content": content})
    change = plan.changes[0].model_copy(update={"steps": (step,)})
    with pytest.raises(UnusablePlan):
        sent_by(plan.model_copy(update={"changes": (change,)}))


def test_a_link_out_of_the_folder_is_refused(project: Project, tmp_path: Path) -> None:
    (tmp_path / "private-key").write_bytes(DATA)
    (project.manifests / "linked").symlink_to(tmp_path / "private-key")
    (project.manifests / "folder").symlink_to(tmp_path)
    for source in ("linked", "folder/private-key"):
        with pytest.raises(UnusablePlan, match="leads out of the folder manifests"):
            _checked(_plan(source), project)
        with pytest.raises(SourceUnavailable, match="leads out of the folder manifests"):
            sources_of(project).open(SourceContent(source=source), DIGEST)


def test_a_pipe_is_not_waited_for(project: Project) -> None:
    os.mkfifo(project.manifests / "media/pipe.msi")
    with pytest.raises(UnusablePlan, match="is not a file"):
        _checked(_plan("media/pipe.msi"), project)
    with pytest.raises(SourceUnavailable, match="is not a file"):
        sources_of(project).open(SourceContent(source="media/pipe.msi"), DIGEST)


def test_only_what_the_catalog_names_is_fetched() -> None:
    source = parse_source(SHARED)
    assert isinstance(source, SharedFile)
    named = Remote(source, DIGEST, 7, Origin("manifests/catalog/software/x.yaml", 7, 15))
    other = parse_source(r"\\EVIL\media\setup.msi")

    assert to_fetch([Sent(source, DIGEST, 7), Sent(parse_source("a.msi"), DIGEST, 7)], [named]) == (named,)
    for sent in (Sent(other, DIGEST, 7), Sent(source, "0" * 64, 7), Sent(source, DIGEST, 8)):
        with pytest.raises(UnusablePlan, match="the catalog does not name"):
            to_fetch([sent], [named])


def test_fetched_files_are_found_by_their_digest(tmp_path: Path) -> None:
    cache = Cache(tmp_path / ".rollcall/cache")
    sources = ControllerSources(Media(tmp_path), cache)
    content = SourceContent(source=SHARED)
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        sources.open(content, DIGEST)
    cache.fill(DIGEST, len(DATA), [DATA])
    with sources.open(content, DIGEST) as stream:
        assert stream.read() == DATA
    for digest in ("../../private-key", "0" * 63, "A" * 64, ""):
        with pytest.raises(SourceUnavailable, match="digest"):
            sources.open(content, digest)


def test_an_address_is_told_without_where_it_is_kept() -> None:
    source = parse_source("https://media.bcps.example:8443/a/setup.msi?v=1")
    assert source == WebFile(
        "https://media.bcps.example:8443/a/setup.msi?v=1", "media.bcps.example:8443", "setup.msi"
    )
