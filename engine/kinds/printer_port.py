"""Standard TCP/IP printer ports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import Annotated

from pydantic import AfterValidator, Field

from engine.kinds.contract import Difference, Essential, Kind, Removal, essential
from engine.kinds.paths import PlainName, spelled_like
from engine.kinds.replies import flag, number, single_or_absent, text, unknown_if_unreadable, word
from engine.model.base import State
from engine.model.command import Argument, Statement
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Ask, PsObject
from engine.model.resource import Spec
from engine.model.step import Invoke, Step
from engine.model.words import quoted

# RFC 1123, 2.1: letters, digits and hyphens, of which none stands at an end of a label.
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAME_LIMIT = 253  # RFC 1035, 2.3.4, without the length bytes


def _address(address: str) -> str:
    """An IP address or a DNS name, unchanged."""
    labels = address.split(".")
    if ":" in address or _looks_like_ipv4(labels):
        return _ip_address(address)
    if len(address) > _NAME_LIMIT or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"neither an IP address nor a host name: {quoted(address)}")
    return address


def _looks_like_ipv4(labels: Sequence[str]) -> bool:
    """Whether an address was meant, even a mistyped one: no top-level domain is a number."""
    numbers = [label.isascii() and label.isdigit() for label in labels]
    return numbers[-1] or (len(labels) == 4 and sum(numbers) == 3)


def _ip_address(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        example = "10.114.0.21 has four numbers from 0 to 255, without leading zeros"
        raise ValueError(f"not an IP address: {quoted(address)} ({example})") from None
    if isinstance(ip, IPv6Address) and ip.scope_id is not None:
        raise ValueError(f"an interface's name cannot stand in an address: {quoted(address)}")
    return address


class PrinterPortSpec(Spec):
    """A port through which the host reaches a network printer by raw TCP.

    Windows cannot change a port, so another address or number means that it is made anew; Windows refuses
    that while a queue uses it. A port that is no longer declared stays on the host, where it does no harm:
    queues that nobody declared may use it.
    """

    name: Annotated[PlainName, Field(max_length=220, examples=["IP_10.114.0.21"])]
    """The port's name, by custom `IP_` and the address."""
    address: Annotated[
        Annotated[str, AfterValidator(_address)] | None, Essential(), Field(examples=["10.114.0.21"])
    ] = None
    """The printer's IP address or DNS name."""
    number: Annotated[int, Field(ge=1, le=65535, examples=[9100])] = 9100
    """The printer's TCP port number."""
    snmp: bool | None = None
    """Ask the printer for its status over SNMP. Left out, it is not managed; a new port does not ask."""


_NOT_FOUND = ("CmdletizationQuery_NotFound_Name", "CmdletizationQuery_NotFound")
_PROTOCOL = {1: "RAW", 2: "LPR"}  # Microsoft, "MSFT_TcpIpPrinterPort class"
_SNMP_INDEX = 1  # the printer's first device
_SNMP_COMMUNITY = "public"


def _query(spec: PrinterPortSpec) -> Ask:
    return Ask(
        statement=Statement.of("Get-PrinterPort", {"Name": spec.name}),
        properties=("Name", "PrinterHostAddress", "PortNumber", "Protocol", "SNMPEnabled"),
        together="Name",
    )


def _port(spec: PrinterPortSpec, answers: Answers) -> PsObject | None:
    return single_or_absent(answers, _query(spec), _NOT_FOUND)


@unknown_if_unreadable
def _parse(spec: PrinterPortSpec, answers: Answers) -> Observation:
    port = _port(spec, answers)
    if port is None:
        return Absent()
    address = text(port, "PrinterHostAddress")
    if not address:  # a port of another kind: local, USB, of a manufacturer's monitor
        return Present(state={"protocol": "not TCP/IP", "address": "", "number": 0, "snmp": False})
    protocol = word(port, "Protocol", _PROTOCOL)
    return Present(
        state={
            "protocol": protocol.lower(),
            "address": address,
            "number": number(port, "PortNumber"),
            "snmp": flag(port, "SNMPEnabled"),
        }
    )


@unknown_if_unreadable
def _wanted(spec: PrinterPortSpec, answers: Answers) -> State:
    port = _port(spec, answers)
    wanted: State = {
        "protocol": "raw",
        "address": spelled_like(
            essential(spec.address, "address"), port and text(port, "PrinterHostAddress")
        ),
        "number": spec.number,
    }
    return wanted if spec.snmp is None else {**wanted, "snmp": spec.snmp}


def _steps(spec: PrinterPortSpec, difference: Difference) -> tuple[Step, ...]:
    remove = Statement.of("Remove-PrinterPort", {"Name": spec.name})
    match difference:
        case Difference(action=Action.DELETE):
            return (Invoke(statements=(remove,)),)
        case Difference(action=Action.CREATE, wanted=wanted):
            return (Invoke(statements=(_add(spec, wanted),)),)
        case Difference(action=Action.REPLACE, observed=Present(state=state), wanted=wanted):
            return (Invoke(statements=(remove, _add(spec, {**state, **wanted}))),)
        case _:
            return ()


def _add(spec: PrinterPortSpec, wanted: State) -> Statement:
    parameters: dict[str, Argument] = {
        "Name": spec.name,
        "PrinterHostAddress": essential(spec.address, "address"),
        "PortNumber": spec.number,
    }
    if wanted.get("snmp"):
        parameters |= {"SNMP": _SNMP_INDEX, "SNMPCommunity": _SNMP_COMMUNITY}
    return Statement.of("Add-PrinterPort", parameters)


PRINTER_PORT = Kind(
    name="printer_port",
    spec=PrinterPortSpec,
    removal=Removal.FORGET,
    identity=lambda spec: spec.name,
    observe=lambda spec: (_query(spec),),
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    replaces=lambda _spec, fields: bool(fields),
)
