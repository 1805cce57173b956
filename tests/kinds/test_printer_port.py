"""Addresses of printers: what is none is refused before it becomes a port that reaches nothing."""

from __future__ import annotations

import pytest

from engine.kinds.printer_port import PrinterPortSpec


def port(address: str) -> PrinterPortSpec:
    return PrinterPortSpec(name="P", address=address)


ADDRESSES = [
    "10.114.0.21",
    "255.255.255.255",
    "fe80::21",
    "2001:db8::1",
    "l114-laser",
    "laser.dhs.example.org",
    "3com",
]
NO_ADDRESSES = [
    "10.114.0.321",
    "10.114.0",
    "10.114.0.21.1",
    "10.114.0.021",
    "10.114",
    "21",
    "1::2::3",
    "fe80::1%3",
    "10.114.0.21:9100",
    "-laser",
    "laser-",
    "laser..dhs",
    "laser.",
    "l_114",
    "drücker",
    "10.114.0.x",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "a" * 63, ".".join(["a" * 62] * 4)])
def test_an_address_or_host_name_is_kept_as_written(address: str) -> None:
    assert port(address).address == address


@pytest.mark.parametrize(
    "address", [*NO_ADDRESSES, "", "laser 1", "laser\n", "a" * 64, ".".join(["a" * 62] * 5)]
)
def test_what_is_neither_is_refused(address: str) -> None:
    with pytest.raises(
        ValueError, match=r"not an IP address|neither an IP address nor a host name|interface"
    ):
        port(address)
