"""What a command imports: those that talk to no host do not wait for the libraries of those that do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from engine.cli.main import Commands, app
from tests.cli.conftest import Invoke
from tests.support.small_district import write_district

PROTOCOLS = {"cryptography", "keyring", "pypsrp", "requests", "smbprotocol", "spnego", "urllib3", "winrm"}
LIBRARIES = PROTOCOLS | {"jinja2", "networkx", "ruamel"}
REPORT = (
    "import sys; from engine.cli.main import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
)


def _imported(folder: Path, *arguments: str) -> set[str]:
    """The modules of a process that ran this command line."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_no_command_and_no_library_of_one(tmp_path: Path, option: str) -> None:
    imported = _imported(tmp_path, option)
    assert "engine.cli.main" in imported
    assert not imported & LIBRARIES
    assert [name for name in imported if name.startswith("engine.cli.commands.")] == []


def test_checking_manifests_imports_nothing_that_talks_to_hosts(tmp_path: Path) -> None:
    write_district(tmp_path)
    imported = _imported(tmp_path, "validate")
    assert "engine.compiler.district" in imported
    assert not imported & (PROTOCOLS | {"networkx"})
    rooms = {name.split(".")[1] for name in imported if name.startswith("engine.")}
    assert not rooms & {"executor", "planner", "rehearsal", "transport"}


@pytest.mark.parametrize("name", list(Commands.deferred))
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    command = Commands.deferred[name].load(name)
    assert command.name == name
    assert (command.help or "").split("\n\n")[0].replace("\n", " ") == Commands.deferred[name].help


def test_every_command_s_file_is_in_the_list() -> None:
    files = {path.stem for path in (Path(__file__).parents[2] / "engine/cli/commands").glob("*.py")}
    assert {command.module for command in Commands.deferred.values()} == files - {"__init__", "options"}
    assert list(typer.main.get_group(app).commands) == list(Commands.deferred)


def test_a_mistyped_command_is_suggested(invoke: Invoke) -> None:
    assert "'validate'" in invoke("valdate").err


@pytest.mark.parametrize(
    ("words", "offered"),
    [("rollcall va", "validate"), ("rollcall plan --tar", "--target"), ("rollcall rehearse sto", "stop")],
)
def test_names_and_options_are_completed(tmp_path: Path, words: str, offered: str) -> None:
    asked = {
        "_ROLLCALL_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from engine.cli.main import app; app(prog_name='rollcall')"],
        cwd=tmp_path,
        env=os.environ | asked,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert offered in done.stdout.split()
