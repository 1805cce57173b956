"""The WinRM endpoint of one host: each connection's requests are authenticated, opened, answered, sealed."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from functools import partial

from spnego.channel_bindings import GssChannelBindings

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.winrm import process_shell, runspace_shell
from engine.rehearsal.winrm.authentication import Admitted, Authenticator, Challenge
from engine.rehearsal.winrm.encryption import NotDecryptable, seal, sealed_form, unseal
from engine.rehearsal.winrm.http import Delivery, HttpConnection, HttpRequest, HttpResponse, reset
from engine.rehearsal.winrm.seam import WinrmHost
from engine.rehearsal.winrm.wsman import Caller, WsmanService

_SOAP_TYPE = "application/soap+xml;charset=UTF-8"
_HTML = (
    b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><head><title>Web filter</title></head>'
    b"<body><h2>This page was blocked.</h2><br></body></html>"
)
_SLOW_SECONDS = 3.0
_SLOW_DRIP_BYTES = 400


@dataclass(frozen=True, slots=True)
class TlsIdentity:
    """A host's certificate: the context that presents it, and the channel binding that belongs to it."""

    context: ssl.SSLContext
    bindings: GssChannelBindings


class WinrmEndpoint:
    """Serves one simulated host. Connections are counted so that a fault or a stop can cut them."""

    def __init__(self, host: WinrmHost) -> None:
        self._host = host
        self.connections: set[HttpConnection] = set()
        self._service = WsmanService(
            host,
            {
                runspace_shell.RESOURCE_PREFIX: partial(runspace_shell.RunspaceShell, host),
                process_shell.RESOURCE_PREFIX: partial(process_shell.ProcessShell, host),
            },
        )

    async def listen(self, address: str, port: int, tls: TlsIdentity | None) -> asyncio.Server:
        """Listen for WinRM; under TLS where an identity is given. Raises OSError."""
        bindings = None if tls is None else tls.bindings
        new_handler = partial(_Connection, self._host, self._service, bindings)
        return await asyncio.get_running_loop().create_server(
            lambda: HttpConnection(new_handler, self.connections),
            address,
            port,
            ssl=None if tls is None else tls.context,
            backlog=128,
        )

    def cut_connections(self) -> None:
        """Reset every open connection."""
        for connection in list(self.connections):
            connection.abort()

    def close(self) -> None:
        """Cut connections and end all shells."""
        self.cut_connections()
        self._service.shells.close_all()


class _Connection:
    """The requests of one connection."""

    def __init__(
        self,
        host: WinrmHost,
        service: WsmanService,
        bindings: GssChannelBindings | None,
        transport: asyncio.Transport,
    ) -> None:
        self._host = host
        self._service = service
        self._under_tls = bindings is not None
        self._authenticator = Authenticator(host, bindings, self._count_logon)
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if peer else ""
        if host.has_fault(Fault.REFUSE):
            reset(transport)

    def _count_logon(self) -> None:
        self._host.counters.logons += 1

    def delivery(self) -> Delivery:
        has = self._host.has_fault
        return Delivery(
            delay=_SLOW_SECONDS if has(Fault.SLOW) else 0.0,
            drip=_SLOW_DRIP_BYTES if has(Fault.SLOW) else 0,
            cut=has(Fault.DROP),
            silent=has(Fault.NEVER_ANSWER),
        )

    async def handle(self, request: HttpRequest) -> HttpResponse:
        self._host.counters.http_requests += 1
        if self._host.has_fault(Fault.WRONG_ANSWER):
            return HttpResponse(200, _HTML, (("Content-Type", "text/html; charset=us-ascii"),))
        if request.target.partition("?")[0].rstrip("/").lower() != "/wsman":
            return HttpResponse(404)
        if request.method != "POST":
            return HttpResponse(405, headers=(("Allow", "POST"),))
        return await self._admit(request)

    async def _admit(self, request: HttpRequest) -> HttpResponse:
        outcome = self._authenticator.authenticate(request.headers.get("authorization"))
        if isinstance(outcome, Challenge):
            return HttpResponse(401, headers=outcome.headers)
        headers = (("WWW-Authenticate", outcome.reply),) if outcome.reply else ()
        if not request.body:
            # Clients send an empty request first to set up the session that seals their messages.
            return HttpResponse(200, headers=headers)
        return await self._open(request, outcome, headers)

    async def _open(
        self, request: HttpRequest, admitted: Admitted, headers: tuple[tuple[str, str], ...]
    ) -> HttpResponse:
        caller = Caller(admitted.token, self._address)
        context = self._authenticator.sealing_context
        try:
            form = sealed_form(request.headers.get("content-type", ""))
            if form is None:
                if not self._under_tls:
                    # AllowUnencrypted is false, as Windows has it.
                    return HttpResponse(500, headers=headers)
                reply = await self._service.answer(request.body, caller)
                body, content_type = reply.body, _SOAP_TYPE
            else:
                if context is None:
                    return HttpResponse(400, headers=headers)
                reply = await self._service.answer(unseal(context, form, request.body), caller)
                body, content_type = seal(context, form, reply.body), form.content_type
        except NotDecryptable:
            return HttpResponse(400, headers=headers, close=True)
        status = 500 if reply.is_fault else 200
        return HttpResponse(status, body, (*headers, ("Content-Type", content_type)))
