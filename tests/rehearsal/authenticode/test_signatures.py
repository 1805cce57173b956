"""Stand-ins are signed as Authenticode signs, and simulated hosts judge signatures as Windows does."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import olefile
import pefile
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rehearsal.authenticode.der import NotDer, encode, integer, oid, read
from engine.rehearsal.authenticode.publishers import Publisher, authority, publisher
from engine.rehearsal.authenticode.signing import sign_program
from engine.rehearsal.authenticode.verifying import Status, Verdict, verify
from engine.rehearsal.media.build import build_installer
from engine.rehearsal.media.spec import Installer

NAME = "International GeoGebra Institute"
ROOT = authority().certificate
VALID = Verdict(Status.VALID, NAME)


def _installer(file: str, signer: str = NAME) -> bytes:
    return build_installer(
        Installer(
            file=file,
            id="tool",
            title="Tool",
            version="1.0",
            publisher="Example",
            folder="Tool",
            uninstall_key="Tool",
            silent="/S",
            files={"a.txt": "a" * 6000, "b.txt": "b"},
            signer=signer,
        )
    )


MSI, EXE = _installer("tool.msi"), _installer("tool.exe")
each = pytest.mark.parametrize("data", [MSI, EXE], ids=["msi", "exe"])


@each
def test_a_signature_of_the_rehearsal_s_authority_is_valid(data: bytes) -> None:
    assert verify(data, ROOT) == VALID


@pytest.mark.parametrize("file", ["tool.msi", "tool.exe"])
def test_equal_input_gives_equal_bytes(file: str) -> None:
    assert _installer(file) == _installer(file)
    assert verify(_installer(file, ""), ROOT) == Verdict(Status.NOT_SIGNED)
    assert verify(_installer(file, "Somebody Else"), ROOT) == Verdict(Status.VALID, "Somebody Else")


@each
def test_another_program_that_verifies_signatures_agrees(data: bytes, tmp_path: Path) -> None:
    tool = shutil.which("osslsigncode")
    if tool is None:
        pytest.skip("osslsigncode is not installed")
    (tmp_path / "root.pem").write_bytes(ROOT.public_bytes(Encoding.PEM))
    (tmp_path / "signed").write_bytes(data)
    command = [tool, "verify", "-CAfile", str(tmp_path / "root.pem"), "-in", str(tmp_path / "signed")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert "Signature verification: ok" in done.stdout


def test_signing_leaves_the_program_a_program() -> None:
    unsigned = _installer("tool.exe", "")
    whole = pefile.PE(data=EXE)
    assert whole.get_data(0x1000, 3) == pefile.PE(data=unsigned).get_data(0x1000, 3)
    assert EXE[0x200 : len(unsigned)] == unsigned[0x200:]


@pytest.mark.parametrize("place", [0x40, 0x200, 0x210, 0x800])
def test_a_program_that_was_changed(place: int) -> None:
    changed = bytearray(EXE)
    changed[place + 2] ^= 1
    status = verify(bytes(changed), ROOT).status
    assert status in {Status.HASH_MISMATCH, Status.UNKNOWN_FORM}
    assert status is Status.HASH_MISMATCH or place == 0x40


def test_what_signing_itself_changes_is_not_signed() -> None:
    (header,) = struct.unpack_from("<I", EXE, 60)
    changed = bytearray(EXE)
    changed[header + 24 + 64 : header + 24 + 68] = b"\1\2\3\4"  # the checksum
    assert verify(bytes(changed), ROOT) == VALID


def test_nothing_can_be_put_behind_the_signature() -> None:
    assert verify(EXE + b"\0" * 8, ROOT).status is Status.UNKNOWN_FORM


def test_a_package_that_was_changed() -> None:
    container = olefile.OleFileIO(io.BytesIO(MSI))
    for (name,) in container.listdir():
        content = container.openstream(name).read()
        at = MSI.find(content[:40])
        if len(content) < 40 or MSI.count(content[:40]) != 1:
            continue
        changed = bytearray(MSI)
        changed[at + 20] ^= 1
        assert verify(bytes(changed), ROOT).status is not Status.VALID, name


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (publisher(NAME, authority("Somebody's own authority")), Status.UNTRUSTED),
        (publisher(NAME, publisher("No Authority", authority())), Status.UNTRUSTED),
        (publisher(NAME, authority(), ExtendedKeyUsageOID.SERVER_AUTH), Status.WRONG_USAGE),
        (publisher(NAME, authority()), Status.VALID),
    ],
    ids=["another authority", "a publisher as authority", "a certificate for something else", "right"],
)
def test_who_vouches(by: Publisher, status: Status) -> None:
    assert verify(sign_program(_installer("tool.exe", ""), by), ROOT).status is status


def test_a_certificate_that_has_run_out() -> None:
    assert verify(EXE, ROOT, datetime(2019, 1, 1, tzinfo=UTC)).status is Status.EXPIRED
    assert verify(EXE, ROOT, datetime(2100, 6, 1, tzinfo=UTC)).status is Status.EXPIRED


@pytest.mark.parametrize("data", [b"", b"MZ", b"MZ" + b"\xff" * 100, b"text", MSI[:600], EXE[:100]])
def test_what_is_no_installer(data: bytes) -> None:
    assert verify(data, ROOT).status is Status.UNKNOWN_FORM


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, len(EXE) - 1), value=st.integers(1, 255))
def test_no_change_of_a_byte_makes_anything_else_valid(place: int, value: int) -> None:
    changed = bytearray(EXE)
    changed[place] ^= value
    found = verify(bytes(changed), ROOT)
    assert found == VALID or found.common_name == ""


@given(st.lists(st.binary(max_size=300), max_size=3), st.integers(0, 2**70))
def test_values_are_read_as_they_were_written(parts: list[bytes], number: int) -> None:
    element, rest = read(encode(0x30, *[encode(0x04, part) for part in parts]) + b"more")
    assert rest == b"more"
    assert [child.content for child in element.children()] == parts
    assert int.from_bytes(read(integer(number))[0].content, "big", signed=True) == number
    assert read(oid("1.3.6.1.4.1.311.2.1.4"))[0].content == bytes.fromhex("2b060104018237020104")


@given(st.binary(max_size=12))
def test_bytes_that_are_no_value(data: bytes) -> None:
    try:
        element, rest = read(data)
    except NotDer:
        return
    assert element.encoded + rest == data
