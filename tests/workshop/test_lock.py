"""The locks say what pyproject.toml asks for, with hashes, and name no registry."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

TOP = Path(__file__).parents[2]
LOCKS = TOP / "ci" / "locks"
PYPROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
PYTHONS = ("3.11", "3.12", "3.13")

# Import names that differ from the distribution's name.
DISTRIBUTIONS = {
    "_ruamel_yaml": "ruamel.yaml.clib",
    "annotated_types": "pydantic",  # whose constraints are of its types
    "pydantic_core": "pydantic",  # which pins it exactly
    "pymsi": "python-msi",
    "ruamel": "ruamel.yaml",
    "smbclient": "smbprotocol",
    "spnego": "pyspnego",
    "winrm": "pywinrm",
}


def _asked(extras: tuple[str, ...], groups: tuple[str, ...]) -> tuple[Requirement, ...]:
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    for group in groups:
        texts += PYPROJECT["dependency-groups"][group]
    return tuple(Requirement(text) for text in texts)


def _entries(lock: str) -> tuple[tuple[Requirement, int], ...]:
    """Each locked requirement with the number of its hashes."""
    text = (LOCKS / f"{lock}.txt").read_text().replace("\\\n", " ")
    return tuple(
        (Requirement(line.split("--hash")[0].strip()), line.count("--hash=sha256:"))
        for line in text.splitlines()
        if line.strip()
    )


def _versions(lock: str, python: str) -> dict[str, Version]:
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    found: dict[str, Version] = {}
    for requirement, _ in _entries(lock):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (pin,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = Version(pin.version)
    return found


ASKED = {
    "controller": _asked((), ("build",)),
    "kerberos": _asked(("kerberos",), ("build",)),
    "dev": _asked(("rehearsal",), ("build", "dev")),
}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", sorted(ASKED))
def test_the_lock_covers_pyproject(lock: str, python: str) -> None:
    locked = _versions(lock, python)
    for requirement in ASKED[lock]:
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in ci/locks/{lock}.txt: run ci/lock"
        assert requirement.specifier.contains(version, prereleases=True), (requirement, version)


@pytest.mark.parametrize("lock", sorted(ASKED))
def test_every_entry_is_exact_and_hashed(lock: str) -> None:
    for requirement, hashes in _entries(lock):
        assert [pin.operator for pin in requirement.specifier] == ["=="], requirement
        assert hashes > 0, requirement


@pytest.mark.parametrize("lock", sorted(ASKED))
def test_the_lock_names_no_registry(lock: str) -> None:
    assert "://" not in (LOCKS / f"{lock}.txt").read_text()


def test_every_lock_is_tested() -> None:
    assert {path.stem for path in LOCKS.glob("*.txt")} == set(ASKED)


def test_the_build_backend_is_locked_too() -> None:
    assert PYPROJECT["dependency-groups"]["build"] == PYPROJECT["build-system"]["requires"]


def test_dependencies_are_bounded() -> None:
    for requirement in (r for asked in ASKED.values() for r in asked):
        operators = {pin.operator for pin in requirement.specifier}
        assert operators & {"<", "=="}, f"{requirement} has no upper bound"
        assert operators & {">=", "=="}, f"{requirement} has no lower bound"


def _imported(package: Path) -> Iterator[str]:
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


def _third_party(package: Path) -> set[str]:
    return {
        canonicalize_name(DISTRIBUTIONS.get(name, name))
        for name in set(_imported(package)) - set(sys.stdlib_module_names) - {"engine"}
    }


def test_what_the_engine_imports_is_declared() -> None:
    """A library that another one happens to bring along may be gone with its next version."""
    declared = {canonicalize_name(r.name) for r in _asked(("rehearsal",), ())}
    assert _third_party(TOP / "engine") <= declared


def test_what_a_controller_imports_is_declared_without_extras() -> None:
    declared = {canonicalize_name(r.name) for r in _asked((), ())}
    rooms = [room for room in (TOP / "engine").iterdir() if room.is_dir() and room.name != "rehearsal"]
    assert rooms
    assert set().union(*map(_third_party, rooms)) <= declared


def test_nothing_is_declared_in_vain() -> None:
    used = _third_party(TOP / "engine")
    declared = {canonicalize_name(r.name) for r in _asked(("rehearsal",), ())}
    assert declared - used == set()
