"""WinRS as unmodified pypsrp and pywinrm clients see it."""

from __future__ import annotations

import time

import pytest
from pypsrp.exceptions import WSManFaultError
from pypsrp.shell import CommandState, SignalCode, WinRS
from pypsrp.shell import Process as ClientProcess
from winrm.protocol import Protocol

from engine.rehearsal.winrm import faults
from tests.support.winrm_host import PASSWORD, USER, Exit, Process, Running


def _protocol(running: Running) -> Protocol:
    return Protocol(
        f"http://{running.address}:{running.http}/wsman",
        transport="ntlm",
        username=USER,
        password=PASSWORD,
        operation_timeout_sec=5,
        read_timeout_sec=10,
    )


@pytest.mark.parametrize("code", [0, 1, 1603, 3010, -1, 0xC0000005])
def test_exit_codes_arrive(running: Running, code: int) -> None:
    running.host.process = lambda _: Process(Exit(code))
    with running.client() as wsman, WinRS(wsman) as shell:
        process = ClientProcess(shell, "setup.exe", ["/S"])
        process.invoke()
        process.signal(SignalCode.CTRL_C)
    assert process.rc == code


def test_output_is_kept_apart_and_byte_for_byte(running: Running) -> None:
    text = "こんにちは Ünïcode \u2603\r\n".encode()
    running.host.process = lambda _: Process(Exit(2, text, b"\xff\xfe error"))
    with running.client() as wsman, WinRS(wsman, codepage=65001) as shell:
        process = ClientProcess(shell, "tool.exe")
        process.invoke()
    assert (process.stdout, process.stderr, process.rc) == (text, b"\xff\xfe error", 2)


@pytest.mark.parametrize(
    ("code_page", "expected"),
    [(None, "Schüler ?\r\n".encode("cp437")), (1252, "Schüler ?\r\n".encode("cp1252")), (65001, None)],
)
def test_text_comes_in_the_code_page_that_was_asked_for(
    running: Running, code_page: int | None, expected: bytes | None
) -> None:
    text = "Schüler \u2603\r\n".encode()
    running.host.process = lambda _: Process(Exit(0, text))
    with running.client() as wsman, WinRS(wsman, codepage=code_page) as shell:
        process = ClientProcess(shell, "tool.exe")
        process.invoke()
    assert process.stdout == (expected or text)


def test_large_output_takes_several_answers(running: Running) -> None:
    data = bytes(range(256)) * 8_192  # 2 MB
    running.host.process = lambda _: Process(Exit(0, data))
    with running.client() as wsman, WinRS(wsman) as shell:
        process = ClientProcess(shell, "type.exe")
        process.invoke()
    assert process.stdout == data
    assert running.host.counters.http_requests > 2_000_000 * 4 / 3 / 512_000


def test_what_was_asked_reaches_the_host(running: Running) -> None:
    with (
        running.client() as wsman,
        WinRS(wsman, environment={"MODE": "quiet", "LANG": "de"}, working_directory=r"C:\Temp") as shell,
    ):
        ClientProcess(shell, "msiexec.exe", ["/i", r'"C:\a b\x.msi"', "/qn"], no_shell=True).invoke()
        ClientProcess(shell, "dir").invoke()
    direct, through_cmd = running.host.requests
    assert direct.executable == "msiexec.exe"
    assert direct.arguments == ("/i", r'"C:\a b\x.msi"', "/qn")
    assert dict(direct.environment) == {"MODE": "quiet", "LANG": "de"}
    assert direct.working_directory == r"C:\Temp"
    assert (direct.through_cmd, through_cmd.through_cmd) == (False, True)


def test_a_program_that_does_not_exist_is_the_fault_that_windows_gives(running: Running) -> None:
    with running.client() as wsman, WinRS(wsman) as shell, pytest.raises(WSManFaultError) as missing:
        ClientProcess(shell, "missing.exe", no_shell=True).invoke()
    assert missing.value.code == faults.FILE_NOT_FOUND
    assert missing.value.provider == "Shell cmd plugin"


def test_pywinrm_runs_processes_in_one_shell(running: Running) -> None:
    running.host.process = lambda request: Process(Exit(7, request.executable.encode()))
    protocol = _protocol(running)
    shell = protocol.open_shell()
    for name in ("one.exe", "two.exe"):
        command = protocol.run_command(shell, name, [], skip_cmd_shell=True)
        assert protocol.get_command_output(shell, command) == (name.encode(), b"", 7)
        protocol.cleanup_command(shell, command)
    protocol.close_shell(shell)
    # Logon 3, shell 2, and 3 for each process.
    assert running.host.counters.http_requests == 3 + 2 + 2 * 3


def test_a_command_is_gone_once_it_was_ended(running: Running) -> None:
    protocol = _protocol(running)
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "one.exe")
    protocol.cleanup_command(shell, command)
    with pytest.raises(Exception, match="2150858843"):
        protocol.get_command_output_raw(shell, command)


def test_terminate_ends_the_process(running: Running) -> None:
    hold = running.event()
    process = Process(Exit(), hold)
    running.host.process = lambda _: process
    protocol = _protocol(running)
    shell = protocol.open_shell()
    protocol.cleanup_command(shell, protocol.run_command(shell, "forever.exe"))
    assert process.terminated
    protocol.close_shell(shell)


def test_a_process_outlives_the_client(running: Running) -> None:
    hold = running.event()
    process = Process(Exit(), hold)
    running.host.process = lambda _: process
    protocol = _protocol(running)
    shell = protocol.open_shell()
    protocol.run_command(shell, "install.exe")
    protocol.close_shell(shell)
    assert not process.terminated


def test_a_long_process_is_polled_until_it_ends(running: Running) -> None:
    hold = running.event()
    running.host.process = lambda _: Process(Exit(3, b"done"), hold)
    with running.client() as wsman:
        wsman.operation_timeout = 1
        with WinRS(wsman) as shell:
            process = ClientProcess(shell, "slow.exe")
            process.begin_invoke()
            process.poll_invoke()  # a time-out is no end
            assert process.state != CommandState.DONE
            running.in_loop(hold.set)
            process.end_invoke()
    assert (process.rc, process.stdout) == (3, b"done")


def test_an_idle_shell_goes_away(running: Running) -> None:
    with running.client() as wsman:
        shell = WinRS(wsman, idle_time_out=1)
        shell.open()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            time.sleep(1.2)  # longer than the shell may be idle
            try:
                ClientProcess(shell, "one.exe").invoke()
            except WSManFaultError as gone:
                assert gone.code == faults.UNEXPECTED_SELECTORS  # noqa: PT017
                return
    pytest.fail("the shell was still there")
