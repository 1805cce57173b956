"""Values of the registry."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from engine.kinds.contract import Difference, Essential, Impossible, Kind, Removal
from engine.kinds.registry import (
    Data,
    Place,
    RegistryType,
    check_data,
    remove_statement,
    set_statement,
    stored,
    value_query,
)
from engine.kinds.registry_views import View, check_place
from engine.kinds.replies import single, unknown_if_unreadable
from engine.model.base import State
from engine.model.form import Form
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers
from engine.model.resource import Spec
from engine.model.step import Invoke, Step
from engine.model.words import quoted

_HIVES = {
    "hklm": "HKLM",
    "hkey_local_machine": "HKLM",
    "hku": "HKU",
    "hkey_users": "HKU",
}
_CURRENT_USER = frozenset({"hkcu", "hkey_current_user"})
_KEY_LIMIT = 255  # characters of one part of a key; Microsoft, "Registry Element Size Limits"
_NAME_LIMIT = 16_383


_KEY = Form(
    r"(?:Registry::)?[Hh][Kk](?:[Ll][Mm]|[Uu]|[Ee][Yy]_[A-Za-z_]+):?\\[\s\S]+",
    r"a key starts with `HKLM\` or `HKU\.DEFAULT\`",
    numbers=False,
)


def normal_key(key: str) -> str:
    r"""A key with its root in one form: `HKEY_LOCAL_MACHINE\Software\X\` is `HKLM\Software\X`.

    Raises:
        ValueError: another root, or a part that is empty or too long.
    """
    root, _, rest = key.rstrip("\\").removeprefix("Registry::").partition("\\")
    if root.rstrip(":").casefold() in _CURRENT_USER:
        raise ValueError(
            "HKCU is a different place for every user, and Rollcall is none of the people who use the host; "
            r"use the policy's key under HKLM, or HKU\.DEFAULT for the sign-in screen"
        )
    hive = _HIVES.get(root.rstrip(":").casefold())
    if hive is None:
        raise ValueError(rf"a key starts with HKLM\ or HKU\.DEFAULT\: {quoted(key)}")
    parts = rest.split("\\")
    if not all(parts) or any(len(part) > _KEY_LIMIT or "\x00" in part for part in parts):
        raise ValueError(f"not a key: {quoted(key)}")
    if hive == "HKU" and parts[0].casefold() != ".default":
        raise ValueError(rf"of HKU only HKU\.DEFAULT is the same on every host: {quoted(key)}")
    return "\\".join((hive, *parts))


class RegistryValueSpec(Spec):
    """One value of a key. The key is created where it does not exist; it stays when the value is removed."""

    key: Annotated[
        str,
        AfterValidator(normal_key),
        _KEY,
        Field(examples=[r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System"]),
    ]
    r"""The key with its root: `HKLM\...` or `HKU\.DEFAULT\...`."""
    name: Annotated[
        str, Field(max_length=_NAME_LIMIT, pattern=r"^[^\x00]*$", examples=["HideFastUserSwitching"])
    ]
    """The value's name; an empty name is the key's default value."""
    type: Annotated[RegistryType | None, Essential(), Field(examples=["dword"])] = None
    """`string`, `expand_string` (with %variables%), `multi_string` (a list), `dword` (32 bits), `qword`
    (64 bits), `binary` or `none` (bytes)."""
    data: Annotated[
        StrictInt | str | tuple[str, ...] | None,
        Essential(),
        Field(examples=[1, "0x1F", r"%SystemRoot%\x", ["one", "two"]]),
    ] = None
    """What it holds. `dword` and `qword`: a number without a sign, also as text, `0x` for hexadecimal.
    `binary` and `none`: hexadecimal digits, two for a byte; spaces and commas between bytes are allowed."""
    view: View = "64"
    """Which registry programs see it: those of 64 bits, or those of 32 bits (WOW6432Node). Only for keys that
    are not the same for both."""

    @model_validator(mode="after")
    def _data_fits(self) -> Self:
        if self.type is not None and self.data is not None:
            check_data(self.type, self.data)
        return self

    @model_validator(mode="after")
    def _has_one_name(self) -> Self:
        check_place(self.key, self.view)
        return self

    @property
    def place(self) -> Place:
        hive, _, subkey = self.key.partition("\\")
        return Place(hive=hive, subkey=subkey, name=self.name, view=self.view)


def _identity(spec: RegistryValueSpec) -> str:
    r"""`HKLM\SOFTWARE\Key\\Name`: two backslashes, since a value's name may itself hold one, and a key's
    parts are never empty."""
    view = "" if spec.view == "64" else " (32-bit)"
    return f"{spec.key}\\\\{spec.name}{view}"


@unknown_if_unreadable
def _parse(spec: RegistryValueSpec, answers: Answers) -> Observation:
    found = stored(single(answers, value_query(spec.place)))
    return Absent() if found is None else Present(state={"type": found.type, "data": found.data})


def _wanted(spec: RegistryValueSpec, _answers: Answers) -> State:
    of_type, data = _content(spec)
    return {"type": of_type, "data": data}


def _content(spec: RegistryValueSpec) -> tuple[RegistryType, Data]:
    if spec.type is None or spec.data is None:
        raise Impossible("its type or its data is not declared")
    return spec.type, check_data(spec.type, spec.data)


def _steps(spec: RegistryValueSpec, difference: Difference) -> tuple[Step, ...]:
    if difference.action is Action.DELETE:
        return (Invoke(statements=(remove_statement(spec.place),)),)
    of_type, data = _content(spec)
    return (Invoke(statements=(set_statement(spec.place, of_type, data),)),)


REGISTRY_VALUE = Kind(
    name="registry_value",
    spec=RegistryValueSpec,
    removal=Removal.DELETE,
    identity=_identity,
    observe=lambda spec: (value_query(spec.place),),
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
)
