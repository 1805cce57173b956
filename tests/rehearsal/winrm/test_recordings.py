"""Recorded dialogues with Windows hosts, asked again: the answers have the same shape."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from ruamel.yaml import YAML

from engine.rehearsal.windows.powershell.records import CommandCall, Output, Pause, Record
from engine.rehearsal.winrm import faults, process_shell, runspace_shell
from engine.rehearsal.winrm.envelope import parse
from engine.rehearsal.winrm.seam import ExecutableNotFound, ProcessRequest
from engine.rehearsal.winrm.wsman import Caller, WsmanService
from tests.support.winrm_host import USER, Exit, Process, ScriptedHost

_RECORDINGS = next(
    (
        folder
        for parent in Path(__file__).parents
        if (folder := parent / "shared" / "windows" / "recordings").is_dir()
    ),
    None,
)
_S = "{http://www.w3.org/2003/05/soap-envelope}"
_RSP = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"
# Newer Windows adds an activity id to the header, older does not; some shells list further facts.
_OPTIONAL = ("ActivityId", "ProcessId", "ShellRunTime", "ShellInactivity", "Name", "Owner")

_RECORDED_TIMEOUTS = 2  # before the long-running command of the recording says something

# Left out: dialogues with secure strings under a key that only the recorded host had.
_DIALOGUES = [
    "test_psrp_error_failed",
    "test_psrp_long_running_cmdlet",
    "test_psrp_multiple_invocations",
    "test_psrp_no_profile",
    "test_psrp_open_runspace",
    "test_psrp_run_protocol_version_2.3",
    "test_winrs_bad_cmd_id",
    "test_winrs_environment",
    "test_winrs_extra_opts",
    "test_winrs_fail_poll_process",
    "test_winrs_no_cmd_shell",
    "test_winrs_operation_timeout",
    "test_winrs_standard",
    "test_winrs_stderr_rc",
    "test_winrs_unicode",
]

pytestmark = pytest.mark.skipif(_RECORDINGS is None, reason="the recordings are not beside the project")


def _messages(name: str) -> list[Mapping[str, str]]:
    assert _RECORDINGS is not None
    with (_RECORDINGS / f"{name}.yml").open(encoding="utf-8") as stream:
        document = YAML(typ="safe").load(stream)
    return [message for message in document["messages"] if message.get("response")]


def _shape(element: Element) -> Iterator[str]:
    """The paths of an element's descendants with their attributes' names, in order; repeats count once."""
    seen: set[str] = set()
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name in _OPTIONAL:
            continue
        path = child.tag + "".join(sorted(f"@{key}" for key in child.attrib))
        for line in (path, *(f"{path}/{rest}" for rest in _shape(child))):
            if line not in seen:
                seen.add(line)
                yield line


def _code(root: Element) -> str:
    fault = root.find(f"{_S}Body/{_S}Fault/{_S}Detail/*[@Code]")
    return "" if fault is None else fault.get("Code", "")


class _Replay:
    """Asks a service the recorded requests, with the identifiers that the service itself gave out."""

    def __init__(self) -> None:
        host = ScriptedHost(script=self._script)
        host.process = self._process
        self._service = WsmanService(
            host,
            {
                runspace_shell.RESOURCE_PREFIX: partial(runspace_shell.RunspaceShell, host),
                process_shell.RESOURCE_PREFIX: partial(process_shell.ProcessShell, host),
            },
        )
        self._caller = Caller(host.log_on(USER), "127.0.0.1")
        self._names: dict[str, str] = {}
        self._timeouts = 0
        self.host = host

    @staticmethod
    def _process(request: ProcessRequest) -> Process:
        if not request.through_cmd and "\\" not in request.executable:
            raise ExecutableNotFound(request.executable)  # without cmd.exe nothing searches the path
        waits = any("Start-Sleep 30" in argument for argument in request.arguments)
        return Process(Exit(0, b"hi\r\n"), asyncio.Event() if waits else None)

    def _script(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        slow = any("Start-Sleep" in call.text for statement in statements for call in statement)
        while slow and self._timeouts < _RECORDED_TIMEOUTS:
            yield Pause(0.02)
        yield Output("hi")

    async def ask(self, message: Mapping[str, str]) -> tuple[Element, Element]:
        request = message["request"]
        for recorded, given in self._names.items():
            request = request.replace(recorded, given)
        request = re.sub(r">PT\d+S</wsman:OperationTimeout>", ">PT0.3S</wsman:OperationTimeout>", request)
        reply = await self._service.answer(request.encode(), self._caller)
        ours, theirs = parse(reply.body), parse(message["response"].encode())
        self._timeouts += _code(ours) == str(faults.OPERATION_TIMED_OUT)
        for name in (f".//{_RSP}Shell/{_RSP}ShellId", f".//{_RSP}CommandId"):
            own, other = ours.findtext(name), theirs.findtext(name)
            if own and other:
                self._names[other] = own
        return ours, theirs


async def _replay(name: str) -> list[str]:
    """What differs, one line for each answer that does."""
    replay, differences = _Replay(), []
    for number, message in enumerate(_messages(name)):
        ours, theirs = await replay.ask(message)
        if _code(ours) == str(faults.OPERATION_TIMED_OUT) != _code(theirs):
            continue  # the recording has more to say at this point than the scripted command
        if theirs.find(f"{_S}Body/{_RSP}ReceiveResponse") is not None:
            header = theirs.find(f"{_S}Header")
            wanted, found = list(_shape(theirs if header is None else header)), list(_shape(ours))
            missing = [line for line in wanted if not any(line in other for other in found)]
        else:
            missing = _difference(list(_shape(theirs)), list(_shape(ours)))
        if missing or _code(ours) != _code(theirs):
            differences.append(f"{number}: code {_code(ours)} for {_code(theirs)}, {missing}")
    return differences


def _difference(wanted: list[str], found: list[str]) -> list[str]:
    missing = [line for line in wanted if line not in found]
    in_order = [line for line in found if line in wanted] == [line for line in wanted if line in found]
    return missing if missing or in_order else ["the order differs"]


@pytest.mark.parametrize("name", _DIALOGUES)
def test_answers_have_the_recorded_shape(name: str) -> None:
    assert asyncio.run(_replay(name)) == []
