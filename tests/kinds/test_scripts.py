"""The reviewed functions keep the rules that make them reviewable."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from engine.kinds.scripts import functions

each_function = pytest.mark.parametrize("name", functions())
# What would turn text into code, reach out of the host, or change more than the function is for.
FORBIDDEN = re.compile(
    r"Invoke-|\biex\b|ScriptBlock\]|Add-Type|Start-Process|New-Object|-EncodedCommand|DownloadString|Import-Module|"
    r"\$ExecutionContext|InvokeCommand|\$env:|\$global:|\bWrite-Host\b",
    re.IGNORECASE,
)


def _code(name: str) -> str:
    """The function without comments; no text in them holds a #."""
    return "\n".join(line.partition("#")[0] for line in functions()[name].splitlines())


def _header(name: str) -> str:
    return "\n".join(line for line in functions()[name].splitlines() if line.startswith("#"))


def test_names_are_those_of_the_files() -> None:
    folder = files("engine.kinds").joinpath("scripts")
    assert {entry.name for entry in folder.iterdir()} == {f"{name}.ps1" for name in functions()}


@each_function
def test_one_function_of_its_files_name_and_nothing_else(name: str) -> None:
    code = _code(name)
    assert re.findall(r"^function (\S+)", code, re.MULTILINE) == [name]
    assert code.strip().startswith(f"function {name} {{")
    assert code.rstrip().endswith("\n}")
    assert code.count("{") == code.count("}")
    assert code.count("(") == code.count(")")


@each_function
def test_strict_and_harmless(name: str) -> None:
    code = _code(name)
    assert "[CmdletBinding(" in code
    assert code.index("param(") < code.index("Set-StrictMode -Version 3.0")
    assert FORBIDDEN.search(code) is None
    assert functions()[name].isascii()  # Windows PowerShell reads a file without mark in the ANSI code page


@each_function
def test_calls_nothing_but_what_every_restricted_endpoint_can_offer(name: str) -> None:
    called = set(re.findall(r"(?<![\w\\$.'-])[A-Z][a-z]+-[A-Z]\w+", _code(name))) - {name}
    assert called <= {"Set-StrictMode", "Where-Object", "ForEach-Object", "Get-AuthenticodeSignature"}


@each_function
def test_every_parameter_is_typed_and_every_mandatory_one_validated(name: str) -> None:
    code = _code(name)
    block = code[code.index("param(") : code.index("Set-StrictMode")]
    for parameter in re.split(r",\s*\n\s*\n", block):
        if "$" not in parameter:
            continue
        assert re.search(r"\[(string|int|string\[\]|psobject)\] \$\w+", parameter), parameter
        assert "[Parameter(" in parameter
        assert re.search(r"\[(Validate|Allow)\w+\(", parameter), parameter


@each_function
def test_errors_are_typed_and_documented(name: str) -> None:
    header = _header(name)
    thrown = set(re.findall(r"'(Rollcall\w+)'", _code(name)))
    assert thrown
    assert thrown == set(re.findall(r"\b(Rollcall[A-Z]\w+)\b", header)) - {name.partition("-")[2]}
    for word in ("# Input", "# Output", "# Errors"):
        assert word in header


@each_function
def test_what_is_opened_is_disposed(name: str) -> None:
    code = _code(name)
    if "OpenBaseKey" in code:
        assert "finally" in code
        assert "Dispose()" in code[code.index("finally") :]
