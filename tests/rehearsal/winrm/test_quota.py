"""Quotas of commands, and shells that end under a waiting client."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from xml.sax.saxutils import escape

from engine.rehearsal.winrm import faults, process_shell
from engine.rehearsal.winrm.shell import MAX_COMMANDS_PER_SHELL
from engine.rehearsal.winrm.wsman import Caller, Reply, WsmanService
from tests.support.winrm_host import USER, Exit, Process, ScriptedHost

_SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
_TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
_ENVELOPE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:r="{shell}">'
    "<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID>"
    "<w:ResourceURI>{shell}/cmd</w:ResourceURI><w:OperationTimeout>PT20S</w:OperationTimeout>"
    '<w:SelectorSet><w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet></s:Header>'
    "<s:Body>{body}</s:Body></s:Envelope>"
)


class _Client:
    """Speaks to a service without a network."""

    def __init__(self, host: ScriptedHost) -> None:
        factory = partial(process_shell.ProcessShell, host)
        self.service = WsmanService(host, {process_shell.RESOURCE_PREFIX: factory})
        self.caller = Caller(host.log_on(USER), "127.0.0.1")
        self.shell_id = ""

    async def ask(self, action: str, body: str) -> Reply:
        message = _ENVELOPE.format(shell=_SHELL, action=escape(action), shell_id=self.shell_id, body=body)
        return await self.service.answer(message.encode(), self.caller)

    async def open(self) -> None:
        reply = await self.ask(f"{_TRANSFER}/Create", "<r:Shell/>")
        found = re.search(rb"<rsp:ShellId>([^<]+)", reply.body)
        assert found is not None
        self.shell_id = found.group(1).decode()

    async def start(self) -> Reply:
        line = "<r:CommandLine><r:Command>x.exe</r:Command></r:CommandLine>"
        return await self.ask(f"{_SHELL}/Command", line)


def _command_id(reply: Reply) -> str:
    found = re.search(rb"<rsp:CommandId>([^<]+)", reply.body)
    assert found is not None
    return found.group(1).decode()


def _receive(command_id: str) -> str:
    stream = f'<r:DesiredStream CommandId="{command_id}">stdout</r:DesiredStream>'
    return f"<r:Receive>{stream}</r:Receive>"


def test_a_shell_has_no_more_commands_than_windows_allows() -> None:
    async def run() -> None:
        client = _Client(ScriptedHost())
        await client.open()
        first = await client.start()
        for _ in range(MAX_COMMANDS_PER_SHELL - 1):
            assert not (await client.start()).is_fault
        refused = await client.start()
        assert f'Code="{faults.MAX_COMMANDS_OF_SHELL}"' in refused.body.decode()
        code = f"<r:Code>{_SHELL}/signal/terminate</r:Code>"
        ended = f'<r:Signal CommandId="{_command_id(first)}">{code}</r:Signal>'
        assert not (await client.ask(f"{_SHELL}/Signal", ended)).is_fault
        assert not (await client.start()).is_fault

    asyncio.run(run())


def test_who_waits_for_output_is_told_when_the_shell_ends() -> None:
    async def run() -> None:
        host = ScriptedHost(process=lambda _: Process(Exit(), asyncio.Event()))
        client = _Client(host)
        await client.open()
        body = _receive(_command_id(await client.start()))
        waiting = asyncio.ensure_future(client.ask(f"{_SHELL}/Receive", body))
        await asyncio.sleep(0)
        assert not (await client.ask(f"{_TRANSFER}/Delete", "")).is_fault
        reply = await asyncio.wait_for(waiting, 10)
        assert f'Code="{faults.OPERATION_ABORTED}"' in reply.body.decode()

    asyncio.run(run())
