"""Standard TCP/IP printer ports."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from engine.kinds.paths import PlainName
from engine.model.resource import Spec

_ADDRESS = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:_-]{0,252}[A-Za-z0-9])?")


def _address(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"not an IP address or host name: {address!r}")
    return address


class PrinterPortSpec(Spec):
    """A port through which the host reaches a network printer by raw TCP.

    Windows cannot change a port, so another address or number means that it is made anew; Windows refuses
    that while a queue uses it. A port that is no longer declared stays on the host, where it does no harm:
    queues that nobody declared may use it.
    """

    name: Annotated[PlainName, Field(max_length=220, examples=["IP_10.114.0.21"])]
    """The port's name, by custom `IP_` and the address."""
    address: Annotated[str, AfterValidator(_address), Field(examples=["10.114.0.21"])]
    """The printer's IP address or DNS name."""
    number: Annotated[int, Field(ge=1, le=65535, examples=[9100])] = 9100
    """The printer's TCP port number."""
    snmp: bool | None = None
    """Ask the printer for its status over SNMP. Left out, it is not managed; a new port does not ask."""
