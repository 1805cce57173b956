"""Files, folders and registry keys as the item commands return them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.rehearsal.windows.filesystem.node import Attribute, Node
from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.locations import Location
from engine.rehearsal.windows.powershell.records import Int64, PsEnum, PsObject, PsValue
from engine.rehearsal.windows.registry import RegistryType, Value

_PROVIDER = "Microsoft.PowerShell.Core\\"
_ATTRIBUTES = {
    Attribute.READONLY: "ReadOnly",
    Attribute.HIDDEN: "Hidden",
    Attribute.SYSTEM: "System",
    Attribute.DIRECTORY: "Directory",
    Attribute.ARCHIVE: "Archive",
    Attribute.NORMAL: "Normal",
    Attribute.TEMPORARY: "Temporary",
    Attribute.OFFLINE: "Offline",
    Attribute.NOT_CONTENT_INDEXED: "NotContentIndexed",
}
_MODE = ((Attribute.DIRECTORY, "d"), (Attribute.ARCHIVE, "a"), (Attribute.READONLY, "r"))
_MODE_TAIL = ((Attribute.HIDDEN, "h"), (Attribute.SYSTEM, "s"))


def _moment(filetime: int) -> datetime:
    return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=filetime // 10)


def provider_properties(location: Location) -> dict[str, PsValue]:
    """The properties that PowerShell adds to every item."""
    prefix = f"{_PROVIDER}{location.provider}::"
    above = location.parent
    return {
        "PSPath": prefix + location.shown,
        "PSParentPath": prefix + above.shown if above.path != location.path else "",
        "PSChildName": location.name,
        "PSProvider": PsObject(
            ("System.Management.Automation.ProviderInfo", "System.Object"),
            {"Name": location.provider},
            _PROVIDER + location.provider,
        ),
    }


def item_object(call: Call, location: Location) -> PsObject:
    """The item at a place that exists."""
    node = None if location.provider == "Registry" else call.host.files.lookup(location.path)
    return _key_object(call, location) if node is None else _file_object(location, node)


def _file_object(location: Location, node: Node) -> PsObject:
    name = node.name or location.path
    stem, dot, extension = name.rpartition(".")
    attributes = [text for flag, text in _ATTRIBUTES.items() if node.visible_attributes & flag]
    mode = (
        "".join(mark if node.visible_attributes & flag else "-" for flag, mark in (*_MODE, *_MODE_TAIL)) + "-"
    )
    properties: dict[str, PsValue] = {
        **provider_properties(location),
        "PSIsContainer": node.is_directory,
        "Mode": mode,
        "BaseName": name if node.is_directory or not dot else stem,
        "Name": name,
        "FullName": location.path,
        "Extension": dot + extension if dot else "",
        "Exists": True,
        "CreationTime": _moment(node.times.created),
        "LastAccessTime": _moment(node.times.accessed),
        "LastWriteTime": _moment(node.times.written),
        "Attributes": PsEnum("System.IO.FileAttributes", ", ".join(attributes), int(node.visible_attributes)),
    }
    if node.is_directory:
        kind = "System.IO.DirectoryInfo"
    else:
        kind = "System.IO.FileInfo"
        properties |= {
            "Length": Int64(node.size),
            "DirectoryName": location.parent.path,
            "IsReadOnly": bool(node.visible_attributes & Attribute.READONLY),
        }
    names = (kind, "System.IO.FileSystemInfo", "System.MarshalByRefObject", "System.Object")
    return PsObject(names, properties, location.path if node.is_directory else name)


def _key_object(call: Call, location: Location) -> PsObject:
    registry = call.host.registry
    values = registry.values(location.path)
    properties: dict[str, PsValue] = {
        **provider_properties(location),
        "PSIsContainer": True,
        "Property": tuple(name or "(default)" for name, _ in values),
        "SubKeyCount": len(registry.subkeys(location.path)),
        "View": PsEnum("Microsoft.Win32.RegistryView", "Default", 0),
        "ValueCount": len(values),
        "Name": location.shown,
    }
    names = ("Microsoft.Win32.RegistryKey", "System.MarshalByRefObject", "System.Object")
    return PsObject(names, properties, location.shown)


def property_value(call: Call, value: Value) -> PsValue:
    """A registry value's data as .NET gives it: numbers with a sign, variables expanded."""
    data = value.data
    if value.type is RegistryType.DWord and isinstance(data, int):
        return data - 2**32 if data >= 2**31 else data
    if value.type is RegistryType.QWord and isinstance(data, int):
        return Int64(data - 2**64 if data >= 2**63 else data)
    if value.type is RegistryType.ExpandString and isinstance(data, str):
        return expanded(call, data)
    return data


def expanded(call: Call, text: str) -> str:
    """The text with the system's environment variables in place of %NAME%."""
    registry = call.host.registry
    variables = {"systemroot": "C:\\Windows", "windir": "C:\\Windows", "systemdrive": "C:"}
    variables |= {"programfiles": "C:\\Program Files", "programfiles(x86)": "C:\\Program Files (x86)"}
    variables |= {"programdata": "C:\\ProgramData", "computername": call.host.name.upper()}
    key = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
    if registry.exists(key):
        for name, value in registry.values(key):
            if isinstance(value.data, str):
                variables.setdefault(name.casefold(), value.data)
    pieces = text.split("%")
    result = [pieces[0]]
    at = 1
    while at < len(pieces):
        known = variables.get(pieces[at].casefold())
        if known is not None and at + 1 < len(pieces):
            result += [known, pieces[at + 1]]
            at += 2
        else:
            result += ["%", pieces[at]]
            at += 1
    return "".join(result)
