"""Reads msiexec's command line ("Command-Line Options" of the Windows Installer SDK)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

_LOG = re.compile(r"[/-]l[*iwearucmopvx+!]*", re.IGNORECASE)
_PROPERTY = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_.]*)=(?P<value>.*)", re.DOTALL)
_QUIET = re.compile(r"[/-](quiet|passive|q(n|b|b!|b-|b-!|b!-)?[+!-]*)", re.IGNORECASE)
_PRODUCT_CODE = re.compile(r"\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")


class Act(StrEnum):
    INSTALL = "install"
    UNINSTALL = "uninstall"
    REPAIR = "repair"


class Restart(StrEnum):
    BY_PACKAGE = "by package"  # the default: restart at once if it asks for one
    NEVER = "never"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class MsiexecCall:
    act: Act
    subject: str  # a path, or a product code in braces
    silent: bool
    restart: Restart = Restart.BY_PACKAGE
    log: str | None = None
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def names_product(self) -> bool:
        return _PRODUCT_CODE.fullmatch(self.subject) is not None


class CommandLineInvalid(Exception):
    """ERROR_INVALID_COMMAND_LINE (1639)."""


_ACTS = {"i": Act.INSTALL, "package": Act.INSTALL, "x": Act.UNINSTALL, "uninstall": Act.UNINSTALL}
_RESTARTS = {"norestart": Restart.NEVER, "promptrestart": Restart.BY_PACKAGE, "forcerestart": Restart.ALWAYS}


def parse_call(arguments: Sequence[str]) -> MsiexecCall:
    """What is asked of msiexec.

    Raises:
        CommandLineInvalid: an option that does not exist, one without its value, or no act at all.
    """
    reader = _Reader(list(arguments))
    while reader.rest:
        reader.take_one()
    if reader.act is None or not reader.subject:
        raise CommandLineInvalid("nothing to install or remove is named")
    if reader.properties.get("REBOOT", "").casefold() in ("reallysuppress", "r"):
        reader.restart = Restart.NEVER
    return MsiexecCall(
        reader.act, reader.subject, reader.silent, reader.restart, reader.log, reader.properties
    )


class _Reader:
    def __init__(self, arguments: list[str]) -> None:
        self.rest = arguments
        self.act: Act | None = None
        self.subject = ""
        self.silent = False
        self.restart = Restart.BY_PACKAGE
        self.log: str | None = None
        self.properties: dict[str, str] = {}

    def take_one(self) -> None:
        argument = self.rest.pop(0)
        if argument[:1] not in "/-":
            self._property(argument)
            return
        option = argument[1:].casefold()
        if option in _ACTS:
            self._subject(_ACTS[option])
        elif re.fullmatch(r"f[pecmsouadv]*", option):
            self._subject(Act.REPAIR)
        elif option in _RESTARTS:
            self.restart = _RESTARTS[option]
        elif option == "log" or _LOG.fullmatch(argument):
            self.log = self._value(argument)
        elif _QUIET.fullmatch(argument):
            # Basic and reduced interfaces also answer by themselves; only the full one waits for a person.
            self.silent = option not in ("qf", "qr")
        else:
            raise CommandLineInvalid(f"unknown option {argument}")

    def _property(self, argument: str) -> None:
        match = _PROPERTY.fullmatch(argument)
        if match is None:
            raise CommandLineInvalid(f"not an option and not a property: {argument}")
        self.properties[match["name"].upper()] = match["value"].removeprefix('"').removesuffix('"')

    def _subject(self, act: Act) -> None:
        if self.act is not None:
            raise CommandLineInvalid("more than one act is asked for")
        self.act = act
        self.subject = self._value("the act")

    def _value(self, option: str) -> str:
        if not self.rest:
            raise CommandLineInvalid(f"{option} lacks its value")
        return self.rest.pop(0).strip('"')
