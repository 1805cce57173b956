"""Registry data in canonical form and on the wire."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds.registry import Data, Place, RegistryType, check_data, set_statement, stored
from engine.kinds.registry_value import REGISTRY_VALUE, RegistryValueSpec, normal_key
from engine.model.query import PsObject

PLACE = Place(hive="HKLM", subkey="SOFTWARE\\X", name="N")
plain = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
typed: st.SearchStrategy[tuple[RegistryType, Data]] = st.one_of(
    st.tuples(st.sampled_from(["string", "expand_string"]), plain),
    st.tuples(st.just("multi_string"), st.lists(plain.filter(bool)).map(tuple)),
    st.tuples(st.just("dword"), st.integers(0, 2**32 - 1)),
    st.tuples(st.just("qword"), st.integers(0, 2**64 - 1)),
    st.tuples(st.sampled_from(["binary", "none"]), st.binary().map(lambda data: data.hex(" "))),
)


@given(typed)
def test_what_is_written_is_read_again(value: tuple[RegistryType, Data]) -> None:
    type_, data = value
    canonical = check_data(type_, data)
    assert check_data(type_, canonical) == canonical
    sent = dict(set_statement(PLACE, type_, canonical).commands[0].parameters)
    pieces = sent["Data"]
    assert isinstance(pieces, tuple)
    answer = pieces if type_ == "multi_string" else pieces[0]
    found = stored(PsObject("", {"ValueExists": True, "Type": sent["Type"], "Data": answer}))
    assert found is not None
    assert (found.type, found.data) == (type_, canonical)


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("dword", -1),
        ("dword", 2**32),
        ("dword", "one"),
        ("dword", ("1",)),
        ("qword", "0x10000000000000000"),
        ("string", 1),
        ("string", ("a",)),
        ("string", "a\x00b"),
        ("multi_string", ("a", "")),
        ("multi_string", 1),
        ("binary", "0"),
        ("binary", "zz"),
        ("binary", 16),
    ],
)
def test_data_that_does_not_fit(type_: RegistryType, data: Data) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_data(type_, data)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("hklm\\Software\\X\\", "HKLM\\Software\\X"),
        ("HKEY_LOCAL_MACHINE\\Software", "HKLM\\Software"),
        ("HKLM:\\Software", "HKLM\\Software"),
        ("HKU\\.DEFAULT\\Software", "HKU\\.DEFAULT\\Software"),
    ],
)
def test_keys(written: str, normal: str) -> None:
    assert normal_key(written) == normal
    assert normal_key(normal) == normal


@pytest.mark.parametrize(
    "key", ["HKLM", "HKLM\\", "HKLM\\a\\\\b", "HKCR\\x", "HKU\\S-1-5-21-1\\x", "Software", "HKLM/Software"]
)
def test_other_keys_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"HKLM|HKU|not a key"):
        normal_key(key)


@pytest.mark.parametrize("key", ["HKCU\\Software", "HKEY_CURRENT_USER\\Software"])
def test_the_current_user_is_refused_with_the_reason(key: str) -> None:
    with pytest.raises(ValueError, match="every user"):
        normal_key(key)


def test_identities_tell_values_apart() -> None:
    places = [("HKLM\\A\\B", "C"), ("HKLM\\A", "B\\C"), ("HKLM\\A", "\\B\\C"), ("HKLM\\A\\B\\C", "")]
    specs = [RegistryValueSpec(key=key, name=name, type="dword", data=1) for key, name in places]
    specs += [spec.model_copy(update={"view": "32"}) for spec in specs]
    assert len({REGISTRY_VALUE.identity(spec) for spec in specs}) == len(specs)


def test_every_type_is_tried() -> None:
    assert set(get_args(RegistryType)) == {
        "string", "expand_string", "multi_string", "dword", "qword", "binary", "none"
    }  # fmt: skip
