"""Assert-RollcallSigner on a simulated host."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.authenticode.publishers import authority, publisher
from engine.rehearsal.authenticode.signing import sign_program
from engine.rehearsal.media.build import build_installer
from engine.rehearsal.media.spec import Installer
from engine.rehearsal.windows.powershell.records import ErrorCategory
from tests.support.simulated_windows import Console, Result, call, open_host

SCRIPT = Path(__file__).parents[4] / "engine" / "kinds" / "scripts" / "Assert-RollcallSigner.ps1"
NAME = "International GeoGebra Institute"
PATH = r"C:\setup.exe"


def _program(signer: str) -> bytes:
    return build_installer(
        Installer(
            file="setup.exe",
            id="tool",
            title="Tool",
            version="1.0",
            publisher="Example",
            folder="Tool",
            uninstall_key="Tool",
            silent="/S",
            signer=signer,
        )
    )


@pytest.fixture
def console(tmp_path: Path) -> Console:
    console = Console(open_host(tmp_path))
    assert console.define(SCRIPT.read_text(encoding="utf-8")).errors == []
    return console


def _check(console: Console, data: bytes, name: str = NAME) -> Result:
    console.host.files.write_file(PATH, data)
    return console.batch([call("Assert-RollcallSigner", Path=PATH, CommonName=name)])


def test_the_right_signer_is_let_pass_in_silence(console: Console) -> None:
    found = _check(console, _program(NAME))
    assert (found.errors, found.output) == ([], [])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_program(""), "its signature is NotSigned: The file is not digitally signed."),
        (_program(NAME)[:-9] + b"\0" * 9, "its signature is "),
        (b"text", "its signature is UnknownError: "),
        (
            sign_program(_program(""), publisher(NAME, authority("Somebody"))),
            "its signature is UnknownError: A certificate chain processed, but terminated in a root",
        ),
    ],
    ids=["no signature", "spoiled", "no program", "an authority that is not trusted"],
)
def test_what_windows_does_not_take_for_valid(console: Console, data: bytes, said: str) -> None:
    (error,) = _check(console, data).errors
    assert error.error_id == "RollcallSignerNotValid,Assert-RollcallSigner"
    assert error.category is ErrorCategory.SecurityError
    assert error.message.startswith(f"The file must be signed by {NAME}, and {said}")


@pytest.mark.parametrize("name", ["international geogebra institute", NAME + " ", "GeoGebra"])
def test_another_signer(console: Console, name: str) -> None:
    (error,) = _check(console, _program(NAME), name).errors
    assert error.error_id == "RollcallSignerOther,Assert-RollcallSigner"
    assert error.message == f"The file must be signed by {name}, and it is signed by {NAME}."


def test_a_file_that_is_not_there(console: Console) -> None:
    found = console.batch([call("Assert-RollcallSigner", Path=r"C:\none.exe", CommonName=NAME)])
    assert found.error_ids == ["RollcallSignerFailed,Assert-RollcallSigner"]
