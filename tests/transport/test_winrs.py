"""Programs over WinRS: arguments as given, output and exit code back, ended when time is up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.model.errors import DeadlineExceeded, HostUnreachable, LogonFailed, StepFailed
from engine.model.step import RunProcess
from engine.rehearsal.winrm.command_line import split_command_line
from engine.rehearsal.winrm.seam import ExecutableNotFound, ProcessRequest
from engine.transport import winrs
from engine.transport.session import WindowsSession
from engine.transport.target import Authentication, Scheme, Target, Timeouts
from tests.support.winrm_host import Exit, Process, Running

SETUP = r"C:\Windows\Temp\setup.exe"


def _run(executable: str, *arguments: str, timeout: int = 20) -> RunProcess:
    return RunProcess(executable=executable, arguments=arguments, timeout_seconds=timeout)


@pytest.fixture
def session(target: Target) -> Iterator[WindowsSession]:
    with WindowsSession(target, {}) as session:
        yield session


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_program_gets_its_arguments_and_gives_its_result(
    running: Running, target: Target, scheme: Scheme
) -> None:
    running.host.process = lambda _: Process(Exit(3010, "hotovo ✓".encode(), b"a warning"))
    port = running.https if scheme is Scheme.HTTPS else running.http
    given = ("/quiet", r"TARGETDIR=C:\Program Files\X", "", 'say "hi"', "back\\slash\\")
    with WindowsSession(replace(target, scheme=scheme, port=port), {}) as session:
        result = session.run(_run(SETUP, *given))
    assert (result.exit_code, result.output, result.errors) == (3010, "hotovo ✓", "a warning")
    (request,) = running.host.requests
    assert request.executable == SETUP
    assert tuple(split_command_line(" ".join(request.arguments))) == given
    assert not request.through_cmd


def test_windows_own_programs_may_be_named_alone_and_msiexec_gets_properties_its_way(
    running: Running, session: WindowsSession
) -> None:
    session.run(_run("msiexec.exe", "/i", r"C:\a b.msi", "/qn", "ORG=Dundalk High", "ROOM=114"))
    (request,) = running.host.requests
    assert request.executable == r"C:\Windows\System32\msiexec.exe"
    assert " ".join(request.arguments) == r'/i "C:\a b.msi" /qn ORG="Dundalk High" ROOM=114'


def test_several_programs_use_one_connection(running: Running, session: WindowsSession) -> None:
    for _ in range(3):
        session.run(_run(SETUP))
    assert running.host.counters.logons == 1
    assert len(running.host.requests) == 3


def test_a_program_that_does_not_end_is_told_to_and_the_next_one_runs(
    running: Running, target: Target
) -> None:
    held = Process(Exit(), running.event())
    running.host.process = lambda _: held
    with WindowsSession(replace(target, timeouts=Timeouts(connect=5, read=2, step=20)), {}) as session:
        with pytest.raises(DeadlineExceeded, match="still running after 1 s"):
            session.run(_run(SETUP, timeout=1))
        assert held.terminated
        running.host.process = lambda _: Process(Exit(7))
        assert session.run(_run(SETUP)).exit_code == 7


def test_only_the_end_of_a_long_output_is_kept(
    running: Running, session: WindowsSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(winrs, "MOST_OUTPUT", 10)
    running.host.process = lambda _: Process(Exit(0, b"x" * 1000 + b"the reason"))
    assert session.run(_run(SETUP)).output == "the reason"


def test_a_missing_program_is_the_host_s_no(running: Running, session: WindowsSession) -> None:
    def missing(request: ProcessRequest) -> Process:
        raise ExecutableNotFound(request.executable)

    running.host.process = missing
    with pytest.raises(StepFailed, match=r"run missing\.exe: .*cannot find") as caught:
        session.run(_run("missing.exe"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("executable", "argument"),
    [(r"setups\x.exe", ""), (SETUP, "%PATH%"), (SETUP, "a\nb"), (SETUP, '"&calc'), (r"C:\a&b.exe", "")],
)
def test_what_cmd_could_act_on_is_refused_before_connecting(
    running: Running, session: WindowsSession, executable: str, argument: str
) -> None:
    with pytest.raises(StepFailed):
        session.run(_run(executable, argument))
    assert running.host.counters.http_requests == 0


def test_a_wrong_password_is_told(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", "Wrong-Horse-9")
    for way in (Authentication.BASIC, Authentication.NTLM):
        with WindowsSession(replace(target, authentication=way), {}) as session, pytest.raises(LogonFailed):
            session.run(_run(SETUP))


def test_nobody_there_is_told(target: Target) -> None:
    with WindowsSession(replace(target, port=9), {}) as session, pytest.raises(HostUnreachable):
        session.run(_run(SETUP))
