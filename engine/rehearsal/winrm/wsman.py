"""The WS-Management service of one host: takes envelopes, gives envelopes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.winrm import envelope, faults, replies
from engine.rehearsal.winrm.envelope import SHELL, WsmanRequest
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
            if not caller.token.is_administrator:
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
        )
        self.shells.add(factory(facts, request))
        body = _created(facts, request)
        return replies.envelope(_TRANSFER + "CreateResponse", request.message_id, body)

    async def _delete(self, request: WsmanRequest, caller: Caller) -> bytes:
        self.shells.delete(request.shell_id, caller.token)
        return replies.envelope(_TRANSFER + "DeleteResponse", request.message_id, "", replies.DELETE_PREFIXES)

    async def _get(self, request: WsmanRequest, caller: Caller) -> bytes:
        self._factory(request.resource_uri)
        facts = self.shells.get(request.shell_id, caller.token).facts
        return replies.envelope(_TRANSFER + "GetResponse", request.message_id, _shell_element(facts))

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


def _shell_element(facts: ShellFacts) -> str:
    return (
        '<rsp:Shell xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">'
        f"<rsp:ShellId>{escape(facts.shell_id)}</rsp:ShellId>"
        f"<rsp:ResourceUri>{escape(facts.resource_uri)}</rsp:ResourceUri>"
        f"<rsp:Owner>{escape(facts.owner.user_name)}</rsp:Owner>"
        f"<rsp:ClientIP>{escape(facts.client_address)}</rsp:ClientIP>"
        f"<rsp:IdleTimeOut>PT{facts.idle_seconds:.3f}S</rsp:IdleTimeOut>"
        f"<rsp:InputStreams>{escape(facts.input_streams)}</rsp:InputStreams>"
        f"<rsp:OutputStreams>{escape(facts.output_streams)}</rsp:OutputStreams>"
        "<rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime>"
        "<rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>"
    )
