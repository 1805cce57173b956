"""Programs that every Windows has in System32, as far as an administrator's tool needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from ntpath import basename, dirname
from types import MappingProxyType

from engine.rehearsal.windows.installers.exits import ProcessExit, Win32, system_text
from engine.rehearsal.windows.installers.inf import InfInvalid, read_inf
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.ntstatus import NtError
from engine.rehearsal.windows.printing import Driver
from engine.rehearsal.windows.services import StartType

Tool = Callable[[Machine, Sequence[str]], ProcessExit]

_SC_START = {
    "auto": (StartType.Automatic, False),
    "delayed-auto": (StartType.Automatic, True),
    "demand": (StartType.Manual, None),
    "disabled": (StartType.Disabled, None),
}
_PNPUTIL = "Microsoft PnP Utility\r\n"
_INVALID_PARAMETER = 87
_INVALID_DATA = 13


def _said(text: str, code: int = 0) -> ProcessExit:
    return ProcessExit(code, f"{text}\r\n".encode())


def _whoami(machine: Machine, _arguments: Sequence[str]) -> ProcessExit:
    return _said(machine.user.user_name.lower())


def _hostname(machine: Machine, _arguments: Sequence[str]) -> ProcessExit:
    return _said(machine.name)


def _sc(machine: Machine, arguments: Sequence[str]) -> ProcessExit:
    """`sc config NAME start= VALUE`; every other use is refused as a wrong parameter."""
    words = [part for argument in arguments for part in _split_setting(argument)]
    if len(words) != 4 or words[0].casefold() != "config" or words[2].casefold() != "start=":
        return _said(
            f"[SC] the rehearsal knows sc config NAME start= VALUE only: {words}", _INVALID_PARAMETER
        )
    start = _SC_START.get(words[3].casefold())
    if start is None:
        return _said("ERROR:  Invalid start= field", _INVALID_PARAMETER)
    if machine.services.get(words[1]) is None:
        return _sc_failure("OpenService", Win32.SERVICE_DOES_NOT_EXIST)
    if not machine.user.is_administrator:
        return _sc_failure("OpenService", Win32.ACCESS_DENIED)
    machine.services.configure(words[1], start_type=start[0], delayed=start[1])
    return _said("[SC] ChangeServiceConfig SUCCESS")


def _split_setting(argument: str) -> tuple[str, ...]:
    """`start=auto` in one word counts as two, as sc reads it."""
    name, sign, value = argument.partition("=")
    return (f"{name}=", value) if sign and value else (argument,)


def _sc_failure(call: str, code: Win32) -> ProcessExit:
    return _said(f"[SC] {call} FAILED {code.value}:\r\n\r\n{system_text(code)}\r\n", code.value)


def _not_added(why: str, code: int) -> ProcessExit:
    return _said(f"{_PNPUTIL}\r\nFailed to add driver package: {why}", code)


def _pnputil(machine: Machine, arguments: Sequence[str]) -> ProcessExit:
    """`pnputil /add-driver FILE.inf [/install]`: reads the INF that is there and stages its drivers."""
    if len(arguments) < 2 or arguments[0].casefold() not in ("/add-driver", "-a"):
        return _said(f"{_PNPUTIL}\r\nthe rehearsal knows pnputil /add-driver only", _INVALID_PARAMETER)
    if not machine.user.is_administrator:
        return _said(f"{_PNPUTIL}\r\n{system_text(Win32.ACCESS_DENIED)}", Win32.ACCESS_DENIED)
    path = arguments[1]
    try:
        package = read_inf(machine.files.read_file(path))
    except NtError:
        return _not_added(system_text(Win32.FILE_NOT_FOUND), Win32.FILE_NOT_FOUND)
    except InfInvalid as error:
        return _not_added(str(error), _INVALID_DATA)
    missing = [name for name in package.files if not machine.files.exists(f"{dirname(path)}\\{name}")]
    if missing:
        return _not_added(system_text(Win32.FILE_NOT_FOUND), Win32.FILE_NOT_FOUND)
    for model in package.models:
        machine.printing.stage_driver(
            Driver(
                model,
                package.provider,
                "Windows x64",
                3,
                package.version,
                f"C:\\Windows\\System32\\DriverStore\\FileRepository\\{basename(path)}",
                installed=False,
            )
        )
    return _said(
        f"{_PNPUTIL}\r\nAdding driver package:  {basename(path)}\r\nDriver package added successfully."
    )


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {"whoami.exe": _whoami, "hostname.exe": _hostname, "sc.exe": _sc, "pnputil.exe": _pnputil}
)
