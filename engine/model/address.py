"""Addresses: the one name by which every room refers to a resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from engine.model.words import quoted


class Address(str):
    """`school/host/kind/name`, for example `dundalk-hs/DHS-SRV01/share/Staff`.

    A string, so that it is its own JSON form. Windows compares names without case, so two addresses that
    differ in case only are equal; the case that was written is kept for display.
    """

    __slots__ = ("_key",)

    def __new__(cls, text: str) -> Self:
        parts = text.split("/", 3)
        if len(parts) != 4 or not all(parts):
            raise ValueError(f"not an address of the form school/host/kind/name: {quoted(text)}")
        self = super().__new__(cls, text)
        self._key = text.casefold()
        return self

    _key: str

    @classmethod
    def of(cls, school: str, host: str, kind: str, name: str) -> Address:
        """Build an address from its parts; only `name`, the last, may hold a slash."""
        return cls(f"{school}/{host}/{kind}/{name}")

    @property
    def school(self) -> str:
        return self.split("/", 3)[0]

    @property
    def host(self) -> str:
        return self.split("/", 3)[1]

    @property
    def kind(self) -> str:
        return self.split("/", 3)[2]

    @property
    def name(self) -> str:
        return self.split("/", 3)[3]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __lt__(self, other: str) -> bool:
        return self.casefold() < other.casefold()

    @classmethod
    def __get_pydantic_core_schema__(
        cls,
        source: type[Any],  # the signature is pydantic's
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        build: Callable[[str], Address] = cls
        return core_schema.no_info_after_validator_function(
            build, core_schema.str_schema(), serialization=core_schema.to_string_ser_schema()
        )
