"""Conditions of the Windows Installer SDK's "Conditional Statement Syntax"."""

from __future__ import annotations

import pytest

from engine.rehearsal.windows.installers.conditions import ConditionInvalid, evaluate

PROPERTIES = {"VersionNT": "603", "Name": "Demo", "Empty": "", "OLDERFOUND": "{CODE}"}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("", True),
        ("Name", True),
        ("Empty", False),
        ("Unset", False),
        ("NOT Unset", True),
        ("VersionNT >= 601 AND NOT Unset", True),
        ("VersionNT < 603", False),
        ("VersionNT <> 603 OR Name", True),
        ("Unset OR (Name AND Empty)", False),
        ('Name = "demo"', False),
        ('Name ~= "demo"', True),
        ('Name >< "em"', True),
        ('Name << "De" AND Name >> "mo"', True),
        ("Name > 5", False),
        ("Name <> 5", True),
        ("NOT NEWERFOUND AND OLDERFOUND", True),
        ("Name XOR VersionNT", False),
        ("Unset IMP Unset", True),
    ],
)
def test_conditions(condition: str, holds: bool) -> None:
    assert evaluate(condition, PROPERTIES) is holds


@pytest.mark.parametrize("condition", ["(Name", "Name =", "Name Name", "= 5", "@", "NOT"])
def test_what_is_no_condition(condition: str) -> None:
    with pytest.raises(ConditionInvalid):
        evaluate(condition, PROPERTIES)
