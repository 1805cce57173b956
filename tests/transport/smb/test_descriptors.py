"""Security descriptors on the wire, both ways."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.security import AccessEntry, SecurityDescriptor
from engine.transport.refusals import UnreadableDescriptor
from engine.transport.smb.descriptors import (
    EVERYONE,
    FULL_CONTROL,
    canonical,
    decode,
    encode,
    encode_sid,
    keep_inherited_mark,
    map_generic,
)

SIDS = st.builds(
    lambda authority, parts: "-".join(["S", "1", str(authority), *map(str, parts)]),
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=15),
)
ENTRIES = st.builds(
    AccessEntry,
    sid=SIDS,
    type=st.sampled_from(["allow", "deny"]),
    mask=st.integers(0, 0x1FFFFF),
    object_inherit=st.booleans(),
    container_inherit=st.booleans(),
    no_propagate=st.booleans(),
    inherit_only=st.booleans(),
    inherited=st.booleans(),
)
DESCRIPTORS = st.builds(
    SecurityDescriptor,
    owner=st.none() | SIDS,
    group=st.none() | SIDS,
    protected=st.booleans(),
    entries=st.lists(ENTRIES, max_size=8).map(tuple),
)

# O:BAG:SYD:PAI(A;OICI;FA;;;SY) as Windows gives it.
WINDOWS = bytes.fromhex(
    "010004940000000000000000000000001400000002001c000100000000031400ff011f00010100000000000512000000"
)


@given(DESCRIPTORS)
def test_what_is_written_is_read_back_in_windows_order(descriptor: SecurityDescriptor) -> None:
    expected = descriptor.model_copy(update={"entries": canonical(descriptor.entries)})
    assert decode(encode(descriptor)) == expected
    assert decode(keep_inherited_mark(encode(descriptor))) == expected


def test_the_bytes_of_windows_are_understood() -> None:
    entry = AccessEntry(
        sid="S-1-5-18", type="allow", mask=FULL_CONTROL, object_inherit=True, container_inherit=True
    )
    assert decode(WINDOWS) == SecurityDescriptor(owner=None, group=None, protected=True, entries=(entry,))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        decode(data)
    except UnreadableDescriptor:
        return


@given(DESCRIPTORS, st.data())
def test_a_truncated_descriptor_is_read_or_refused(
    descriptor: SecurityDescriptor, data: st.DataObject
) -> None:
    raw = encode(descriptor)
    try:
        decode(raw[: data.draw(st.integers(0, len(raw)))])
    except UnreadableDescriptor:
        return


@pytest.mark.parametrize("control", [0x8000, 0x8004])
def test_no_list_at_all_means_that_everybody_may_everything(control: int) -> None:
    data = struct.pack("<BBHLLLL", 1, 0, control, 0, 0, 0, 0)
    assert decode(data).entries == (AccessEntry(sid=EVERYONE, type="allow", mask=FULL_CONTROL),)


def test_an_empty_list_means_that_nobody_may_anything() -> None:
    empty = SecurityDescriptor(owner=None, protected=True, entries=())
    assert decode(encode(empty)).entries == ()


@pytest.mark.parametrize("kind", [2, 5, 9, 17])
def test_entries_of_other_types_are_refused_rather_than_left_out(kind: int) -> None:
    data = bytearray(WINDOWS)
    data[28] = kind
    with pytest.raises(UnreadableDescriptor, match=f"type {kind}"):
        decode(bytes(data))


def test_generic_rights_become_those_of_files() -> None:
    assert map_generic(0x10000000) == FULL_CONTROL
    assert map_generic(0xE0000000) == 0x00120089 | 0x00120116 | 0x001200A0
    assert map_generic(0x00010000) == 0x00010000


@pytest.mark.parametrize(
    "text", ["", "Everyone", "S-1", "S-2-5-18", "S-1-5-x", "S-1-5--1", "S-1-5" + "-1" * 16]
)
def test_what_is_no_sid_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDescriptor):
        encode_sid(text)
