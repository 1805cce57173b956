"""Native programs over WinRS, on pywinrm's protocol level: a shell for each, removed whatever happens."""

from __future__ import annotations

import ntpath
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from requests.auth import AuthBase
from winrm.exceptions import WinRMOperationTimeoutError
from winrm.protocol import Protocol

from engine.model.errors import DeadlineExceeded
from engine.model.session import ProcessResult
from engine.model.step import RunProcess
from engine.model.words import quoted
from engine.transport.classify import boundary
from engine.transport.http import authentication, build_session
from engine.transport.quoting import check_program, quote, quote_property
from engine.transport.refusals import UnsafeArgument
from engine.transport.target import Authentication, Credential, Scheme, Target
from engine.transport.watchdog import Cord, Watchdog

MOST_OUTPUT = 1024 * 1024  # bytes kept of each stream: its end, where installers say why they failed
_SYSTEM = "C:\\Windows\\System32"
_UTF8 = 65001
_SETUP_SECONDS = 60  # for opening and removing the shell, beside the program's own time


class WinrsSession:
    """Runs one program at a time."""

    def __init__(self, target: Target, credential: Callable[[], Credential]) -> None:
        self._target = target
        self._credential = credential
        self._watchdog = Watchdog(Cord())
        self._protocol: Protocol | None = None

    def run(self, process: RunProcess) -> ProcessResult:
        """Run a program to its end.

        Raises:
            DeadlineExceeded: it took longer than its own time limit; it was told to end.
            HostError: it could not be started, or the connection was lost: what it did is not known.
        """
        seconds = process.timeout_seconds + _SETUP_SECONDS
        with boundary(self._target.host, f"run {_name(process)}", self._watchdog):
            try:
                with self._watchdog.limit(seconds):
                    return self._run(process)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """End the connection; never raises."""
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            with suppress(Exception):
                protocol.transport.close_session()
        self._watchdog.cord.release()

    def _run(self, process: RunProcess) -> ProcessResult:
        executable, arguments = _executable(process), _arguments(process)
        protocol = self._opened()
        with _shell(protocol) as shell:
            command = protocol.run_command(
                shell, executable, arguments, console_mode_stdin=False, skip_cmd_shell=True
            )
            try:
                result = _collect(protocol, shell, command, time.monotonic() + process.timeout_seconds)
            finally:
                # Ends the program if it still runs.
                with suppress(Exception):
                    protocol.cleanup_command(shell, command)
        if result is None:
            cause = f"still running after {process.timeout_seconds} s; it was told to end"
            raise DeadlineExceeded(self._target.host, f"run {_name(process)}", cause)
        return result

    def _opened(self) -> Protocol:
        if self._protocol is None:
            self._protocol = _connect(self._target, self._credential(), self._watchdog)
        return self._protocol


def _connect(target: Target, credential: Credential, watchdog: Watchdog) -> Protocol:
    protocol = Protocol(
        target.endpoint,
        # Decides only how messages are encrypted: the form that pywinrm calls Kerberos is that of every
        # SPNEGO mechanism. The session below brings its own way of logging on.
        transport="kerberos",
        read_timeout_sec=max(2, int(target.timeouts.read)),
        operation_timeout_sec=max(1, int(target.timeouts.read * 2 / 3)),
        ca_trust_path=target.ca_file or "legacy_requests",
    )
    # pywinrm's own session would take proxies and authorities from the environment.
    auth: AuthBase = authentication(target, credential)
    session = build_session(target, auth, watchdog)
    session.headers.update(protocol.transport.default_headers)
    protocol.transport.session = session
    if target.scheme is Scheme.HTTP and target.authentication is not Authentication.BASIC:
        protocol.transport.setup_encryption(session)
    return protocol


@contextmanager
def _shell(protocol: Protocol) -> Iterator[str]:
    shell = protocol.open_shell(codepage=_UTF8)
    try:
        yield shell
    except BaseException:
        with suppress(Exception):  # the first error is the one to tell
            protocol.close_shell(shell, close_session=False)
        raise
    protocol.close_shell(shell, close_session=False)


def _executable(process: RunProcess) -> str:
    """The program's full path, as CreateProcess wants it where no shell looks for it: without quotes.

    A bare name is one of Windows' own programs; no search path decides what is run.

    Raises:
        UnsafeArgument: it is neither, or holds what cmd.exe would act on.
    """
    if not ntpath.dirname(process.executable):
        return ntpath.join(_SYSTEM, check_program(process.executable))
    if not ntpath.isabs(process.executable):
        raise UnsafeArgument(f"the program {quoted(process.executable)} is not given by its full path")
    return check_program(process.executable)


def _name(process: RunProcess) -> str:
    return ntpath.basename(process.executable)


def _arguments(process: RunProcess) -> tuple[str, ...]:
    if _name(process).casefold() in {"msiexec", "msiexec.exe"}:
        return tuple(quote_property(argument) for argument in process.arguments)
    return tuple(quote(argument) for argument in process.arguments)


def _collect(protocol: Protocol, shell: str, command: str, ends: float) -> ProcessResult | None:
    """Wait for the program; None when time is up."""
    output, errors = bytearray(), bytearray()
    while time.monotonic() < ends:
        try:
            out, err, code, done = protocol.get_command_output_raw(shell, command)
        except WinRMOperationTimeoutError:
            continue  # it runs and has nothing to say
        _keep_end(output, out)
        _keep_end(errors, err)
        if done:
            return ProcessResult(code, _text(output), _text(errors))
    return None


def _keep_end(kept: bytearray, new: bytes) -> None:
    kept += new
    del kept[:-MOST_OUTPUT]


def _text(data: bytearray) -> str:
    return bytes(data).decode("utf-8", "replace")
