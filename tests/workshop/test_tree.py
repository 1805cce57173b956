"""The check of the tracked files finds what it is there to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci.tree import MAX_LINES, check, findings

TOP = Path(__file__).parents[2]


def test_the_repository_passes() -> None:
    assert check(TOP) == ()


@pytest.mark.parametrize(
    "line",
    [
        "cd " + "/wo" + "rk/project",
        "see " + "/ro" + "ot/.ssh/config",
        "open('" + "/tm" + "p/x')",
        "index-url = https://" + "py" + "pi.org/simple",
        "https://files." + "python" + "hosted.org/packages/x.whl",
        "https://registry." + "np" + "mjs.org/left-pad",
    ],
)
def test_it_finds_traces_of_a_machine_and_registries(line: str) -> None:
    (finding,) = findings("docs/page.md", f"fine\n{line}\n".encode())
    assert finding.startswith("docs/page.md:2: ")


@pytest.mark.parametrize(
    "line",
    ["D:/home/staff", "a.com/home/x", "$HOME/tmp/x", "network/work and home/work", r"\\srv\home\x"],
)
def test_it_leaves_other_paths_alone(line: str) -> None:
    assert list(findings("docs/page.md", line.encode())) == []


def test_a_long_file_is_found() -> None:
    assert len(list(findings("a.py", b"x\n" * MAX_LINES))) == 0
    assert len(list(findings("a.py", b"x\n" * (MAX_LINES + 1)))) == 1


def test_locks_and_binary_files_are_not_measured() -> None:
    assert list(findings("ci/locks/dev.txt", b"x\n" * 1000)) == []
    assert list(findings("a.msi", b"\0\n" * 1000)) == []
