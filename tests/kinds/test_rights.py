"""Words and masks of permissions."""

from __future__ import annotations

from itertools import combinations
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds.rights import AppliesTo, Right, canonical, check_scope, describe, make_entry
from engine.model.security import AccessEntry

SID = "S-1-5-21-1-2-3-1101"
RIGHTS: tuple[Right, ...] = get_args(Right)
SCOPES: tuple[AppliesTo, ...] = get_args(AppliesTo)

masks = st.one_of(
    st.sampled_from([0x1F01FF, 0x1301BF, 0x1200A9, 0x120089, 0x100116, 0x10000000, 0xA0000000]),
    st.integers(1, 0xFFFFFFFF),
)
entries = st.builds(
    AccessEntry,
    sid=st.sampled_from([SID, "S-1-1-0", SID.lower()]),
    type=st.sampled_from(["allow", "deny"]),
    mask=masks,
    object_inherit=st.booleans(),
    container_inherit=st.booleans(),
    no_propagate=st.booleans(),
    inherit_only=st.booleans(),
    inherited=st.booleans(),
)


@pytest.mark.parametrize(
    ("right", "allowed", "denied"),
    [
        ("full", 0x1F01FF, 0x1F01FF),
        ("modify", 0x1301BF, 0x0301BF),
        ("read_execute", 0x1200A9, 0x0200A9),
        ("read", 0x120089, 0x020089),
        ("write", 0x100116, 0x000116),
    ],
)
def test_masks_are_those_of_windows_own_dialogue(right: Right, allowed: int, denied: int) -> None:
    assert make_entry(SID, "allow", [right], "this folder only").mask == allowed
    assert make_entry(SID, "deny", [right], "this folder only").mask == denied


def test_a_word_is_shown_again() -> None:
    for right in set(RIGHTS) - {"list"}:
        for scope in SCOPES:
            for type_ in ("allow", "deny"):
                made = make_entry(SID, type_, [right], scope)
                assert describe(made, "X") == f"{type_} X: {right} ({scope})"


def test_list_is_of_folders() -> None:
    check_scope(["list"], "this folder and subfolders")
    with pytest.raises(ValueError, match="folders"):
        check_scope(["list"], "this folder, subfolders and files")


@given(st.lists(entries, max_size=6))
def test_canonical_again_is_the_same(found: list[AccessEntry]) -> None:
    once = canonical(found)
    assert canonical(once) == once
    assert not any(entry.inherited for entry in once)


@given(st.lists(entries, max_size=6))
def test_order_and_splitting_do_not_matter(found: list[AccessEntry]) -> None:
    split = [
        entry.model_copy(update={"mask": 1 << bit})
        for entry in found
        for bit in range(32)
        if entry.mask >> bit & 1
    ]
    assert canonical(reversed(split)) == canonical(found)


@given(entries, entries)
def test_different_entries_are_shown_differently(one: AccessEntry, other: AccessEntry) -> None:
    shown = [tuple(describe(entry, entry.sid) for entry in canonical([each])) for each in (one, other)]
    assert (shown[0] == shown[1]) == (canonical([one]) == canonical([other]))


@given(st.sampled_from([*combinations(RIGHTS, 2)]), st.sampled_from(["allow", "deny"]))
def test_several_rights_are_their_sum(rights: tuple[Right, ...], type_: Literal["allow", "deny"]) -> None:
    both = make_entry(SID, type_, rights, "this folder only").mask
    singles = [make_entry(SID, type_, [right], "this folder only").mask for right in rights]
    assert both == singles[0] | singles[1]
