"""The log file of a command: made, readable by its owner only, when there is something to write."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from engine.app.beside import private_folder
from engine.app.errors import AppError
from engine.app.project import find_project, make_state


def new_log(arguments: Sequence[str]) -> Path:
    """Make a log file that says what was run. Raises OSError where none can be made."""
    now = datetime.now(UTC)
    folder = make_state(_state_folder()) / "log"
    private_folder(folder)
    path = folder / f"{now:%Y%m%dT%H%M%S%f}-{os.getpid()}.log"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.writelines(f"{line}\n" for line in _about(now, arguments))
    return path


@contextmanager
def logged(arguments: Sequence[str]) -> Iterator[None]:
    """Write what the rooms have to say about unexpected errors of single hosts to a log file."""
    handler = _FirstUse(arguments)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    logger = logging.getLogger("engine")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _FirstUse(logging.Handler):
    """Makes its file with the first record; where it cannot, the record is lost and the command goes on."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(logging.WARNING)
        self._arguments = arguments
        self._path: Path | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._path = self._path or new_log(self._arguments)
            with self._path.open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(f"{self.format(record)}\n")
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name is logging's
        """Say nothing: a full disk must not put a traceback on the screen."""


def _about(now: datetime, arguments: Sequence[str]) -> Iterator[str]:
    yield f"{now.isoformat(timespec='seconds')} rollcall {version('rollcall')}"
    yield f"Python {platform.python_version()} on {platform.platform()}"
    yield f"arguments: {list(arguments)}"


def _state_folder() -> Path:
    try:
        return find_project(Path.cwd()).state
    except AppError:
        return Path.cwd() / ".rollcall"
