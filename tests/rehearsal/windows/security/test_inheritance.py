"""What new objects get from their folder, and what follows a change above."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.windows.security import (
    Ace,
    AceFlag,
    AceType,
    SecurityDescriptor,
    allow,
    deny,
    inherit,
    reinherit,
    rights,
    sids,
)

ME, STAFF = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1105"
OI, CI, NP, IO, ID = (AceFlag(1 << shift) for shift in range(5))


@dataclass(frozen=True)
class Client:
    user_sid: str = ME
    sids: frozenset[str] = frozenset({ME, STAFF})
    is_administrator: bool = False
    privileges: frozenset[str] = frozenset()


def folder(*aces: Ace) -> SecurityDescriptor:
    return SecurityDescriptor(sids.ADMINISTRATORS, sids.SYSTEM, aces)


# (entry of the folder, what a file gets, what a folder gets), as flags; None is nothing.
CASES = [
    (AceFlag.NONE, None, None),
    (OI, ID, OI | IO | ID),
    (CI, None, CI | ID),
    (OI | CI, ID, OI | CI | ID),
    (OI | CI | IO, ID, OI | CI | ID),
    (OI | CI | NP, ID, ID),
    (CI | NP, None, ID),
    (OI | NP, ID, None),
    (OI | IO, ID, OI | IO | ID),
    (CI | IO, None, CI | ID),
]


@pytest.mark.parametrize(("flags", "on_file", "on_folder"), CASES)
def test_flags_go_down_as_microsoft_documents(
    flags: AceFlag, on_file: AceFlag | None, on_folder: AceFlag | None
) -> None:
    parent = folder(allow(STAFF, rights.MODIFY, flags))
    for is_directory, expected in ((False, on_file), (True, on_folder)):
        child = inherit(parent, is_directory, Client())
        wanted = () if expected is None else (allow(STAFF, rights.MODIFY, expected),)
        assert child.dacl == wanted


def test_the_creator_s_entry_becomes_concrete_and_stays_for_those_below() -> None:
    parent = folder(allow(sids.CREATOR_OWNER, rights.GENERIC_ALL, OI | CI | IO))
    below = inherit(parent, True, Client())
    assert below.owner == ME
    assert below.dacl == (
        allow(ME, rights.FULL_CONTROL, ID),
        allow(sids.CREATOR_OWNER, rights.GENERIC_ALL, OI | CI | IO | ID),
    )
    assert inherit(parent, False, Client()).dacl == (allow(ME, rights.FULL_CONTROL, ID),)


def test_owner_and_group_are_those_of_the_creator() -> None:
    mine = inherit(folder(), False, Client())
    assert (mine.owner, mine.group) == (ME, "S-1-5-21-1-2-3-513")
    theirs = inherit(folder(), False, Client(is_administrator=True))
    assert theirs.owner == sids.ADMINISTRATORS


def test_explicit_entries_stand_in_front_and_protection_keeps_the_folder_s_out() -> None:
    parent = folder(allow(STAFF, rights.MODIFY, OI | CI))
    own = (deny(STAFF, rights.DELETE),)
    merged = inherit(parent, False, Client(), SecurityDescriptor(None, None, own))
    assert merged.dacl == (*own, allow(STAFF, rights.MODIFY, ID))
    alone = inherit(parent, False, Client(), SecurityDescriptor(None, None, own, protected=True))
    assert alone.dacl == own


SIDS = st.sampled_from([ME, STAFF, sids.CREATOR_OWNER, sids.USERS])
PARENTS = st.lists(
    st.builds(
        Ace,
        st.sampled_from(AceType),
        SIDS,
        st.sampled_from([rights.FULL_CONTROL, rights.MODIFY, rights.GENERIC_READ]),
        st.integers(0, 15).map(AceFlag),
    ),
    max_size=6,
).map(lambda aces: folder(*aces))


@given(PARENTS, st.booleans())
def test_inheriting_again_changes_nothing(parent: SecurityDescriptor, is_directory: bool) -> None:
    child = inherit(parent, is_directory, Client())
    assert reinherit(parent, child, is_directory) == child


@given(PARENTS, PARENTS, st.booleans())
def test_a_change_above_gives_what_a_new_object_would_get(
    before: SecurityDescriptor, after: SecurityDescriptor, is_directory: bool
) -> None:
    child = inherit(before, is_directory, Client())
    assert reinherit(after, child, is_directory) == inherit(after, is_directory, Client())


@given(PARENTS, PARENTS, st.booleans())
def test_a_protected_object_stays_as_it_is(
    before: SecurityDescriptor, after: SecurityDescriptor, is_directory: bool
) -> None:
    asked = SecurityDescriptor(None, None, before.dacl, protected=True)
    child = inherit(before, is_directory, Client(), asked)
    assert reinherit(after, child, is_directory) == child
