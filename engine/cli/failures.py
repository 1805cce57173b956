"""Errors become lines and exit codes: expected ones a line each, unexpected ones a line and a log file."""

from __future__ import annotations

import errno
import os
import platform
import sys
import traceback
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from typer.exceptions import TyperException

from engine.app.errors import AppError
from engine.app.exits import ExitCode
from engine.app.project import find_project, make_state
from engine.cli.drawing import say
from engine.cli.screen import Screen
from engine.report.values import clean


class Refused(Exception):
    """A command was asked for something that it does not do; the message says what to do instead."""


def report_failure(screen: Screen, error: Exception, arguments: Sequence[str]) -> ExitCode:
    """Say what went wrong on stderr, and give the exit code."""
    match error:
        case AppError():
            for text in str(error).splitlines() or [type(error).__name__]:
                say(screen, clean(text))
            return error.exit_code
        case TyperException():  # the command line itself
            say(screen, f"rollcall: {clean(error.format_message())} (--help shows what there is)")
            return ExitCode.INVALID
        case Refused():
            say(screen, f"rollcall: {clean(str(error))}")
            return ExitCode.INVALID
        case BrokenPipeError():
            # The reader of stdout went away, as `head` does; what is still buffered has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.UNEXPECTED
        case OSError(errno=errno.ENOSPC):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nor has what is buffered
            place = clean(str(error.filename)) if error.filename else "the output"
            say(screen, f"rollcall: {place} cannot be written: {error.strerror}")
            return ExitCode.INVALID
        case _:
            return _unexpected(screen, error, arguments)


def _unexpected(screen: Screen, error: Exception, arguments: Sequence[str]) -> ExitCode:
    first = clean(" ".join(f"{type(error).__name__}: {error}".split()))
    try:
        where = f"details are in {_write_log(error, arguments)}"
    except OSError as why:
        where = f"no log file could be written: {clean(str(why))}"
    say(screen, f"rollcall: unexpected error: {first[:300]}; {where}")
    return ExitCode.UNEXPECTED


def _write_log(error: Exception, arguments: Sequence[str]) -> Path:
    """A log file that only its owner can read. Tracebacks hold no values of variables, so no secrets."""
    now = datetime.now(UTC)
    folder = make_state(_state_folder()) / "log"
    folder.mkdir(exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.writelines(f"{line}\n" for line in _about(now, arguments))
        log.writelines(traceback.format_exception(error))
    return path


def _about(now: datetime, arguments: Sequence[str]) -> Iterator[str]:
    yield f"{now.isoformat(timespec='seconds')} rollcall {version('rollcall')}"
    yield f"Python {platform.python_version()} on {platform.platform()}"
    yield f"arguments: {list(arguments)}"


def _state_folder() -> Path:
    try:
        return find_project(Path.cwd()).state
    except AppError:
        return Path.cwd() / ".rollcall"
