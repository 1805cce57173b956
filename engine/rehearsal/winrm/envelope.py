"""WS-Management requests: the SOAP envelope read once into plain data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from engine.rehearsal.winrm import faults

SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
ADDRESSING = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
SHELL = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"
POWERSHELL = "{http://schemas.microsoft.com/powershell}"
IDENTITY = "{http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd}"

MAX_ENVELOPE_BYTES = 512_000  # MaxEnvelopeSizekb = 500, Windows' default
_DEFAULT_TIMEOUT = 60.0  # MaxTimeoutms
_DURATION = re.compile(
    r"P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


@dataclass(frozen=True, slots=True)
class WsmanRequest:
    """One request. `timeout` in seconds; `max_envelope` in bytes; option names keep their case."""

    action: str
    message_id: str
    to: str
    resource_uri: str
    timeout: float
    max_envelope: int
    selectors: Mapping[str, str]
    options: Mapping[str, str]
    locale: str
    body: Element

    @property
    def shell_id(self) -> str:
        return self.selectors.get("ShellId", "").upper()

    def body_element(self, name: str) -> Element:
        """The body's child in the shell's namespace. Raises WsmanFault where there is none."""
        found = self.body.find(SHELL + name)
        if found is None:
            raise faults.malformed(f"The SOAP body lacks the element {name}. ")
        return found


def seconds(text: str) -> float:
    """An XML Schema duration without years and months, in seconds. Raises WsmanFault."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise faults.invalid_timeout(text)
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def parse(data: bytes) -> Element:
    """The envelope's root. Raises WsmanFault for anything that is no plain XML."""
    # SOAP 1.2 forbids document types; without them no entity can be declared, so none can explode.
    if b"<!DOCTYPE" in data or "<!DOCTYPE".encode("utf-16-le") in data:
        raise faults.malformed("The SOAP message contains a document type declaration. ")
    try:
        return ElementTree.fromstring(data)  # noqa: S314 (see above)
    except ElementTree.ParseError as error:
        raise faults.malformed(f"The SOAP XML is not well formed: {error}. ") from error


def is_identify(root: Element) -> bool:
    """Whether this is the Identify request of DSP0226 11, which has no headers."""
    body = root.find(SOAP + "Body")
    return body is not None and body.find(IDENTITY + "Identify") is not None


def message_id_of(root: Element) -> str:
    """The request's message id, for the answer's RelatesTo; empty where there is none."""
    return (root.findtext(f"{SOAP}Header/{ADDRESSING}MessageID") or "").strip()


def read(root: Element) -> WsmanRequest:
    """The request in an envelope. Raises WsmanFault where a header is missing or invalid."""
    header, body = root.find(SOAP + "Header"), root.find(SOAP + "Body")
    if root.tag != SOAP + "Envelope" or header is None or body is None:
        raise faults.malformed("The SOAP envelope lacks a header or a body. ")
    fields = {child.tag: child for child in header}
    timeout = _text(fields, WSMAN + "OperationTimeout")
    locale = fields.get(WSMAN + "Locale")
    return WsmanRequest(
        action=_required(fields, ADDRESSING + "Action"),
        message_id=_required(fields, ADDRESSING + "MessageID"),
        to=_text(fields, ADDRESSING + "To"),
        resource_uri=_text(fields, WSMAN + "ResourceURI"),
        timeout=seconds(timeout) if timeout else _DEFAULT_TIMEOUT,
        max_envelope=_envelope_size(_text(fields, WSMAN + "MaxEnvelopeSize")),
        selectors=_pairs(fields.get(WSMAN + "SelectorSet")),
        options=_pairs(fields.get(WSMAN + "OptionSet")),
        locale="en-US"
        if locale is None
        else locale.get("{http://www.w3.org/XML/1998/namespace}lang", "en-US"),
        body=body,
    )


def _text(fields: Mapping[str, Element], tag: str) -> str:
    element = fields.get(tag)
    return "" if element is None else (element.text or "").strip()


def _required(fields: Mapping[str, Element], tag: str) -> str:
    value = _text(fields, tag)
    if not value:
        raise faults.malformed(f"The SOAP header lacks {tag.rpartition('}')[2]}. ")
    return value


def _envelope_size(text: str) -> int:
    if not text.isdecimal():
        return MAX_ENVELOPE_BYTES
    return min(int(text), MAX_ENVELOPE_BYTES)


def _pairs(parent: Element | None) -> dict[str, str]:
    return {} if parent is None else {child.get("Name", ""): child.text or "" for child in parent}
