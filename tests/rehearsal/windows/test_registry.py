from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.windows.journal import Counters, Journal, Part
from engine.rehearsal.windows.registry import (
    KeyMissing,
    KeyNotEmpty,
    NotAPath,
    Registry,
    RegistryType,
    Value,
)
from engine.rehearsal.windows.wow64 import View, physical

KEY = r"HKLM\SOFTWARE\Rollcall"
ONE = Value(RegistryType.DWord, 1)


@pytest.fixture
def registry() -> Registry:
    return Registry(Journal(Counters()))


def test_names_are_found_without_case_and_keep_theirs(registry: Registry) -> None:
    registry.create(r"HKEY_LOCAL_MACHINE\Software\Rollcall")
    registry.set(r"hklm\SOFTWARE\ROLLCALL", "Ledger", ONE)
    registry.set(KEY, "LEDGER", Value(RegistryType.DWord, 2))
    assert registry.values(KEY) == (("Ledger", Value(RegistryType.DWord, 2)),)
    assert registry.spelling(KEY) == "Rollcall"
    assert registry.subkeys("HKLM") == ("Software",)


def test_a_missing_key_is_an_error_and_a_missing_value_is_none(registry: Registry) -> None:
    with pytest.raises(KeyMissing):
        registry.values(KEY)
    registry.create(KEY)
    assert registry.value(KEY, "nothing") is None
    with pytest.raises(KeyMissing):
        registry.set(KEY + r"\Deeper", "x", ONE)
    with pytest.raises(NotAPath):
        registry.exists(r"HKXX\Software")


def test_a_key_with_subkeys_is_removed_only_with_them(registry: Registry) -> None:
    registry.create(KEY + r"\A\B")
    with pytest.raises(KeyNotEmpty):
        registry.remove(KEY)
    registry.remove(KEY, recurse=True)
    assert not registry.exists(KEY)
    assert registry.exists(r"HKLM\SOFTWARE")


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (r"HKLM\SOFTWARE\Vendor", r"HKLM\SOFTWARE\WOW6432Node\Vendor"),
        (r"HKLM\Software", r"HKLM\Software\WOW6432Node"),
        (r"HKLM\SOFTWARE\Policies\Microsoft", r"HKLM\SOFTWARE\Policies\Microsoft"),
        (r"HKLM\SOFTWARE\Classes\.txt", r"HKLM\SOFTWARE\Classes\.txt"),
        (r"HKLM\SOFTWARE\Classes\CLSID\{1}", r"HKLM\SOFTWARE\Classes\WOW6432Node\CLSID\{1}"),
        (
            r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
            r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
        ),
        (
            r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
            r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
        ),
        (r"HKLM\SOFTWARE\WOW6432Node\Vendor", r"HKLM\SOFTWARE\WOW6432Node\Vendor"),
        (r"HKLM\SYSTEM\CurrentControlSet", r"HKLM\SYSTEM\CurrentControlSet"),
        (r"HKU\S-1-5-18\Software\Vendor", r"HKU\S-1-5-18\Software\Vendor"),
    ],
)
def test_where_a_32_bit_program_ends_up(key: str, place: str) -> None:
    assert physical(tuple(key.split("\\")), View.BITS_32) == tuple(place.split("\\"))


def test_classes_root_is_the_machines_classes(registry: Registry) -> None:
    registry.create(r"HKCR\.rollcall")
    assert registry.exists(r"HKLM\SOFTWARE\Classes\.rollcall")


names = st.text(st.characters(codec="utf-8", exclude_characters="\\\0"), min_size=1, max_size=8).filter(
    lambda name: (
        name.casefold() not in ("wow6432node", "classes", "clients", "policies", "microsoft")
        and name.casefold() != "registeredapplications"
    )
)


@given(parts=st.lists(names, min_size=1, max_size=4), data=st.integers(0, 2**32 - 1))
def test_the_views_are_two_places_and_the_32_bit_one_shows_under_its_node(
    parts: list[str], data: int
) -> None:
    registry = Registry(Journal(Counters()))
    key = "HKLM\\SOFTWARE\\" + "\\".join(parts)
    registry.create(key, View.BITS_32)
    registry.set(key, "v", Value(RegistryType.DWord, data), View.BITS_32)
    assert not registry.exists(key, View.BITS_64)
    seen = registry.value("HKLM\\SOFTWARE\\WOW6432Node\\" + "\\".join(parts), "v", View.BITS_64)
    assert seen == Value(RegistryType.DWord, data)


values = st.one_of(
    st.builds(Value, st.just(RegistryType.String), st.text()),
    st.builds(Value, st.just(RegistryType.DWord), st.integers(0, 2**32 - 1)),
    st.builds(Value, st.just(RegistryType.QWord), st.integers(0, 2**64 - 1)),
    st.builds(Value, st.sampled_from([RegistryType.Binary, RegistryType.None_]), st.binary()),
    st.builds(Value, st.just(RegistryType.MultiString), st.lists(st.text()).map(tuple)),
)


@given(st.dictionaries(names, values, max_size=5))
def test_what_is_saved_is_read_back_exactly(content: dict[str, Value]) -> None:
    registry = Registry(Journal(Counters()))
    registry.create(KEY)
    for name, value in content.items():
        registry.set(KEY, name, value)
    again = Registry(Journal(Counters()))
    again.from_json(json.loads(json.dumps(registry.to_json())))
    assert again.values(KEY) == registry.values(KEY)


def test_every_change_is_counted_once_and_reading_is_none() -> None:
    journal = Journal(Counters())
    registry = Registry(journal)
    registry.create(KEY)
    registry.create(KEY)
    registry.set(KEY, "a", ONE)
    assert registry.remove_value(KEY, "a")
    assert not registry.remove_value(KEY, "a")
    assert journal.counters.writes == 3
    assert journal.unsaved == {Part.REGISTRY}
    registry.values(KEY)
    assert journal.counters.writes == 3
