"""The WS-Management service of one host: takes envelopes, gives envelopes."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.winrm import envelope, faults, replies
from engine.rehearsal.winrm.envelope import POWERSHELL, SHELL, WsmanRequest
from engine.rehearsal.winrm.seam import WinrmHost
from engine.rehearsal.winrm.shell import (
    DEFAULT_IDLE_SECONDS,
    MAX_IDLE_SECONDS,
    ShellFactory,
    ShellFacts,
    ShellTable,
)

_TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
_SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/"
_REMOTE_MANAGEMENT_USERS = "S-1-5-32-580"
_CREATION_XML = POWERSHELL + "creationXml"
_ANY_SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
_PRODUCT_VERSION = "OS: 10.0.20348 SP: 0.0 Stack: 3.0"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and from where."""

    token: AccessToken
    address: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer's envelope, and whether it is a fault (HTTP status 500)."""

    body: bytes
    is_fault: bool = False


_Operation = Callable[[WsmanRequest, Caller], Awaitable[bytes]]


class WsmanService:
    """Dispatches by action. Every request gets an answer: what is unknown is a fault."""

    def __init__(self, host: WinrmHost, shells: Mapping[str, ShellFactory]) -> None:
        """`shells`: how to make a shell, by the prefix of its resource URI in lower case."""
        self._host = host
        self._factories = shells
        self.shells = ShellTable()
        self._process_ids = itertools.count(2_464, 4)  # Windows numbers processes in steps of four
        self._operations: Mapping[str, _Operation] = {
            _TRANSFER + "Create": self._create,
            _TRANSFER + "Delete": self._delete,
            _TRANSFER + "Get": self._get,
            _SHELL + "Command": self._command,
            _SHELL + "Send": self._send,
            _SHELL + "Receive": self._receive,
            _SHELL + "Signal": self._signal,
        }

    async def answer(self, message: bytes, caller: Caller) -> Reply:
        """Answer one SOAP message."""
        relates_to = ""
        try:
            root = envelope.parse(message)
            if envelope.is_identify(root):
                return Reply(replies.identify_response(_PRODUCT_VERSION))
            relates_to = envelope.message_id_of(root)
            request = envelope.read(root)
            if not _may_use_shells(caller.token):
                raise faults.access_denied()
            operation = self._operations.get(request.action)
            if operation is None:
                raise faults.action_not_supported(request.action)
            return Reply(await operation(request, caller))
        except faults.WsmanFault as problem:
            return Reply(replies.fault(problem, relates_to, self._host.name), is_fault=True)

    async def _create(self, request: WsmanRequest, caller: Caller) -> bytes:
        factory = self._factory(request.resource_uri)
        self.shells.check_quota(caller.token)
        element = request.body_element("Shell")
        facts = ShellFacts(
            shell_id=(element.get("ShellId") or replies.new_id()).upper(),
            resource_uri=request.resource_uri,
            owner=caller.token,
            client_address=caller.address,
            idle_seconds=_idle_seconds(element.findtext(SHELL + "IdleTimeOut")),
            input_streams=(element.findtext(SHELL + "InputStreams") or "").strip(),
            output_streams=(element.findtext(SHELL + "OutputStreams") or "").strip(),
            working_directory=(element.findtext(SHELL + "WorkingDirectory") or "").strip(),
            environment=tuple(
                (variable.get("Name", ""), variable.text or "")
                for variable in element.iterfind(f"{SHELL}Environment/{SHELL}Variable")
            ),
            locale=request.locale,
            process_id=next(self._process_ids) if element.find(_CREATION_XML) is not None else 0,
        )
        self.shells.add(factory(facts, request))
        body = _created(facts, request)
        return replies.envelope(_TRANSFER + "CreateResponse", request.message_id, body)

    async def _delete(self, request: WsmanRequest, caller: Caller) -> bytes:
        self.shells.delete(request.shell_id, caller.token)
        return replies.envelope(_TRANSFER + "DeleteResponse", request.message_id, "", replies.DELETE_PREFIXES)

    async def _get(self, request: WsmanRequest, caller: Caller) -> bytes:
        if not request.resource_uri.lower().startswith(_ANY_SHELL):
            self._factory(request.resource_uri)
        facts = self.shells.facts(request.shell_id, caller.token)
        more = (("MemoryUsed", "58MB"), ("ChildProcesses", "0"))
        return replies.envelope(_TRANSFER + "GetResponse", request.message_id, _shell_element(facts, more))

    async def _command(self, request: WsmanRequest, caller: Caller) -> bytes:
        with self.shells.use(request.shell_id, caller.token) as shell:
            command_id = shell.command(request)
        body = f"<rsp:CommandResponse><rsp:CommandId>{command_id}</rsp:CommandId></rsp:CommandResponse>"
        return replies.envelope(_SHELL + "CommandResponse", request.message_id, body)

    async def _send(self, request: WsmanRequest, caller: Caller) -> bytes:
        with self.shells.use(request.shell_id, caller.token) as shell:
            shell.send(request)
        return replies.envelope(_SHELL + "SendResponse", request.message_id, "<rsp:SendResponse/>")

    async def _receive(self, request: WsmanRequest, caller: Caller) -> bytes:
        desired = request.body_element("Receive").find(SHELL + "DesiredStream")
        if desired is None:
            raise faults.malformed("The SOAP body lacks the element DesiredStream. ")
        command_id = desired.get("CommandId", "").upper()
        with self.shells.use(request.shell_id, caller.token) as shell:
            output = shell.output(command_id)
            if not await output.ready(request.timeout):
                raise faults.timed_out()
        streams = output.take(command_id, request.max_envelope)
        body = f"<rsp:ReceiveResponse>{streams}</rsp:ReceiveResponse>"
        return replies.envelope(
            _SHELL + "ReceiveResponse", request.message_id, body, replies.RECEIVE_PREFIXES
        )

    async def _signal(self, request: WsmanRequest, caller: Caller) -> bytes:
        element = request.body_element("Signal")
        code = (element.findtext(SHELL + "Code") or "").strip()
        with self.shells.use(request.shell_id, caller.token) as shell:
            shell.signal(element.get("CommandId", "").upper(), code)
        return replies.envelope(_SHELL + "SignalResponse", request.message_id, "<rsp:SignalResponse/>")

    def _factory(self, resource_uri: str) -> ShellFactory:
        wanted = resource_uri.lower()
        for prefix, factory in self._factories.items():
            if wanted.startswith(prefix):
                return factory
        raise faults.invalid_resource(resource_uri)


def _may_use_shells(token: AccessToken) -> bool:
    """Whom the default security descriptor of WinRM's plug-ins lets in."""
    return token.is_administrator or _REMOTE_MANAGEMENT_USERS in token.sids


def _idle_seconds(text: str | None) -> float:
    if not text:
        return DEFAULT_IDLE_SECONDS
    return min(max(envelope.seconds(text), 1.0), MAX_IDLE_SECONDS)


def _created(facts: ShellFacts, request: WsmanRequest) -> str:
    return (
        f"<x:ResourceCreated><a:Address>{escape(request.to)}</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{escape(facts.resource_uri)}</w:ResourceURI><w:SelectorSet>"
        f'<w:Selector Name="ShellId">{escape(facts.shell_id)}</w:Selector></w:SelectorSet>'
        f"</a:ReferenceParameters></x:ResourceCreated>{_shell_element(facts)}"
    )


def _shell_element(facts: ShellFacts, more: tuple[tuple[str, str], ...] = ()) -> str:
    first = [
        ("ShellId", facts.shell_id),
        ("ResourceUri", facts.resource_uri),
        ("Owner", facts.owner.user_name),
        ("ClientIP", facts.client_address),
        *([("ProcessId", str(facts.process_id))] if facts.process_id else []),
        *([("WorkingDirectory", facts.working_directory)] if facts.working_directory else []),
    ]
    last = [
        ("IdleTimeOut", f"PT{facts.idle_seconds:.3f}S"),
        ("InputStreams", facts.input_streams),
        ("OutputStreams", facts.output_streams),
        *(_powershell_fields(facts) if facts.process_id else []),
        ("ShellRunTime", "P0DT0H0M0S"),
        ("ShellInactivity", "P0DT0H0M0S"),
        *more,
    ]
    content = _elements(first) + _environment(facts) + _elements(last)
    return f'<rsp:Shell xmlns:rsp="{SHELL.strip("{}")}">{content}</rsp:Shell>'


def _elements(fields: list[tuple[str, str]]) -> str:
    return "".join(f"<rsp:{name}>{escape(value)}</rsp:{name}>" for name, value in fields)


def _environment(facts: ShellFacts) -> str:
    variables = "".join(
        f"<rsp:Variable Name={quoteattr(name)}>{escape(value)}</rsp:Variable>"
        for name, value in facts.environment
    )
    return f"<rsp:Environment>{variables}</rsp:Environment>" if variables else ""


def _powershell_fields(facts: ShellFacts) -> list[tuple[str, str]]:
    return [
        ("MaxIdleTimeOut", f"PT{MAX_IDLE_SECONDS:.3f}S"),
        ("Locale", facts.locale),
        ("DataLocale", facts.locale),
        ("CompressionMode", "NoCompression"),
        ("ProfileLoaded", "Yes"),
        ("Encoding", "UTF8"),
        ("BufferMode", "Block"),
        ("State", "Connected"),
    ]
