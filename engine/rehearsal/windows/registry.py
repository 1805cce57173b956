"""The registry: typed values under keys whose names keep their case and are found without it.

Paths are written `HKLM\\SOFTWARE\\...`, the way Windows' own tools write them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import cast

from pydantic import JsonValue

from engine.rehearsal.windows.journal import Journal, Part
from engine.rehearsal.windows.wow64 import View, physical

Data = str | int | bytes | tuple[str, ...] | None

HIVES: Mapping[str, str] = MappingProxyType(
    {
        "HKLM": "HKLM",
        "HKEY_LOCAL_MACHINE": "HKLM",
        "HKU": "HKU",
        "HKEY_USERS": "HKU",
        "HKCR": "HKCR",
        "HKEY_CLASSES_ROOT": "HKCR",
    }
)


class RegistryType(IntEnum):
    """Microsoft.Win32.RegistryValueKind, with .NET's names and numbers."""

    None_ = -1
    Unknown = 0
    String = 1
    ExpandString = 2
    Binary = 3
    DWord = 4
    MultiString = 7
    QWord = 11

    @property
    def text(self) -> str:
        """The member's name as .NET spells it."""
        return self.name.rstrip("_")

    @classmethod
    def named(cls, text: str) -> RegistryType | None:
        """The type of this name, without case; None where there is none."""
        folded = text.casefold()
        return next((kind for kind in cls if kind.text.casefold() == folded), None)


@dataclass(frozen=True, slots=True)
class Value:
    """A value. DWord and QWord data is unsigned; Binary and None data is bytes; MultiString is a tuple."""

    type: RegistryType
    data: Data


class KeyMissing(Exception):
    """There is no such key."""


class NotAPath(Exception):
    """The text names no hive that exists."""


class KeyNotEmpty(Exception):
    """The key has subkeys and was to be removed alone."""


@dataclass(slots=True)
class _Key:
    name: str
    values: dict[str, tuple[str, Value]] = field(default_factory=dict)
    children: dict[str, _Key] = field(default_factory=dict)

    def child(self, name: str) -> _Key | None:
        return self.children.get(name.casefold())

    def ensure(self, name: str) -> _Key:
        return self.children.setdefault(name.casefold(), _Key(name))


class Registry:
    """A computer's registry.

    Every path may name a hive by its short or long name; `view` is the 64 or 32 bit view of HKLM\\SOFTWARE.
    Classes under HKCR are those of the machine (HKLM\\SOFTWARE\\Classes).
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._roots = {name: _Key(name) for name in ("HKLM", "HKU")}

    def _find(self, path: str, view: View) -> _Key | None:
        hive, *names = self._physical(path, view)
        key: _Key | None = self._roots[hive]
        for name in names:
            if key is None:
                return None
            key = key.child(name)
        return key

    def _require(self, path: str, view: View) -> _Key:
        key = self._find(path, view)
        if key is None:
            raise KeyMissing(path)
        return key

    def _physical(self, path: str, view: View) -> tuple[str, ...]:
        hive, *names = [name for name in path.split("\\") if name]
        root = HIVES.get(hive.upper())
        if root is None:
            raise NotAPath(path)
        if root == "HKCR":
            root, names = "HKLM", ["SOFTWARE", "Classes", *names]
        return physical((root, *names), view)

    def exists(self, path: str, view: View = View.BITS_64) -> bool:
        """Whether the key exists."""
        return self._find(path, view) is not None

    def spelling(self, path: str, view: View = View.BITS_64) -> str:
        """The last part of the path as the key itself spells it.

        Raises:
            KeyMissing: there is no such key.
        """
        return self._require(path, view).name

    def subkeys(self, path: str, view: View = View.BITS_64) -> tuple[str, ...]:
        """Names of the key's subkeys, sorted without case as Windows lists them.

        Raises:
            KeyMissing: there is no such key.
        """
        children = self._require(path, view).children
        return tuple(children[folded].name for folded in sorted(children))

    def values(self, path: str, view: View = View.BITS_64) -> tuple[tuple[str, Value], ...]:
        """The key's values in the order in which they were made; the default value's name is empty.

        Raises:
            KeyMissing: there is no such key.
        """
        return tuple(self._require(path, view).values.values())

    def value(self, path: str, name: str, view: View = View.BITS_64) -> Value | None:
        """One value; None where the key has no such value.

        Raises:
            KeyMissing: there is no such key.
        """
        found = self._require(path, view).values.get(name.casefold())
        return None if found is None else found[1]

    def create(self, path: str, view: View = View.BITS_64) -> bool:
        """Make the key and those above it; False where it existed already."""
        hive, *names = self._physical(path, view)
        key = self._roots[hive]
        made = False
        for name in names:
            made = made or key.child(name) is None
            key = key.ensure(name)
        if made:
            self._journal.wrote(Part.REGISTRY)
        return made

    def set(self, path: str, name: str, value: Value, view: View = View.BITS_64) -> None:
        """Write a value; one of the same name keeps its spelling.

        Raises:
            KeyMissing: there is no such key.
        """
        values = self._require(path, view).values
        spelled = values.get(name.casefold(), (name, value))[0]
        values[name.casefold()] = (spelled, value)
        self._journal.wrote(Part.REGISTRY)

    def remove_value(self, path: str, name: str, view: View = View.BITS_64) -> bool:
        """Remove a value; False where there was none.

        Raises:
            KeyMissing: there is no such key.
        """
        removed = self._require(path, view).values.pop(name.casefold(), None) is not None
        if removed:
            self._journal.wrote(Part.REGISTRY)
        return removed

    def remove(self, path: str, view: View = View.BITS_64, *, recurse: bool = False) -> None:
        """Remove a key.

        Raises:
            KeyMissing: there is no such key.
            KeyNotEmpty: it has subkeys, and `recurse` is not set.
        """
        key = self._require(path, view)
        if key.children and not recurse:
            raise KeyNotEmpty(path)
        hive, *above, name = self._physical(path, view)
        parent = self._roots[hive]
        for part in above:
            parent = parent.children[part.casefold()]
        del parent.children[name.casefold()]
        self._journal.wrote(Part.REGISTRY)

    def rename(self, path: str, name: str, view: View = View.BITS_64) -> None:
        """Give a key another name beside its old one.

        Raises:
            KeyMissing: there is no such key.
        """
        key = self._require(path, view)
        hive, *above, old = self._physical(path, view)
        parent = self._roots[hive]
        for part in above:
            parent = parent.children[part.casefold()]
        del parent.children[old.casefold()]
        key.name = name
        parent.children[name.casefold()] = key
        self._journal.wrote(Part.REGISTRY)

    def fill(self, entries: Iterable[tuple[str, str, Value, View]]) -> None:
        """Put in what a fresh computer starts with: (key, value name, value, view); counts as no write."""
        for path, name, value, view in entries:
            hive, *names = self._physical(path, view)
            key = self._roots[hive]
            for part in names:
                key = key.ensure(part)
            key.values[name.casefold()] = (name, value)

    def to_json(self) -> JsonValue:
        """Everything, as plain data."""
        return {name: _to_json(root) for name, root in self._roots.items()}

    def from_json(self, state: JsonValue) -> None:
        """Put back what `to_json` gave."""
        for name, root in cast("dict[str, JsonValue]", state).items():
            self._roots[name] = _from_json(name, root)

    def __iter__(self) -> Iterator[str]:
        return iter(self._roots)


def _to_json(key: _Key) -> JsonValue:
    values: list[JsonValue] = [[name, int(v.type), _plain(v.data)] for name, v in key.values.values()]
    return {"values": values, "keys": {child.name: _to_json(child) for child in key.children.values()}}


def _plain(data: Data) -> JsonValue:
    if isinstance(data, bytes):
        return {"base64": base64.b64encode(data).decode("ascii")}
    return list(data) if isinstance(data, tuple) else data


def _data(value: JsonValue) -> Data:
    if isinstance(value, dict):
        return base64.b64decode(cast("str", value["base64"]))
    if isinstance(value, list):
        return tuple(cast("list[str]", value))
    return cast("Data", value)


def _from_json(name: str, state: JsonValue) -> _Key:
    fields = cast("dict[str, JsonValue]", state)
    key = _Key(name)
    for spelled, number, data in cast("list[tuple[str, int, JsonValue]]", fields["values"]):
        key.values[spelled.casefold()] = (spelled, Value(RegistryType(number), _data(data)))
    for child, inner in cast("dict[str, JsonValue]", fields["keys"]).items():
        key.children[child.casefold()] = _from_json(child, inner)
    return key
