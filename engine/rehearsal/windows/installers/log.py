"""A verbose log as msiexec writes it: UTF-16 with a byte order mark."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.rehearsal.windows.installers.machine import FileStore

_ENGINE = "5.00.10011.00"


class InstallerLog:
    """Collects the lines of one run."""

    def __init__(self, command_line: str) -> None:
        stamp = datetime.now(UTC)
        self._lines = [
            f"=== Verbose logging started: {stamp:%m/%d/%Y}  {stamp:%H:%M:%S}  Build type: SHIP UNICODE"
            f" {_ENGINE}  Calling process: C:\\Windows\\system32\\msiexec.exe ===",
            f"MSI (c) (50:3C) [{stamp:%H:%M:%S}:000]: Command Line: {command_line}",
        ]

    def say(self, line: str) -> None:
        """A line of the engine's."""
        stamp = datetime.now(UTC)
        self._lines.append(f"MSI (s) (A0:9C) [{stamp:%H:%M:%S}:{stamp.microsecond // 1000:03d}]: {line}")

    def message(self, text: str) -> None:
        """What would be shown to a person, of the product or by it."""
        self.say(f"Product: {text}")

    def error(self, number: int, text: str) -> None:
        """One of Windows Installer's numbered errors ("Windows Installer Error Messages" of its SDK)."""
        self.say(f"Note: 1: {number}")
        self._lines.append(f"Error {number}. {text}")

    def action(self, name: str, returned: int) -> None:
        stamp = datetime.now(UTC)
        self._lines.append(f"Action ended {stamp:%H:%M:%S}: {name}. Return value {returned}.")

    def write(self, files: FileStore, path: str) -> None:
        """Put the log where the command line wants it; may raise NtError."""
        stamp = datetime.now(UTC)
        end = f"=== Verbose logging stopped: {stamp:%m/%d/%Y}  {stamp:%H:%M:%S} ==="
        text = "\r\n".join([*self._lines, end, ""])
        files.write_file(path, b"\xff\xfe" + text.encode("utf-16-le"))
