"""The access check against a reference that looks at one right after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.security import (
    AccessDenied,
    Ace,
    AceFlag,
    AceType,
    SecurityDescriptor,
    access_check,
    allow,
    deny,
    rights,
    sids,
)

ME, STAFF, OTHERS = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-1106"
BITS = [1 << shift for shift in range(21) if rights.FULL_CONTROL & (1 << shift)]


@dataclass(frozen=True)
class Client:
    user_sid: str = ME
    sids: frozenset[str] = frozenset({ME, STAFF, sids.EVERYONE})
    is_administrator: bool = False
    privileges: frozenset[str] = field(default_factory=frozenset)


MASKS = st.lists(st.sampled_from(BITS), max_size=5).map(sum) | st.sampled_from(
    [rights.FULL_CONTROL, rights.MODIFY, rights.READ_AND_EXECUTE, rights.GENERIC_ALL, rights.GENERIC_READ]
)
ACES = st.builds(
    Ace,
    st.sampled_from(AceType),
    st.sampled_from([ME, STAFF, OTHERS, sids.EVERYONE, sids.OWNER_RIGHTS]),
    MASKS,
    st.sampled_from([AceFlag(0), AceFlag(3), AceFlag.INHERIT_ONLY | AceFlag(3), AceFlag.INHERITED]),
)
DESCRIPTORS = st.builds(
    SecurityDescriptor,
    st.sampled_from([ME, STAFF, OTHERS]),
    st.none(),
    st.lists(ACES, max_size=6).map(tuple),
)


def reference(sd: SecurityDescriptor, client: Client, bit: int) -> bool:
    """One right alone: the first entry that applies and names it decides."""
    mine = set(client.sids)
    owns = sd.owner in mine
    if owns:
        mine.add(sids.OWNER_RIGHTS)
    entries = [ace for ace in sd.dacl or () if not ace.flags & AceFlag.INHERIT_ONLY]
    limited = any(ace.sid == sids.OWNER_RIGHTS for ace in entries)
    if owns and not limited and bit in (rights.READ_CONTROL, rights.WRITE_DAC):
        return True
    for ace in entries:
        if ace.sid in mine and rights.map_generic(ace.mask) & bit:
            return ace.type is AceType.ALLOW
    return False


@given(DESCRIPTORS, st.lists(st.sampled_from(BITS), min_size=1, unique=True))
def test_all_is_granted_exactly_if_each_right_is(sd: SecurityDescriptor, wanted: list[int]) -> None:
    client = Client()
    desired = sum(wanted)
    if all(reference(sd, client, bit) for bit in wanted):
        assert access_check(sd, client, desired) == desired
    else:
        with pytest.raises(AccessDenied):
            access_check(sd, client, desired)


@given(DESCRIPTORS)
def test_the_maximum_is_every_right_that_is_granted(sd: SecurityDescriptor) -> None:
    client = Client()
    expected = sum(bit for bit in BITS if reference(sd, client, bit))
    assert access_check(sd, client, rights.MAXIMUM_ALLOWED) == expected


@given(DESCRIPTORS, MASKS)
def test_nobody_gets_more_by_a_refusal_in_front(sd: SecurityDescriptor, mask: int) -> None:
    client = Client()
    before = access_check(sd, client, rights.MAXIMUM_ALLOWED)
    stricter = SecurityDescriptor(sd.owner, None, (deny(ME, mask), *(sd.dacl or ())))
    assert access_check(stricter, client, rights.MAXIMUM_ALLOWED) & ~before == 0


def test_the_order_of_entries_decides() -> None:
    client = Client()
    first_allowed = SecurityDescriptor(OTHERS, None, (allow(ME, rights.MODIFY), deny(STAFF, rights.MODIFY)))
    first_refused = SecurityDescriptor(OTHERS, None, (deny(STAFF, rights.MODIFY), allow(ME, rights.MODIFY)))
    assert access_check(first_allowed, client, rights.MODIFY) == rights.MODIFY
    with pytest.raises(AccessDenied):
        access_check(first_refused, client, rights.MODIFY)


def test_no_list_grants_everything_and_an_empty_one_nothing() -> None:
    client = Client()
    assert access_check(SecurityDescriptor(OTHERS, None, None), client, rights.FULL_CONTROL)
    with pytest.raises(AccessDenied):
        access_check(SecurityDescriptor(OTHERS, None, ()), client, rights.READ_DATA)


def test_privileges_count_where_they_are_asked_for() -> None:
    closed = SecurityDescriptor(OTHERS, None, ())
    backup = Client(privileges=frozenset({"SeBackupPrivilege", "SeRestorePrivilege"}))
    with pytest.raises(AccessDenied):
        access_check(closed, backup, rights.READ_DATA)
    assert access_check(closed, backup, rights.READ_DATA | rights.WRITE_DAC, backup=True)
    owner = Client(privileges=frozenset({"SeTakeOwnershipPrivilege"}))
    assert access_check(closed, owner, rights.WRITE_OWNER) == rights.WRITE_OWNER


def test_the_system_acl_takes_a_privilege() -> None:
    everything = SecurityDescriptor(ME, None, None)
    with pytest.raises(NtError) as caught:
        access_check(everything, Client(), rights.ACCESS_SYSTEM_SECURITY)
    assert caught.value.status is NtStatus.PRIVILEGE_NOT_HELD
    auditor = Client(privileges=frozenset({"SeSecurityPrivilege"}))
    assert access_check(everything, auditor, rights.ACCESS_SYSTEM_SECURITY)
