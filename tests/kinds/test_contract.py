"""The contract of every kind, against simulated hosts: plan, apply, and the second plan is empty."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.kinds.detection import ByUninstallEntry, ByUpgradeCode
from engine.kinds.file import FileSpec, SourceFile
from engine.kinds.known_versions import Uninstall
from engine.kinds.paths import staged_folder
from engine.kinds.software import Installer, SoftwareSpec
from engine.kinds.table import KINDS
from engine.model.observation import Absent, Present
from engine.model.plan import Action
from engine.model.resource import Spec
from engine.rehearsal.media import build
from engine.rehearsal.media.spec import Installer as Media
from engine.rehearsal.windows.image import HostImage
from tests.support.inprocess import InProcess
from tests.support.kind_resource import Resource
from tests.support.kind_samples import Mutation, Sample, samples
from tests.support.simulated_windows import open_host

COMMON = [sample for sample in samples() if sample.kind != "software"]
REMOVABLE = [sample for sample in COMMON if sample.kind != "service"]
LOCALES = ("en-US", "de-DE")


def _real(sample: Sample, folder: Path) -> Sample:
    """The sample with files that exist."""

    def real(spec: Spec) -> Spec:
        if not isinstance(spec, FileSpec) or not isinstance(spec.content, SourceFile):
            return spec
        data = b"x" * spec.content.size
        path = folder / Path(spec.content.source).name
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        content = spec.content.model_copy(update={"source": path.name, "sha256": digest})
        return spec.model_copy(update={"content": content})

    mutations = tuple(Mutation(each.field, real(each.spec)) for each in sample.mutations)
    return Sample(sample.kind, real(sample.spec), mutations, sample.needs)


@pytest.fixture(params=LOCALES)
def session(request: pytest.FixtureRequest, tmp_path: Path) -> InProcess:
    return InProcess(open_host(tmp_path / "host", HostImage(kind="server", locale=request.param)), tmp_path)


@pytest.fixture
def prepared(session: InProcess, tmp_path: Path) -> Callable[[Sample], Sample]:
    def prepare(sample: Sample) -> Sample:
        for kind, spec in sample.needs:
            Resource(session, kind, spec).converge()
        return _real(sample, tmp_path)

    return prepare


@pytest.mark.parametrize("sample", COMMON, ids=lambda sample: sample.id)
def test_contract(sample: Sample, session: InProcess, prepared: Callable[[Sample], Sample]) -> None:
    sample = prepared(sample)
    before = Resource(session, sample.kind, sample.spec)
    assert isinstance(before.observed(), Present if sample.kind == "service" else Absent)
    before.converge()
    assert Resource(session, sample.kind, sample.spec).differing() == frozenset()
    for mutation in sample.mutations:
        assert Resource(session, sample.kind, mutation.spec).converge() == {mutation.field}
        assert Resource(session, sample.kind, mutation.spec).differing() == frozenset()
        assert Resource(session, sample.kind, sample.spec).converge() == {mutation.field}
        assert Resource(session, sample.kind, sample.spec).differing() == frozenset()
    if sample.kind != "service":
        Resource(session, sample.kind, sample.spec).do(Action.DELETE)
        assert isinstance(Resource(session, sample.kind, sample.spec).observed(), Absent)


@pytest.mark.parametrize("sample", REMOVABLE, ids=lambda sample: sample.id)
def test_what_is_remembered_is_enough_to_remove_it(
    sample: Sample, session: InProcess, prepared: Callable[[Sample], Sample]
) -> None:
    sample = prepared(sample)
    Resource(session, sample.kind, sample.spec).converge()
    orphan = Resource(session, sample.kind, KINDS[sample.kind].remembered(sample.spec))
    observed = orphan.observed()
    assert isinstance(observed, Present)
    assert not orphan.kind.keeps(orphan.spec, observed.state)
    orphan.do(Action.DELETE)
    assert isinstance(Resource(session, sample.kind, sample.spec).observed(), Absent)


def test_reading_changes_nothing(session: InProcess) -> None:
    before = session.host.counters.writes
    for sample in samples():
        Resource(session, sample.kind, sample.spec).observed()
    assert session.host.counters.writes == before


def _msi(folder: Path, version: str) -> SoftwareSpec:
    media = Media(
        file=f"sample-{version}.msi",
        id="sample",
        title="Sample",
        version=version,
        publisher="Example",
        folder="Sample",
        files={"sample.txt": version},
        seconds=0,
    )
    return SoftwareSpec(
        id="sample",
        title="Sample",
        version=f">={version}",
        detection=ByUpgradeCode(code=media.upgrade),
        installer=_installer(folder, media, "msi", ()),
    )


def _exe(folder: Path, version: str) -> SoftwareSpec:
    media = Media(
        file=f"sample-{version}.exe",
        id="sample",
        title="Sample",
        version=version,
        publisher="Example",
        folder="Sample",
        uninstall_key="Sample_is1",
        silent="/S",
        seconds=0,
    )
    return SoftwareSpec(
        id="sample",
        title="Sample",
        version=version,
        detection=ByUninstallEntry(key="Sample_is1"),
        installer=_installer(folder, media, "exe", ("/S",)),
        uninstall=Uninstall(executable=r"C:\Program Files\Sample\uninstall.exe", arguments=("/S",)),
    )


def _exe_by_display_name(folder: Path, version: str) -> SoftwareSpec:
    spec = _exe(folder, version)
    return spec.model_copy(update={"detection": ByUninstallEntry(display_name="SAMPLE", view="64")})


def _installer(folder: Path, media: Media, type_: str, arguments: tuple[str, ...]) -> Installer:
    path = folder / media.file
    path.write_bytes(build.build_installer(media))
    return Installer.model_validate(
        {
            "type": type_,
            "file": media.file,
            "source": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "size": path.stat().st_size,
            "version": media.version,
            "arguments": arguments,
        }
    )


@pytest.mark.parametrize("make", [_msi, _exe, _exe_by_display_name])
def test_software_is_installed_upgraded_and_removed(
    make: Callable[[Path, str], SoftwareSpec], session: InProcess, tmp_path: Path
) -> None:
    older, newer = make(tmp_path, "6.0.8"), make(tmp_path, "6.1.0")
    assert isinstance(Resource(session, "software", older).observed(), Absent)
    for spec, changed in ((older, frozenset()), (newer, {"version"})):
        assert Resource(session, "software", spec).converge() == changed
        assert Resource(session, "software", spec).differing() == frozenset()
    assert newer.installer is not None
    staging = session.host.files.lookup(staged_folder(newer.installer.sha256))
    assert staging is not None
    assert not list(staging.below())
    Resource(session, "software", KINDS["software"].remembered(newer)).do(Action.DELETE)
    assert isinstance(Resource(session, "software", newer).observed(), Absent)
