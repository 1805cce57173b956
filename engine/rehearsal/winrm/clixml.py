"""Writes values as CLIXML (MS-PSRP 2.2.5), as Windows PowerShell lays it out.

psrpcore can do this too, at about twenty times the cost: its objects look every attribute up in a table.
Output objects are most of what a host says, so they are written here.
"""

from __future__ import annotations

import base64
import math
import re
from datetime import UTC, datetime

from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.powershell.records import PsEnum, PsObject, PsValue

_CUSTOM_OBJECT = "System.Management.Automation.PSCustomObject"
_OBJECT = "System.Object"
_ARRAY_TYPES = ("System.Object[]", "System.Array", _OBJECT)
_ENUM_BASES = ("System.Enum", "System.ValueType", _OBJECT)
_INTEGER_TAGS: dict[type[int], str] = {
    int: "I32",
    records.Byte: "By",
    records.UInt16: "U16",
    records.UInt32: "U32",
    records.Int64: "I64",
    records.UInt64: "U64",
}
# What XML cannot hold, or would change, and `_x`, which starts an escape itself (MS-PSRP 2.2.5.3.2).
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U00010000-\U0010ffff]|_(?=[xX])")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTE = str.maketrans({'"': "&quot;"})


def write(value: PsValue) -> str:
    """The CLIXML element of one value."""
    return _Writer().element(value, "")


def escape(text: str) -> str:
    """Text for an element: CLIXML's own escapes, then XML's."""
    return _ESCAPED.sub(_hexadecimal, text).translate(_MARKUP)


def _attribute(text: str) -> str:
    return escape(text).translate(_QUOTE)


def _hexadecimal(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", errors="surrogatepass").hex().upper()
    return "".join(f"_x{units[at : at + 4]}_" for at in range(0, len(units), 4))


class _Writer:
    """Writes one message: references to objects and type names are numbered from nought in each."""

    def __init__(self) -> None:
        self._objects = 0
        self._type_names: dict[tuple[str, ...], int] = {}

    def element(self, value: PsValue, name: str) -> str:
        """An element; `name` is the N attribute with its leading blank, or empty."""
        match value:
            case None:
                return f"<Nil{name}/>"
            case bool():
                return f"<B{name}>{str(value).lower()}</B>"
            case str():
                return f"<S{name}>{escape(value)}</S>"
            case PsEnum():
                types = self._types((value.type_name, *_ENUM_BASES))
                return self._object(
                    name, f"{types}<ToString>{escape(value.text)}</ToString><I32>{value.value}</I32>"
                )
            case tuple():
                types = self._types(_ARRAY_TYPES)
                return self._object(name, types + f"<LST>{''.join(self.element(v, '') for v in value)}</LST>")
            case PsObject():
                return self._ps_object(value, name)
            case _:
                return _primitive(value, name)

    def _ps_object(self, value: PsObject, name: str) -> str:
        # The number is taken before those of the properties, as a reader meets them.
        number = self._next()
        names = value.type_names if _OBJECT in value.type_names else (*value.type_names, _OBJECT)
        types = self._types(names)
        text = f"<ToString>{escape(value.to_string)}</ToString>" if value.to_string else ""
        # PowerShell keeps .NET and CIM properties under Props, those of a custom object under MS.
        tag = "MS" if _CUSTOM_OBJECT in names else "Props"
        members = "".join(
            self.element(_as_property(item, names), f' N="{_attribute(key)}"')
            for key, item in value.properties.items()
        )
        return f'<Obj{name} RefId="{number}">{types}{text}<{tag}>{members}</{tag}></Obj>'

    def _object(self, name: str, content: str) -> str:
        return f'<Obj{name} RefId="{self._next()}">{content}</Obj>'

    def _next(self) -> int:
        self._objects += 1
        return self._objects - 1

    def _types(self, names: tuple[str, ...]) -> str:
        number = self._type_names.get(names)
        if number is not None:
            return f'<TNRef RefId="{number}"/>'
        number = self._type_names[names] = len(self._type_names)
        listed = "".join(f"<T>{escape(name)}</T>" for name in names)
        return f'<TN RefId="{number}">{listed}</TN>'


def _as_property(item: PsValue, owner: tuple[str, ...]) -> PsValue:
    """Output is serialised one level deep: there an enum of a .NET object, such as a service's Status, is the
    text that it shows, as recorded hosts send it. No recording shows one of a CIM or custom object."""
    of_dotnet = owner[0].startswith("System.") and _CUSTOM_OBJECT not in owner
    return item.text if isinstance(item, PsEnum) and of_dotnet else item


def _primitive(value: float | bytes | datetime, name: str) -> str:
    match value:
        case bytes():
            return f"<BA{name}>{base64.b64encode(value).decode('ascii')}</BA>"
        case datetime():
            return f"<DT{name}>{_date(value)}</DT>"
        case float():
            return f"<Db{name}>{_double(value)}</Db>"
        case _:
            tag = _INTEGER_TAGS.get(type(value), "I32")
            if tag == "I32" and not -(2**31) <= value < 2**31:
                tag = "I64"
            return f"<{tag}{name}>{int(value)}</{tag}>"


def _date(value: datetime) -> str:
    if value.tzinfo == UTC:
        return value.replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat()


def _double(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return repr(value).upper()
