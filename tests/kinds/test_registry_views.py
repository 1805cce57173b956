"""A value of the registry has one name: what would be a second one is refused and says the first."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.kinds.registry_value import RegistryValueSpec
from engine.rehearsal.windows.wow64 import View, physical

Bits = Literal["64", "32"]


def spec(key: str, view: Bits = "64") -> RegistryValueSpec:
    return RegistryValueSpec(key=key, name="N", type="dword", data=1, view=view)


@pytest.mark.parametrize(
    ("key", "view", "told"),
    [
        (r"HKLM\SOFTWARE\WOW6432Node\X\Y", "64", r"write 'HKLM\SOFTWARE\X\Y' with `view: '32'`"),
        (r"HKLM\Software\Wow6432Node\X", "32", r"write 'HKLM\Software\X' with `view: '32'`"),
        (r"HKLM\SOFTWARE\WOW6432Node\Policies\X", "64", r"write 'HKLM\SOFTWARE\Policies\X':"),
        (
            r"HKLM\SOFTWARE\Classes\WOW6432Node\CLSID\{1}",
            "64",
            r"write 'HKLM\SOFTWARE\Classes\CLSID\{1}' with `view: '32'`",
        ),
        (r"HKLM\SYSTEM\ControlSet001\Services\X", "64", r"write 'HKLM\SYSTEM\CurrentControlSet\Services\X'"),
        (r"HKLM\SYSTEM\CurrentControlSet\X", "32", "write no `view`"),
        (r"HKLM\SOFTWARE\policies\Microsoft", "32", "write no `view`"),
        (r"HKU\.DEFAULT\Software\X", "32", "write no `view`"),
    ],
)
def test_another_name_of_a_key_is_refused(key: str, view: Bits, told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        spec(key, view)
    assert told in str(caught.value)


PARTS = st.lists(
    st.sampled_from(
        ["Software", "SYSTEM", "Classes", "CLSID", "Interface", "Policies", "Microsoft", "Windows",
         "CurrentVersion", "Windows NT", "Fonts", "WOW6432Node", "Vendor", "Clients", "OLE"]
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip
KEYS = st.tuples(PARTS, st.sampled_from(["64", "32"]))


@given(KEYS, KEYS)
def test_two_specs_are_never_one_place(one: tuple[list[str], Bits], two: tuple[list[str], Bits]) -> None:
    """By the rehearsal's own table: what is let through under two names is two keys."""

    def place(parts: list[str], view: Bits) -> tuple[str, ...] | None:
        try:
            spec("\\".join(("HKLM", *parts)), view)
        except ValidationError:
            return None
        return tuple(part.casefold() for part in physical(("HKLM", *parts), View(view)))

    first, second = place(*one), place(*two)
    assume(first is not None and second is not None)
    same_name = ([part.casefold() for part in one[0]], one[1]) == (
        [part.casefold() for part in two[0]],
        two[1],
    )
    assert (first == second) == same_name


@given(PARTS)
def test_the_views_are_two_where_the_rehearsal_has_two_keys(parts: list[str]) -> None:
    assume("WOW6432Node" not in parts)
    path = ("HKLM", *parts)
    try:
        spec("\\".join(path), "32")
        accepted = True
    except ValidationError:
        accepted = False
    assert accepted == (physical(path, View.BITS_32) != physical(path, View.BITS_64))
