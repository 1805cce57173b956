"""What is read from a package, and what a file gets that is none."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.manifest.packages import msi
from engine.manifest.packages.msi import MsiPackage, NotAPackage, read_msi
from engine.rehearsal.media.build import read_media
from engine.rehearsal.media.spec import Installer
from tests.support.packages import (
    PATCH_CLASS,
    PRODUCT_CODE,
    TRANSFORM_CLASS,
    UPGRADE_CODE,
    in_a_circle,
    package,
    signature,
)

SAMPLE = Path(__file__).parents[3] / "manifests" / "media"


def _read(folder: Path, data: bytes) -> MsiPackage:
    file = folder / "a.msi"
    file.write_bytes(data)
    return read_msi(file)


@pytest.mark.parametrize(
    "product",
    [each for each in read_media(SAMPLE / "media.toml").installer if each.file.endswith(".msi")],
    ids=lambda each: each.file,
)
def test_the_sample_s_packages_say_what_they_were_built_from(product: Installer) -> None:
    file = SAMPLE / product.file
    found = read_msi(file)
    assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert found.size == file.stat().st_size
    assert (found.product_code, found.upgrade_code) == (product.product, product.upgrade)
    assert (found.name, found.version, found.manufacturer) == (
        product.title,
        product.version,
        product.publisher,
    )
    assert (found.scope, found.signer) == (product.scope, product.signer or None)


def test_a_package_says_for_what_it_is(tmp_path: Path) -> None:
    found = _read(tmp_path, package())
    assert (found.platform, found.languages, found.scope, found.signer) == ("x64", (1033,), "machine", None)
    assert _read(tmp_path, package(platform="Intel")).platform == "x86"
    assert _read(tmp_path, package(platform="Arm64")).platform == "arm64"
    assert _read(tmp_path, package({"UpgradeCode": None, "Manufacturer": None})).upgrade_code is None


@pytest.mark.parametrize(
    ("properties", "scope"),
    [
        ({"ALLUSERS": "1"}, "machine"),
        ({"ALLUSERS": None}, "user"),
        ({"ALLUSERS": "2"}, "machine"),
        ({"ALLUSERS": "2", "MSIINSTALLPERUSER": "1"}, "user"),
        ({"ALLUSERS": "1", "MSIINSTALLPERUSER": "1"}, "machine"),
    ],
)
def test_for_whom_it_installs(tmp_path: Path, properties: Mapping[str, str | None], scope: str) -> None:
    assert _read(tmp_path, package(properties)).scope == scope


def test_texts_come_on_one_line_without_what_cannot_be_seen(tmp_path: Path) -> None:
    found = _read(tmp_path, package({"ProductName": "  Demo\r\n\tTool \x07"}))
    assert found.name == "Demo Tool"


def test_the_signer_is_the_one_who_signed_not_an_authority(tmp_path: Path) -> None:
    signed = package(streams={"\x05DigitalSignature": signature("Example Software GmbH")})
    assert _read(tmp_path, signed).signer == "Example Software GmbH"


@pytest.mark.parametrize(
    "data", [b"", b"\x30\x80", b"\x30\x03\x02\x01\x01", signature("X")[:-40], b"\xff" * 99]
)
def test_a_malformed_signature_names_nobody(tmp_path: Path, data: bytes) -> None:
    assert _read(tmp_path, package(streams={"\x05DigitalSignature": data})).signer is None


def _with_root(name: str, size: int) -> bytes:
    """A package one of whose streams claims another size."""
    data = bytearray(package())
    place = data.index(name.encode("utf-16-le") + b"\0\0")
    struct.pack_into("<I", data, place + 120, size)
    return bytes(data)


def _noise(seed: int) -> bytes:
    """What begins as a compound file does, and then is anything."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + hashlib.shake_128(bytes([seed])).digest(20_000)


NONE_OF_THESE: Mapping[str, tuple[bytes, str]] = {
    "a text": (b"name: x\n" * 100, "does not begin"),
    "nothing": (b"", "does not begin"),
    "a patch": (package(kind=PATCH_CLASS), "a patch"),
    "a transform": (package(kind=TRANSFORM_CLASS), "a transform"),
    "a document": (package(kind=UUID(int=5)), "another program"),
    "no table": (package(has_properties=False), "so it installs no product"),
    "no code": (package({"ProductCode": None}), "no ProductCode"),
    "another code": (package({"ProductCode": "{1}"}), "no code in braces"),
    "no version": (package({"ProductVersion": None}), "no ProductVersion"),
    "a long name": (package({"ProductName": "x" * 501}), "501 characters"),
    "an unknown code page": (package(code_page=1200), "damaged"),
    "another code page": (package({"Manufacturer": "Caf\xe9"}, code_page=65001), "code page"),
    "a platform": (package(platform="Alpha"), "platform 'alpha'"),
    "a circle": (in_a_circle(package()), "."),
    "a huge stream": (_with_root("\x05SummaryInformation", 0x7FFFFFFF), "claims"),
    "half of it": (package()[:2048], "."),
    "only a header": (package()[:512], "."),
    **{f"a header and noise {seed}": (_noise(seed), ".") for seed in range(8)},
}


@pytest.mark.parametrize("name", NONE_OF_THESE)
def test_what_is_no_package_is_told_on_one_line(tmp_path: Path, name: str) -> None:
    data, words = NONE_OF_THESE[name]
    with pytest.raises(NotAPackage, match=words) as caught:
        _read(tmp_path, data)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    assert "sys." not in str(caught.value)
    assert "digits" not in str(caught.value)


def test_reading_ends_where_more_is_asked_for_than_a_package_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(msi, "_BUDGET", 4096)
    with pytest.raises(NotAPackage, match="in circles"):
        _read(tmp_path, package())


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_msi(tmp_path / "nowhere.msi")


REAL = package(streams={"\x05DigitalSignature": signature("Example")})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, len(REAL) - 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6
    ),
    st.integers(8, len(REAL)),
)
def test_spoiled_packages_are_read_or_refused(
    tmp_path: Path, changes: list[tuple[int, bytes]], length: int
) -> None:
    data = bytearray(REAL)
    for place, piece in changes:
        data[place : place + len(piece)] = piece
    code, told = "", ""
    try:
        code = _read(tmp_path, bytes(data[:length]) if length % 3 == 0 else bytes(data)).product_code
    except NotAPackage as error:
        told = str(error)
    assert (code.startswith("{") and not told) or (told.isprintable() and told)


@pytest.mark.skipif(shutil.which("msibuild") is None, reason="msibuild (msitools) is not installed")
def test_a_package_made_by_msitools_is_read(tmp_path: Path) -> None:
    table = "Property\tValue\ns72\tl0\nProperty\tProperty\n"
    rows = {
        "ProductCode": PRODUCT_CODE,
        "UpgradeCode": UPGRADE_CODE,
        "ProductName": "Çedilla",
        "ALLUSERS": "2",
    }
    rows |= {"ProductVersion": "4.5", "Manufacturer": "Example"}
    (tmp_path / "Property.idt").write_text(
        table.replace("\n", "\r\n") + "".join(f"{name}\t{value}\r\n" for name, value in rows.items())
    )
    (tmp_path / "_ForceCodepage.idt").write_text("\r\n\r\n65001\t_ForceCodepage\r\n")
    file = tmp_path / "made.msi"
    build = ["msibuild", str(file)]
    for name in ("_ForceCodepage", "Property"):
        build += ["-i", str(tmp_path / f"{name}.idt")]
    build += ["-s", "Made", "Example", "x64;1033,1031", PRODUCT_CODE]
    subprocess.run(build, check=True, timeout=60, capture_output=True)
    found = read_msi(file)
    assert (found.name, found.version, found.languages) == ("Çedilla", "4.5", (1033, 1031))
    assert (found.product_code, found.platform) == (PRODUCT_CODE, "x64")
