"""WS-Management answers, written as Windows writes them: namespaces, header order, message ids."""

from __future__ import annotations

import uuid
from xml.sax.saxutils import escape, quoteattr

from engine.rehearsal.winrm.faults import WsmanFault

_NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "e": "http://schemas.xmlsoap.org/ws/2004/08/eventing",
    "n": "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "p": "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
}
_ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
_FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
_FAULT_NAMESPACE = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"


def _opening(prefixes: str) -> str:
    declared = " ".join(f'xmlns:{prefix}="{_NAMESPACES[prefix]}"' for prefix in prefixes.split())
    return f'<s:Envelope xml:lang="en-US" {declared}>'


# Which namespaces Windows declares depends on the answer.
SHELL_PREFIXES = "s a x w rsp p"
RECEIVE_PREFIXES = "s a w rsp p"
DELETE_PREFIXES = "s a w p"
_FAULT_PREFIXES = "s a x e n w p"
_OPENINGS = {
    prefixes: _opening(prefixes)
    for prefixes in (SHELL_PREFIXES, RECEIVE_PREFIXES, DELETE_PREFIXES, _FAULT_PREFIXES)
}


def new_id() -> str:
    """A fresh identifier as Windows prints it: upper case, without braces."""
    return str(uuid.uuid4()).upper()


def envelope(action: str, relates_to: str, body: str, prefixes: str = SHELL_PREFIXES) -> bytes:
    """A whole answer. `body` is markup; `relates_to` is escaped here."""
    return (
        f"{_OPENINGS[prefixes]}<s:Header><a:Action>{action}</a:Action>"
        f"<a:MessageID>uuid:{new_id()}</a:MessageID><p:ActivityId>{new_id()}</p:ActivityId>"
        f"<a:To>{_ANONYMOUS}</a:To><a:RelatesTo>{escape(relates_to)}</a:RelatesTo></s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def fault(problem: WsmanFault, relates_to: str, machine: str) -> bytes:
    """The envelope of a fault; it goes with HTTP status 500."""
    detail = f"<w:FaultDetail>{problem.detail_uri}</w:FaultDetail>" if problem.detail else ""
    message = escape(problem.text)
    if problem.nested:
        message = _wsman_fault(problem.code, machine, message)
    if problem.provider:
        message = f"<f:ProviderFault {problem.provider}>{message}</f:ProviderFault>"
    body = (
        f"<s:Fault><s:Code><s:Value>s:{'Receiver' if problem.receiver else 'Sender'}</s:Value>"
        f"<s:Subcode><s:Value>{problem.subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{escape(problem.reason)}</s:Text></s:Reason>'
        f"<s:Detail>{detail}{_wsman_fault(problem.code, machine, message)}</s:Detail></s:Fault>"
    )
    return envelope(_FAULT_ACTION, relates_to, body, _FAULT_PREFIXES)


def _wsman_fault(code: int, machine: str, message: str) -> str:
    return (
        f'<f:WSManFault xmlns:f="{_FAULT_NAMESPACE}" Code="{code}" Machine={quoteattr(machine)}>'
        f"<f:Message>{message}</f:Message></f:WSManFault>"
    )


def identify_response(product_version: str) -> bytes:
    """The answer to Identify (DSP0226 11)."""
    return (
        f'<s:Envelope xml:lang="" xmlns:s="{_NAMESPACES["s"]}"><s:Header/><s:Body>'
        '<wsmid:IdentifyResponse xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
        "<wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion>"
        "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        f"<wsmid:ProductVersion>{escape(product_version)}</wsmid:ProductVersion>"
        "</wsmid:IdentifyResponse></s:Body></s:Envelope>"
    ).encode()
