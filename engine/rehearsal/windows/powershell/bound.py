"""The parameters of one call after binding, by their own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.rehearsal.windows.powershell.records import PsEnum, PsObject, PsValue


@dataclass(frozen=True, slots=True)
class Bound:
    """Values by parameter name, converted to the parameter's type."""

    values: Mapping[str, PsValue]
    parameter_set: str

    def given(self, name: str) -> bool:
        """Whether the parameter was given at all."""
        return name in self.values

    def value(self, name: str) -> PsValue:
        """The value as it is; None where it was not given."""
        return self.values.get(name)

    def text(self, name: str) -> str | None:
        """A String parameter."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A String[] parameter; empty where it was not given."""
        value = self.values.get(name)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()

    def number(self, name: str) -> int | None:
        """A parameter of any whole number's type."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def boolean(self, name: str) -> bool | None:
        """A Boolean parameter."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    def switch(self, name: str) -> bool:
        """A switch; off where it was not given."""
        return self.values.get(name) is True

    def enum(self, name: str) -> PsEnum | None:
        """A parameter of an enum's type."""
        value = self.values.get(name)
        return value if isinstance(value, PsEnum) else None

    def enums(self, name: str) -> tuple[PsEnum, ...]:
        """A parameter of an enum's array; empty where it was not given."""
        value = self.values.get(name)
        return tuple(item for item in value if isinstance(item, PsEnum)) if isinstance(value, tuple) else ()

    def items(self, name: str) -> tuple[PsValue, ...]:
        """A parameter of an array's type, or one value as an array of one; empty where it was not given."""
        value = self.values.get(name)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (value,)

    def objects(self, name: str) -> tuple[PsObject, ...]:
        """The objects among `items`."""
        return tuple(item for item in self.items(name) if isinstance(item, PsObject))
