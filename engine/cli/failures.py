"""Errors become lines and exit codes: expected ones a line each, unexpected ones a line and a log file."""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from typer.exceptions import TyperException

from engine.app.errors import AppError, InvalidInput, UnreadableSettings
from engine.app.exits import ExitCode
from engine.cli.findings import draw_findings
from engine.cli.logfile import new_log
from engine.cli.screen import Screen, say
from engine.manifest.suggest import did_you_mean
from engine.report.visible import clean

_NO_CHOICE = re.compile(r"'(?P<given>[^']*)' is not one of (?P<known>'.*')")
_QUOTED = re.compile(r"'([^']*)'")


class Refused(Exception):
    """A command was asked for something that it does not do; the message says what to do instead."""


def report_failure(screen: Screen, error: Exception, arguments: Sequence[str]) -> ExitCode:
    """Say what went wrong on stderr, and give the exit code."""
    match error:
        case InvalidInput():
            draw_findings(screen.err, error.findings, error.folder)
            return error.exit_code
        case UnreadableSettings():  # what is to be pasted stands alone on its lines
            say(screen, f"rollcall: {clean(str(error))}")
            for text in error.block.splitlines():
                say(screen, clean(text))
            return error.exit_code
        case AppError():
            for text in str(error).splitlines() or [type(error).__name__]:
                say(screen, f"rollcall: {clean(text)}")
            return error.exit_code
        case TyperException():  # the command line itself
            say(screen, f"rollcall: {clean(_usage(error.format_message()))} (--help shows what there is)")
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


def _usage(message: str) -> str:
    """What is wrong with the command line, with the near miss of a choice."""
    text = message.replace("Value error, ", "", 1)  # the checking library's own words
    found = _NO_CHOICE.search(text)
    hint = "" if found is None else did_you_mean(found["given"], _QUOTED.findall(found["known"]))
    return f"{text.rstrip('.')}; {hint}" if hint else text


def _unexpected(screen: Screen, error: Exception, arguments: Sequence[str]) -> ExitCode:
    first = clean(" ".join(f"{type(error).__name__}: {error}".split()))
    try:
        where = f"details are in {_write_log(error, arguments)}"
    except OSError as why:
        where = f"no log file could be written: {clean(str(why))}"
    say(screen, f"rollcall: unexpected error: {first[:300]}; {where}")
    return ExitCode.UNEXPECTED


def _write_log(error: Exception, arguments: Sequence[str]) -> Path:
    """Tracebacks hold no values of variables, so no secrets."""
    path = new_log(arguments)
    with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
        log.writelines(traceback.format_exception(error))
    return path
