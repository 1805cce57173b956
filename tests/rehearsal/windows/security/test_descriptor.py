"""Security descriptors as bytes and as text."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.windows.security import (
    Ace,
    AceFlag,
    AceType,
    InvalidDescriptor,
    SecurityDescriptor,
    allow,
    deny,
    rights,
    sids,
)
from engine.rehearsal.windows.security.defaults import SYSTEM_FOLDERS, SYSTEM_VOLUME
from engine.rehearsal.windows.security.descriptor import DACL_AUTO_INHERIT_REQUESTED, requested_descriptor
from engine.rehearsal.windows.security.sids import InvalidSid, sid_from_bytes, sid_to_bytes

SIDS = st.builds(
    lambda authority, subs: "-".join(["S-1", str(authority), *map(str, subs)]),
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=15),
)
ACES = st.builds(
    Ace, st.sampled_from(AceType), SIDS, st.integers(0, 2**32 - 1), st.integers(0, 31).map(AceFlag)
)
DESCRIPTORS = st.builds(
    SecurityDescriptor,
    owner=st.none() | SIDS,
    group=st.none() | SIDS,
    dacl=st.none() | st.lists(ACES, max_size=12).map(tuple),
    protected=st.booleans(),
    auto_inherited=st.booleans(),
)


@given(DESCRIPTORS)
def test_bytes_say_everything(descriptor: SecurityDescriptor) -> None:
    assert SecurityDescriptor.from_bytes(descriptor.to_bytes()) == descriptor


@given(SIDS)
def test_a_sid_survives_its_bytes(sid: str) -> None:
    assert sid_from_bytes(sid_to_bytes(sid)) == sid


@pytest.mark.parametrize("sid", ["", "S-1", "S-2-5-18", "S-1-5-x", "S-1-5-4294967296", "S-1-5" + "-1" * 16])
def test_what_is_no_sid_is_refused(sid: str) -> None:
    with pytest.raises(InvalidSid):
        sid_to_bytes(sid)


@given(st.binary(max_size=200))
def test_hostile_bytes_are_refused_or_understood(data: bytes) -> None:
    with contextlib.suppress(InvalidDescriptor):
        SecurityDescriptor.from_bytes(data)


@given(DESCRIPTORS, st.data())
def test_a_descriptor_that_is_cut_off_is_refused_or_a_shorter_one(
    descriptor: SecurityDescriptor, data: st.DataObject
) -> None:
    whole = descriptor.to_bytes()
    length = data.draw(st.integers(0, len(whole) - 1))
    try:
        read = SecurityDescriptor.from_bytes(whole[:length])
    except InvalidDescriptor:
        return
    assert read != descriptor


def test_the_bytes_are_those_of_windows() -> None:
    """What Windows itself gives for O:BAG:SYD:P(A;OICI;FA;;;SY), worked out by hand from MS-DTYP."""
    descriptor = SecurityDescriptor(
        sids.ADMINISTRATORS,
        sids.SYSTEM,
        (allow(sids.SYSTEM, rights.FULL_CONTROL, AceFlag(3)),),
        protected=True,
    )
    assert descriptor.to_bytes().hex() == (
        "01000490" "14000000" "24000000" "00000000" "30000000"
        "01020000000000052000000020020000"
        "010100000000000512000000"
        "02001c0001000000" "00031400ff011f00" "010100000000000512000000"
    )  # fmt: skip


def test_entries_of_other_kinds_are_refused() -> None:
    data = bytearray(SecurityDescriptor(None, None, (allow(sids.USERS, 1),)).to_bytes())
    data[20 + 8] = 5  # ACCESS_ALLOWED_OBJECT_ACE, which files do not have
    with pytest.raises(InvalidDescriptor):
        SecurityDescriptor.from_bytes(bytes(data))


def test_the_mark_of_computed_inheritance_is_kept_only_on_request() -> None:
    descriptor = SecurityDescriptor(None, None, (), auto_inherited=True)
    plain = descriptor.to_bytes()
    asked = bytearray(plain)
    asked[3] |= DACL_AUTO_INHERIT_REQUESTED >> 8
    assert not requested_descriptor(plain).auto_inherited
    assert requested_descriptor(bytes(asked)).auto_inherited


def test_text_is_sddl() -> None:
    staff = "S-1-5-21-1-2-3-1105"
    descriptor = SecurityDescriptor(
        sids.ADMINISTRATORS,
        sids.SYSTEM,
        (
            deny(staff, rights.DELETE),
            allow(sids.EVERYONE, rights.READ_AND_EXECUTE, AceFlag(0x13)),
            allow(sids.CREATOR_OWNER, rights.GENERIC_ALL, AceFlag(0x0B)),
            allow(sids.USERS, rights.FILE_GENERIC_READ),
        ),
        protected=True,
        auto_inherited=True,
    )
    assert descriptor.to_sddl() == (
        f"O:BAG:SYD:PAI(D;;SD;;;{staff})(A;OICIID;0x1200a9;;;WD)(A;OICIIO;GA;;;CO)(A;;FR;;;BU)"
    )
    assert SecurityDescriptor(None, None, None).to_sddl() == "D:NO_ACCESS_CONTROL"


def test_a_fresh_system_volume_has_the_permissions_of_windows_server() -> None:
    assert SYSTEM_VOLUME.to_sddl().partition("D:")[2] == (
        "PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)(A;OICIIO;GA;;;CO)"
    )
    users = SYSTEM_FOLDERS[r"\Users"]
    assert users is not None
    assert users.protected
