"""The five ways to recognise a product, each against real installations on a simulated host."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import pytest

from engine.kinds.detection import (
    ByFileVersion,
    ByProductCode,
    ByRegistryValue,
    ByUninstallEntry,
    ByUpgradeCode,
    Detection,
)
from engine.kinds.known_versions import KnownVersion
from engine.kinds.software import Installer, SoftwareSpec
from engine.kinds.table import KINDS
from engine.model.base import State
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.rehearsal.media import build
from engine.rehearsal.media.spec import Installer as Media
from engine.rehearsal.windows.image import HostImage
from engine.rehearsal.windows.installers.registration import put
from engine.rehearsal.windows.registry import RegistryType, Value
from engine.rehearsal.windows.wow64 import View
from tests.support.inprocess import InProcess
from tests.support.kind_resource import Resource
from tests.support.simulated_windows import open_host

Platform = Literal["x64", "Intel"]
PLATFORMS: tuple[Platform, ...] = ("x64", "Intel")
PROGRAMS = {"x64": r"C:\Program Files", "Intel": r"C:\Program Files (x86)"}
OWN_VIEW: dict[Platform, Literal["64", "32"]] = {"x64": "64", "Intel": "32"}
OTHER_VIEW: dict[Platform, Literal["64", "32"]] = {"x64": "32", "Intel": "64"}
HERE: State = {"version": "6.0.848"}


@pytest.fixture
def session(tmp_path: Path) -> InProcess:
    return InProcess(open_host(tmp_path / "host", HostImage(kind="workstation")), tmp_path)


def media(platform: Platform, type_: Literal["msi", "exe"], version: str = "6.0.848") -> Media:
    return Media(
        file=f"maths-{version}-{platform}.{type_}",
        id=f"maths-{platform}".lower(),
        title="Maths",
        version=version,
        publisher="Example",
        folder="Maths",
        platform=platform,
        uninstall_key="Maths_is1",
        silent="/S",
        seconds=0,
    )


def install(session: InProcess, folder: Path, built: Media) -> None:
    """Whatever is asked for afterwards, this is what is there."""
    path = folder / built.file
    path.write_bytes(build.build_installer(built))
    is_msi = path.suffix == ".msi"
    installer = Installer(
        type="msi" if is_msi else "exe",
        file=path.name,
        source=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        size=path.stat().st_size,
        version=built.version,
        arguments=() if is_msi else ("/S",),
    )
    key = built.product if is_msi else built.uninstall_key
    spec = SoftwareSpec(id="maths", title="Maths", detection=ByUninstallEntry(key=key), installer=installer)
    Resource(session, "software", spec).converge()


def found(session: InProcess, detection: Detection) -> Observation:
    spec = SoftwareSpec(id="maths", title="Maths", version=">=6.0", detection=detection)
    return Resource(session, "software", spec).observed()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_by_product_code(session: InProcess, tmp_path: Path, platform: Platform) -> None:
    built, other = media(platform, "msi"), media(platform, "msi", "6.0.794")
    assert found(session, ByProductCode(code=built.product)) == Absent()
    install(session, tmp_path, built)
    assert found(session, ByProductCode(code=built.product)) == Present(state=HERE)
    assert found(session, ByProductCode(code=other.product)) == Absent()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_by_upgrade_code(session: InProcess, tmp_path: Path, platform: Platform) -> None:
    built, older = media(platform, "msi"), media(platform, "msi", "6.0.794")
    install(session, tmp_path, older)
    assert found(session, ByUpgradeCode(code=built.upgrade)) == Present(state={"version": "6.0.794"})
    install(session, tmp_path, built)
    assert found(session, ByUpgradeCode(code=built.upgrade)) == Present(state=HERE)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_by_uninstall_entry(session: InProcess, tmp_path: Path, platform: Platform) -> None:
    install(session, tmp_path, media(platform, "exe"))
    own, other = OWN_VIEW[platform], OTHER_VIEW[platform]
    for view in (None, own):
        assert found(session, ByUninstallEntry(key="maths_is1", view=view)) == Present(state=HERE)
        assert found(session, ByUninstallEntry(display_name="MATHS", view=view)) == Present(state=HERE)
    assert found(session, ByUninstallEntry(key="Maths_is1", view=other)) == Absent()
    assert found(session, ByUninstallEntry(display_name="Math")) == Absent()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_by_registry_value(session: InProcess, platform: Platform) -> None:
    view = View.BITS_64 if platform == "x64" else View.BITS_32
    value = Value(RegistryType.String, "6.0.848.0")
    put(session.host.registry, r"HKLM\SOFTWARE\Example\Maths", "Version", value, view)

    def by_value(view: Literal["64", "32"], data: str | None = None) -> ByRegistryValue:
        return ByRegistryValue(key=r"HKLM\SOFTWARE\Example\Maths", name="Version", view=view, data=data)

    assert found(session, by_value(OWN_VIEW[platform])) == Present(state=HERE)
    assert found(session, by_value(OTHER_VIEW[platform])) == Absent()
    assert found(session, by_value(OWN_VIEW[platform], "1")) == Present(state={"version": "another version"})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_by_file_version(session: InProcess, tmp_path: Path, platform: Platform) -> None:
    path = rf"{PROGRAMS[platform]}\Maths\uninstall.exe"
    assert found(session, ByFileVersion(path=path)) == Absent()
    install(session, tmp_path, media(platform, "exe"))
    assert found(session, ByFileVersion(path=path)) == Present(state=HERE)


def test_an_older_version_with_a_code_of_its_own_is_recognised_and_removed(
    session: InProcess, tmp_path: Path
) -> None:
    older, newer = media("x64", "msi", "6.0.794"), media("x64", "msi")
    known = KnownVersion(version="6.0.794", detection=ByProductCode(code=older.product))
    spec = SoftwareSpec(
        id="maths",
        title="Maths",
        version=">=6.0.700",
        detection=ByProductCode(code=newer.product),
        other_versions=(known,),
    )
    install(session, tmp_path, older)

    there = Resource(session, "software", spec)

    assert there.observed() == Present(state={"version": "6.0.794"})
    assert there.differing() == frozenset()  # it is good enough
    Resource(session, "software", KINDS["software"].remembered(spec)).do(Action.DELETE)
    assert Resource(session, "software", spec).observed() == Absent()


def test_versions_that_stand_side_by_side_are_all_removed(session: InProcess, tmp_path: Path) -> None:
    one, two = media("x64", "msi"), media("Intel", "msi", "6.1")
    install(session, tmp_path, one)
    install(session, tmp_path, two)
    known = KnownVersion(version="6.1", detection=ByProductCode(code=two.product))
    spec = SoftwareSpec(
        id="maths", title="Maths", detection=ByProductCode(code=one.product), other_versions=(known,)
    )

    assert Resource(session, "software", spec).observed() == Present(state={"version": "6.1"})
    Resource(session, "software", spec).do(Action.DELETE)
    assert Resource(session, "software", spec).observed() == Absent()
