"""CLIXML: what is written here, psrpcore and pypsrp read back."""

from __future__ import annotations

import struct
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psrpcore import ServerRunspacePool
from psrpcore.types import PSCryptoProvider, PSObject, deserialize
from pypsrp.serializer import Serializer

from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.powershell.records import PsEnum, PsObject, PsValue
from engine.rehearsal.winrm import clixml, fragments
from engine.rehearsal.winrm.envelope import parse
from engine.rehearsal.winrm.psrp_values import from_wire


class _NoCipher(PSCryptoProvider):
    """No test here has a secure string."""


_TEXT = st.text()
_PRIMITIVES = st.one_of(
    st.none(),
    st.booleans(),
    # psrpcore cannot read the smallest numbers, which .NET and pypsrp can.
    st.integers(-(2**31) + 1, 2**31 - 1),
    st.integers(0, 255).map(records.Byte),
    st.integers(0, 2**32 - 1).map(records.UInt32),
    st.integers(-(2**63) + 1, 2**63 - 1).map(records.Int64),
    st.integers(0, 2**64 - 1).map(records.UInt64),
    st.floats(allow_nan=False),
    _TEXT,
    st.binary(),
)
_NAMES = st.text(min_size=1, max_size=8)
_TYPES = st.sampled_from(
    [
        ("System.Management.Automation.PSCustomObject", "System.Object"),
        ("Microsoft.Management.Infrastructure.CimInstance#ROOT/X", "System.Object"),
    ]
)
_VALUES = st.recursive(
    _PRIMITIVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple),
        st.builds(PsObject, _TYPES, st.dictionaries(_NAMES, inner, max_size=4), _TEXT),
    ),
    max_leaves=12,
)


def _read(value: PsValue) -> PsValue:
    return from_wire(deserialize(parse(clixml.write(value).encode()), _NoCipher()))


def _as_read(value: PsValue) -> PsValue:
    """A value as a reader has it: foreign objects carry `Deserialized.` before their types."""
    match value:
        case tuple():
            return tuple(_as_read(item) for item in value)
        case PsObject():
            custom = value.type_names[0].endswith("PSCustomObject")
            types = value.type_names if custom else tuple(f"Deserialized.{n}" for n in value.type_names)
            properties = {key: _as_read(item) for key, item in value.properties.items()}
            return PsObject(types, properties, value.to_string)
        case _:
            return value


@given(_VALUES)
def test_psrpcore_reads_what_was_written(value: PsValue) -> None:
    assert _read(value) == _as_read(value)


@given(_TEXT)
def test_pypsrp_reads_text_of_any_kind(text: str) -> None:
    assert Serializer().deserialize(clixml.write(text)) == text


@pytest.mark.parametrize("text", ["_x0041_", "_X", "a\r\nb\t\0", "\U0001f600", "<&>\"'", "\ufffe", ""])
def test_escapes(text: str) -> None:
    assert _read(text) == text
    assert _read(PsObject(("T", "System.Object"), {text or "n": 1})) == PsObject(
        ("Deserialized.T", "Deserialized.System.Object"), {text or "n": 1}
    )


def test_enums_have_type_text_and_number() -> None:
    value = PsEnum("System.ServiceProcess.ServiceStartMode", "Disabled", 4)
    read = deserialize(parse(clixml.write(value).encode()), _NoCipher())
    assert isinstance(read, PSObject)
    assert read == 4  # type: ignore[comparison-overlap]  # an integer with type names
    assert clixml.write(value) == (
        '<Obj RefId="0"><TN RefId="0"><T>System.ServiceProcess.ServiceStartMode</T><T>System.Enum</T>'
        "<T>System.ValueType</T><T>System.Object</T></TN><ToString>Disabled</ToString><I32>4</I32></Obj>"
    )


def test_type_names_are_written_once() -> None:
    inner = PsObject(("T", "System.Object"), {"A": 1})
    document = clixml.write((inner, inner))
    assert document.count("<T>T</T>") == 1
    assert document.count('<TNRef RefId="1"/>') == 1


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 8, 0, 1, 234_500, tzinfo=timezone(timedelta(hours=-5))),
        datetime(2026, 11, 23, 8, 0),
    ],
)
def test_dates(value: datetime) -> None:
    assert _read(value) == value


def test_numbers_beyond_int32_become_int64() -> None:
    assert clixml.write(2**31) == "<I64>2147483648</I64>"
    assert clixml.write(float("inf")) == "<Db>INF</Db>"
    assert clixml.write(float("nan")) == "<Db>NaN</Db>"


@given(st.integers(0, 100_000))
def test_fragments_come_together_again(length: int) -> None:
    pool, pipeline = uuid.uuid4(), uuid.uuid4()
    parts = list(fragments.pipeline_output(2**32, pool, pipeline, "x" * length))
    assert all(len(part) <= fragments.FRAGMENT_BYTES for part in parts)
    assert list(fragments.split(b"".join(parts))) == parts
    assert fragments.pipeline_id(parts[0]) == pipeline
    assert b"".join(part[21:] for part in parts).endswith(b"\xbf" + b"x" * length)


def test_a_cut_off_fragment_is_an_error() -> None:
    with pytest.raises(struct.error):
        fragments.pipeline_id(b"\0" * 30)
    with pytest.raises(struct.error):
        list(fragments.split(b"\0" * 20))
    assert ServerRunspacePool().next_event() is None


def test_an_enum_of_a_dotnet_object_is_its_text_as_recorded_hosts_send_it() -> None:
    status = PsEnum("System.ServiceProcess.ServiceControllerStatus", "Running", 4)
    service = PsObject(("System.ServiceProcess.ServiceController", "System.Object"), {"Status": status})
    assert '<Props><S N="Status">Running</S></Props>' in clixml.write(service)
