"""All versions of a product that the catalog knows: which of them is on a host, and how that is removed.

The versions of a product may be recognised by different marks, such as Windows Installer's product codes. So
an older version, which is good enough, to be upgraded, or to be removed, is looked for by its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from engine.kinds.contract import Impossible, Part
from engine.kinds.detection import GUID, Detection, Found, detection_query, find_installed, registrations
from engine.kinds.paths import LOGS
from engine.kinds.versions import Comparison, Version
from engine.model.query import Answers, Ask
from engine.model.step import ExitCodes, MakeDirectory, RunProcess, Step

_TIMEOUT = Field(ge=1, le=6 * 3600, examples=[1800])
_REMOVE_TIMEOUT = 1800  # seconds


class Uninstall(Part):
    """How to remove a program that Windows Installer does not know."""

    executable: Annotated[str, Field(min_length=1, examples=[r"C:\Program Files\Audacity\unins000.exe"])]
    """The program on the host that removes it."""
    arguments: Annotated[tuple[str, ...], Field(examples=[["/VERYSILENT", "/NORESTART"]])] = ()
    """Its arguments, one an item."""
    timeout_seconds: Annotated[int, _TIMEOUT] = 1800
    """How long it may run."""
    exit_codes: ExitCodes = ExitCodes()
    """What its exit codes mean."""


class KnownVersion(Part):
    """One version: how to tell that it is installed, and how to remove it."""

    version: Annotated[str, Field(min_length=1, examples=["6.0.885"])]
    """The version that a detection by a fixed registry value stands for."""
    detection: Detection
    """How to tell that it is installed."""
    uninstall: Uninstall | None = None
    """How to remove it. A program of Windows Installer needs none: its product code is enough."""


def version_queries(known: Iterable[KnownVersion]) -> tuple[Ask, ...]:
    """The questions that tell which of the versions are installed, each once."""
    return tuple(dict.fromkeys(detection_query(each.detection) for each in known))


def newest_installed(known: Sequence[KnownVersion], answers: Answers, comparison: Comparison) -> Found | None:
    """The newest of the versions that are there; None if there is none.

    Raises:
        Unreadable: an answer does not tell.
    """
    found = [each for _, each in _installed(known, answers, comparison)]
    return max(found, key=lambda each: each.version or Version(()), default=None)


def removal_steps(
    known: Sequence[KnownVersion], answers: Answers, comparison: Comparison, product: str
) -> tuple[Step, ...]:
    """Remove every version that is there.

    Raises:
        Impossible: nobody knows how.
        Unreadable: an answer does not tell.
    """
    log = rf"{LOGS}\{product}-remove.log"
    runs: dict[RunProcess, None] = {}
    for each, _ in _installed(known, answers, comparison):
        if each.uninstall is not None:
            runs[_run(each.uninstall)] = None
            continue
        for registered in registrations(each.detection, answers):
            if registered.windows_installer and GUID.fullmatch(registered.key.upper()):
                runs[_msiexec(registered.key.upper(), log)] = None
    if not runs:
        raise Impossible("Windows Installer does not know it, and the catalog does not say how to remove it")
    needs_log = any(run.log is not None for run in runs)
    return (*((MakeDirectory(path=LOGS),) if needs_log else ()), *runs)


def _installed(
    known: Sequence[KnownVersion], answers: Answers, comparison: Comparison
) -> list[tuple[KnownVersion, Found]]:
    """The versions that are there. One by a mark that says no more than `another` counts only alone."""
    found = [
        (each, there)
        for each in known
        if (there := find_installed(each.detection, answers, each.version, comparison)) is not None
    ]
    clear = [pair for pair in found if pair[1].comparable]
    return clear or found[:1]


def _run(uninstall: Uninstall) -> RunProcess:
    return RunProcess(
        executable=uninstall.executable,
        arguments=uninstall.arguments,
        timeout_seconds=uninstall.timeout_seconds,
        exit_codes=uninstall.exit_codes,
    )


def _msiexec(code: str, log: str) -> RunProcess:
    return RunProcess(
        executable="msiexec.exe",
        arguments=("/x", code, "/qn", "/norestart", "/L*v", log),
        timeout_seconds=_REMOVE_TIMEOUT,
        log=log,
    )
