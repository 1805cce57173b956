"""The built installers are read by readers that know nothing of the writer."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from uuid import UUID

import olefile
import pefile
import pymsi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymsi.package import Package
from pymsi.thirdparty.refinery.cab import Cabinet

from engine.rehearsal.media.build import build_folder, build_installer, read_media
from engine.rehearsal.media.cabinet import write_cabinet
from engine.rehearsal.media.compound import write_compound
from engine.rehearsal.media.spec import Installer

SAMPLE = Path(__file__).parents[3] / "manifests" / "media"


def _product(**changes: str) -> Installer:
    fields = {
        "file": "demo.msi",
        "id": "demo",
        "title": "Demo",
        "version": "1.2.3",
        "publisher": "Example",
        "folder": "Demo",
        **changes,
    }
    return Installer.model_validate({**fields, "files": {"demo.exe": "demo", "read me.txt": "a" * 40_000}})


@given(
    st.dictionaries(
        st.text("abcXYZ_.0", min_size=1, max_size=31), st.binary(max_size=9000), min_size=1, max_size=12
    )
)
def test_a_compound_file_gives_back_every_stream(streams: dict[str, bytes]) -> None:
    # Names that differ in case only are the same name in a compound file.
    streams = {name: content for name, content in streams.items() if name == name.upper()} or {"A": b"x"}
    file = olefile.OleFileIO(io.BytesIO(write_compound(streams, UUID(int=1))))
    assert {name: file.openstream(name).read() for name in streams} == streams
    assert not file.parsing_issues


@given(st.lists(st.binary(max_size=70_000), min_size=1, max_size=4))
def test_a_cabinet_gives_back_every_file(contents: list[bytes]) -> None:
    files = {f"file{i}": content for i, content in enumerate(contents)}
    cabinet = Cabinet(memoryview(write_cabinet(files)))
    cabinet.process()  # type: ignore[no-untyped-call]  # the library types its arguments only
    assert {file.name: bytes(file.decompress()) for file in cabinet.get_files()} == files


def test_a_package_says_what_it_installs() -> None:
    package = Package(io.BytesIO(build_installer(_product())))
    properties = {row["Property"]: row["Value"] for row in package.get("Property") or ()}
    assert properties["ProductName"] == "Demo"
    assert properties["ProductVersion"] == "1.2.3"
    assert properties["ProductCode"] == _product().product
    assert package.summary is not None
    assert package.summary.arch() == "x64"
    msi = pymsi.Msi(package, load_data=True)
    assert {file.name.split("|")[-1]: file.size for file in msi.files.values()} == {
        "demo.exe": 4,
        "read me.txt": 40_000,
    }


def test_a_program_carries_its_version_and_what_it_does() -> None:
    image = pefile.PE(data=build_installer(_product(file="demo.exe", uninstall_key="Demo", silent="/S")))
    strings = image.FileInfo[0][0].StringTable[0].entries
    assert strings[b"ProductName"] == b"Demo"
    assert strings[b"FileVersion"] == b"1.2.3"
    assert [str(entry.name) for entry in image.DIRECTORY_ENTRY_RESOURCE.entries if entry.name] == [
        "REHEARSAL"
    ]
    # A warning about the many equal bytes of the test's own payload is no fault of the format.
    assert [w for w in image.get_warnings() if "makes up" not in w] == []


def test_versions_of_a_product_share_the_upgrade_code_only() -> None:
    old, new = _product(), _product(version="1.2.4")
    assert old.upgrade == new.upgrade
    assert old.product != new.product
    assert old.package != new.package


@pytest.mark.parametrize("product", read_media(SAMPLE / "media.toml").installer, ids=lambda p: p.file)
def test_the_sample_s_installers_are_what_their_description_builds(product: Installer) -> None:
    assert (SAMPLE / product.file).read_bytes() == build_installer(product)


def test_a_folder_is_built_the_same_twice(tmp_path: Path) -> None:
    (tmp_path / "media.toml").write_bytes((SAMPLE / "media.toml").read_bytes())
    first = [hashlib.sha256(file.read_bytes()).hexdigest() for file in build_folder(tmp_path)]
    assert first == [hashlib.sha256(file.read_bytes()).hexdigest() for file in build_folder(tmp_path)]
