"""Use cases around the rehearsal: start it, stop it, look at it, and act on one of its hosts."""

from __future__ import annotations

from dataclasses import dataclass

from engine.app.project import Project


@dataclass(frozen=True, slots=True)
class RehearsedHost:
    """Where one simulated host listens."""

    name: str
    address: str
    winrm_http: int
    winrm_https: int
    smb: int


@dataclass(frozen=True, slots=True)
class RehearsalStatus:
    """What runs; `hosts` is empty when nothing does."""

    running: bool
    hosts: tuple[RehearsedHost, ...]
    seconds: float = 0.0  # how long the start took, for `start_rehearsal`


@dataclass(frozen=True, slots=True)
class CommandOutput:
    """What a simulated host answered, as text."""

    lines: tuple[str, ...]
    errors: tuple[str, ...]


def start_rehearsal(project: Project, *, fresh: bool = False) -> RehearsalStatus:
    """Start simulated hosts for all hosts of the manifests, in the background; returns when they listen.

    A rehearsal that runs already is left as it is. `fresh` forgets what hosts kept from earlier runs.

    Raises:
        InvalidInput: the manifests, or manifests/rehearsal.yaml, are wrong.
        RehearsalError: it did not start, or its extra is not installed; the message says what to do.
    """
    raise NotImplementedError


def stop_rehearsal(project: Project) -> bool:
    """Stop it; False if none was running."""
    raise NotImplementedError


def rehearsal_status(project: Project) -> RehearsalStatus:
    """Look at what runs."""
    raise NotImplementedError


def run_on_rehearsed_host(project: Project, host: str, command_line: str) -> CommandOutput:
    """Run one PowerShell-like command line on a simulated host, as an administrator would by hand.

    `command_line` is for example `Set-SmbShare -Name Staff -Description 'Changed by hand' -Force`: names,
    -Parameters, quoted strings, numbers, $true, $false, $null, lists with commas, pipes. Nothing else.

    Raises:
        AppError: the line cannot be understood; the message shows where.
        UnknownSelection: there is no such host.
        RehearsalError: the rehearsal does not run.
    """
    raise NotImplementedError


def set_fault(project: Project, host: str, fault: str, *, on: bool) -> None:
    """Switch a fault of a simulated host on or off, for example `refuse`, `slow` or `disk-full`.

    Raises:
        AppError: there is no such fault; the message lists those there are.
        UnknownSelection: there is no such host.
        RehearsalError: the rehearsal does not run.
    """
    raise NotImplementedError
