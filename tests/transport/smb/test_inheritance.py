"""What a child inherits, by the cases of MS-DTYP 2.5.3.4."""

from __future__ import annotations

import pytest

from engine.model.security import AccessEntry, SecurityDescriptor
from engine.transport.smb.inheritance import CREATOR_OWNER, complete, inherited_entries

STAFF, OWNER = "S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-1001"


def _entry(flags: str, sid: str = STAFF) -> AccessEntry:
    return AccessEntry(
        sid=sid,
        type="allow",
        mask=0x1301BF,
        object_inherit="O" in flags,
        container_inherit="C" in flags,
        no_propagate="N" in flags,
        inherit_only="I" in flags,
        inherited="D" in flags,
    )


def _given(flags: str, sid: str = STAFF, *, folder: bool) -> list[tuple[str, str]]:
    parent = SecurityDescriptor(owner=None, protected=True, entries=(_entry(flags, sid),))
    children = inherited_entries(parent, is_directory=folder, owner=OWNER, group=None)
    return [(entry.sid, _flags(entry)) for entry in children]


def _flags(entry: AccessEntry) -> str:
    pairs = zip(
        "OCNID",
        (
            entry.object_inherit,
            entry.container_inherit,
            entry.no_propagate,
            entry.inherit_only,
            entry.inherited,
        ),
        strict=True,
    )
    return "".join(letter for letter, is_set in pairs if is_set)


@pytest.mark.parametrize(
    ("flags", "to_folder", "to_file"),
    [
        ("", [], []),
        ("OC", [(STAFF, "OCD")], [(STAFF, "D")]),
        ("C", [(STAFF, "CD")], []),
        ("O", [(STAFF, "OID")], [(STAFF, "D")]),
        ("OCI", [(STAFF, "OCD")], [(STAFF, "D")]),
        ("OCN", [(STAFF, "D")], [(STAFF, "D")]),
        ("ON", [], [(STAFF, "D")]),
        ("OCD", [(STAFF, "OCD")], [(STAFF, "D")]),
    ],
)
def test_flags_decide_what_is_inherited(
    flags: str, to_folder: list[tuple[str, str]], to_file: list[tuple[str, str]]
) -> None:
    assert _given(flags, folder=True) == to_folder
    assert _given(flags, folder=False) == to_file


def test_the_creator_s_entry_becomes_the_owner_s_and_goes_on() -> None:
    assert _given("OCI", CREATOR_OWNER, folder=True) == [(OWNER, "D"), (CREATOR_OWNER, "OCID")]
    assert _given("OCI", CREATOR_OWNER, folder=False) == [(OWNER, "D")]
    assert _given("OCN", CREATOR_OWNER, folder=True) == [(OWNER, "D")]


def test_a_protected_descriptor_and_a_drive_inherit_nothing() -> None:
    parent = SecurityDescriptor(owner=None, protected=True, entries=(_entry("OC"),))
    own = SecurityDescriptor(owner=OWNER, protected=True, entries=(_entry("OC"), _entry("D")))
    assert complete(own, parent, is_directory=True).entries == (_entry("OC"),)
    open_root = own.model_copy(update={"protected": False})
    assert complete(open_root, None, is_directory=True).entries == (_entry("OC"),)


def test_own_entries_stay_before_inherited_ones() -> None:
    parent = SecurityDescriptor(owner=None, protected=True, entries=(_entry("OC"),))
    own = SecurityDescriptor(owner=OWNER, protected=False, entries=(_entry("C"), _entry("OCD")))
    assert complete(own, parent, is_directory=True).entries == (_entry("C"), _entry("OCD"))
